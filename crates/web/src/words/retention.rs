//! Keeping and forgetting: terms, holds, erasures, and what persons ask about their data.

use facts::Text;

use crate::words::{DAY, DAYS, Words, YEAR, YEARS, words};

impl Words {
    pub(crate) fn person_found(self, places: usize, searched: u64) -> String {
        let (places, searched) = (self.places(places as u64), self.searched(searched));
        self.pick(format!("Gevonden: {places}, in {searched}."), format!("Found: {places}, in {searched}."))
    }

    pub(crate) fn person_found_none(self, searched: u64) -> String {
        let searched = self.searched(searched);
        self.pick(format!("Niets gevonden in {searched}."), format!("Nothing found in {searched}."))
    }

    pub(crate) fn person_log_line(self, at: &str, kind: &str, reference: &str, by: &str, places: u64) -> String {
        let places = self.places(places);
        self.pick(
            format!("{at}, {kind}, kenmerk {reference}, door {by}: {places}"),
            format!("{at}, {kind}, reference {reference}, by {by}: {places}"),
        )
    }

    fn places(self, count: u64) -> String {
        self.counted(count, Text::new("vindplaats", "place"), Text::new("vindplaatsen", "places"))
    }

    pub(crate) fn years(self, count: u32) -> String {
        self.counted(count.into(), YEAR, YEARS)
    }

    pub(crate) fn keep_kind(self, kind: &str, years: u32) -> String {
        let years = self.years(years);
        self.pick(format!("{kind}: {years} na het sluiten."), format!("{kind}: {years} after closing."))
    }

    pub(crate) fn terms_change(self, at: &str, by: &str, kind: &str, before: u32, after: u32, reason: &str) -> String {
        let after = self.years(after);
        self.pick(
            format!("{at}, {by}: {kind} van {before} naar {after}. {reason}"),
            format!("{at}, {by}: {kind} from {before} to {after}. {reason}"),
        )
    }

    pub(crate) fn terms_backups_how(self, days: u16) -> String {
        let days = self.counted(days.into(), DAY, DAYS);
        self.pick(
            format!("houden wat gewist is tot zij zelf worden verwijderd: na {days}"),
            format!("hold what was erased until they are deleted themselves: after {days}"),
        )
    }

    pub(crate) fn erased_backups(self, days: u16, at: &str) -> String {
        let days = self.counted(days.into(), DAY, DAYS);
        self.pick(
            format!("Reservekopieën van vóór het wissen kunnen de inhoud nog bevatten tot zij zelf worden verwijderd: die van dit programma na {days}, dus tot {at}."),
            format!("Backups from before the erasure may still hold the contents until they are deleted themselves: those of this program after {days}, so until {at}."),
        )
    }

    /// For how long an erased incident was held. Who placed and released it went with the rest; that they might decide did not.
    pub(crate) fn held_for(self, placed: &str, released: Option<&str>) -> String {
        match released {
            Some(released) => self.pick(
                format!("Geplaatst op {placed} en opgeheven op {released}, door wie mocht beslissen. De namen en de redenen zijn gewist."),
                format!("Placed on {placed} and released on {released}, by whoever might decide. The names and the reasons were erased."),
            ),
            None => self.pick(
                format!("Geplaatst op {placed}, door wie mocht beslissen. De naam en de reden zijn gewist."),
                format!("Placed on {placed}, by whoever might decide. The name and the reason were erased."),
            ),
        }
    }

    fn searched(self, count: u64) -> String {
        match count {
            1 => self.pick("1 doorzocht incident", "1 incident searched").to_owned(),
            _ => self.pick(format!("{count} doorzochte incidenten"), format!("{count} incidents searched")),
        }
    }

    /// How many of how many stand on the page.
    pub(crate) fn planned_count(self, shown: u64, all: u64) -> String {
        match (shown == all, all) {
            (true, 1) => self.pick("1 incident.", "1 incident.").to_owned(),
            (true, _) => self.pick(format!("{all} incidenten."), format!("{all} incidents.")),
            (false, _) => self.pick(format!("{shown} van {all} incidenten."), format!("{shown} of {all} incidents.")),
        }
    }
}

