//! Reports to the authority, the forms they are copied into, and what else has to be told to whom.

use facts::Text;
use incident::ReportKind;

use crate::words::{Words, words};

impl Words {
    pub(crate) fn form_rest(self, count: usize) -> String {
        match count {
            1 => self
                .pick(
                    "Het andere veld, gelijk aan de vorige melding",
                    "The other field, the same as in the last report",
                )
                .to_owned(),
            _ => self.pick(
                format!("De andere {count} velden, gelijk aan de vorige melding"),
                format!("The other {count} fields, the same as in the last report"),
            ),
        }
    }

    pub(crate) fn reports_contained(self, count: usize) -> String {
        let (one, more) = (Text::new("antwoord", "answer"), Text::new("antwoorden", "answers"));
        let count = self.counted(count as u64, one, more);
        self.pick(format!("Wat erin stond ({count})"), format!("What it contained ({count})"))
    }

    pub(crate) fn report_kind(self, kind: ReportKind) -> &'static str {
        match kind {
            ReportKind::First => self.pick("Eerste melding", "First report"),
            ReportKind::Supplement => self.pick("Aanvulling", "Supplement"),
            ReportKind::Withdrawal => self.pick("Intrekking", "Withdrawal"),
        }
    }

    /// What is too long, and by whose limit.
    pub(crate) fn too_long(self, over: usize, limit: usize, is_known: bool) -> String {
        let characters = if over == 1 { self.pick("teken", "character") } else { self.pick("tekens", "characters") };
        let whose = self.whose_limit(is_known);
        self.pick(
            format!(
                "{over} {characters} te veel: er past {limit} ({whose}). Er is niets afgekapt; kort de tekst zelf in."
            ),
            format!("{over} {characters} too many: {limit} fit ({whose}). Nothing was cut; shorten the text yourself."),
        )
    }

    pub(crate) fn length(self, length: usize, limit: usize, is_known: bool) -> String {
        let whose = self.whose_limit(is_known);
        self.pick(format!("{length} van {limit} tekens ({whose})"), format!("{length} of {limit} characters ({whose})"))
    }

    fn whose_limit(self, is_known: bool) -> &'static str {
        match is_known {
            true => self.pick("de grens van het formulier", "the form’s limit"),
            false => self.pick(
                "onze veilige grens; die van het formulier kennen wij niet",
                "our safe limit; the form’s is not known to us",
            ),
        }
    }

    pub(crate) fn changed_answers(self, count: usize) -> String {
        match count {
            1 => self.pick("1 antwoord is anders dan u meldde.", "1 answer differs from what you reported.").to_owned(),
            _ => self.pick(
                format!("{count} antwoorden zijn anders dan u meldde."),
                format!("{count} answers differ from what you reported."),
            ),
        }
    }

    pub(crate) fn controllers_line(self, at: &str, count: u64, channel: &str) -> String {
        match count {
            1 => self.pick(format!("{at}: 1 opdrachtgever, {channel}"), format!("{at}: 1 controller, {channel}")),
            _ => self.pick(
                format!("{at}: {count} opdrachtgevers, {channel}"),
                format!("{at}: {count} controllers, {channel}"),
            ),
        }
    }
}

