//! What happened at the demo's customers: one incident for every stage, each walked through the real use cases.

use std::collections::BTreeMap;

use app::{App, Error, NewReport, Opened, PaperKind, Report};
use documents::dossier::Purpose;
use facts::{Fact, Value};
use incident::{Informed, Narrative, Order, ReportKind};
use jiff::{SignedDuration, Timestamp};
use law::verdict::Duty;

use crate::demo::People;

/// Hours before `now`.
fn ago(now: Timestamp, hours: i64) -> Timestamp {
    now - SignedDuration::from_hours(hours)
}

/// Facts by their keys and words; a set's words are split at spaces.
fn facts(known: &[(Fact, &str)]) -> Result<BTreeMap<Fact, Option<Value>>, Error> {
    known
        .iter()
        .map(|(fact, words)| {
            let words: Vec<_> = words.split_whitespace().collect();
            Ok((*fact, Some(fact.read(&words).map_err(Error::internal)?)))
        })
        .collect()
}

/// Everything but the infected host: that one comes from the sensor.
pub(crate) async fn tell(app: &App, people: &People, now: Timestamp) -> Result<(), Error> {
    wrong_letter(app, people, now).await?;
    lost_stick(app, people, now).await?;
    swapped_orders(app, people, now).await?;
    open_mailing(app, people, now).await
}

async fn report(app: &App, slug: &str, name: &str, report: Report, at: Timestamp) -> Result<Opened, Error> {
    let organisation = app.store.organisation_by_slug(slug).await?;
    let scope = app.permit_reporter(&organisation.report_code, Some(name.into())).await?;
    app.report(&scope, report, at).await
}

/// A GP's letter to the wrong patient: the facts are in, the verdict is clear, somebody must decide.
async fn wrong_letter(app: &App, people: &People, now: Timestamp) -> Result<(), Error> {
    let at = ago(now, 30);
    let opened = report(
        app,
        "de-linde",
        "Fatima, assistente",
        Report {
            what: "Een verwijsbrief is naar de verkeerde patiënt gestuurd. Die belde zelf: er zat een brief van iemand anders in de envelop.".into(),
            when: "gisteren bij de post van 10 uur".into(),
            whose: "één patiënt: naam, geboortedatum, adres, BSN en de reden van verwijzing".into(),
            done: "gevraagd de brief terug te brengen".into(),
            contact: "fatima@de-linde.example".into(),
        },
        at,
    )
    .await?;
    let scope = people.engineer(app, "de-linde").await?;
    let reason = "De ontvanger belde en las de naam voor: vanaf dat moment wist de praktijk het zeker.";
    app.set_awareness(&scope, opened.number, None, at, false, reason.into(), ago(now, 29)).await?;
    let known = facts(&[
        (Fact::SecurityIncident, "true"),
        (Fact::PersonalData, "true"),
        (Fact::Role, "controller"),
        (Fact::Confidentiality, "confirmed"),
        (Fact::Integrity, "none"),
        (Fact::Availability, "none"),
        (Fact::IncidentType, "misdelivered_post"),
        (Fact::Cause, "internal_accidental"),
        (Fact::Exfiltration, "not_applicable"),
        (Fact::Recipient, "known_untrusted"),
        (Fact::RecipientCount, "1"),
        (Fact::DeletionConfirmed, "false"),
        (Fact::Systemic, "false"),
        (Fact::Data, "name birth_date address national_id health professional_secrecy"),
        (Fact::SubjectsMin, "1"),
        (Fact::SubjectsMax, "1"),
        (Fact::Records, "1"),
        (Fact::Groups, "patients"),
        (Fact::Vulnerable, "true"),
        (Fact::Identification, "maximum"),
        (Fact::Protection, "none"),
        (Fact::Backup, "complete"),
        (Fact::ServiceImpact, "none"),
        (Fact::Consequences, "stigmatisation secrecy_lost identity_fraud"),
    ])?;
    app.record_facts(&scope, opened.number, None, known, None, ago(now, 28)).await?;
    Ok(())
}

