//! Taking over a register that was kept elsewhere, and taking ours along.

use crate::words::{Words, words};

impl Words {
    pub(crate) fn import_done(self, taken: u64, there: u64, skipped: u64, first: u64, last: u64) -> String {
        let before = match there {
            0 => String::new(),
            1 => self.pick(" Eén rij stond er al.", " One row was there already.").to_owned(),
            _ => self.pick(format!(" {there} rijen stonden er al."), format!(" {there} rows were there already.")),
        };
        let skipped = match skipped {
            0 => String::new(),
            1 => self
                .pick(
                    " Eén rij is overgeslagen: het nummer is er al.",
                    " One row was left out: its number is there already.",
                )
                .to_owned(),
            _ => self.pick(
                format!(" {skipped} rijen zijn overgeslagen: hun nummer is er al."),
                format!(" {skipped} rows were left out: their numbers are there already."),
            ),
        };
        let now = match taken {
            0 => self.pick("Er is niets overgenomen.", "Nothing was taken over.").to_owned(),
            1 => self.pick(
                format!("Eén rij is overgenomen, als incident {first}."),
                format!("One row was taken over, as incident {first}."),
            ),
            _ => self.pick(
                format!("{taken} rijen zijn overgenomen, als incident {first} tot en met {last}."),
                format!("{taken} rows were taken over, as incidents {first} to {last}."),
            ),
        };
        now + &before + &skipped
    }

    pub(crate) fn import_counts(self, new: usize, there: usize, skipped: usize, wrong: usize) -> String {
        self.pick(
            format!("Nieuw: {new}. Staat er al: {there}. Overgeslagen, want het nummer is er al: {skipped}. Hier klopt iets niet: {wrong}."),
            format!("New: {new}. There already: {there}. Left out, since the number is there already: {skipped}. Something is the matter: {wrong}."),
        )
    }

    pub(crate) fn import_go(self, new: usize) -> String {
        match new {
            1 => self.pick("Neem 1 rij over", "Take 1 row over").to_owned(),
            _ => self.pick(format!("Neem {new} rijen over"), format!("Take {new} rows over")),
        }
    }
}