words! {
    keep_planned(term: &str) = "Besloten is om te melden. Na de melding geldt: {term}", "It was decided to notify. After the notification this holds: {term}";
    erased_what_is_left = "Wat ervan over is", "What is left of it";
    erase_for_request(reference: &str) = "Verzoek {reference}", "Request {reference}";
    erased_heading(at: &str) = "Gewist op {at}", "Erased on {at}";
    erased_because(because: &str) = "De inhoud van dit incident is gewist omdat {because}. Dat het er was, en dat het register klopt, blijft te bewijzen.", "The contents of this incident were erased because {because}. That it was there, and that the register holds, can still be proved.";
    erased_by = "Gewist door", "Erased by";
    erased_reason = "Reden", "Reason";
    erased_kind = "Soort", "Kind";
    erased_term = "Bewaartermijn", "Retention term";
    erased_opened = "Vastgelegd", "Recorded";
    erased_closed = "Gesloten", "Closed";
    erased_entries = "Gewiste regels", "Entries erased";
    erased_told = "Ingelichte personen", "Persons told";
    erased_backups_unknown = "Reservekopieën van vóór het wissen kunnen de inhoud nog bevatten tot zij zelf worden verwijderd. Dit programma maakt er zelf geen; wie ze maakt, weet hoe lang.", "Backups from before the erasure may still hold the contents until they are deleted themselves. This program makes none by itself; who makes them knows how long.";

    held_chip = "wisverbod", "held";
    keep_heading = "Bewaren en wissen", "Keeping and erasing";
    keep_link = "Bewaren en wissen", "Keeping and erasing";
    keep_open = "Zolang dit incident open is, wordt het niet gewist. De bewaartermijn begint bij het sluiten.", "While this incident is open it is not erased. The retention term begins when it is closed.";
    keep_until(at: &str) = "Dit incident wordt op zijn vroegst gewist op {at}.", "This incident is erased on {at} at the earliest.";
    hold_on(by: &str, at: &str) = "Er ligt een wisverbod op, geplaatst door {by} op {at}.", "It is held from being erased, by {by} on {at}.";
    hold_heading = "Wisverbod", "Hold";
    hold_why = "Een wisverbod houdt dit incident vast, ook na de bewaartermijn: bij een claim, een klacht of een onderzoek van de AP (AVG art. 17, lid 3, onder e).", "A hold keeps this incident, after its term as well: for a claim, a complaint or an inquiry by the authority (GDPR art. 17(3)(e)).";
    hold_reason = "Waarom", "Why";
    hold_place = "Plaats het wisverbod", "Place the hold";
    hold_release = "Hef het wisverbod op", "Release the hold";
    hold_release_then = "Is de termijn voorbij, dan wordt het wissen opnieuw dertig dagen aangekondigd.", "If its term has ended, the erasure is announced for thirty days again.";
    erase_heading = "Nu al wissen", "Erase now";
    erase_from(at: &str) = "Een gesloten incident wordt ten minste een jaar bewaard, zodat de AP het kan nagaan (AVG art. 33, lid 5). Wissen kan vanaf {at}.", "A closed incident is kept for at least a year, so that the authority can verify it (GDPR art. 33(5)). It can be erased from {at} on.";
    erase_why = "Wissen kan niet ongedaan worden gemaakt. Alle teksten, waarnemingen en bestanden verdwijnen; nummer, data en uw reden blijven. Noem in de reden geen personen.", "Erasing cannot be undone. All texts, detections and files disappear; number, dates and your reason stay. Name no persons in the reason.";
    erase_reason = "Reden (blijft staan)", "Reason (stays)";
    erase_reason_hint = "Noem in de reden geen personen: het kenmerk van het verzoek is genoeg.", "Name no persons in the reason: the request’s reference is enough.";
    erase_sure = "Ik weet dat dit niet terug te draaien is", "I know that this cannot be undone";
    erase_sure_needed = "Vink aan dat u weet dat dit niet terug te draaien is.", "Tick that you know that this cannot be undone.";
    erase_go = "Wis dit incident", "Erase this incident";
    erase_ground = "Grond", "Ground";
    erase_ground_choose = "Kies op welke grond u wist.", "Choose on what ground you erase.";
    erase_ground_officer = "Eigen besluit: het is niet meer nodig (AVG art. 5, lid 1, onder e)", "Own decision: it is no longer needed (GDPR art. 5(1)(e))";
    erase_ground_request = "Verzoek van een betrokkene (AVG art. 17)", "A person’s request (GDPR art. 17)";
    erase_entry_heading = "Eén regel wissen", "Erase one entry";
    erase_entry_why = "Voor de gegevens van één persoon, zoals een melder: het incident blijft, de regel wordt gewist en opnieuw verteld zonder die persoon.", "For the data of one person, such as who reported: the incident stays, the entry is erased and told anew without that person.";
    erase_entry_which = "Welke regel", "Which entry";
    erase_entry_line(index: u64, at: &str, what: &str) = "{index}: {at}, {what}", "{index}: {at}, {what}";
    erase_entry_words = "Nieuwe tekst (mag vaak leeg blijven)", "New text (may often stay empty)";
    erase_entry_words_hint = "Bij een melding: de gebeurtenis zonder de persoon; leeg laat alleen naam en contactgegevens weg. Bij een notitie: leeg wist hem helemaal. Bij een gemaakt document: leeg; het bestand gaat weg, en dat het gemaakt is blijft staan. Bij bewijs: de nieuwe omschrijving; naam en herkomst van het bestand gaan weg, het bestand zelf blijft. Bij wat een sensor toevoegde: in uw woorden wat er gezien is, zonder namen; de detecties zelf gaan weg. Bij een overgenomen rij: elke kolom die blijft, als ‘Kop: tekst’ op een eigen regel.", "For a report: what happened without the person; empty leaves out name and contact details only. For a note: empty erases it whole. For a document that was made: empty; the file goes, and that it was made stays. For evidence: the new description; the file’s name and origin go, the file itself stays. For what a sensor added: what was seen in your words, without names; the detections themselves go. For a row that was taken over: each column that stays, as ‘Heading: text’ on a line of its own.";
    erase_entry_row = "Hieronder staan de naam van het bestand en de kolommen van de overgenomen rij. Haal weg wat de persoon noemt, of zet er […] voor in de plaats: wat u weghaalt, gaat ook weg waar het elders in het incident is ingelezen. Wat u laat staan, blijft. Andere woorden kunnen niet: dit zijn de eigen woorden van dat register.", "Below stand the name of the file and the columns of the row that was taken over. Take out what names the person, or put […] in its place: what you take out also goes where it was read into the incident. What you leave stays. Other words cannot be put in: these are that register’s own.";
    erase_entry_other_row = "In dit veld stonden de kolommen van de overgenomen rij, en u koos een andere regel. Laat hier alleen de nieuwe tekst van die regel staan, of maak het leeg, en wis dan.", "This field held the columns of the row that was taken over, and you chose another entry. Leave only the new text of that entry here, or empty it, and then erase.";
    erase_entry_words_needed = "De persoon staat in de tekst zelf. Schrijf hieronder wat er gebeurde zonder die persoon: blijft dit leeg, dan blijft de oude tekst staan.", "The person stands in the text itself. Write below what happened without that person: if this stays empty, the old text stays.";
    erase_entry_go = "Wis deze regel", "Erase this entry";
    erase_entry_none = "In dit incident staat geen regel die los gewist kan worden.", "This incident has no entry that can be erased by itself.";
    erase_saved = "Dit is gedaan, en staat in de tijdlijn.", "This was done, and stands in the timeline.";
    terms_conflict = "Iemand anders wijzigde intussen een bewaartermijn; onder ‘Eerdere wijzigingen’ staat welke. Wat u niet aanraakte, staat hieronder zoals het nu geldt. Van u is nog niets bewaard: kijk het na en bewaar opnieuw.", "Somebody else changed a retention term meanwhile; it stands under ‘Earlier changes’. What you did not touch stands below as it holds now. Nothing of yours was saved yet: check it and save again.";
    erase_conflict = "Iemand anders schreef intussen in dit incident. Kijk opnieuw voordat u wist.", "Somebody else wrote in this incident meanwhile. Look again before you erase.";

    planned_heading = "Wat wordt gewist", "What will be erased";
    planned_lead = "Incidenten waarvan de bewaartermijn binnen dertig dagen eindigt. Leg een wisverbod op wat u langer nodig hebt.", "Incidents of which the retention term ends within thirty days. Hold what you need for longer.";
    planned_leap(now: &str, seen: &str) = "Er wordt nu niets gewist: de klok van de server zegt {now}, en hier liep niets sinds {seen}. Staat de klok verkeerd? Laat uw beheerder hem goed zetten. Klopt hij, en stond de server stil? Dan zegt de beheerder dat met `dijkwacht forget --the-clock-is-right`; daarna staat hier nog dertig dagen wat gewist wordt.", "Nothing is erased now: the server’s clock says {now}, and nothing ran here since {seen}. Is the clock wrong? Have your administrator set it right. Is it right, and did the server stand still? Then the administrator says so with `dijkwacht forget --the-clock-is-right`; what will be erased stands here for thirty days after that.";
    planned_caption = "Te wissen incidenten, het eerste bovenaan.", "Incidents to be erased, the first on top.";
    planned_none = "De komende dertig dagen wordt niets gewist.", "Nothing will be erased in the coming thirty days.";
    planned_on = "Wordt gewist op", "Will be erased on";
    keep_closing_unsaid(day: &str) = "onbekend; telt vanaf het overnemen op {day}", "unknown; counts from the day it was taken over, {day}";
    planned_hold = "Bekijk of leg een wisverbod", "Look, or place a hold";
    planned_held = "Met een wisverbod", "Held";
    planned_held_none = "Op geen enkel incident ligt een wisverbod.", "No incident is held.";
    planned_held_since = "Wisverbod sinds", "Held since";
    planned_link = "Wat wordt gewist, en wat niet", "What will be erased, and what not";
    closed_on = "Gesloten", "Closed";

    terms_heading = "Bewaartermijnen", "Retention terms";
    terms_lead = "Hoelang een gesloten incident bewaard blijft. Daarna wordt de inhoud gewist; dat het er was, blijft te bewijzen.", "How long a closed incident is kept. After that its contents are erased; that it was there can still be proved.";
    terms_saved = "De bewaartermijnen zijn bewaard.", "The retention terms were saved.";
    terms_shorter = "Wat door een kortere termijn vervalt, wordt eerst dertig dagen aangekondigd.", "What a shorter term ends is announced for thirty days first.";
    terms_years = "Jaren na het sluiten, 1 tot en met 20", "Years after closing, 1 to 20";
    terms_why = "Waarop dit berust", "What this rests on";
    terms_why_none = "De AVG noemt geen termijn: niet langer dan nodig (art. 5, lid 1, onder e), en lang genoeg om verantwoording af te leggen (art. 33, lid 5).", "The GDPR names no term: no longer than needed (art. 5(1)(e)), and long enough to account for what was decided (art. 33(5)).";
    terms_why_five = "Vijf jaar is ons voorstel: zo lang kan de AP de zwaardere boetes opleggen (Awb art. 5:45, lid 2).", "Five years is our proposal: for so long the authority can impose its heavier fines (Awb art. 5:45(2)).";
    terms_why_one = "De beleidsregels onder de Wbp (2015) vroegen één jaar, en drie jaar als de betrokkenen niet waren ingelicht, met elk jaar de vraag of dat alsnog moest. Voor niet gemelde lekken raden wij daarom ten minste drie jaar aan.", "The policy rules under the Wbp (2015) asked one year, and three where the persons were not told, asking each year whether they still should be. For breaches that were not reported we therefore advise at least three years.";
    terms_why_seven = "De AP zelf bewaart meldingen zeven jaar. Voor claims kan langer nodig zijn; leg dan een wisverbod op die ene zaak.", "The authority itself keeps notifications for seven years. Claims may need longer; hold that one case then.";
    terms_default = "ons voorstel", "our proposal";
    terms_under_three = "Korter dan drie jaar: de beleidsregels onder de Wbp vroegen drie jaar als betrokkenen niet waren ingelicht.", "Less than three years: the policy rules under the Wbp asked three where the persons were not told.";
    terms_reason = "Waarom u dit wijzigt", "Why you change this";
    terms_reason_hint = "Eén zin, voor wie dit later leest.", "One sentence, for who reads this later.";
    terms_save = "Bewaar de termijnen", "Save the terms";
    terms_number_of(kind: &str) = "{kind}: vul een heel aantal jaren in.", "{kind}: enter a whole number of years.";
    terms_others = "Wat vast ligt", "What is fixed";
    terms_evidence = "Bestanden en bewijs", "Files and evidence";
    terms_evidence_how = "gaan mee met hun incident", "go with their incident";
    terms_sessions = "Aanmeldingen (sessies)", "Sign-ins (sessions)";
    terms_sessions_how = "verdwijnen als zij verlopen zijn", "disappear once they have expired";
    terms_backups = "Reservekopieën", "Backups";
    terms_backups_unknown = "houden wat gewist is tot zij zelf worden verwijderd; dit programma maakt er zelf geen", "hold what was erased until they are deleted themselves; this program makes none by itself";
    terms_changes = "Eerdere wijzigingen", "Earlier changes";
    terms_changes_none = "Er is nog niets gewijzigd.", "Nothing was changed yet.";

    person_heading = "Verzoek van een betrokkene", "A person’s request";
    person_lead = "Zoek waar iemand in uw incidenten voorkomt, voor inzage (AVG art. 15) of wissen (art. 17). Stel eerst vast dat de vrager die persoon is.", "Find where somebody appears in your incidents, for access (GDPR art. 15) or erasure (art. 17). First establish that whoever asks is that person.";
    person_link = "Verzoek van een betrokkene", "A person’s request";
    person_kind = "Wat vraagt deze persoon", "What does this person ask";
    person_name = "Naam", "Name";
    person_name_hint = "Zoals iemand hem opschrijft; wij zoeken hem als geheel.", "As somebody writes it; we look for it as a whole.";
    person_email = "E-mailadres", "E-mail address";
    person_phone = "Telefoonnummer", "Telephone number";
    person_phone_hint = "Met of zonder landnummer, streepjes, schuine strepen, punten en spaties: het wordt gevonden.", "With or without country code, hyphens, slashes, dots and spaces: it is found.";
    person_reference = "Uw kenmerk van dit verzoek", "Your reference of this request";
    person_reference_hint = "Een nummer, geen naam. Alleen dit, de dag en het aantal vindplaatsen worden bewaard; wat u zoekt niet.", "A number, no name. Only this, the day and the number of places are kept; what you look for is not.";
    person_search = "Zoek", "Search";
    person_not_searched = "Niet doorzocht: gewiste incidenten, bestanden en gemaakte documenten, waarnemingen van de sensor, de accounts van medewerkers, de redenen bij gewijzigde bewaartermijnen, en reservekopieën.", "Not searched: erased incidents, files and documents that were made, the sensor’s detections, the accounts of staff, the reasons of changed retention terms, and backups.";
    person_document(number: u64, title: &str, at: &str) = "Incident {number}: {title}, {at}", "Incident {number}: {title}, {at}";
    person_documents = "Wat van deze incidenten gemaakt is. Deze documenten doorzoeken wij niet: kijk ze zelf na.", "What was made of these incidents. These documents are not searched: look at them yourself.";
    person_to_erase_document = "Wis dit document", "Erase this document";
    person_in_file_name = "Alleen de naam van het bestand waaruit deze rijen zijn overgenomen, noemt de persoon; over wie de rij zelf gaat, zegt dat niet. De naam kan per rij worden gewist.", "Only the name of the file that these rows were taken over from names the person; that does not say whom the row itself is about. The name can be erased row by row.";
    person_to_entry = "Bekijk deze regel", "Look at this entry";
    person_place(number: u64, at: &str, how: &str) = "Incident {number}, {at}: {how}", "Incident {number}, {at}: {how}";
    person_may_erase = "Deze regel kan los worden gewist.", "This entry can be erased by itself.";
    person_needs_words = "Deze regel kan worden gewist als u er een tekst zonder de persoon voor in de plaats zet.", "This entry can be erased if you put a text without the person in its place.";
    person_to_erase = "Naar het wissen van deze regel", "To erasing this entry";
    person_answer = "Antwoord aan de persoon", "Answer to the person";
    person_answer_hint = "Een voorstel: lees het na, vul aan wat er volgens de incidenten staat, en verstuur het zelf. Antwoord binnen een maand (AVG art. 12, lid 3).", "A draft: read it, add what the incidents say, and send it yourself. Answer within a month (GDPR art. 12(3)).";
    person_log = "Eerdere verzoeken", "Earlier requests";
    person_log_none = "Er is nog geen verzoek vastgelegd.", "No request is on file yet.";
}
