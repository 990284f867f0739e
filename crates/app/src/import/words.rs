//! What people write in a register's cells: yes and no, numbers, kinds of data. What is not recognised stays text.

use std::borrow::Cow;

use documents::register_extract;
use facts::{Fact, Kind, Text, Value};

use super::field::plain;
use super::table::Cell;

const YES: &[&str] = &["ja", "j", "yes", "y", "x", "waar", "true", "1", "v", "wel"];
const NO: &[&str] = &["nee", "neen", "n", "no", "false", "onwaar", "0", "niet", "geen"];
/// A tick, and a box with one in it.
const TICKS: &[&str] = &["✓", "✔", "✅", "☑"];
/// A cross is a tick to some and its opposite to others; a box with nothing in it waits for an answer.
const UNSURE: &[&str] = &["✗", "✘", "❌", "☒", "☐"];
/// Of the words above those that are nothing else in the middle of a sentence.
const OPPOSITES: &[&str] = &["ja", "yes", "nee", "neen"];
/// Those that are no answer where more words follow: "yes, no harm".
const OPPOSITES_ALONE: &[&str] = &["no", "j", "y", "n"];
/// A cell with a word in it that says nothing.
const SILENT: &[&str] = &[
    "",
    "nvt",
    "n v t",
    "niet van toepassing",
    "onbekend",
    "niet bekend",
    "nog niet bekend",
    "unknown",
    "not known",
    "na",
    "n a",
    "not applicable",
    "nb",
    "n b",
    "niet vermeld",
    "not mentioned",
    "nog niet besloten",
    "not decided yet",
    "gewist",
    "erased",
];
/// What stands behind a sign that is to be shown as a picture.
const AS_A_PICTURE: char = '\u{fe0f}';
/// What is to be done and was not: neither yes nor no.
const TO_DO: &[&str] = &["te doen", "nog te doen", "moet nog", "to do"];
/// What stands before a cell that a spreadsheet would run as a formula (OWASP, CSV injection), our own files included.
const GUARD: char = '\'';

/// Whether a cell says nothing: empty, a dash, "n.v.t.", "onbekend".
pub(super) fn is_silent(cell: &Cell) -> bool {
    match cell {
        Cell::Text(text) => SILENT.contains(&plain(text).as_str()),
        _ => cell.is_empty(),
    }
}

/// Whether a cell shows an error of the spreadsheet, in English or Dutch, instead of what it was to say.
pub(super) fn is_error(cell: &Cell) -> bool {
    const ERRORS: &[&str] = &[
        "#N/A",
        "#N/B",
        "#REF!",
        "#VERW!",
        "#VALUE!",
        "#WAARDE!",
        "#DIV/0!",
        "#DEEL/0!",
        "#NAME?",
        "#NAAM?",
        "#NUM!",
        "#GETAL!",
        "#NULL!",
        "#LEEG!",
        "#SPILL!",
        "#OVERLOPEN!",
        "#CALC!",
    ];
    matches!(cell, Cell::Text(text) if ERRORS.contains(&text.trim().to_uppercase().as_str()))
}

/// Whether a row only adds up others: “Totaal” in front, and numbers behind it or nothing.
pub(super) fn adds_up(cells: &[Cell]) -> bool {
    const TOTALS: &[&str] =
        &["totaal", "totalen", "eindtotaal", "subtotaal", "total", "totals", "grand total", "subtotal"];
    let is_number = |cell: &&Cell| match cell {
        Cell::Number(_) | Cell::Formula(_) => true,
        Cell::Text(text) => whole(text).is_some(),
        _ => false,
    };
    let mut filled = cells.iter().filter(|cell| !cell.is_empty());
    let is_named = filled.next().is_some_and(|first| TOTALS.contains(&plain(&first.words()).as_str()));
    is_named && filled.all(|cell| is_number(&cell))
}

/// Whether a cell says that something is still to be done.
pub(super) fn is_to_do(cell: &Cell) -> bool {
    TO_DO.contains(&plain(&cell.words()).as_str())
}

