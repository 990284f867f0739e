//! Organisations, providers, people, roles and invitations.

use jiff::SignedDuration;

use app::{Error, Invitation, NewInvitation, Organisation, Profile, Provider, StoreError, TakenUp, User};
use facts::{Country, OrganisationId, ProviderId, UserId};
use incident::{Permission, Role};
use law::deadline::{ContractTerm, TermKind, TermLength};

use crate::bench::{Bench, NOW};

impl Bench {
    async fn provider(&self, name: &str) -> ProviderId {
        let provider = Provider { id: ProviderId(self.app.chance.id(NOW).unwrap()), name: name.to_owned() };
        self.store.add_provider(&provider).await.unwrap();
        provider.id
    }
}

/// Each field another text, so that none can take another's place unseen.
fn details() -> Profile {
    Profile {
        address: "Dorpsstraat 1".into(),
        postcode: "1234 AB".into(),
        town: "Ons Dorp".into(),
        kvk: "12345678".into(),
        sector: "zorg".into(),
        dpo_number: "FG012345".into(),
        contact_name: "Ada".into(),
        contact_function: "directeur".into(),
        contact_email: "ada@zorg.example".into(),
        contact_phone: "010 1234567".into(),
        register_email: "register@zorg.example".into(),
        dpo_name: "Ferdi".into(),
        dpo_email: "fg@zorg.example".into(),
        uses_enisa: true,
        role: Some("processor"),
        cbw_entity: Some("essential"),
        cbw_reason: "Ziekenhuis, 300 mensen".into(),
        financial_undertaking: Some(false),
        trust_service: Some(true),
        terms: vec![
            ContractTerm {
                id: "molen".into(),
                kind: TermKind::ProcessorContract,
                with: "Molen \"De Hoop\"".into(),
                length: TermLength::Hours(24),
            },
            ContractTerm {
                id: "polis".into(),
                kind: TermKind::Insurer,
                with: "Onderlinge".into(),
                length: TermLength::WorkingDays(2),
            },
        ],
    }
}

pub async fn an_organisation_comes_back_whole(bench: Bench) {
    let provider = bench.provider("Beheer BV").await;
    assert_eq!(bench.store.provider(provider).await.unwrap().name, "Beheer BV");
    let profile = details();
    let jurisdiction = Country::from_code("BE").unwrap();
    let zorg = Organisation { profile, jurisdiction, ..bench.described("zorg", Some(provider)) };
    let school = Organisation { name: "Akkerschool".into(), ..bench.described("school", None) };
    bench.store.add_organisation(&zorg).await.unwrap();
    bench.store.add_organisation(&school).await.unwrap();

    assert_eq!(bench.store.organisation_by_slug("zorg").await.unwrap(), zorg);
    assert_eq!(bench.store.organisation_by_report_code(&school.report_code).await.unwrap(), school);
    assert_eq!(bench.store.organisations().await.unwrap(), [school, zorg], "by name");
    assert!(matches!(bench.store.organisation_by_slug("bank").await, Err(StoreError::NotFound)));
    assert!(matches!(bench.store.organisation_by_report_code("").await, Err(StoreError::NotFound)));
}

pub async fn details_are_changed_of_ones_own_organisation_alone(bench: Bench) {
    let (zorg, school) = (bench.organisation("zorg").await, bench.organisation("school").await);
    let read = async |slug| bench.store.organisation_by_slug(slug).await.unwrap();
    bench.store.update_profile(&zorg, &details(), None).await.unwrap();
    assert_eq!(read("zorg").await, Organisation { profile: details(), ..zorg.organisation().clone() });
    assert_eq!(&read("school").await, school.organisation(), "the other is as it was");
    // What was filled in can be emptied again.
    bench.store.update_profile(&zorg, &Profile::default(), None).await.unwrap();
    assert_eq!(&read("zorg").await, zorg.organisation());
}

