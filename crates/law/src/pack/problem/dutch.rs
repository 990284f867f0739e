//! What is wrong with a pack, in Dutch. (In English the flaw says it itself.)

use facts::Language;

use super::{Flaw, Unreadable};

/// The flaw in words.
pub(super) fn of(flaw: &Flaw) -> String {
    match flaw {
        Flaw::NoHead => "er is geen bestand `pack.toml`; dat zegt wat het pakket is en wanneer het geldt".into(),
        Flaw::Unreadable(why) => format!("het bestand is niet te lezen als TOML van een wetspakket: {why}"),
        Flaw::Condition(Unreadable { at, expected }) => {
            format!("de voorwaarde is niet te lezen bij `{at}`: verwacht {}", expected_here(expected))
        }
        Flaw::UnknownName(name, nearest) => {
            let meant = nearest.as_ref().map_or_else(String::new, |word| format!(" (bedoelt u `{word}`?)"));
            format!("er is geen feit, tabel of plaats met de naam `{name}`{meant}")
        }
        Flaw::UnknownValue { name, value, allowed } => {
            format!("`{name}` heeft nooit de waarde `{value}`; kies uit: {allowed}")
        }
        Flaw::UnknownReference(name) => format!("in pack.toml staat geen parameter of verzameling `{name}`"),
        Flaw::WrongTest { name, hint } => format!("`{name}` is zo niet te toetsen; {}", hint_in_dutch(hint)),
        Flaw::ViewReadDirectly(view) => {
            format!("het inzicht `{view}` wordt gelezen via een tabel met `given_by`, nooit rechtstreeks")
        }
        Flaw::UnknownTable(name) => format!("er is geen tabel `{name}`"),
        Flaw::UnknownRule(name) => format!("in dezelfde tabel is geen regel `{name}` om voor te gaan"),
        Flaw::OverridesItself => "de regel gaat voor zichzelf; noem de regel waar hij voor gaat, of laat het weg".into(),
        Flaw::DuplicateId => "de id is twee keer gebruikt".into(),
        Flaw::WrongPrefix { prefix, more } => {
            let more = if *more == 0 { String::new() } else { format!(" ({more} andere ook niet)") };
            format!("de id begint niet met `{prefix}-`, het voorvoegsel van het pakket{more}")
        }
        Flaw::Uncited => "er staat geen bron bij".into(),
        Flaw::MissingText(Language::Dutch) => "de tekst ontbreekt in het Nederlands (nl)".into(),
        Flaw::MissingText(Language::English) => "de tekst ontbreekt in het Engels (en)".into(),
        Flaw::BadDate(text) => format!("`{text}` is geen datum zoals 2018-05-25"),
        Flaw::EndsBeforeItBegins { from, until } => format!("het eindigt ({until}) voordat het begint ({from})"),
        Flaw::BadMark(mark) => format!("`{mark}` is geen merk; een bron krijgt V, V2, K of P"),
        Flaw::UnknownCountry(code) => format!("ISO 3166-1 kent geen land `{code}`"),
        Flaw::UnknownZone(zone) => format!("er is geen tijdzone `{zone}`"),
        Flaw::TableCircle(circle) => format!("de tabellen hangen in een kring van elkaar af: {circle}"),
        Flaw::OverrideCircle(circle) => format!("de regels gaan in een kring voor elkaar: {circle}"),
        Flaw::WrongValues { found, expected } => {
            format!("de waarden zijn {found}, maar wat de tabel beantwoordt vraagt: {expected}")
        }
        Flaw::NoOpenText => "een tabel van een plicht heeft `open` nodig: wat er gezegd wordt zolang het niet vaststaat".into(),
        Flaw::NothingAnswers(what) => format!("geen tabel beantwoordt `{what}`"),
        Flaw::Gap { from, example } => format!("vanaf {from} antwoordt geen regel bij: {example}"),
        Flaw::RulesConflict { from, rules, example } => format!(
            "vanaf {from} geven regels ({rules}) verschillende waarden, en geen gaat voor de andere, bij: {example}"
        ),
        Flaw::NeverApplies => "bij geen enkele samenloop van feiten geldt dit".into(),
        Flaw::UnreadTable => "niets leest deze tabel, en zij beantwoordt niets".into(),
        Flaw::UnreachableValue(value) => format!("geen regel geeft ooit de waarde `{value}`"),
        Flaw::UnknownBase { id, known } => format!("er is geen pakket `{id}` om op voort te bouwen; er zijn: {known}"),
        Flaw::BaseCircle(circle) => format!("de pakketten bouwen in een kring op elkaar voort: {circle}"),
        Flaw::BadStanding(word) => format!("`{word}` is geen stand; een pakket is `law` of `proposal`"),
        Flaw::ProposalInForce => {
            "een voorstel geldt op geen enkele dag; laat in_force_from en in_force_until weg".into()
        }
        Flaw::NoFirstDay => "in_force_from ontbreekt, de eerste dag als wet (of `standing = \"proposal\"`)".into(),
        Flaw::Lacks(what) => {
            format!("`{what}` ontbreekt; een pakket heeft het zelf of van het pakket waarop het voortbouwt")
        }
        Flaw::NoBefore => {
            "een pakket dat naast een ander geldt heeft [before] nodig: wat er vóór zijn eerste dag van zijn plichten wordt gezegd"
                .into()
        }
        Flaw::DutyUnanswered(duty) => {
            format!("geen tabel beantwoordt `{duty}`, en de plicht is ook niet aan een ander pakket gelaten ([[leaves]])")
        }
        Flaw::LeftAndAnswered(duty) => {
            format!("`{duty}` is aan een ander pakket gelaten, maar een tabel van dit pakket beantwoordt de plicht")
        }
        Flaw::SamePack(place) => format!("er is nog een pakket met deze id, in {place}"),
        Flaw::Overlap { id, other, place, from, until } => format!(
            "`{id}` en `{other}` ({place}) zouden allebei oordelen van {from} tot {until}; laat het ene eindigen voordat het andere begint, of maak er een een voorstel van"
        ),
        Flaw::AnsweredTwice { duty, other, place } => {
            format!("ook `{other}` ({place}) beantwoordt `{duty}`, op dezelfde dagen; één pakket gaat over een plicht")
        }
        Flaw::BadTerm => "een termijn is `hours`, `months` of `without_delay = true`".into(),
        Flaw::TooLarge { budget } => {
            format!("het pakket is te groot om precies te beoordelen: meer dan {budget} knopen")
        }
    }
}

