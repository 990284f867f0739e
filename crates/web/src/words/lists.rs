//! The board, an organisation's home, the list of incidents, the register.

use app::lists::Found;

use crate::words::{PERSON, PERSONS, Words, words};

impl Words {
    pub(crate) fn board_lead(self, customers: usize, wet: usize, running: u64) -> String {
        match (wet, running) {
            (0, _) if customers == 1 => self
                .pick("De ene organisatie is droog: er staat niets open.", "The one organisation is dry: nothing is open.")
                .to_owned(),
            (0, _) => self.pick(
                format!("Alle {customers} organisaties zijn droog: er staat niets open."),
                format!("All {customers} organisations are dry: nothing is open."),
            ),
            (_, 0) => self.pick(
                format!("Bij {wet} van de {customers} organisaties staat iets open. Er loopt geen meldklok."),
                format!("Something is open at {wet} of {customers} organisations. No notification clock is running."),
            ),
            (_, 1) => self.pick(
                format!("Bij {wet} van de {customers} organisaties staat iets open. Er loopt één meldklok."),
                format!("Something is open at {wet} of {customers} organisations. One notification clock is running."),
            ),
            _ => self.pick(
                format!("Bij {wet} van de {customers} organisaties staat iets open. Er lopen {running} meldklokken."),
                format!("Something is open at {wet} of {customers} organisations. {running} notification clocks are running."),
            ),
        }
    }

    pub(crate) fn home_lead(self, open: u64) -> String {
        match open {
            0 => self.pick("Er staat niets open.", "Nothing is open.").to_owned(),
            1 => self.pick("Eén incident vraagt aandacht.", "One incident asks for attention.").to_owned(),
            _ => self.pick(
                format!("{open} incidenten vragen aandacht, het dringendste staat bovenaan."),
                format!("{open} incidents ask for attention, the most pressing on top."),
            ),
        }
    }

    /// Which part of a list stands on a page: from which place on (where that is known), how many, whether it goes on; of how
    /// many that were found, of how many there are.
    pub(crate) fn list_count(self, first: Option<u64>, shown: u64, goes_on: bool, found: Found, all: u64) -> String {
        if shown == 0 || (first == Some(1) && !goes_on) {
            return match (shown == all, all) {
                (true, 1) => self.pick("1 incident.", "1 incident.").to_owned(),
                (true, _) => self.pick(format!("{all} incidenten."), format!("{all} incidents.")),
                (false, _) => {
                    self.pick(format!("{shown} van {all} incidenten."), format!("{shown} of {all} incidents."))
                }
            };
        }
        let part = match first {
            Some(first) => {
                let last = first + shown - 1;
                self.pick(format!("{first} tot en met {last}"), format!("{first} up to and including {last}"))
            }
            None => self.pick(format!("{shown} op deze bladzijde"), format!("{shown} on this page")),
        };
        let last = first.unwrap_or(1) + shown - 1;
        // The last page knows how many there are, however many were counted.
        let count = if found.is_all { found.count } else { found.count.max(last + u64::from(goes_on)) };
        let is_all = found.is_all || (first.is_some() && !goes_on);
        match (is_all, count == all) {
            (true, true) => self.pick(format!("{part} van {all} incidenten."), format!("{part} of {all} incidents.")),
            (true, false) => self.pick(
                format!("{part} van {count} gevonden incidenten. In totaal zijn er {all}."),
                format!("{part} of {count} incidents found. There are {all} in all."),
            ),
            (false, _) => self.pick(
                format!("{part} van ten minste {count} gevonden incidenten. In totaal zijn er {all}."),
                format!("{part} of at least {count} incidents found. There are {all} in all."),
            ),
        }
    }

    pub(crate) fn persons_exactly(self, count: u64) -> String {
        self.counted(count, PERSON, PERSONS)
    }

    pub(crate) fn persons_at_least(self, min: u64) -> String {
        let persons = self.persons_exactly(min);
        self.pick(format!("ten minste {persons}"), format!("at least {persons}"))
    }