words! {
    historical_heading = "Onder deze wet meldt niemand meer", "Nobody reports under this law any more";
    historical_text = "Dit incident valt onder de wet van vóór 25 mei 2018. Het oordeel is er alleen om te lezen: er is niets te besluiten of te melden. Klopt het moment van kennisname niet? Pas dat dan aan bij de feiten.", "This incident falls under the law from before 25 May 2018. The verdict is there for reading only: there is nothing to decide or to report. Is the moment of awareness wrong? Then change it under the facts.";

    due_first = "Meld dit bij de AP", "Report this to the AP";
    due_first_text = "Neem de antwoorden hieronder over in het formulier, en leg daarna het meldingsnummer vast. Weet u nog niet alles? Meld wat u weet; aanvullen kan later.", "Copy the answers below into the form, then record the notification number. Do you not know everything yet? Report what you know; you can supplement it later.";
    due_precaution = "Meld dit uit voorzorg bij de AP", "Report this to the AP as a precaution";
    due_check = "Kijk eerst na of de waarneming klopt", "First check whether the detection is real";
    due_check_text = "De sensor zag iets; nog niemand heeft het nagekeken. De formulieren staan hieronder klaar.", "The sensor saw something; nobody has checked it yet. The forms stand ready below.";
    due_supplement = "Vul de melding bij de AP aan", "Supplement the report to the AP";
    due_supplement_turned = "Sinds de vorige melding is het oordeel veranderd.", "The verdict has changed since the last report.";
    due_withdrawal = "Trek de melding bij de AP in", "Withdraw the report to the AP";
    due_withdrawal_text = "Er ligt een melding bij de AP, en melden hoeft niet meer. Trek haar in met de reden.", "The AP has a report, and none is needed any more. Withdraw it, with the reason.";
    due_nothing = "Er is nu niets te melden bij de AP", "There is nothing to report to the AP now";
    due_nothing_reported = "Wat u meldde, klopt met wat er nu vastligt.", "What you reported is what is on file now.";
    due_other_regime = "Een andere wet bepaalt of u meldt", "Another act decides whether you report";
    due_other_regime_text = "Op deze gegevens past niet de AVG. Laat iemand die de andere wet kent vandaag nog kijken: de termijn kan korter zijn. Melden gaat met hetzelfde formulier van de AP; het staat hieronder klaar, met die wet als grondslag.", "The GDPR does not govern these data. Have somebody who knows the other act look today: its term may be shorter. You report with the same form of the AP; it stands ready below, with that act as its ground.";
    due_processor = "Waarschuw uw opdrachtgevers", "Warn your controllers";
    due_processor_text = "U bent verwerker: u weegt het risico niet en meldt niet zelf bij de AP. Waarschuw meteen iedere organisatie waarvoor u deze gegevens verwerkt; zij beoordelen of zij melden. De tekst daarvoor staat hieronder klaar.", "You are a processor: you do not weigh the risk and do not report to the AP yourself. Warn each organisation for which you process these data at once; they judge whether they report. The text for it stands ready below.";
    due_nothing_unreported = "Volgens het oordeel of het besluit hoeft dit niet gemeld te worden. De formulieren staan hieronder klaar als u het toch wilt.", "By the verdict or the decision this need not be reported. The forms stand ready below if you want to all the same.";
    due_record = "Gemeld? Leg het vast", "Reported? Record it";
    answer_before = "Gemeld", "Reported";
    answer_now = "Nu", "Now";
    answer_none = "leeg", "empty";

    forms_heading = "Het formulier, veld voor veld", "The form, field by field";
    forms_choose = "Welk formulier", "Which form";
    purposes_choose = "Waarvoor", "What for";
    form_at = "Het formulier zelf:", "The form itself:";
    form_counts(recorded: usize, derived: usize, missing: usize) = "{recorded} vastgelegd, {derived} voorstel, {missing} ontbreken", "{recorded} on file, {derived} proposed, {missing} missing";
    form_enough = "Genoeg voor een eerste melding. Wat ontbreekt, mag later (AVG art. 33(4)).", "Enough for a first report. What is missing may follow (GDPR art. 33(4)).";
    form_complete = "Alle verplichte velden zijn gevuld.", "All required fields are filled.";
    form_blocked = "Dit moet nog in het formulier:", "This must still be filled in:";
    form_not_compared = "Van de vorige melding zijn de antwoorden op dit formulier niet bewaard. Hier staan daarom alle velden; geef alleen door wat nieuw of anders is.", "The answers that the last report gave on this form were not kept. All fields stand here therefore; pass on only what is new or different.";
    form_unchanged = "Alle antwoorden zijn gelijk aan die van de vorige melding.", "All answers are the same as in the last report.";
    form_json = "Download als JSON", "Download as JSON";
    field_unknown_box(label: &str) = "Weet u dit nog niet? Kruis dan aan: “{label}”.", "Do you not know this yet? Then tick “{label}”.";
    field_was(text: &str) = "Gemeld was: {text}", "Reported was: {text}";
    field_was_missing = "Dit ontbrak in de vorige melding.", "This was missing in the last report.";
    field_answer_here = "Beantwoord dit:", "Answer this:";
    field_tick = "Kruis aan", "Tick";

    reports_heading = "Wat bij de AP ligt", "What the AP has";
    reports_receipt = "Meldingsnummer", "Notification number";
    reports_form = "Formulier", "Form";
    reports_by = "Vastgelegd door", "Recorded by";
    reports_reason = "Reden", "Reason";
    reports_not_kept = "De antwoorden zijn bij deze melding niet bewaard.", "The answers of this report were not kept.";
    record_kind = "Wat hebt u gemeld?", "What did you report?";
    record_supplement_hint = "Wat nieuw of anders is sinds de vorige melding.", "What is new or different since the last report.";
    record_withdrawal_hint = "Melden was achteraf niet nodig. Zeg hieronder waarom.", "After all, reporting was not needed. Say why below.";
    record_correct = "Alleen het meldingsnummer verbeteren", "Only correct the notification number";
    record_correct_hint = "Van de eerste melding; het moment blijft zoals het was.", "Of the first report; its moment stays as it was.";
    record_kind_needed = "Kies wat u hebt gemeld.", "Choose what you reported.";
    record_receipt_same_hint = "Meestal dat van de eerste melding.", "Usually that of the first report.";
    record_reason = "Waarom? (nodig bij een intrekking)", "Why? (needed for a withdrawal)";
    record_reason_hint = "Bijvoorbeeld: de gegevens bleken versleuteld, en de sleutel is veilig.", "For example: the data turned out to be encrypted, and the key is safe.";
    record_late = "Waarom meldt u later dan 72 uur?", "Why do you report after more than 72 hours?";
    record_late_hint = "De AP vraagt dit in het formulier (AVG art. 33(1)). Het komt ook in het dossier en het register.", "The AP asks this in its form (GDPR art. 33(1)). It also goes into the dossier and the register.";
    record_late_needed = "U meldt na de 72 uur. Vul in waarom.", "You report after the 72 hours. Say why.";

    controllers_heading = "Waarschuw uw opdrachtgevers", "Warn your controllers";
    controllers_text = "U bent verwerker. Zeg het elke verwerkingsverantwoordelijke zonder vertraging (AVG art. 33(2)). U weegt niet zelf; dat doen zij.", "You are a processor. Tell every controller without delay (GDPR art. 33(2)). You do not weigh it yourself; they do.";
    controllers_notice = "Wat u hun schrijft", "What you write to them";
    controllers_done = "De opdrachtgevers zijn gewaarschuwd.", "The controllers were warned.";
    controllers_record = "Gewaarschuwd? Leg het vast", "Warned? Record it";
    controllers_count = "Hoeveel opdrachtgevers?", "How many controllers?";
    controllers_channel = "Hoe?", "How?";
    controllers_channel_hint = "Bijvoorbeeld: e-mail, telefoon, klantportaal.", "For example: e-mail, telephone, client portal.";
    controllers_channel_needed = "Vul in hoe u hen hebt gewaarschuwd.", "Say how you warned them.";

    csirt_heading = "Meld het bij het CSIRT en de bevoegde autoriteit", "Tell the CSIRT and the competent authority";
    csirt_text = "Via MijnNCSC, in drie stappen (Cyberbeveiligingswet). Een melding bij de AP vervangt dit niet.", "Through MijnNCSC, in three steps (Cyberbeveiligingswet). A report to the AP does not replace it.";
    csirt_what = "Wat erin staat", "What they contain";
    csirt_step = "Stap", "Step";
    csirt_latest = "Uiterlijk", "At the latest";
    csirt_no_moment = "nog geen moment om vanaf te tellen", "no moment to count from yet";
    csirt_done = "Gedaan", "Done";
    csirt_not_done = "nog niet", "not yet";
    csirt_record = "Gedaan? Leg de stap vast", "Done? Record the step";
    csirt_which = "Welke stap?", "Which step?";
    csirt_which_needed = "Kies welke stap u hebt gedaan.", "Choose which step you did.";
    csirt_receipt = "Kenmerk dat u kreeg (mag leeg)", "Reference you were given (may be empty)";

    reasoning_heading = "Motivering", "Reasoning";
    reasoning_text = "Waarom zo is geoordeeld en besloten, om te bewaren of te laten zien (AVG art. 33(5)).", "Why it was judged and decided so, to keep or to show (GDPR art. 33(5)).";

    follows_precaution = "volgt Dijkwacht: meld uit voorzorg", "follows Dijkwacht: report as a precaution";
    mandate_legend = "Hoe besluit u?", "In what capacity do you decide?";
    mandate_director = "Als directie", "As the director";
    mandate_mandated = "Namens de directie, gemandateerd", "For the director, mandated";
    mandate_by = "Door wie gemandateerd?", "Mandated by whom?";
    mandate_by_hint = "Alleen als u niet zelf de directie bent.", "Only if you are not the director yourself.";
    mandate_needed = "Vul in wie u heeft gemandateerd.", "Say who mandated you.";
    mandate_line(by: &str) = "Gemandateerd door {by}", "Mandated by {by}";

    fg_heading = "Advies van de FG", "Advice of the FG (DPO)";
    fg_none = "De FG heeft nog niet geadviseerd. Vraag het voordat u besluit.", "The FG (DPO) has not advised yet. Ask before you decide.";
    fg_by(name: &str, at: &str) = "{name}, FG, {at}", "{name}, FG (DPO), {at}";
    fg_own = "Uw advies als FG", "Your advice as FG (DPO)";
    fg_record = "Leg het advies van de FG vast", "Record the advice of the FG (DPO)";
    fg_again = "Een nieuw advies van de FG", "New advice of the FG (DPO)";
    fg_name = "Naam van de FG", "Name of the FG (DPO)";
    fg_at = "Wanneer gaf de FG dit advies?", "When did the FG (DPO) give this advice?";
    fg_advice = "Wat adviseert de FG, en waarom?", "What does the FG (DPO) advise, and why?";
    fg_advice_own = "Wat adviseert u, en waarom?", "What do you advise, and why?";
    fg_open = "Geen advies hierover", "No advice on this";
    fg_save = "Leg het advies vast", "Record the advice";
    fg_followed = "Volgt u het advies van de FG?", "Do you follow the advice of the FG (DPO)?";
    fg_departure = "Zo niet: waarom wijkt u ervan af?", "If not: why do you depart from it?";
    fg_line_followed = "Het advies van de FG is gevolgd.", "The advice of the FG (DPO) was followed.";
    fg_line_departed(why: &str) = "Afgeweken van het advies van de FG: {why}", "Departed from the advice of the FG (DPO): {why}";
    decision_turned = "Dit is er sinds het besluit veranderd", "This has changed since the decision";
}
