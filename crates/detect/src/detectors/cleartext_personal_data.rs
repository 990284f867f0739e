//! Personal data that leaves the network readable.
//!
//! Sees: citizen service numbers, bank accounts, payment cards, dates of birth and e-mail addresses in web forms, mail with
//! its attachments, and any other text (a file over FTP), on the way from us to the outside. By destination, category and
//! count.
//! Fooled by: anything packed or encrypted (a spreadsheet is packed), a picture, numbers without a word that says what they
//! are, the part of a text after its first megabytes (64 kB where the protocol is none that we know). Takes for a
//! citizen's what passes the check and stands after the word.
//! Never stores: a value, or anything made from one; no text around it.

use std::{collections::BTreeMap, net::IpAddr};

use facts::Text;
use jiff::Timestamp;
use wire::{
    PersonalCategory as Category, PersonalCount as Count,
    event::{Event, Kind as Seen, PersonalData},
};

use super::{Detector, WEEK, asked::Asked};
use crate::{
    Detection, Figure, Kind, Remote, Severity,
    finding::id_of,
    network::{Direction, Network},
    table::Table,
};

const PLACES: usize = 16_384;

/// Dates of birth and e-mail addresses from which a text is a list of persons.
const MANY_DATES: u64 = 10;
const MANY_ADDRESSES: u64 = 50;
/// Citizen service numbers, by themselves or with the accounts and cards beside them, from which it is no slip with one
/// person's data but a data breach that cannot wait for the weekly digest.
const MANY_NUMBERS: u64 = 20;

#[derive(Debug)]
struct Place {
    first_at: Timestamp,
    last_at: Timestamp,
    port: u16,
    asked: Asked,
    messages: u64,
    carriers: BTreeMap<&'static str, u64>,
    found: BTreeMap<Category, Count>,
}

#[derive(Debug)]
pub(super) struct CleartextPersonalData {
    /// By our host and the other side.
    places: Table<(IpAddr, IpAddr), Place>,
}

impl CleartextPersonalData {
    pub(super) fn new() -> Self {
        Self { places: Table::new(PLACES) }
    }

    fn data(&mut self, event: &Event, data: &PersonalData, network: &Network) {
        let Some(sides) = network.sides(&event.conversation) else { return };
        if data.is_from_client != (sides.direction == Direction::Outbound) {
            return;
        }
        let place = self.places.touch((sides.host, sides.remote.ip), || Place {
            first_at: event.at,
            last_at: event.at,
            port: event.conversation.server.port,
            asked: Asked::default(),
            messages: 0,
            carriers: BTreeMap::new(),
            found: BTreeMap::new(),
        });
        place.first_at = place.first_at.min(event.at);
        place.last_at = place.last_at.max(event.at);
        // What outsiders ask for is ours.
        if data.is_from_client {
            place.asked.hear(data.name.as_ref());
        }
        place.messages += 1;
        *place.carriers.entry(data.carrier).or_default() += 1;
        for (category, count) in &data.found.0 {
            // Who sends mail writes addresses in it.
            if *category == Category::Email && data.carrier == "smtp" {
                continue;
            }
            let known = place.found.entry(*category).or_default();
            known.occurrences = known.occurrences.saturating_add(count.occurrences);
            known.distinct = known.distinct.saturating_add(count.distinct);
        }
    }
}

impl Detector for CleartextPersonalData {
    fn event(&mut self, event: &Event, network: &Network) {
        if let Seen::PersonalData(data) = &event.kind {
            self.data(event, data, network);
        }
    }

    fn findings(&self, network: &Network) -> Vec<Detection> {
        let places = self.places.sorted().into_iter();
        places.filter_map(|((host, remote), place)| detection(*host, *remote, place, network)).collect()
    }

    fn age(&mut self, _now: Timestamp) {
        self.places.age(WEEK);
    }

    fn is_nearly_full(&self) -> bool {
        self.places.is_nearly_full()
    }

    fn dropped(&self) -> u64 {
        self.places.dropped()
    }
}