pub async fn only_who_administers_changes_the_details(bench: Bench) {
    let program = bench.organisation("zorg").await;
    let read = async || bench.store.organisation_by_slug("zorg").await.unwrap().profile;
    let (ada, bob) = (bench.person("ada@zorg.example").await, bench.person("bob@zorg.example").await);
    bench.join(ada, program.id(), Role::Administrator).await;
    bench.join(bob, program.id(), Role::Officer).await;

    let officer = bench.permit(bob, Permission::SeeOrganisation, "zorg").await.unwrap();
    let refused = bench.app.update_profile(&officer, details(), None).await;
    assert!(matches!(refused, Err(Error::Forbidden)), "{refused:?}");
    let administrator = bench.permit(ada, Permission::Administer, "zorg").await.unwrap();
    let wrong = Profile { kvk: "123".into(), ..details() };
    let refused = bench.app.update_profile(&administrator, wrong, None).await;
    assert!(matches!(&refused, Err(Error::Invalid(list)) if list.len() == 1 && list[0].field == "kvk"), "{refused:?}");
    assert_eq!(read().await, Profile::default(), "what was refused changed nothing");

    bench.app.update_profile(&administrator, details(), None).await.unwrap();
    assert_eq!(read().await, details());
    let moved = Profile { town: "Elders".into(), ..details() };
    bench.app.update_profile(&program, moved.clone(), None).await.unwrap();
    assert_eq!(read().await, moved);
}

pub async fn of_two_who_change_the_details_at_the_same_moment_one_does(bench: Bench) {
    let scope = bench.organisation("zorg").await;
    let read = async || bench.store.organisation_by_slug("zorg").await.unwrap().profile;
    let (here, there) = (Profile { town: "Hier".into(), ..details() }, Profile { town: "Daar".into(), ..details() });
    let seen = Profile::default().mark();
    let (one, other) = tokio::join!(
        bench.app.update_profile(&scope, here.clone(), Some(&seen)),
        bench.app.update_profile(&scope, there.clone(), Some(&seen))
    );
    let conflicts = [&one, &other].into_iter().filter(|done| matches!(done, Err(Error::Conflict))).count();
    assert_eq!((conflicts, one.is_ok() || other.is_ok()), (1, true), "{one:?}, {other:?}");
    let stands = read().await;
    assert_eq!(stands, if one.is_ok() { here } else { there });
    let scope = bench.app.permit_program("zorg").await.unwrap();
    assert!(matches!(bench.app.update_profile(&scope, details(), Some(&seen)).await, Err(Error::Conflict)), "stale");
    bench.app.update_profile(&scope, details(), Some(&stands.mark())).await.unwrap();
    assert_eq!(read().await, details());
}

pub async fn a_slug_and_a_report_code_are_taken_once(bench: Bench) {
    let zorg = bench.described("zorg", None);
    bench.store.add_organisation(&zorg).await.unwrap();
    let same_slug = Organisation { slug: zorg.slug.clone(), ..bench.described("other", None) };
    let same_code = Organisation { report_code: zorg.report_code.clone(), ..bench.described("third", None) };
    for taken in [same_slug, same_code] {
        assert!(matches!(bench.store.add_organisation(&taken).await, Err(StoreError::Conflict)));
    }
    assert_eq!(bench.store.organisations().await.unwrap(), [zorg]);
}

pub async fn a_person_comes_back_with_their_password(bench: Bench) {
    assert_eq!(bench.store.count_users().await.unwrap(), 0);
    let id = bench.person("ada@zorg.example").await;
    let ada = User { id, name: "Ada".into(), email: "ada@zorg.example".into() };
    assert_eq!(bench.store.user(id).await.unwrap(), ada);
    let found = bench.store.user_by_email("ada@zorg.example").await.unwrap();
    assert_eq!(found, (ada, "$argon2id$…".to_owned()));
    assert_eq!(bench.store.count_users().await.unwrap(), 1);
    assert!(matches!(bench.store.user_by_email("bob@zorg.example").await, Err(StoreError::NotFound)));
    let unknown = UserId(bench.app.chance.id(NOW).unwrap());
    assert!(matches!(bench.store.user(unknown).await, Err(StoreError::NotFound)));
}

pub async fn an_address_signs_in_one_person(bench: Bench) {
    let ada = bench.person("ada@zorg.example").await;
    let id = UserId(bench.app.chance.id(NOW).unwrap());
    let second = User { id, name: "Ada Twee".into(), email: "ada@zorg.example".into() };
    assert!(matches!(bench.store.add_user(&second, "x").await, Err(StoreError::Conflict)));
    assert_eq!(bench.store.user_by_email("ada@zorg.example").await.unwrap().0.id, ada);
}