/// Whether a cell has not decided yet whether something was done: "ja/nee", "nee (alsnog ja op 5-5)", "ja?".
pub(super) fn is_undecided(cell: &Cell) -> bool {
    let words = cell.words();
    let words = words.trim();
    if UNSURE.contains(&words.trim_end_matches(AS_A_PICTURE)) {
        return true;
    }
    let (first, rest) = first_word(words);
    let is_yes = YES.contains(&first.as_str());
    if !is_yes && !NO.contains(&first.as_str()) {
        return false;
    }
    let is_other = |(before, word, behind): (&str, &str, &str)| {
        let word = plain(word);
        let is_opposite = if is_yes { NO.contains(&word.as_str()) } else { YES.contains(&word.as_str()) };
        let is_answer = before.trim_end().ends_with('/')
            || !(behind.starts_with('.') || behind.trim_start().starts_with(char::is_alphanumeric));
        is_opposite && (OPPOSITES.contains(&word.as_str()) || (is_answer && OPPOSITES_ALONE.contains(&word.as_str())))
    };
    words.contains('?') || words_in(rest).any(is_other)
}

/// The words of a text, each with what stands before it and behind it.
fn words_in(text: &str) -> impl Iterator<Item = (&str, &str, &str)> {
    let mut left = text;
    std::iter::from_fn(move || {
        let rest = left.trim_start_matches(|letter: char| !letter.is_alphanumeric());
        let end = rest.find(|letter: char| !letter.is_alphanumeric()).unwrap_or(rest.len());
        let (word, behind) = rest.split_at(end);
        left = behind;
        let before = text.strip_suffix(rest).unwrap_or_default();
        (!word.is_empty()).then_some((before, word, behind))
    })
}

/// The first word, plain, and what stands behind it.
fn first_word(words: &str) -> (String, &str) {
    let end = words.find(|letter: char| !letter.is_alphanumeric()).unwrap_or(words.len());
    let (first, rest) = words.split_at(end);
    (plain(first), rest)
}

/// A cell without the apostrophe that only keeps it from being run as a formula.
pub(super) fn unguarded(cell: &Cell) -> Cow<'_, Cell> {
    let Cell::Text(text) = cell else { return Cow::Borrowed(cell) };
    match text.strip_prefix(GUARD).filter(|rest| rest.starts_with(['=', '+', '-', '@', '\t', '\r'])) {
        Some(rest) => Cow::Owned(Cell::Text(rest.to_owned())),
        None => Cow::Borrowed(cell),
    }
}

/// A cell without the words by which our own files say that an earlier register says it: taken over once more it is still
/// only that.
pub(super) fn without_source(cell: &Cell) -> Cow<'_, Cell> {
    let Cell::Text(text) = cell else { return Cow::Borrowed(cell) };
    let by = register_extract::BY_IMPORTED;
    let sources = [
        format!("({} / {})", by.nl, by.en),
        format!("({})", by.nl),
        format!("({})", by.en),
        format!(", {}", by.nl),
        format!(", {}", by.en),
        " in het overgenomen register".to_owned(),
        " in the imported register".to_owned(),
    ];
    match sources.iter().find_map(|source| text.trim_end().strip_suffix(source.as_str())) {
        Some(rest) => Cow::Owned(Cell::Text(rest.trim_end().to_owned())),
        None => Cow::Borrowed(cell),
    }
}

/// Whether our own file says that it was closed, and that nobody knows when.
pub(super) fn is_closing_unsaid(cell: &Cell) -> bool {
    let Text { nl, en } = register_extract::TAKEN_OVER_ON;
    [nl, en].iter().any(|said| cell.words().starts_with(said.as_ref()))
}

/// Yes or no, with what stands behind it ("Ja, op 3-4-2024", "Nee: versleuteld"); nothing where the cell is silent.
pub(super) fn yes_no(cell: &Cell) -> Result<Option<(bool, String)>, Text> {
    let words = match cell {
        Cell::Truth(truth) => return Ok(Some((*truth, String::new()))),
        other => other.words(),
    };
    let words = words.trim();
    let ticked = TICKS.iter().find_map(|tick| words.strip_prefix(tick));
    if ticked.is_none() && is_silent(cell) {
        return Ok(None);
    }
    let (first, rest) = match ticked {
        Some(rest) => ("x".to_owned(), rest.trim_start_matches(AS_A_PICTURE)),
        None => first_word(words),
    };
    let rest = rest.trim_matches(|letter: char| letter.is_whitespace() || ",;:-–()".contains(letter)).to_owned();
    match (YES.contains(&first.as_str()), NO.contains(&first.as_str())) {
        (true, _) => Ok(Some((true, rest))),
        (_, true) => Ok(Some((false, rest))),
        _ => Err(Text::made(
            format!("“{words}” is geen ja of nee. Begin de cel met ja of nee, of neem deze kolom niet over."),
            format!("“{words}” is no yes or no. Begin the cell with yes or no, or do not take this column over."),
        )),
    }
}