    pub(crate) fn persons_at_most(self, max: u64) -> String {
        let persons = self.persons_exactly(max);
        self.pick(format!("ten hoogste {persons}"), format!("at most {persons}"))
    }
}

words! {
    incident = "Incident", "Incident";
    state = "Stand", "State";
    opened = "Vastgelegd", "Recorded";
    customer = "Organisatie", "Organisation";
    most_pressing = "Het dringendst", "Most pressing";
    and_more(count: u64) = "en nog {count} open", "and {count} more open";

    board_heading = "Bord", "Board";
    board_first = "Nu eerst", "First now";
    board_caption = "Wie nu iets open heeft staan, de minste tijd bovenaan.", "Who has something open now, the least time on top.";
    board_empty = "Nergens staat iets open.", "Nothing is open anywhere.";
    board_empty_teach = "Zodra iemand iets meldt of de sensor iets ziet, staat het hier, met de klok erbij.", "As soon as somebody reports or the sensor sees something, it stands here, with its clock.";
    board_dry = "Droog", "Dry";
    board_dry_hint = "Hier staat niets open.", "Nothing is open here.";

    home_heading = "Vandaag", "Today";
    home_details = "De gegevens van uw organisatie zijn nog niet compleet.", "Your organisation’s details are not complete yet.";
    home_details_why = "Vul ze nu in. Bij een datalek staan ze dan al klaar voor de AP en in de brief.", "Fill them in now. At a breach they then stand ready for the AP and in the letter.";
    home_details_go = "Vul de gegevens aan", "Complete the details";
    home_also_open = "Ook open", "Also open";
    home_empty = "Droog: er staat niets open.", "Dry: nothing is open.";
    home_empty_teach = "Zet de meldlink hiernaast op het intranet of hang de code op bij de printer. Een lek begint vaak met iemand die iets raars ziet.", "Put the report link on the intranet or hang the code by the printer. A breach often begins with somebody who sees something odd.";
    home_all_incidents = "Alle incidenten", "All incidents";
    home_lead_employee = "Iets misgegaan of iets vreemds gezien? Meld het.", "Something went wrong, or something odd? Report it.";
    home_employee = "Wat u kunt doen", "What you can do";
    home_employee_teach = "Een mail aan de verkeerde, een telefoon kwijt, een vreemd bericht: meld het met de knop op deze pagina. Dat kost een minuut.", "A mail to the wrong person, a lost phone, a strange message: report it with the button on this page. It takes a minute.";
    home_report = "Melden", "Report";
    home_report_hint = "Iedereen met deze link of code kan melden, zonder account.", "Everybody with this link or code can report, without an account.";
    home_report_here = "Deze link en code werken alleen op de machine van de server. Deel ze pas als die met --base-url https://… is gestart.", "This link and code work on the server’s own machine alone. Share them only once it was started with --base-url https://….";
    home_report_open = "Open het meldformulier", "Open the report form";
    home_qr = "QR-code van het meldformulier", "QR code of the report form";

    incidents_heading = "Incidenten", "Incidents";
    incidents_filter = "Toon", "Show";
    incidents_search = "Zoek op woord of nummer", "Search by word or number";
    incidents_show = "Toon", "Show";
    filter_all = "Alles", "All";
    filter_from = "Vastgelegd vanaf", "Recorded from";
    filter_until = "Tot en met", "Up to and including";
    filter_notified = "Gemeld aan de AP", "Reported to the AP";
    filter_wrong_order(from: &str, until: &str) = "De eerste dag ({from}) ligt na de laatste ({until}), dus er is niets te vinden. Draai ze om.", "The first day ({from}) is after the last one ({until}), so nothing can be found. Swap them.";
    filter_too_short = "Zoek op een woord van ten minste twee letters, of op een nummer.", "Search for a word of at least two letters, or for a number.";
    filter_no_choice(text: &str) = "“{text}” is hier geen keuze en telt niet mee. Kies opnieuw.", "“{text}” is no choice here and does not count. Choose again.";
    file_no_date(text: &str) = "“{text}” is geen datum. Zo zou het hele register in het bestand komen. Schrijf een datum als 2026-03-27.", "“{text}” is no date. The file would hold the whole register. Write a date like 2026-03-27.";
    file_no_choice(text: &str) = "“{text}” is hier geen keuze. Zo zou er meer in het bestand komen dan u koos. Kies opnieuw op de pagina van het register.", "“{text}” is no choice here. The file would hold more than you chose. Choose again on the page of the register.";
    filter_no_date(text: &str) = "“{text}” is geen datum en telt niet mee. Schrijf een datum als 2026-03-27.", "“{text}” is no date and does not count. Write a date like 2026-03-27.";
    pages_label = "Andere bladzijden van deze lijst", "Other pages of this list";
    pages_above = "Vorige", "Previous";
    pages_below = "Volgende", "Next";
    incidents_none = "Er is nog niets gemeld of gezien.", "Nothing was reported or seen yet.";
    incidents_none_in_state = "In deze stand staat er geen.", "None is in this state.";
    incidents_none_found = "Geen incident past bij wat u zoekt.", "No incident fits what you are looking for.";
    incidents_empty_teach = "Een incident begint met een melding of met de sensor.", "An incident begins with a report or with the sensor.";

    register_heading = "Register", "Register";
    register_lead = "Elk incident, met feiten, gevolgen, maatregelen en waarom er zo is besloten: AVG art. 33(5).", "Every incident, with facts, effects, measures and why it was decided so: GDPR (AVG) art. 33(5).";
    register_caption = "Het register van uw organisatie.", "Your organisation’s register.";
    register_empty = "Het register is nog leeg.", "The register is still empty.";
    register_empty_teach = "Wat u bij een incident vastlegt, staat hier vanzelf in. U hoeft niets over te typen.", "What you record at an incident stands here by itself. There is nothing to type over.";
    register_when = "Kennisname", "Awareness";
    register_not_aware(at: &str) = "nog niet vastgelegd (eerste signaal {at})", "not recorded yet (first signal {at})";
    register_breach = "Datalek", "Breach";
    register_data = "Gegevens en personen", "Data and persons";
    register_authority = "AP", "AP";
    register_persons = "Personen", "Persons";
    register_facts = "Feiten", "Facts";
    register_effects = "Gevolgen", "Effects";
    register_remedial = "Maatregelen", "Measures";
    register_nothing = "Nog niets vastgelegd", "Nothing recorded yet";
    register_motivation = "Motivering", "Motivation";
    register_no_decision = "Nog geen besluit", "No decision yet";
    told_erased = "Gewist", "Erased";
    told_undecided = "Nog niet besloten", "Not decided yet";
    told_no = "Niet, zo besloten", "No, as decided";
    told_planned = "Ja, nog te doen", "Yes, still to do";
    told_taken_over(was: &str) = "{was} (volgens het overgenomen register)", "{was} (according to the imported register)";
    told_done(at: &str, what: &str) = "{at}: {what}", "{at}: {what}";
    imported_from(file: &str, row: u64) = "Overgenomen uit een eerder register: {file}, rij {row}. Dit staat daar, in de eigen woorden van dat register; hier is er niets van beoordeeld of besloten.", "Taken over from an earlier register: {file}, row {row}. This is what stands there, in that register’s own words; none of it was assessed or decided here.";
    damage_heading = "Een deel van dit register is beschadigd", "Part of this register is damaged";
    damage_what_to_do = "Wat hier van dat incident staat, kan anders zijn dan wat is opgeschreven; het incident zelf laten we niet zien. Er wordt niets overschreven. Waarschuw uw beheerder: die bewaart een kopie zoals het nu is, en zet een back-up terug van vóór de wijziging. Verdwijnt dit bericht, dan klopt de inschrijving weer.", "What stands here of that incident may be other than what was written; the incident itself is not shown. Nothing is overwritten. Warn your administrator, who keeps a copy as it is now, and restores a backup from before the change. Once this notice is gone, the entry is right again.";
    register_export = "Meenemen en laten controleren", "Take it along, and have it checked";
    register_export_hint = "Eén zip-bestand met elke gebeurtenis, de handtekening eronder en een leesbaar overzicht. Voor de AP, een accountant of uw eigen archief.", "One zip file with every event, the signature under it and a readable overview. For the AP, an auditor or your own archive.";
    register_export_go = "Download het register", "Download the register";
    register_checkpoint = "Uw bewijs", "Your proof";
    register_checkpoint_hint = "De ondertekende stand van het register, in een paar regels tekst. Bewaar dit bestand zelf, waar uw dienstverlener niet bij kan. Daarmee ziet u later of er iets is veranderd of teruggedraaid.", "The signed state of the register, in a few lines of text. Keep this file yourself, where your provider cannot reach it. With it you can see later whether anything was changed or rolled back.";
    register_checkpoint_go = "Download het checkpoint", "Download the checkpoint";
    register_verify = "Zo controleert iemand anders het", "How somebody else checks it";
    register_verify_how = "Zonder internet en zonder ons, op de eigen computer:", "Without internet and without us, on their own computer:";
    register_verify_why = "Is in een inschrijving (entries.jsonl) ook maar één letter anders, een gebeurtenis weg of de volgorde verwisseld, dan noemt de controle de eerste plek waar het niet klopt. De leesbare bestanden in de zip (register.csv, register.json) zijn daaruit gemaakt voor het gemak: wie de server beheert, kan die later anders maken en opnieuw ondertekenen, en dat toont de controle niet. Wat telt, staat in de inschrijvingen. Geef de sleutel langs een andere weg dan het bestand.", "If a single letter of an entry (entries.jsonl) is different, an event gone or the order changed, the check names the first place where it is not right. The readable files in the zip (register.csv, register.json) were made from the entries for convenience: whoever hosts the server can change those later and sign again, which the check does not show. What counts stands in the entries. Hand over the key by another way than the file.";
}