pub async fn roles_are_ones_own_and_those_of_ones_provider(bench: Bench) {
    let (served_by, other) = (bench.provider("Beheer BV").await, bench.provider("Ander BV").await);
    let zorg = bench.described("zorg", Some(served_by));
    let school = bench.described("school", None);
    for organisation in [&zorg, &school] {
        bench.store.add_organisation(organisation).await.unwrap();
    }
    let (ada, bob) = (bench.person("ada@zorg.example").await, bench.person("bob@beheer.example").await);
    let eve = bench.person("eve@ander.example").await;
    bench.join(ada, zorg.id, Role::Officer).await;
    bench.join(ada, zorg.id, Role::Handler).await;
    bench.join(ada, zorg.id, Role::Handler).await;
    bench.store.add_provider_membership(bob, served_by, Role::ProviderAdministrator).await.unwrap();
    bench.store.add_provider_membership(bob, served_by, Role::Engineer).await.unwrap();
    bench.store.add_provider_membership(eve, other, Role::Engineer).await.unwrap();

    let roles = async |user, organisation: &Organisation| bench.store.roles(user, organisation.id).await.unwrap();
    assert_eq!(roles(ada, &zorg).await, [Role::Handler, Role::Officer]);
    assert_eq!(roles(bob, &zorg).await, [Role::Engineer, Role::ProviderAdministrator]);
    assert_eq!(roles(eve, &zorg).await, []);
    for stranger in [ada, bob, eve] {
        assert_eq!(roles(stranger, &school).await, []);
    }
    // Somebody may be both.
    bench.join(bob, zorg.id, Role::Employee).await;
    assert_eq!(roles(bob, &zorg).await, [Role::Employee, Role::Engineer, Role::ProviderAdministrator]);

    let store = &bench.store;
    assert_eq!(store.organisations_of(ada).await.unwrap(), std::slice::from_ref(&zorg));
    assert_eq!(store.organisations_of(bob).await.unwrap(), std::slice::from_ref(&zorg));
    assert_eq!(store.organisations_of(eve).await.unwrap(), []);
    assert_eq!(store.providers_of(bob).await.unwrap(), [store.provider(served_by).await.unwrap()]);
    assert_eq!(store.providers_of(ada).await.unwrap(), []);
}

pub async fn a_provider_never_gets_a_deciding_role(bench: Bench) {
    let provider = bench.provider("Beheer BV").await;
    let zorg = bench.described("zorg", Some(provider));
    bench.store.add_organisation(&zorg).await.unwrap();
    let bob = bench.person("bob@beheer.example").await;
    for role in Role::ALL {
        let is_provider_role = matches!(role, Role::Engineer | Role::ProviderAdministrator);
        let outcome = bench.store.add_provider_membership(bob, provider, role).await;
        assert_eq!(outcome.is_ok(), is_provider_role, "{role:?}");
    }
    assert_eq!(bench.store.roles(bob, zorg.id).await.unwrap(), [Role::Engineer, Role::ProviderAdministrator]);
}

pub async fn what_is_not_there_cannot_be_joined(bench: Bench) {
    let ada = bench.person("ada@zorg.example").await;
    let id = bench.app.chance.id(NOW).unwrap();
    let nowhere = bench.store.add_membership(ada, OrganisationId(id), Role::Handler).await;
    assert!(matches!(nowhere, Err(StoreError::NotFound)), "{nowhere:?}");
    let nobody = bench.store.add_provider_membership(ada, ProviderId(id), Role::Engineer).await;
    assert!(matches!(nobody, Err(StoreError::NotFound)), "{nobody:?}");
    let orphan = bench.described("zorg", Some(ProviderId(id)));
    assert!(matches!(bench.store.add_organisation(&orphan).await, Err(StoreError::NotFound)));
    assert!(matches!(bench.store.provider(ProviderId(id)).await, Err(StoreError::NotFound)));
}

pub async fn an_invitation_works_once(bench: Bench) {
    let scope = bench.organisation("zorg").await;
    let invitation = Invitation {
        token_sha256: "ab".repeat(32),
        organisation: Some(scope.id()),
        provider: None,
        roles: vec![Role::Officer, Role::Handler],
        name: "Ada".into(),
        email: "ada@zorg.example".into(),
        expires_at: NOW + SignedDuration::from_hours(1),
    };
    let provider = Some(bench.provider("Beheer BV").await);
    let token_sha256 = "cd".repeat(32);
    let other = Invitation { token_sha256, organisation: None, provider, roles: vec![], ..invitation.clone() };
    for invitation in [&invitation, &other] {
        bench.store.add_invitation(invitation).await.unwrap();
        assert_eq!(&bench.store.invitation(&invitation.token_sha256, NOW).await.unwrap(), invitation);
    }
    assert!(matches!(bench.store.add_invitation(&other).await, Err(StoreError::Conflict)));

    let token = &invitation.token_sha256;
    let (one, two) = tokio::join!(bench.store.use_invitation(token, NOW), bench.store.use_invitation(token, NOW));
    let conflicts = [&one, &two].into_iter().filter(|outcome| matches!(outcome, Err(StoreError::Conflict))).count();
    assert!(conflicts == 1 && (one.is_ok() || two.is_ok()), "{one:?} {two:?}");
    assert!(matches!(bench.store.invitation(token, NOW).await, Err(StoreError::NotFound)));
    assert!(bench.store.invitation(&other.token_sha256, NOW).await.is_ok(), "the other one still works");
    assert!(matches!(bench.store.use_invitation("unknown", NOW).await, Err(StoreError::NotFound)));
}