fn severity(found: &BTreeMap<Category, Count>) -> Option<Severity> {
    let distinct = |category| found.get(&category).map_or(0, |count: &Count| count.distinct);
    let citizens = distinct(Category::Bsn);
    let money = distinct(Category::Iban).saturating_add(distinct(Category::CreditCard));
    if citizens > 0 && citizens.saturating_add(money) >= MANY_NUMBERS {
        Some(Severity::High)
    } else if citizens > 0 || money > 0 {
        Some(Severity::Medium)
    } else if distinct(Category::BirthDate) >= MANY_DATES || distinct(Category::Email) >= MANY_ADDRESSES {
        Some(Severity::Low)
    } else {
        None
    }
}

fn detection(host: IpAddr, remote: IpAddr, place: &Place, network: &Network) -> Option<Detection> {
    let severity = severity(&place.found)?;
    let domain = place.asked.name().or_else(|| network.name_of(host, remote)).map(str::to_owned);
    let mut evidence = crate::Evidence::from([
        ("messages", Figure::Whole(place.messages)),
        ("carriers", Figure::Texts(place.carriers.keys().map(|carrier| (*carrier).to_owned()).collect())),
    ]);
    for (category, count) in &place.found {
        evidence.insert(category.key(), Figure::Whole(count.occurrences));
        evidence.insert(distinct_key(*category), Figure::Whole(count.distinct));
    }
    let (what_nl, what_en) = listed(&place.found);
    // Values are not remembered from one message to the next, so nobody can tell which stand in several.
    let counted = match place.messages {
        0 | 1 => Text::new("", ""),
        several => Text::made(
            format!(" (geteld over {several} berichten; wat in meer dan één staat, telt vaker mee)"),
            format!(" (counted over {several} messages; what stands in several counts several times)"),
        ),
    };
    let to = domain.clone().unwrap_or_else(|| remote.to_string());
    Some(Detection {
        id: id_of(&[Kind::CleartextPersonalData.key(), &host.to_string(), &remote.to_string()]),
        first_at: place.first_at,
        last_at: place.last_at,
        host: network.host(host),
        kind: Kind::CleartextPersonalData,
        severity,
        confidence: 0.9,
        technique: vec!["T1048.003"],
        remote: Remote { ip: Some(remote), port: Some(place.port), domain },
        evidence,
        summary: Text::made(
            format!(
                "{host} stuurt persoonsgegevens leesbaar over internet naar {to}: {what_nl}{}. Wie onderweg meeleest, ziet ze. Gebruik een versleutelde \
                 verbinding, ga na of de ontvanger ze mocht hebben, en beoordeel of dit een datalek is.",
                counted.nl
            ),
            format!(
                "{host} sends personal data readable across the internet to {to}: {what_en}{}. Whoever listens on the way sees them. Use an encrypted \
                 connection, find out whether the receiver was to have them, and judge whether this is a data breach.",
                counted.en
            ),
        ),
    })
}

fn distinct_key(category: Category) -> &'static str {
    match category {
        Category::Bsn => "bsn_distinct",
        Category::Iban => "iban_distinct",
        Category::CreditCard => "creditcard_distinct",
        Category::BirthDate => "birth_date_distinct",
        Category::Email => "email_distinct",
    }
}

/// `200 burgerservicenummers, 1 rekeningnummer`.
fn listed(found: &BTreeMap<Category, Count>) -> (String, String) {
    let parts: Vec<(String, String)> = found
        .iter()
        .map(|(category, count)| {
            let (nl, en) = match (category, count.distinct == 1) {
                (Category::Bsn, true) => ("burgerservicenummer", "citizen service number"),
                (Category::Bsn, false) => ("burgerservicenummers", "citizen service numbers"),
                (Category::Iban, true) => ("rekeningnummer", "bank account"),
                (Category::Iban, false) => ("rekeningnummers", "bank accounts"),
                (Category::CreditCard, true) => ("betaalkaartnummer", "payment card number"),
                (Category::CreditCard, false) => ("betaalkaartnummers", "payment card numbers"),
                (Category::BirthDate, true) => ("geboortedatum", "date of birth"),
                (Category::BirthDate, false) => ("geboortedatums", "dates of birth"),
                (Category::Email, true) => ("e-mailadres", "e-mail address"),
                (Category::Email, false) => ("e-mailadressen", "e-mail addresses"),
            };
            (format!("{} {nl}", count.distinct), format!("{} {en}", count.distinct))
        })
        .collect();
    let join = |side: fn(&(String, String)) -> &String| parts.iter().map(side).cloned().collect::<Vec<_>>().join(", ");
    (join(|part| &part.0), join(|part| &part.1))
}