/// What a condition was expected to hold.
fn expected_here(expected: &str) -> &str {
    match expected {
        "`and`, `or` or the end" => "`and`, `or` of het einde",
        "a number" => "een getal",
        "a name, a sign or a number" => "een naam, een teken of een getal",
        "no more than 50 brackets or `not` inside each other" => "hoogstens 50 haakjes of `not` in elkaar",
        "a list in brackets or a named set" => "een lijst tussen haken of een verzameling met een naam",
        "`,` or `]`" => "`,` of `]`",
        other => other,
    }
}

/// How something is tested instead.
fn hint_in_dutch(hint: &str) -> &str {
    match hint {
        "only a fact that is yes or no stands alone" => "alleen een feit dat ja of nee is, staat alleen",
        "the set is about another fact" => "de verzameling gaat over een ander feit",
        "a fact that is yes or no stands alone, or after `not`" => {
            "een feit dat ja of nee is, staat alleen of na `not`"
        }
        "a set is tested with `any` or `all`" => "een verzameling toetst u met `any` of `all`",
        "a number is tested with `>=` or `<`" => "een getal toetst u met `>=` of `<`",
        "only a set is tested with `any` or `all`" => "alleen een verzameling toetst u met `any` of `all`",
        "a number is measured against a number" => "een getal meet u aan een getal",
        "only numbers, tables and choices in order are tested with `>=` or `<`" => {
            "alleen getallen, tabellen en keuzen met een volgorde toetst u met `>=` of `<`"
        }
        "it takes no words" => "er horen geen woorden bij",
        "only a view (data_sensitivity, severity, likelihood) replaces a table" => {
            "alleen een inzicht (data_sensitivity, severity, likelihood) vervangt een tabel"
        }
        other => other,
    }
}