#[cfg(test)]
mod tests {
    use facts::Language;

    use super::*;

    /// It once said "50 van 135", of a hundred that were found.
    #[test]
    fn a_list_says_which_part_of_what_was_found_stands_on_the_page() {
        let check = |part: (Option<u64>, u64, bool), found: (u64, bool), nl: &str, en: &str| {
            let (first, shown, goes_on) = part;
            let found = Found { count: found.0, is_all: found.1 };
            let said = |language| Words(language).list_count(first, shown, goes_on, found, 135);
            assert_eq!((said(Language::Dutch).as_str(), said(Language::English).as_str()), (nl, en));
        };
        check((Some(1), 135, false), (135, true), "135 incidenten.", "135 incidents.");
        check((Some(1), 3, false), (3, true), "3 van 135 incidenten.", "3 of 135 incidents.");
        check((None, 0, false), (0, true), "0 van 135 incidenten.", "0 of 135 incidents.");
        check(
            (Some(51), 50, true),
            (135, true),
            "51 tot en met 100 van 135 incidenten.",
            "51 up to and including 100 of 135 incidents.",
        );
        check(
            (Some(1), 50, true),
            (100, true),
            "1 tot en met 50 van 100 gevonden incidenten. In totaal zijn er 135.",
            "1 up to and including 50 of 100 incidents found. There are 135 in all.",
        );
        check(
            (Some(51), 50, true),
            (60, false),
            "51 tot en met 100 van ten minste 101 gevonden incidenten. In totaal zijn er 135.",
            "51 up to and including 100 of at least 101 incidents found. There are 135 in all.",
        );
        check(
            (Some(101), 12, false),
            (60, false),
            "101 tot en met 112 van 112 gevonden incidenten. In totaal zijn er 135.",
            "101 up to and including 112 of 112 incidents found. There are 135 in all.",
        );
        check(
            (None, 50, true),
            (100, true),
            "50 op deze bladzijde van 100 gevonden incidenten. In totaal zijn er 135.",
            "50 on this page of 100 incidents found. There are 135 in all.",
        );
    }
}
