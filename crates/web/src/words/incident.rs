//! The pages of one incident.

use crate::words::{Words, words};

impl Words {
    /// How many were told in all, where it was not all at once.
    pub(crate) fn persons_in_all(self, count: u64) -> String {
        format!("{} {}", self.persons_exactly(count), self.pick("in totaal", "in all"))
    }

    /// How much a sensor saw more, of how much that was known it saw much more, and when the last of it was added.
    pub(crate) fn sensor_saw_more(self, new: usize, grown: usize, at: &str) -> String {
        let added = match new {
            1 => self.pick("1 nieuwe detectie".to_owned(), "1 new detection".to_owned()),
            _ => self.pick(format!("{new} nieuwe detecties"), format!("{new} new detections")),
        };
        let what = match (new, grown) {
            (_, 0) => added,
            (0, 1) => self.pick("1 detectie werd veel meer".to_owned(), "1 detection became much more".to_owned()),
            (0, _) => {
                self.pick(format!("{grown} detecties werden veel meer"), format!("{grown} detections became much more"))
            }
            (_, 1) => self.pick(format!("{added}, en 1 werd veel meer"), format!("{added}, and 1 became much more")),
            _ => self.pick(
                format!("{added}, en {grown} werden veel meer"),
                format!("{added}, and {grown} became much more"),
            ),
        };
        self.pick(format!("De sensor zag meer: {what}, {at}"), format!("The sensor saw more: {what}, {at}"))
    }

    pub(crate) fn informed_line(self, at: &str, count: u64, channel: &str) -> String {
        format!("{at}: {}, {channel}", self.persons_exactly(count))
    }
}

