//! Statements on people and their roles.

super::statements! {
    INSERT_USER = "INSERT INTO users (id, name, email, password) VALUES ($1, $2, $3, $4)";

    USER = "SELECT id, name, email, password FROM users WHERE id = $1";

    USER_BY_EMAIL = "SELECT id, name, email, password FROM users WHERE email = $1";

    COUNT_USERS = "SELECT COUNT(*) FROM users";

    INSERT_MEMBERSHIP = "
        INSERT INTO memberships (person, organisation, role) VALUES ($1, $2, $3)
        ON CONFLICT (person, organisation, role) DO NOTHING";

    INSERT_PROVIDER_MEMBERSHIP = "
        INSERT INTO provider_memberships (person, provider, role) VALUES ($1, $2, $3)
        ON CONFLICT (person, provider, role) DO NOTHING";

    ALL_ROLES = "
        SELECT organisation, role FROM memberships WHERE person = $1
        UNION
        SELECT organisations.id, provider_memberships.role FROM provider_memberships
        JOIN organisations ON organisations.provider = provider_memberships.provider
        WHERE provider_memberships.person = $1";

    MEMBERS = "
        SELECT users.id, users.name, users.email, memberships.role FROM memberships
        JOIN users ON users.id = memberships.person WHERE memberships.organisation = $1
        UNION
        SELECT users.id, users.name, users.email, provider_memberships.role FROM provider_memberships
        JOIN users ON users.id = provider_memberships.person
        JOIN organisations ON organisations.provider = provider_memberships.provider
        WHERE organisations.id = $1
        ORDER BY 3, 4";

    /// Their own, and those of staff of the provider that serves the organisation.
    ROLES = "
        SELECT role FROM memberships WHERE person = $1 AND organisation = $2
        UNION
        SELECT provider_memberships.role FROM provider_memberships
        JOIN organisations ON organisations.provider = provider_memberships.provider
        WHERE provider_memberships.person = $1 AND organisations.id = $2";
}
