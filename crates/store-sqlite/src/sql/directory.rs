//! Statements on providers and organisations.

super::statements! {
    INSERT_PROVIDER = "INSERT INTO providers (id, name) VALUES ($1, $2)";

    PROVIDER = "SELECT id, name FROM providers WHERE id = $1";

    PROVIDERS_OF = "
        SELECT DISTINCT providers.id, providers.name FROM providers
        JOIN provider_memberships ON provider_memberships.provider = providers.id
        WHERE provider_memberships.person = $1
        ORDER BY providers.name, providers.id";

    INSERT_ORGANISATION = "
        INSERT INTO organisations
            (id, slug, name, provider, report_code, zone, jurisdiction, address, postcode, town, kvk, sector,
             dpo_number, dpo_name, dpo_email, contact_name, contact_function, contact_email, contact_phone,
             register_email, uses_enisa, role, cbw_entity, cbw_reason, financial_undertaking, trust_service, terms)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,
             $23, $24, $25, $26, $27)";

    UPDATE_PROFILE = "
        UPDATE organisations
        SET address = $2, postcode = $3, town = $4, kvk = $5, sector = $6, dpo_number = $7, dpo_name = $8,
            dpo_email = $9, contact_name = $10, contact_function = $11, contact_email = $12, contact_phone = $13,
            register_email = $14, uses_enisa = $15, role = $16, cbw_entity = $17, cbw_reason = $18,
            financial_undertaking = $19, trust_service = $20, terms = $21
        WHERE id = $1";

    ORGANISATION = "SELECT * FROM organisations WHERE id = $1";

    ORGANISATION_BY_SLUG = "SELECT * FROM organisations WHERE slug = $1";

    ORGANISATION_BY_REPORT_CODE = "SELECT * FROM organisations WHERE report_code = $1";

    ORGANISATIONS = "SELECT * FROM organisations ORDER BY name, slug";

    ORGANISATIONS_OF = "
        SELECT * FROM organisations
        WHERE id IN (SELECT organisation FROM memberships WHERE person = $1)
            OR provider IN (SELECT provider FROM provider_memberships WHERE person = $1)
        ORDER BY name, slug";
}
