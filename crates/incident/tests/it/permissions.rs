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
handler: SeeOrganisation Report ReadIncident HandleIncident ReadRegister SeeSensors ReadDetections
officer: SeeOrganisation Report ReadIncident HandleIncident Decide Close ReadRegister Forget SeeSensors ReadDetections
dpo: SeeOrganisation ReadIncident Advise ReadRegister SeeSensors ReadDetections
communications: SeeOrganisation Report ReadIncident
auditor: SeeOrganisation ReadIncident ReadRegister SeeSensors ReadDetections
administrator: SeeOrganisation Report SeeSensors ManageSensors Administer
engineer: SeeOrganisation Report ReadIncident HandleIncident ReadRegister SeeSensors ReadDetections ManageSensors
provider_administrator: SeeOrganisation SeeSensors ManageSensors Administer
"
    );
}

#[test]
fn nobody_of_a_provider_and_no_fg_decides() {
    for role in [Role::Engineer, Role::ProviderAdministrator, Role::Dpo, Role::Auditor] {
        assert!(!may(role, Permission::Decide), "{}", role.key());
    }
}

#[test]
fn who_advises_never_decides_and_nobody_has_both_roles() {
    for role in Role::ALL {
        assert!(!(may(role, Permission::Advise) && may(role, Permission::Decide)), "{}", role.key());
        for other in Role::ALL {
            let is_both = [role, other].contains(&Role::Dpo) && [role, other].contains(&Role::Officer);
            assert_eq!(role.goes_with(other), !is_both, "{} {}", role.key(), other.key());
        }
    }
}