/// The digits of a whole number as people write it: "1200", "1.200", "1 200". Dots and spaces stand between groups of
/// three alone: "1.5" is no whole number, and not fifteen.
#[must_use]
pub fn whole(typed: &str) -> Option<String> {
    const BETWEEN: [char; 4] = ['.', ' ', '\u{a0}', '\u{202f}'];
    let typed = typed.trim();
    let groups: Vec<&str> = typed.split(BETWEEN).collect();
    let are_digits = groups.iter().all(|group| !group.is_empty() && group.bytes().all(|byte| byte.is_ascii_digit()));
    let are_threes = groups.iter().skip(1).all(|group| group.len() == 3);
    let begins_short = groups.len() == 1 || groups.first().is_some_and(|group| group.len() <= 3);
    (are_digits && are_threes && begins_short).then(|| groups.concat())
}

/// A number of persons or records, or from how many to how many: "12", "1.200", "10-20", "10 tot 20".
pub(super) fn count(cell: &Cell) -> Result<Option<(u64, u64)>, Text> {
    if is_silent(cell) {
        return Ok(None);
    }
    let words = cell.words();
    let refused = || {
        Text::made(
            format!(
                "“{words}” is geen aantal. Schrijf een heel getal zoals 1200 of 1.200, of een bereik zoals 10-20, of neem deze kolom niet over."
            ),
            format!(
                "“{words}” is no number. Write a whole number such as 1200 or 1.200, or a range such as 10-20, or do not take this column over."
            ),
        )
    };
    let one = |text: &str| whole(text).and_then(|digits| digits.parse::<u64>().ok());
    if let Some(count) = one(&words) {
        return Ok(Some((count, count)));
    }
    let between = ["-", "–", " tot ", " t/m ", " to "].into_iter().find_map(|between| words.split_once(between));
    let (from, to) = between.ok_or_else(refused)?;
    match (one(from), one(to)) {
        (Some(from), Some(to)) if from <= to => Ok(Some((from, to))),
        _ => Err(refused()),
    }
}

/// What stands between several words in one cell.
const BETWEEN: [char; 7] = [',', ';', '\n', '|', '/', '+', '•'];
/// In how many parts those cut a word of the vocabulary at most.
const MOST_PARTS: usize = 3;

/// The vocabulary's words in a cell, and what was not recognised.
pub(super) fn vocabulary(fact: Fact, text: &str) -> (Option<Value>, Vec<String>) {
    let mut known = std::collections::BTreeSet::new();
    let mut unknown = Vec::new();
    if let Some(words) = meant(fact, text) {
        known.extend(words);
    } else {
        let parts: Vec<&str> = text.split(BETWEEN).filter(|part| !plain(part).is_empty()).collect();
        let mut rest = parts.as_slice();
        while let Some((part, after)) = rest.split_first() {
            // Some of the vocabulary's own words hold a comma: "Contactgegevens (e-mail, telefoon)".
            let joined = (2..=MOST_PARTS).filter_map(|count| rest.split_at_checked(count));
            let known_by = |(first, after): (&[&str], _)| Some((meant(fact, &first.join(" "))?, after));
            if let Some((words, after)) = joined.rev().find_map(known_by) {
                known.extend(words);
                rest = after;
                continue;
            }
            rest = after;
            if let Some(words) = meant(fact, part) {
                known.extend(words);
                continue;
            }
            for piece in part.split(" en ").flat_map(|piece| piece.split(" and ")) {
                match meant(fact, piece) {
                    Some(words) => known.extend(words),
                    None => unknown.push(piece.trim().to_owned()),
                }
            }
        }
    }
    let value = match fact.kind() {
        Kind::Many(_) if !known.is_empty() => Some(Value::Many(known)),
        // One that is two is none.
        Kind::One(_) if known.len() == 1 && unknown.is_empty() => known.first().map(|word| Value::One(word)),
        _ => None,
    };
    if value.is_none() && unknown.is_empty() && !is_silent(&Cell::Text(text.to_owned())) {
        unknown.push(text.trim().to_owned());
    }
    unknown.retain(|piece| !is_silent(&Cell::Text(piece.clone())));
    (value, unknown)
}