/// A school's memory stick: little is known yet and the clock is far gone.
async fn lost_stick(app: &App, people: &People, now: Timestamp) -> Result<(), Error> {
    let at = ago(now, 65);
    let opened = report(
        app,
        "de-klaver",
        "Joost, leerkracht groep 7",
        Report {
            what: "USB-stick kwijt met het leerlingvolgsysteem van groep 7 erop, waarschijnlijk in de trein".into(),
            when: "drie dagen geleden, op weg naar huis".into(),
            whose: "ongeveer 28 leerlingen".into(),
            done: "gebeld met gevonden voorwerpen".into(),
            contact: String::new(),
        },
        at,
    )
    .await?;
    let scope = people.engineer(app, "de-klaver").await?;
    let reason = "De leerkracht merkte het verlies en meldde het meteen.";
    app.set_awareness(&scope, opened.number, None, at, false, reason.into(), ago(now, 64)).await?;
    let known = facts(&[
        (Fact::SecurityIncident, "true"),
        (Fact::PersonalData, "true"),
        (Fact::Role, "controller"),
        (Fact::IncidentType, "device_lost_or_stolen"),
        (Fact::Cause, "internal_accidental"),
        (Fact::Recipient, "unknown"),
        (Fact::Data, "name birth_date education"),
        (Fact::SubjectsMin, "25"),
        (Fact::SubjectsMax, "30"),
        (Fact::Groups, "pupils children"),
        (Fact::Vulnerable, "true"),
    ])?;
    let note = "Nog uitzoeken: was de stick versleuteld?";
    app.record_facts(&scope, opened.number, None, known, Some(note.into()), ago(now, 60)).await?;
    Ok(())
}

/// A web shop's swapped parcels: decided, done and closed.
async fn swapped_orders(app: &App, people: &People, now: Timestamp) -> Result<(), Error> {
    let at = ago(now, 15 * 24);
    let opened = report(
        app,
        "zeebries",
        "Magazijn",
        Report {
            what: "Twee pakbonnen verwisseld: twee klanten kregen elkaars bestelling".into(),
            when: "vanmorgen".into(),
            whose: "twee klanten: naam, adres en wat ze kochten".into(),
            done: "beide pakketten teruggehaald".into(),
            contact: "magazijn@zeebries.example".into(),
        },
        at,
    )
    .await?;
    let known = facts(&[
        (Fact::SecurityIncident, "true"),
        (Fact::PersonalData, "true"),
        (Fact::Role, "controller"),
        (Fact::Confidentiality, "confirmed"),
        (Fact::Integrity, "none"),
        (Fact::Availability, "none"),
        (Fact::IncidentType, "misdelivered_post"),
        (Fact::Cause, "internal_accidental"),
        (Fact::Exfiltration, "not_applicable"),
        (Fact::Recipient, "known_untrusted"),
        (Fact::RecipientCount, "2"),
        (Fact::Data, "name address purchase_history"),
        (Fact::SubjectsMin, "2"),
        (Fact::SubjectsMax, "2"),
        (Fact::Records, "2"),
        (Fact::Groups, "customers"),
        (Fact::Vulnerable, "false"),
        (Fact::Identification, "maximum"),
        (Fact::Protection, "none"),
        (Fact::Backup, "complete"),
        (Fact::ServiceImpact, "none"),
        (Fact::Systemic, "false"),
    ])?;
    let scope = people.deciding(app, "zeebries").await?;
    let later = ago(now, 15 * 24 - 3);
    app.record_facts(&scope, opened.number, None, known, None, later).await?;
    let narrative = Narrative {
        description: Some(
            "Bij het inpakken zijn twee pakbonnen verwisseld. Twee klanten zagen elkaars naam, adres en bestelling."
                .into(),
        ),
        measures_taken: Some("Pakketten teruggehaald en goed verstuurd; beide klanten gebeld.".into()),
        measures_planned: Some("Pakbon en adresetiket worden voortaan samen gescand.".into()),
        late_reason: None,
    };
    app.record_narrative(&scope, opened.number, None, narrative, later).await?;
    let duties = BTreeMap::from([(Duty::NotifyAuthority, false), (Duty::InformSubjects, false)]);
    let motivation =
        "Twee personen, onschuldige gegevens, bekende ontvangers, alles teruggehaald: een risico is onwaarschijnlijk.";
    decide(app, &scope, opened.number, duties, motivation, later).await?;
    app.close(&scope, opened.number, "Scannen voorkomt verwisselen.".into(), ago(now, 14 * 24)).await?;
    Ok(())
}