words! {
    import_heading = "Een eerder register overnemen", "Take over an earlier register";
    import_lead = "Hebt u al een register in Excel of CSV? Elke rij wordt een incident, met de eigen woorden van dat register erbij. Er wordt niets van besloten of beoordeeld.", "Do you have a register in Excel or CSV already? Every row becomes an incident, with that register’s own words. Nothing of it is decided or assessed.";
    import_file = "Het bestand", "The file";
    import_file_hint = "Een .xlsx of .csv, tot 8 MB en 5.000 rijen. Er wordt nog niets overgenomen: eerst ziet u wat er zou komen.", "A .xlsx or .csv, up to 8 MB and 5,000 rows. Nothing is taken over yet: first you see what would come.";
    import_next = "Bekijk het bestand", "Look at the file";
    import_steps = "Drie stappen: het bestand kiezen, de kolommen aanwijzen, nakijken en overnemen.", "Three steps: choose the file, point out the columns, check and take over.";
    import_no_file = "Kies een bestand.", "Choose a file.";
    import_gone = "Het bestand is hier niet meer: het wordt een uur bewaard. Kies het opnieuw.", "The file is no longer here: it is kept for an hour. Choose it again.";
    import_columns_heading = "Wat staat er in welke kolom?", "What stands in which column?";
    import_columns_hint = "Dit is onze gok. Wat u niet aanwijst, blijft als tekst bij het incident staan. Wat u hier niet nodig hebt, zoals een kolom met namen, laat u weg met ‘Niet overnemen’.", "This is our guess. What you do not point out stays with the incident as text. What you do not need here, such as a column of names, you leave out with ‘Leave out’.";
    import_read_as(name: &str, how: &str) = "{name}, gelezen als {how}. Ziet u vreemde letters in de voorbeelden? Bewaar het bestand dan als .xlsx of als CSV UTF-8.", "{name}, read as {how}. Do you see strange letters in the samples? Then save the file as .xlsx or as CSV UTF-8.";
    import_sheet = "Blad", "Sheet";
    import_heading_row = "Rij met de koppen", "Row with the headings";
    import_slashes = "Datums met schuine strepen, zoals 3/4/2024", "Dates with slashes, such as 3/4/2024";
    import_slashes_ask = "Weiger wat twee dingen kan zijn", "Refuse what can be two things";
    import_slashes_day = "De dag staat voorop: 3 april", "The day comes first: 3 April";
    import_slashes_month = "De maand staat voorop: 4 maart", "The month comes first: 4 March";
    import_unsaid = "Rijen die niet zeggen of ze gesloten zijn", "Rows that do not say whether they are closed";
    import_unsaid_open = "Open", "Open";
    import_unsaid_closed = "Gesloten", "Closed";
    import_same = "Rijen met een nummer dat er al is, en andere woorden", "Rows with a number that is there already, and other words";
    import_same_skip = "Overslaan", "Leave out";
    import_same_take = "Toch opnemen, als nieuw incident", "Take over all the same, as a new incident";
    import_same_number(number: &str, incident: u64) = "Nummer {number} is er al, als incident {incident}", "Number {number} is there already, as incident {incident}";
    import_skipped = "Overgeslagen", "Left out";
    import_totals = "Overgeslagen: een rij met totalen", "Left out: a row of totals";
    import_nothing_but_skipped = "Er is geen nieuwe rij. Wilt u de overgeslagen rijen toch opnemen, kies dat dan hieronder.", "No row is new. If you want the rows that were left out all the same, choose that below.";
    import_heading_row_wrong(typed: &str) = "“{typed}” is geen nummer van een rij. Vul een heel getal in, zoals 1.", "“{typed}” is no number of a row. Enter a whole number, such as 1.";
    import_too_large(most: usize) = "Het bestand is groter dan {most} MB, en is niet ingelezen. Bewaar alleen het blad met het register, of deel het in stukken, en kies het opnieuw.", "The file is larger than {most} MB, and was not read. Save the sheet with the register alone, or split it, and choose it again.";
    import_column = "Kolom", "Column";
    import_samples = "Voorbeelden", "Samples";
    import_meaning = "Dit is", "This is";
    import_nothing = "Alleen als tekst bewaren", "Keep as text alone";
    import_left_out = "Niet overnemen", "Leave out";
    import_caption = "De kolommen van het bestand.", "The columns of the file.";
    import_look = "Kijk na", "Check";
    import_plan_heading = "Wat er zou komen", "What would come";
    import_plan_caption = "Rij voor rij wat er zou komen.", "Row by row what would come.";
    import_row = "Rij", "Row";
    import_title = "Wat", "What";
    import_state = "Stand", "State";
    import_new = "Nieuw", "New";
    import_there = "Staat er al", "There already";
    import_wrong = "Klopt niet", "Wrong";
    import_at(column: &str, heading: &str) = "Kolom {column} ({heading}): ", "Column {column} ({heading}): ";
    import_shown(shown: usize, all: usize) = "De eerste {shown} van {all} rijen staan hieronder; rijen waar iets niet klopt voorop.", "The first {shown} of {all} rows stand below; rows with something wrong come first.";
    import_all_or_none = "Zolang er een rij is die niet klopt, wordt er niets overgenomen. Verbeter het bestand en kies het opnieuw, of kies hieronder anders.", "As long as one row is wrong, nothing is taken over. Correct the file and choose it again, or choose differently below.";
    import_changed = "Er is iets veranderd sinds u dit nakeek, en er is nog niets overgenomen. Hieronder staat wat er nu zou komen.", "Something has changed since you checked this, and nothing was taken over yet. Below is what would come now.";
    import_to_terms = "Naar de bewaartermijnen", "To the retention terms";
    import_nothing_new = "Alle rijen staan er al.", "Every row is there already.";
    import_other_file = "Kies een ander bestand", "Choose another file";
    import_to_register = "Naar het register", "To the register";
    import_from_register = "Neem een eerder register over", "Take over an earlier register";
    file_heading = "Als bestand", "As a file";
    file_hint = "Alle velden van AVG art. 33 lid 5, van de incidenten die hierboven gekozen zijn: als pdf om te lezen of af te drukken, als Excel of CSV om mee te werken.", "Every field of GDPR art. 33(5), of the incidents chosen above: as a PDF to read or print, as Excel or CSV to work with.";
    bundle_heading = "Dossier voor de AP", "File for the authority";
    bundle_hint = "Eén zip met alles van dit incident: register, tijdlijn, besluiten, meldingen, documenten, en het bewijs dat er niets aan is veranderd. Het noemt medewerkers; lees het bestand README.", "One zip with everything of this incident: register, timeline, decisions, reports, documents, and the proof that nothing was changed. It names employees; read its README.";
    bundle_go = "Download het dossier", "Download the file";
}