fn meant(fact: Fact, text: &str) -> Option<Vec<&'static str>> {
    let text = plain(text);
    let by_label = fact
        .choices()
        .iter()
        .find(|choice| [plain(choice.key), plain(&choice.label.nl), plain(&choice.label.en)].contains(&text));
    if let Some(choice) = by_label {
        return Some(vec![choice.key]);
    }
    let synonyms = match fact {
        Fact::Data => DATA,
        Fact::Groups => GROUPS,
        Fact::IncidentType => INCIDENT_TYPES,
        Fact::Cause => CAUSES,
        _ => return None,
    };
    let (words, _) = synonyms.iter().find(|(_, written)| written.contains(&text.as_str()))?;
    Some(words.to_vec())
}

type Synonyms = &'static [(&'static [&'static str], &'static [&'static str])];

/// Words of the AP's forms since 2016, and what people make of them.
const DATA: Synonyms = &[
    (&["name", "address"], &["naw", "n a w", "naw gegevens", "naam adres woonplaats", "name and address"]),
    (&["name"], &["namen", "voornaam", "achternaam", "names"]),
    (&["address"], &["adres", "adresgegevens", "woonadres", "adressen", "postcode", "addresses"]),
    (
        &["contact"],
        &[
            "e mail",
            "email",
            "mail",
            "e mailadres",
            "emailadres",
            "e mailadressen",
            "emailadressen",
            "mailadres",
            "telefoon",
            "telefoonnummer",
            "telefoonnummers",
            "contactgegevens",
            "e mail address",
            "email address",
            "email addresses",
            "phone",
            "phone number",
            "contact details",
        ],
    ),
    (
        &["birth_date"],
        &["geboortedatum", "leeftijd", "geboortedatum en of leeftijd", "date of birth", "age", "geboortedata"],
    ),
    (&["gender", "birth_date"], &["geslacht geboortedatum leeftijd", "geslacht geboortedatum en of leeftijd"]),
    (&["national_id"], &["bsn", "burgerservicenummer", "sofinummer", "bsn nummer", "national id"]),
    (
        &["id_document"],
        &[
            "paspoort",
            "paspoortkopieen",
            "kopie paspoort",
            "identiteitsbewijs",
            "id bewijs",
            "kopie id",
            "kopie identiteitsbewijs",
            "rijbewijs",
            "legitimatiebewijs",
            "kopieen van paspoorten of andere legitimatiebewijzen",
            "passport",
            "id copy",
        ],
    ),
    (
        &["payment"],
        &[
            "iban",
            "bankrekeningnummer",
            "bankrekeningnummer iban",
            "rekeningnummer",
            "bankgegevens",
            "creditcardgegevens",
            "creditcard",
            "bank details",
            "bank account",
            "credit card",
        ],
    ),
    (
        &["financial"],
        &["financieel", "financiele gegevens", "andere financiele gegevens", "salaris", "salarisgegevens", "inkomen"],
    ),
    (&["debt"], &["schuldgegevens", "gegevens over problematische schulden", "gegevens over uitkering en of schulden"]),
    (
        &["credentials"],
        &[
            "wachtwoord",
            "wachtwoorden",
            "inlog",
            "inloggegevens",
            "gebruikersnaam",
            "toegangs of identificatiegegevens",
            "passwords",
            "login",
            "login details",
            "credentials",
        ],
    ),
    (&["location"], &["locatie", "locatiegegevens", "location"]),
    (&["photo_video"], &["foto", "fotos", "pasfoto", "video", "beeldmateriaal", "camerabeelden", "photo", "photos"]),
    (&["employment"], &["personeelsdossier", "personeelsgegevens", "hr gegevens", "hr data"]),
    (
        &["health"],
        &[
            "medisch",
            "medische gegevens",
            "gezondheidsgegevens",
            "gegevens over gezondheid",
            "patientgegevens",
            "medisch dossier",
            "medical",
            "medical data",
            "health data",
            "gegevens over de gezondheid",
        ],
    ),
    (&["criminal"], &["strafrechtelijk", "strafrechtelijke gegevens", "justitiele gegevens", "criminal records"]),
    (&["religion"], &["godsdienst", "religie", "geloof", "religieuze of levensbeschouwelijke overtuigingen"]),
    (&["ethnicity"], &["etniciteit", "ras", "afkomst", "nationaliteit", "ras of etnische afkomst"]),
    (&["union"], &["vakbond", "vakbondslidmaatschap", "lidmaatschap van een vakbond"]),
    (&["sex_life"], &["seksuele gerichtheid", "seksueel gedrag of seksuele gerichtheid", "sexual orientation"]),
];

const GROUPS: Synonyms = &[
    (
        &["employees"],
        &["medewerkers", "medewerker", "werknemer", "personeel", "collega", "collegas", "staff", "employee"],
    ),
    (&["former_employees"], &["oud medewerkers", "ex medewerkers", "ex werknemers"]),
    (&["customers"], &["klant", "klanten huidig en potentieel", "customer", "clients"]),
    (&["clients_of_care"], &["clienten", "client", "bewoners"]),
    (&["patients"], &["patient"]),
    (&["pupils"], &["leerling"]),
    (&["pupils", "students"], &["leerlingen of studenten"]),
    (&["students"], &["student"]),
    (&["children"], &["kind", "minderjarigen", "minors"]),
    (&["citizens"], &["burger", "inwoner", "inwoners", "residents"]),
    (&["applicants"], &["sollicitant", "kandidaten"]),
    (&["members"], &["lid", "member"]),
    (&["suppliers"], &["leverancier", "relaties"]),
];

const INCIDENT_TYPES: Synonyms = &[
    (
        &["sent_by_mistake"],
        &[
            "e mail met persoonsgegevens verstuurd aan verkeerde ontvanger s",
            "e mail verkeerde ontvanger",
            "email verkeerde ontvanger",
            "mail verkeerde ontvanger",
            "verkeerd verzonden e mail",
            "verkeerd verzonden mail",
            "verkeerde mail",
            "verkeerde ontvanger",
            "e mail naar verkeerde ontvanger",
            "mail naar verkeerde ontvanger",
            "verkeerd geadresseerde e mail",
            "misdirected email",
            "email to wrong recipient",
            "wrong recipient",
            "verkeerd verstuurd",
        ],
    ),
    (
        &["open_distribution_list"],
        &[
            "e mail verstuurd met persoonsgegevens met ontvangers in het aan veld of in de cc in plaats van bcc",
            "cc in plaats van bcc",
            "cc ipv bcc",
            "bcc",
            "cc bcc",
            "cc instead of bcc",
        ],
    ),
    (
        &["misdelivered_post"],
        &[
            "brief of postpakket met persoonsgegevens verstuurd of afgegeven aan de verkeerde ontvanger s",
            "verkeerd bezorgde post",
            "post verkeerd bezorgd",
            "brief verkeerde ontvanger",
            "brief naar verkeerde ontvanger",
            "verkeerde brief",
            "misdirected post",
            "brief of postpakket met persoonsgegevens geopend retour ontvangen",
        ],
    ),
    (
        &["paper_lost_or_stolen"],
        &["brief of postpakket met persoonsgegevens kwijtgeraakt", "papier kwijt", "dossier kwijt", "poststuk kwijt"],
    ),
    (
        &["wrong_access_permissions"],
        &[
            "autorisatie s van medewerker s verkeerd ingesteld",
            "verkeerde autorisatie",
            "autorisaties",
            "autorisatie",
            "netwerkmappen of locaties met persoonsgegevens zijn te breed toegankelijk ingesteld binnen de organisatie",
        ],
    ),
    (
        &["device_lost_or_stolen"],
        &[
            "laptop gestolen",
            "gestolen laptop",
            "laptop kwijt",
            "verlies laptop",
            "diefstal laptop",
            "telefoon kwijt",
            "telefoon gestolen",
            "usb stick kwijt",
            "verlies usb stick",
            "diefstal",
            "verlies of diefstal",
            "verlies diefstal",
            "verloren apparaat",
            "gestolen apparaat",
            "lost device",
            "stolen device",
            "stolen laptop",
            "lost laptop",
            "loss or theft",
        ],
    ),
    (
        &["unintended_publication"],
        &["persoonsgegevens per ongeluk gepubliceerd", "publicatie", "per ongeluk gepubliceerd op website"],
    ),
    (&["hacking"], &["hack", "gehackt", "cyberaanval", "inbraak", "cyber attack"]),
    (&["phishing_social_engineering"], &["phishing", "phishingmail", "social engineering"]),
    (&["ransomware"], &["gijzelsoftware"]),
    (
        &["mixed_up_records"],
        &["persoonsgegevens toegevoegd aan het verkeerde dossier", "verkeerd dossier", "wrong file"],
    ),
    (
        &["unauthorised_access"],
        &["ongeautoriseerde toegang", "onbevoegde inzage", "unauthorized access", "meekijken", "lezen"],
    ),
    (&["other"], &["overig", "overige"]),
];

const CAUSES: Synonyms = &[
    (&["internal_accidental"], &["menselijke fout", "vergissing", "fout medewerker", "human error", "mistake"]),
    (&["external_malicious"], &["aanval van buiten", "kwaadwillende", "malicious attack"]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_synonym_is_plain_and_means_words_of_the_vocabulary() {
        for (fact, table) in
            [(Fact::Data, DATA), (Fact::Groups, GROUPS), (Fact::IncidentType, INCIDENT_TYPES), (Fact::Cause, CAUSES)]
        {
            let mut seen = std::collections::BTreeSet::new();
            for (words, written) in table {
                for word in *words {
                    assert!(fact.word(word).is_ok(), "{word}");
                }
                for text in *written {
                    assert_eq!(plain(text), *text, "written plainly");
                    assert!(seen.insert(*text), "{text} stands twice");
                }
            }
        }
    }

    #[test]
    fn kinds_of_data_are_recognised_and_the_rest_is_kept() {
        let check = |text: &str, known: &[&'static str], rest: &[&str]| {
            let (value, unknown) = vocabulary(Fact::Data, text);
            let expected = (!known.is_empty()).then(|| Value::Many(known.iter().copied().collect()));
            assert_eq!((value, unknown), (expected, rest.iter().map(|text| (*text).to_owned()).collect()), "{text}");
        };
        check("NAW, BSN", &["name", "address", "national_id"], &[]);
        check("Naam; e-mailadres; schoenmaat", &["name", "contact"], &["schoenmaat"]);
        check("Adres en woonplaats", &["address"], &[]);
        check("naam en geboortedatum", &["name", "birth_date"], &[]);
        check("Medische gegevens\nIBAN", &["health", "payment"], &[]);
        check("(Kopieën van) paspoorten of andere legitimatiebewijzen", &["id_document"], &[]);
        check("n.v.t.", &[], &[]);
        check("diverse", &[], &["diverse"]);
    }

    /// What our own files list is read back whole, each word alone and all of them together.
    #[test]
    fn our_own_lists_are_read_back() {
        for fact in [Fact::Data, Fact::Groups] {
            let words: std::collections::BTreeSet<_> = fact.choices().iter().map(|choice| choice.key).collect();
            let alone = words.iter().map(|word| Value::Many([*word].into()));
            for value in alone.chain([Value::Many(words.clone())]) {
                let text = documents::fact_words::answer(fact, &value);
                for text in [&text.nl, &text.en] {
                    assert_eq!(vocabulary(fact, text), (Some(value.clone()), vec![]), "{text}");
                }
            }
        }
        for fact in [Fact::IncidentType, Fact::Cause] {
            for choice in fact.choices() {
                for text in [&choice.label.nl, &choice.label.en] {
                    assert_eq!(vocabulary(fact, text), (Some(Value::One(choice.key)), vec![]), "{text}");
                }
            }
        }
    }

    #[test]
    fn a_guard_and_a_source_are_no_part_of_what_is_said() {
        let check = |text: &str, expected: &str| {
            assert_eq!(unguarded(&Cell::Text(text.into())).words(), expected);
        };
        check("'=1+1", "=1+1");
        check("'-5", "-5");
        check("'s Morgens", "'s Morgens");
        let check = |text: &str, expected: &str| {
            assert_eq!(without_source(&Cell::Text(text.into())).words(), expected);
        };
        check("ja, 2019-04-04, AP-1 (volgens het overgenomen register)", "ja, 2019-04-04, AP-1");
        check("nee, volgens het overgenomen register", "nee");
        check("niet vermeld in het overgenomen register", "niet vermeld");
        check("(volgens het overgenomen register / according to the imported register)", "");
        check("no (according to the imported register)", "no");
        check("ja", "ja");
    }

    #[test]
    fn one_kind_of_incident_is_one() {
        let (one, _) = vocabulary(Fact::IncidentType, "Mail naar verkeerde ontvanger");
        assert_eq!(one, Some(Value::One("sent_by_mistake")));
        let (two, rest) = vocabulary(Fact::IncidentType, "phishing / ransomware");
        assert_eq!((two, rest), (None, vec!["phishing / ransomware".to_owned()]));
    }

    #[test]
    fn yes_and_no_with_what_stands_behind() {
        let check = |text: &str, expected: Option<(bool, &str)>| {
            let read = yes_no(&Cell::Text(text.into())).expect(text);
            assert_eq!(read, expected.map(|(yes, rest)| (yes, rest.to_owned())), "{text}");
        };
        check("Ja", Some((true, "")));
        check("J", Some((true, "")));
        check("ja, op 3-4-2024", Some((true, "op 3-4-2024")));
        check("Nee: versleuteld", Some((false, "versleuteld")));
        for silent in ["n.v.t.", "-", "nog niet besloten", "Not decided yet", "niet vermeld", "gewist"] {
            check(silent, None);
        }
        check("Niet gemeld", Some((false, "gemeld")));
        for tick in ["✓", "✔", "✔\u{fe0f}", "☑", "✅", " ✓ "] {
            check(tick, Some((true, "")));
        }
        check("✓ op 3-4-2024", Some((true, "op 3-4-2024")));
        assert!(yes_no(&Cell::Text("misschien".into())).is_err());
        assert_eq!(yes_no(&Cell::Number(1.0)), Ok(Some((true, String::new()))));
    }

    #[test]
    fn who_says_both_or_asks_has_not_decided() {
        for text in [
            "ja/nee",
            "ja nee",
            "Ja / Nee",
            "ja?",
            "Ja, denk ik?",
            "nee?",
            "nee / ja",
            "nee (alsnog ja op 5-5-2021)",
            "J/N",
            "yes/no",
            "yes / no (pending)",
            "n/j",
            "nee → ja",
            "x?",
            "✗",
            "☐",
            "❌\u{fe0f}",
        ] {
            assert!(is_undecided(&Cell::Text(text.into())), "{text}");
        }
        for text in [
            "ja",
            "nee",
            "Ja, op 3-4-2024",
            "ja, niet binnen 72 uur",
            "nee, wel aan betrokkenen",
            "nee, geen risico",
            "yes, no harm",
            "ja (n.v.t. voor betrokkenen)",
            "nee: 1 ontvanger",
            "✓",
            "misschien?",
            "?",
            "",
            "onbekend",
            "nee, Janssen belde zelf",
            "ja, via het formulier van de AP",
        ] {
            assert!(!is_undecided(&Cell::Text(text.into())), "{text}");
        }
    }

    #[test]
    fn numbers_as_people_write_them() {
        let check = |text: &str, expected: Option<(u64, u64)>| {
            assert_eq!(count(&Cell::Text(text.into())), Ok(expected), "{text}");
        };
        check("12", Some((12, 12)));
        check("1.200", Some((1200, 1200)));
        check("1.200.000", Some((1_200_000, 1_200_000)));
        check("10-20", Some((10, 20)));
        check("10 tot 20", Some((10, 20)));
        check("onbekend", None);
        for text in ["1,5", "1.5", "ca. 100", "20-10", "veel", "99999999999999999999", "-3"] {
            assert!(count(&Cell::Text(text.into())).is_err(), "{text}");
        }
        assert_eq!(count(&Cell::Number(12.0)), Ok(Some((12, 12))));
        assert!(count(&Cell::Number(12.5)).is_err());
    }
}
