//! The matrix of role × permission, whole.

use incident::{Permission, Role, may};

#[test]
fn the_matrix_of_roles_and_permissions_is_this() {
    let mut table = String::new();
    for role in Role::ALL {
        let row: Vec<_> = Permission::ALL
            .into_iter()
            .filter(|permission| may(role, *permission))
            .map(|permission| format!("{permission:?}"))
            .collect();
        table.push_str(&format!("{}: {}\n", role.key(), row.join(" ")));
    }
    assert_eq!(
        table,
        "\
employee: SeeOrganisation Report
handler: SeeOrganisation Report ReadIncident HandleIncident ReadRegister
officer: SeeOrganisation Report ReadIncident HandleIncident Decide Close ReadRegister
dpo: SeeOrganisation ReadIncident ReadRegister
communications: SeeOrganisation Report ReadIncident
auditor: SeeOrganisation ReadIncident ReadRegister
administrator: SeeOrganisation Report Administer
engineer: SeeOrganisation Report ReadIncident HandleIncident ReadRegister
provider_administrator: SeeOrganisation Administer
"
    );
}

#[test]
fn nobody_of_a_provider_and_no_fg_decides() {
    for role in [Role::Engineer, Role::ProviderAdministrator, Role::Dpo, Role::Auditor] {
        assert!(!may(role, Permission::Decide), "{}", role.key());
    }
}