/// A welfare foundation's mailing with every address in view: notified in time, the persons still to be told.
async fn open_mailing(app: &App, people: &People, now: Timestamp) -> Result<(), Error> {
    let at = ago(now, 40);
    let opened = report(
        app,
        "het-kompas",
        "Secretariaat",
        Report {
            what: "Nieuwsbrief voor de cliënten van de verslavingszorg verstuurd met alle adressen in cc in plaats van bcc".into(),
            when: "eergisteren einde middag".into(),
            whose: "62 cliënten, hun e-mailadressen; vaak staat de naam erin".into(),
            done: "de mail teruggetrokken waar dat kon".into(),
            contact: "secretariaat@het-kompas.example".into(),
        },
        at,
    )
    .await?;
    let scope = people.deciding(app, "het-kompas").await?;
    let reason = "Een cliënt antwoordde aan iedereen; toen was zeker dat de adressen zichtbaar waren.";
    app.set_awareness(&scope, opened.number, None, at, false, reason.into(), ago(now, 39)).await?;
    let known = facts(&[
        (Fact::SecurityIncident, "true"),
        (Fact::PersonalData, "true"),
        (Fact::Role, "controller"),
        (Fact::Confidentiality, "confirmed"),
        (Fact::Integrity, "none"),
        (Fact::Availability, "none"),
        (Fact::IncidentType, "open_distribution_list"),
        (Fact::Cause, "internal_accidental"),
        (Fact::Exfiltration, "not_applicable"),
        (Fact::Recipient, "known_untrusted"),
        (Fact::RecipientCount, "62"),
        (Fact::DeletionConfirmed, "false"),
        (Fact::Data, "name contact health social_circumstances"),
        (Fact::SubjectsMin, "62"),
        (Fact::SubjectsMax, "62"),
        (Fact::Groups, "clients_of_care"),
        (Fact::Vulnerable, "true"),
        (Fact::Identification, "maximum"),
        (Fact::Protection, "none"),
        (Fact::Backup, "complete"),
        (Fact::ServiceImpact, "none"),
        (Fact::Systemic, "false"),
        (Fact::Consequences, "stigmatisation reputation distress loss_of_control"),
    ])?;
    app.record_facts(&scope, opened.number, None, known, None, ago(now, 38)).await?;
    let duties = BTreeMap::from([(Duty::NotifyAuthority, true), (Duty::InformSubjects, true)]);
    let motivation = "Wie deze lijst ziet, weet wie hulp krijgt bij een verslaving. Dat kan mensen ernstig schaden.";
    decide(app, &scope, opened.number, duties, motivation, ago(now, 37)).await?;
    notified(app, people, ("het-kompas", opened.number), "DEMO-2026-0001", ago(now, 35)).await
}

async fn decide(
    app: &App,
    scope: &app::Scope,
    number: u64,
    duties: BTreeMap<Duty, bool>,
    motivation: &str,
    at: Timestamp,
) -> Result<(), Error> {
    let seen = app.incident(scope, number).await?.timeline.len() as u64;
    let order = Order { duties, motivation: motivation.into(), ..Order::default() };
    app.decide(scope, number, seen, order, at).await?;
    Ok(())
}