pub async fn an_invitation_expires(bench: Bench) {
    let invitation = Invitation {
        token_sha256: "ab".repeat(32),
        organisation: None,
        provider: None,
        roles: vec![],
        name: String::new(),
        email: String::new(),
        expires_at: NOW,
    };
    bench.store.add_invitation(&invitation).await.unwrap();
    let token = &invitation.token_sha256;
    let in_time = NOW - SignedDuration::from_micros(1);
    assert!(bench.store.invitation(token, in_time).await.is_ok());
    assert!(matches!(bench.store.invitation(token, NOW).await, Err(StoreError::NotFound)));
    assert!(matches!(bench.store.use_invitation(token, NOW).await, Err(StoreError::NotFound)));
    bench.store.use_invitation(token, in_time).await.unwrap();
}

/// The proof of permission rests on what the store says; so the way from one to the other is walked here.
pub async fn only_roles_permit_anything(bench: Bench) {
    let scope = bench.organisation("zorg").await;
    let (ada, eve) = (bench.person("ada@zorg.example").await, bench.person("eve@elders.example").await);
    bench.join(ada, scope.id(), Role::Handler).await;
    let permitted = bench.permit(ada, Permission::HandleIncident, "zorg").await.unwrap();
    assert_eq!(permitted.id(), scope.id());
    assert!(matches!(bench.permit(ada, Permission::Decide, "zorg").await, Err(Error::Forbidden)));
    assert!(matches!(bench.permit(eve, Permission::SeeOrganisation, "zorg").await, Err(Error::NotFound)));
    assert!(matches!(bench.permit(ada, Permission::HandleIncident, "bank").await, Err(Error::NotFound)));
}

/// The FG advises and never decides: neither the application nor the database lets one person do both in one organisation.
pub async fn nobody_advises_and_decides_in_one_organisation(bench: Bench) {
    let (zorg, school) = (bench.organisation("zorg").await.id(), bench.organisation("school").await.id());
    let ada = bench.person("ada@zorg.example").await;
    let bob = bench.person("bob@zorg.example").await;
    for (person, first, second) in [(ada, Role::Dpo, Role::Officer), (bob, Role::Officer, Role::Dpo)] {
        bench.app.add_role(person, zorg, first).await.unwrap();
        let refused = bench.app.add_role(person, zorg, second).await;
        assert!(matches!(&refused, Err(Error::Invalid(list)) if list[0].field == "role"), "{refused:?}");
        let refused = bench.store.add_membership(person, zorg, second).await;
        assert!(matches!(refused, Err(StoreError::Conflict)), "{refused:?}");
        bench.app.add_role(person, zorg, Role::Employee).await.unwrap();
        bench.app.add_role(person, school, second).await.unwrap();
        let mut roles = vec![first, Role::Employee];
        roles.sort_unstable();
        assert_eq!(bench.store.roles(person, zorg).await.unwrap(), roles);
    }
    let both = NewInvitation { organisation: Some(zorg), roles: vec![Role::Dpo, Role::Officer], ..Default::default() };
    let refused = bench.app.invite(both, NOW).await;
    assert!(matches!(&refused, Err(Error::Invalid(list)) if list[0].field == "roles"), "{refused:?}");
}