words! {
    tabs = "Onderdelen van dit incident", "Parts of this incident";
    unknown = "Nog niet bekend", "Not known yet";
    unknown_yet = "Weet ik nog niet", "I don’t know yet";
    none_of_these = "Geen van deze", "None of these";
    roughly(at: &str) = "omstreeks {at}", "about {at}";
    persons_between(min: u64, max: u64) = "{min} tot {max} personen", "{min} to {max} persons";
    with_receipt(at: &str, receipt: &str) = "{at}, meldingsnummer {receipt}", "{at}, notification number {receipt}";

    // Overview.
    overview_what = "Wat er is gebeurd", "What happened";
    overview_detections = "Waar het op rust", "What it rests on";
    overview_detections_hint = "Dit zag de sensor, met de nieuwste cijfers zolang het incident open is. De hash van elke detectie, zoals die binnenkwam, staat in het register.", "This is what the sensor saw, with the newest figures while the incident is open. The hash of every detection, as it came in, is in the register.";
    overview_figures = "De cijfers", "The figures";
    overview_span = "Het verloop", "How it went";
    overview_span_label = "De tijd van dit incident als lijn; de tijden zelf staan in de lijst ernaast", "The time of this incident as a line; the times themselves are in the list beside it";
    overview_times = "Tijden", "Times";
    overview_why = "Waarom, en wat dit zou veranderen", "Why, and what would change it";
    said_when = "Wanneer, volgens de melder", "When, as reported";
    said_whose = "Gegevens of personen", "Data or persons";
    said_done = "Al gedaan", "Done already";
    said_contact = "Te bereiken", "To be reached";
    anonymous = "Anoniem gemeld", "Reported anonymously";
    somebody_anonymous = "Iemand, anoniem", "Somebody, anonymously";
    host = "Apparaat", "Host";
    other_side = "Andere kant", "Other side";
    place_and_port(place: &str, port: u16) = "{place}, poort {port}", "{place}, port {port}";
    urgency = "Dringendheid", "Urgency";
    urgency_since(now: &str, before: &str) = "{now}; toen het werd geopend {before}", "{now}; when it was opened {before}";
    urgency_raised = "Dringender geworden", "It became more urgent";
    urgency_raised_text(at: &str, before: &str, now: &str) = "Op {at} zag de sensor meer. De dringendheid ging van {before} naar {now}. Kijk of wat u vond en besloot nog klopt.", "On {at} the sensor saw more. The urgency went from {before} to {now}. See whether what you found and decided still holds.";
    urgency_raised_see = "Bekijk wat erbij kwam", "See what was added";
    detection_added = "Toegevoegd", "Added";
    detection_newest = "Nieuwste stand", "As it is now";
    detection_newest_since(at: &str) = "De sensor zag er meer van sinds het in het register kwam; dat ging tot {at}.", "The sensor saw more of it since it came into the register; that went until {at}.";
    detection_newest_graver = "De sensor noemt het ernstiger dan toen het in het register kwam.", "The sensor calls it graver than when it came into the register.";
    detection_ordinary(author: &str, at: &str, reason: &str) = "{author} noemde dit op {at} gewoon: {reason}", "{author} called this ordinary on {at}: {reason}";
    detection_ordinary_go = "Leg dan vast dat het vals alarm was", "Then record that it was a false alarm";
    detection_ordinary_rest = "De rest van dit incident staat nog.", "The rest of this incident still stands.";
    detection_at_sensor = "Bekijk de detectie bij de sensor", "See the detection at the sensor";
    confidence = "Zekerheid van de sensor", "The sensor’s confidence";
    technique = "Techniek (MITRE ATT&CK)", "Technique (MITRE ATT&CK)";
    seen_from = "Gezien vanaf", "Seen from";
    seen_until = "Gezien tot", "Seen until";

    // At rest.
    rest_heading = "Overgenomen als gesloten", "Taken over as closed";
    rest_text = "Een ander register sloot dit incident. Hieronder staat wat daar staat; hier is er niets van beoordeeld of besloten, en er is niets te doen.", "Another register closed this incident. Below is what it says; none of it was assessed or decided here, and there is nothing to do.";
    rest_authority = "Gemeld bij de AP", "Notified to the AP";
    rest_persons = "Personen ingelicht", "Persons informed";
    rest_decided_by = "Besloten door", "Decided by";
    rest_dpo = "Advies van de FG", "The DPO’s advice";
    rest_lessons = "Geleerd", "Lessons";
    rest_reopen = "Heropen het om het hier te laten beoordelen", "Reopen it to have it assessed here";

    // Times.
    times_heading = "De tijden die tellen", "The times that count";
    aware_heading = "Wanneer wist u het?", "When did you know?";
    aware_hint = "Het moment waarop u redelijk zeker wist dat persoonsgegevens geraakt zijn. Vanaf dan lopen de 72 uur.", "The moment at which you were reasonably certain that personal data were hit. The 72 hours run from then.";
    aware_not_set = "nog niet vastgelegd", "not recorded yet";
    aware_estimated = "Dit is een schatting", "This is an estimate";
    aware_reason = "Waarom dit moment?", "Why this moment?";
    aware_reason_hint = "Bijvoorbeeld: toen bevestigde de ontvanger dat hij de lijst had geopend.", "For example: that is when the recipient confirmed having opened the list.";
    aware_save = "Leg de kennisname vast", "Record awareness";
    aware_set_by(name: &str, reason: &str) = "Vastgelegd door {name}: {reason}", "Recorded by {name}: {reason}";
    detected_heading = "Het eerste signaal", "The first signal";
    detected_hint = "Toen iemand, of een systeem, voor het eerst iets merkte. Dit blijft naast de kennisname staan.", "When somebody, or a system, first noticed something. This stays beside awareness.";
    detected_save = "Wijzig het eerste signaal", "Change the first signal";

    // Facts.
    facts_heading = "De feiten", "The facts";
    facts_hint = "Vul in wat u weet. ‘Weet ik nog niet’ is altijd goed: wat u niet weet, telt nooit als nee.", "Fill in what you know. ‘I don’t know yet’ is always fine: what you do not know never counts as no.";
    facts_telling = "Deze antwoorden kunnen de uitkomst nog veranderen", "These answers can still change the outcome";
    facts_telling_more(count: usize) = "En nog {count} andere; die herkent u hieronder aan ‘telt nog’.", "And {count} more; they are marked ‘still counts’ below.";
    facts_tells = "telt nog", "still counts";
    facts_known(known: usize, all: usize) = "{known} van {all} bekend", "{known} of {all} known";
    facts_checks_hint = "Niets aangekruist betekent: weet ik nog niet.", "Nothing ticked means: I don’t know yet.";
    facts_note = "Toelichting (mag leeg)", "Note (may be empty)";
    facts_note_hint = "Hoe weet u dit? Van wie?", "How do you know this? From whom?";
    facts_save = "Bewaar en bekijk het oordeel", "Save and see the verdict";
    facts_read_only = "U kunt de feiten lezen. Wijzigen kan een behandelaar, zolang het incident open is.", "You can read the facts. A handler can change them, as long as the incident is open.";
    hint_countries = "Landcodes van twee letters, met een komma ertussen: NL, BE. Leeg betekent: weet ik nog niet.", "Country codes of two letters, with commas: NL, BE. Empty means: I don’t know yet.";
    hint_whole = "Een heel getal. Leeg betekent: weet ik nog niet.", "A whole number. Empty means: I don’t know yet.";
    hint_hours = "Een aantal uren, zoals 1,5. Leeg betekent: weet ik nog niet.", "A number of hours, such as 1.5. Empty means: I don’t know yet.";
    hint_select = "Kies het best passende.", "Choose what fits best.";
    wrong_whole = "Vul een heel getal in, 0 of meer.", "Enter a whole number, 0 or more.";
    wrong_hours = "Vul een aantal uren in, zoals 1,5 en hooguit 100.000.", "Enter a number of hours, such as 1.5, at most 100,000.";
    wrong_country(code: &str) = "‘{code}’ is geen landcode. Gebruik twee letters, zoals NL of BE.", "‘{code}’ is no country code. Use two letters, such as NL or BE.";
    wrong_none_and_some = "U koos ‘geen van deze’ en ook iets anders. Kies een van beide.", "You chose ‘none of these’ and something else as well. Choose one of the two.";
    wrong_choice = "Kies een van de antwoorden.", "Choose one of the answers.";
    contradiction = "Dit spreekt een ander antwoord tegen.", "This contradicts another answer.";
    contradicts(question: &str) = "{question} Dit antwoord en een ander spreken elkaar tegen.", "{question} This answer and another contradict each other.";
    closed_heading = "Dit incident is intussen gesloten", "This incident was closed meanwhile";
    closed_by(by: &str, at: &str) = "{by} sloot dit incident op {at}.", "{by} closed this incident on {at}.";
    closed_unsaved = "Wat u verstuurde, is niet bewaard.", "What you sent was not saved.";
    closed_ask = "Hoort dit er nog bij, vraag dan wie het sloot om het te heropenen.", "If this still belongs to it, ask whoever closed it to reopen it.";
    closed_typed = "Uw tekst is niet kwijt: hij staat hieronder, en alleen hier. Bewaar hem zelf zolang het incident gesloten is.", "Your text is not lost: it stands below, and nowhere else. Keep it yourself for as long as the incident is closed.";
    closed_again = "Het is heropend: verstuur opnieuw", "It was reopened: send again";
    closed_files = "De bestanden zijn niet bewaard. Kies ze opnieuw als het incident is heropend.", "The files were not kept. Choose them again once the incident is reopened.";
    conflict_heading = "Iemand anders wijzigde dit ook", "Somebody else changed this too";
    conflict_text = "Er is nog niets bewaard, en wat u invulde staat er nog. Waar u verschilt, ziet u beide antwoorden. Kies, en bewaar opnieuw.", "Nothing was saved yet, and what you filled in is still here. Where you differ, both answers are shown. Choose, and save again.";
    theirs(name: &str, value: &str) = "{name} koos intussen: {value}. Hierboven staat wat u koos.", "{name} chose meanwhile: {value}. Above is what you chose.";

    // Narrative.
    theirs_text(name: &str, text: &str) = "{name} schreef intussen:\n{text}\nHierboven staat uw tekst.", "{name} wrote meanwhile:\n{text}\nAbove is your text.";
    theirs_text_gone(name: &str) = "{name} haalde deze tekst intussen weg. Hierboven staat uw tekst.", "{name} took this text away meanwhile. Above is your text.";
    set_meanwhile(name: &str, when: &str) = "{name} legde intussen vast: {when}. Wat u invulde staat er nog, en is nog niet bewaard. Klopt uw tijd, bewaar hem dan opnieuw.", "{name} recorded meanwhile: {when}. What you filled in is still here, and was not saved yet. If your time is right, save it again.";
    form_not_whole = "Het formulier kwam niet heel aan. Er is niets gewijzigd. Kijk na wat er staat, en bewaar opnieuw.", "The form did not arrive whole. Nothing was changed. Look at what is here, and save again.";
    narrative_heading = "In uw eigen woorden", "In your own words";
    narrative_hint = "Dit komt in het register, het dossier en de brief. Noem geen betrokkenen bij naam.", "This goes into the register, the dossier and the letter. Name no persons concerned.";
    narrative_description = "Wat is er gebeurd?", "What happened?";
    narrative_description_hint = "Een samenvatting in een paar zinnen.", "A summary in a few sentences.";
    narrative_taken = "Wat is er al gedaan om het te stoppen en de schade te beperken?", "What was done already to stop it and limit the damage?";
    narrative_planned = "Wat gaat u doen om herhaling te voorkomen?", "What will you do to keep it from happening again?";
    narrative_late = "Waarom is er later dan 72 uur gemeld?", "Why was it notified after more than 72 hours?";
    narrative_late_hint = "Alleen nodig als de melding te laat is.", "Only needed if the notification is late.";
    narrative_save = "Bewaar deze teksten", "Save these texts";

    // Documents.
    on_this_page = "Op deze pagina", "On this page";
    field_recorded = "Vastgelegd", "On file";
    field_derived = "Voorstel: controleer", "Proposal: check it";
    field_missing = "Ontbreekt nog", "Still missing";
    field_optional = "Leeg, niet verplicht", "Empty, not required";
    field_check = "Controleer in het formulier: de vraag kan daar anders luiden.", "Check it in the form: the question may read differently there.";
    make_pdf = "Maak een PDF", "Make a PDF";
    pdf_of(at: &str) = "PDF van {at}", "PDF of {at}";
    notified_heading = "Gemeld? Leg het hier vast", "Notified? Record it here";
    notified_hint = "Doe dit pas als de AP u een meldingsnummer heeft gegeven. Dan stopt de klok.", "Do this only once the AP has given you a notification number. Then the clock stops.";
    notified_receipt = "Meldingsnummer van de AP", "Notification number from the AP";
    notified_receipt_hint = "Staat op de bevestiging van de AP.", "It stands on the AP’s confirmation.";
    notified_save = "Leg de melding vast", "Record the notification";
    letter_heading = "Brief aan de personen", "Letter to the persons";
    letter_hint = "Wat nog ontbreekt, is gemarkeerd. De feiten vult u aan bij Feiten.", "What is still missing is marked. Complete the facts under Facts.";
    letter_in_english = "Bekijk de brief in het Engels", "See the letter in English";
    letter_in_dutch = "Bekijk de brief in het Nederlands", "See the letter in Dutch";
    informed_heading = "Ingelicht? Leg het hier vast", "Informed? Record it here";
    informed_again = "Nog meer personen ingelicht? Leg het vast", "Informed more persons? Record it";
    informed_count = "Hoeveel personen?", "How many persons?";
    informed_channel = "Hoe?", "How?";
    informed_channel_hint = "Bijvoorbeeld: brief per post, e-mail, bericht op de website.", "For example: letter by post, e-mail, notice on the website.";
    informed_corrects = "Wat er al vastligt klopt niet: dit komt in de plaats van alles wat hier staat", "What is on file is not right: this takes the place of all that stands here";
    document_erase = "Wis dit document", "Erase this document";
    informed_save = "Leg vast", "Record it";
    informed_done = "De personen zijn ingelicht.", "The persons were informed.";
    channel_needed = "Vul in hoe u de personen hebt ingelicht.", "Say how you informed the persons.";

    // Timeline.
    timeline_heading = "Alles wat er gebeurde", "Everything that happened";
    timeline_hint = "Het nieuwste bovenaan. Niets hiervan is te wijzigen; een verbetering is een nieuwe regel.", "The newest on top. Nothing here can be changed; a correction is a new line.";
    timeline_what = "Wat er is vastgelegd", "What was recorded";
    timeline_happened = "Gebeurd op", "Happened on";
    note_heading = "Notitie", "Note";
    note_hint = "Wat anderen die hieraan werken moeten weten.", "What others who work on this should know.";
    note_save = "Voeg toe", "Add it";
    note_empty = "Schrijf eerst iets op.", "Write something first.";
    close_heading = "Sluiten", "Close";
    close_lessons = "Wat was de oorzaak, en wat is er veranderd?", "What was the cause, and what was changed?";
    close_lessons_hint = "Voor het register, en om ervan te leren.", "For the register, and to learn from.";
    close_save = "Sluit het incident", "Close the incident";
    close_not_yet = "Sluiten kan zodra er een besluit is en alles is gedaan wat u besloot.", "You can close it once there is a decision and everything decided is done.";
    reopen_heading = "Heropenen", "Reopen";
    reopen_reason = "Waarom moet het weer open?", "Why must it be opened again?";
    reopen_save = "Heropen het incident", "Reopen the incident";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_new_and_what_became_more_are_counted_apart() {
        let w = Words(facts::Language::Dutch);
        for (new, grown, said) in [
            (1, 0, "1 nieuwe detectie"),
            (2, 0, "2 nieuwe detecties"),
            (0, 1, "1 detectie werd veel meer"),
            (0, 2, "2 detecties werden veel meer"),
            (1, 1, "1 nieuwe detectie, en 1 werd veel meer"),
            (2, 3, "2 nieuwe detecties, en 3 werden veel meer"),
        ] {
            assert_eq!(w.sensor_saw_more(new, grown, "nu"), format!("De sensor zag meer: {said}, nu"));
        }
    }
}