/// The person who decides entered the first report in the AP's form.
async fn notified(
    app: &App,
    people: &People,
    (slug, number): (&str, u64),
    receipt: &str,
    at: Timestamp,
) -> Result<(), Error> {
    let scope = people.deciding(app, slug).await?;
    let report = NewReport { kind: ReportKind::First, at, receipt: receipt.into(), reason: None, late_reason: None };
    app.record_report(&scope, number, None, report, Some(&people.officer(slug)?.user), at).await?;
    Ok(())
}

/// Walks the infected host's incident to its end: facts, awareness, decision, documents, what was sent, closing.
pub(crate) async fn finish(app: &App, people: &People, slug: &str, number: u64, now: Timestamp) -> Result<(), Error> {
    let engineer = people.engineer(app, slug).await?;
    let seen = "De computer vroeg echt om dat adres; er draait een programma dat niemand heeft neergezet.";
    app.check_detection(&engineer, number, None, true, Some(seen.into()), now).await?;
    let reason =
        "De IT-leverancier bevestigde dat de besmette computer bij de klantdossiers kon en naar buiten stuurde.";
    app.set_awareness(&engineer, number, None, now, false, reason.into(), now).await?;
    let known = facts(&[
        (Fact::PersonalData, "true"),
        (Fact::Role, "controller"),
        (Fact::Confidentiality, "likely"),
        (Fact::Integrity, "none"),
        (Fact::Availability, "none"),
        (Fact::Exfiltration, "likely"),
        (Fact::Recipient, "malicious"),
        (Fact::ExposureHours, "9"),
        (Fact::Data, "name address birth_date contact national_id financial"),
        (Fact::SubjectsMin, "310"),
        (Fact::SubjectsMax, "340"),
        (Fact::Records, "340"),
        (Fact::Groups, "customers employees"),
        (Fact::Vulnerable, "false"),
        (Fact::Identification, "maximum"),
        (Fact::Protection, "none"),
        (Fact::Backup, "complete"),
        (Fact::ServiceImpact, "none"),
        (Fact::Consequences, "identity_fraud financial_loss phishing loss_of_control"),
    ])?;
    app.record_facts(&engineer, number, None, known, None, now).await?;
    let narrative = Narrative {
        description: Some("Een computer op kantoor bleek besmet. Het programma meldde zich elke minuut bij een server op internet en heeft daar gegevens heen gestuurd. Vanaf deze computer waren de dossiers van klanten te openen.".into()),
        measures_taken: Some("De computer is van het netwerk gehaald. Alle wachtwoorden zijn vervangen. De server op internet is geblokkeerd.".into()),
        measures_planned: Some("De computer wordt opnieuw ingericht. Dossiers gaan achter een tweede inlogstap. De sensor blijft meekijken.".into()),
        late_reason: None,
    };
    app.record_narrative(&engineer, number, None, narrative, now).await?;
    let officer = people.deciding(app, slug).await?;
    let duties = BTreeMap::from([(Duty::NotifyAuthority, true), (Duty::InformSubjects, true)]);
    let motivation = "BSN en financiële gegevens in handen van een crimineel: onze klanten lopen een hoog risico op identiteitsfraude. We melden en lichten iedereen in.";
    decide(app, &officer, number, duties, motivation, now).await?;
    let reporter = &people.officer(slug)?.user;
    for kind in PaperKind::ALL {
        app.make_paper(&officer, number, kind, Purpose::First, Some(reporter), now).await?;
    }
    notified(app, people, (slug, number), "DEMO-2026-0002", now).await?;
    let informed = Informed { at: now, count: 340, channel: "brief".into() };
    app.record_subjects_informed(&officer, number, None, informed, false, now).await?;
    app.close(&officer, number, "Sneller gezien dankzij de sensor; werkplekken krijgen minder rechten.".into(), now)
        .await?;
    Ok(())
}