pub async fn an_invitation_is_taken_up_whole_or_not_at_all(bench: Bench) {
    let scope = bench.organisation("zorg").await;
    let invitation = NewInvitation {
        organisation: Some(scope.id()),
        roles: vec![Role::Officer, Role::Handler],
        ..NewInvitation::default()
    };
    let token = bench.app.invite(invitation, NOW).await.unwrap();
    let token_sha256 = bench.app.invitation(&token, NOW).await.unwrap().token_sha256;
    let user = |email: &str| User {
        id: UserId(bench.app.chance.id(NOW).unwrap()),
        name: "Ada".into(),
        email: email.to_owned(),
    };
    let taken = |user: User, organisation: Option<Organisation>, memberships| TakenUp {
        token_sha256: token_sha256.clone(),
        user,
        password: "$argon2id$…".into(),
        organisation,
        memberships,
        provider_memberships: Vec::new(),
    };
    // What fails at its end leaves nothing of its beginning.
    let slug_taken = taken(user("ada@zorg.example"), Some(bench.described("zorg", None)), vec![]);
    let nowhere = OrganisationId(bench.app.chance.id(NOW).unwrap());
    let no_place = taken(user("ada@zorg.example"), None, vec![(scope.id(), Role::Handler), (nowhere, Role::Handler)]);
    assert!(matches!(bench.store.take_up(&slug_taken, NOW).await, Err(StoreError::Conflict)));
    assert!(matches!(bench.store.take_up(&no_place, NOW).await, Err(StoreError::NotFound)));
    assert_eq!(bench.store.count_users().await.unwrap(), 0);
    assert!(bench.app.invitation(&token, NOW).await.is_ok(), "the link still works");

    let both = vec![(scope.id(), Role::Officer), (scope.id(), Role::Handler)];
    let whole = taken(user("ada@zorg.example"), None, both);
    bench.store.take_up(&whole, NOW).await.unwrap();
    assert_eq!(bench.store.roles(whole.user.id, scope.id()).await.unwrap(), [Role::Handler, Role::Officer]);
    let again = taken(user("bob@zorg.example"), None, vec![]);
    assert!(matches!(bench.store.take_up(&again, NOW).await, Err(StoreError::NotFound)));
    assert_eq!(bench.store.count_users().await.unwrap(), 1);
}

pub async fn of_several_first_administrators_there_is_one(bench: Bench) {
    // Every server that starts prints a link of its own.
    let mut links = Vec::new();
    for _ in 0..5 {
        links.push(bench.app.first_invitation(NOW).await.unwrap().unwrap());
    }
    let mut wanted = Vec::new();
    for (number, token) in links.iter().enumerate() {
        let token_sha256 = bench.app.invitation(token, NOW).await.unwrap().token_sha256;
        let id = UserId(bench.app.chance.id(NOW).unwrap());
        let organisation = bench.described(&format!("zorg-{number}"), None);
        wanted.push(TakenUp {
            token_sha256,
            user: User { id, name: "Ada".into(), email: format!("ada{number}@zorg.example") },
            password: "$argon2id$…".into(),
            memberships: vec![(organisation.id, Role::Administrator)],
            organisation: Some(organisation),
            provider_memberships: Vec::new(),
        });
    }
    let tries = wanted.into_iter().map(|taken| {
        let store = bench.store.clone();
        tokio::spawn(async move { store.take_up(&taken, NOW).await })
    });
    let mut made = 0;
    for one in tries.collect::<Vec<_>>() {
        match one.await.unwrap() {
            Ok(()) => made += 1,
            other => assert!(matches!(other, Err(StoreError::NotFound)), "{other:?}"),
        }
    }
    assert_eq!((made, bench.store.count_users().await.unwrap()), (1, 1));
    assert_eq!(bench.store.organisations().await.unwrap().len(), 1);
}

pub async fn text_with_a_nul_is_refused_and_found_nowhere(bench: Bench) {
    let scope = bench.organisation("zorg").await;
    let bad = "Zorg\0".to_owned();
    let refused = |outcome: Result<(), StoreError>| assert!(matches!(outcome, Err(StoreError::Text)), "{outcome:?}");
    let store = &bench.store;
    refused(store.add_organisation(&Organisation { name: bad.clone(), ..bench.described("twee", None) }).await);
    refused(store.update_profile(&scope, &app::Profile { town: bad.clone(), ..Default::default() }, None).await);
    let id = UserId(bench.app.chance.id(NOW).unwrap());
    refused(store.add_user(&User { id, name: bad.clone(), email: "ada@zorg.example".into() }, "x").await);
    let mut append = crate::bench::opening(bench.new_incident(), 1, 1);
    append.row.title = bad;
    refused(bench.append(&scope, append).await);
    assert_eq!(bench.register_holds(&scope).await, 0);
    assert!(matches!(store.user_by_email("ada\0@zorg.example").await, Err(StoreError::NotFound)));
    assert!(matches!(store.organisation_by_slug("zorg\0").await, Err(StoreError::NotFound)));
}
