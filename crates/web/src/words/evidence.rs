//! Evidence: the files of an incident, and what is done with them.

use crate::words::{Words, words};

impl Words {
    /// What a file is, as people say it.
    pub(crate) fn media_type(self, media_type: &str) -> String {
        documents::file_words::media_type(media_type, self.0)
    }

    /// A size as people say it.
    pub(crate) fn bytes(self, bytes: u64) -> String {
        documents::file_words::size(bytes, self.0)
    }

    /// `all`: how many files there are now.
    pub(crate) fn evidence_all_intact(self, count: usize, all: usize) -> String {
        match count {
            _ if count < all => self.pick(
                format!("{count} van de {all} bestanden nagekeken, en die zijn precies wat er is toegevoegd. De andere kwamen er later bij."),
                format!("{count} of the {all} files were checked, and are exactly what was added. The others came later."),
            ),
            1 => self
                .pick("Het bestand is precies wat er is toegevoegd.", "The file is exactly what was added.")
                .to_owned(),
            _ => self.pick(
                format!("Alle {count} bestanden zijn precies wat er is toegevoegd."),
                format!("All {count} files are exactly what was added."),
            ),
        }
    }

    /// Files that were sent with others, and stood there already.
    pub(crate) fn evidence_was_there(self, names: &[String]) -> String {
        let named = names.join(", ");
        match names.len() {
            1 => self.pick(
                format!("Dit bestand stond er al, en is niet nog eens toegevoegd: {named}."),
                format!("This file was there already, and was not added once more: {named}."),
            ),
            _ => self.pick(
                format!("Deze bestanden stonden er al, en zijn niet nog eens toegevoegd: {named}."),
                format!("These files were there already, and were not added once more: {named}."),
            ),
        }
    }

    /// Files whose stored copy was damaged or gone, and that were sent again.
    pub(crate) fn evidence_put_right(self, names: &[String]) -> String {
        let named = names.join(", ");
        match names.len() {
            1 => self.pick(
                format!("Van dit bestand was de bewaarde kopie beschadigd of weg. Wat u stuurde is precies hetzelfde bestand, en staat nu in de plaats ervan: {named}. Dat staat ook op de tijdlijn."),
                format!("The stored copy of this file was damaged or gone. What you sent is exactly the same file, and stands in its place now: {named}. That is on the timeline too."),
            ),
            _ => self.pick(
                format!("Van deze bestanden was de bewaarde kopie beschadigd of weg. Wat u stuurde zijn precies dezelfde bestanden, en die staan nu in de plaats ervan: {named}. Dat staat ook op de tijdlijn."),
                format!("The stored copies of these files were damaged or gone. What you sent are exactly the same files, and they stand in their place now: {named}. That is on the timeline too."),
            ),
        }
    }
}

words! {
    evidence_heading = "Bewijs", "Evidence";
    evidence_lead = "Bestanden bij dit incident: schermafdrukken, mails, logboeken, foto’s. Van elk staat de hash in het register, zodat te bewijzen is dat het niet is gewijzigd. Wie een bestand bekijkt of downloadt, komt op de lijst.", "Files of this incident: screenshots, mails, logs, photos. The hash of each stands in the register, so that it can be proved unchanged. Whoever looks at a file or downloads it is put on the list.";
    evidence_none = "Er zijn nog geen bestanden.", "There are no files yet.";
    evidence_add = "Voeg bestanden toe", "Add files";
    evidence_files = "Bestanden", "Files";
    evidence_files_hint(each: u64, all: u64) = "Een of meer, elk hooguit {each} MB, samen hooguit {all} MB. Bewerk niets vooraf: het origineel is het bewijs.", "One or more, each at most {each} MB, together at most {all} MB. Edit nothing beforehand: the original is the evidence.";
    evidence_description = "Wat is te zien?", "What does it show?";
    evidence_description_hint = "Mag leeg. Bijvoorbeeld: het scherm toen de fout werd ontdekt.", "May be empty. For example: the screen when the mistake was found.";
    evidence_origin = "Waar komt het vandaan?", "Where does it come from?";
    evidence_origin_hint = "Mag leeg. Bijvoorbeeld: mailbox van de salarisadministratie, of de laptop van een medewerker.", "May be empty. For example: the payroll mailbox, or an employee’s laptop.";
    evidence_save = "Voeg toe als bewijs", "Add as evidence";
    evidence_closed = "Dit incident is gesloten. Heropen het om bestanden toe te voegen.", "This incident is closed. Reopen it to add files.";
    evidence_choose = "Kies ten minste één bestand.", "Choose at least one file.";
    evidence_name = "Bestand", "File";
    evidence_size = "Grootte en soort", "Size and kind";
    evidence_added = "Toegevoegd", "Added";
    evidence_added_by(by: &str, at: &str) = "{by}, {at}", "{by}, {at}";
    evidence_hash = "SHA-256", "SHA-256";
    evidence_withdrawn_heading(count: usize) = "Ingetrokken: {count}", "Withdrawn: {count}";
    evidence_withdrawn_by(by: &str, at: &str, reason: &str) = "Ingetrokken door {by}, {at}: {reason}", "Withdrawn by {by}, {at}: {reason}";
    evidence_check = "Controleer alle bestanden", "Check all files";
    evidence_check_hint = "Leest elk bestand helemaal en vergelijkt het met de hash van toen het werd toegevoegd. De uitkomst komt op de tijdlijn.", "Reads every file whole and compares it with the hash of when it was added. What comes of it stands on the timeline.";
    evidence_checked(by: &str, at: &str) = "Laatst gecontroleerd door {by}, {at}.", "Last checked by {by}, {at}.";
    evidence_not_intact(damaged: usize, missing: usize) = "Niet alles is er nog zoals het was: {damaged} beschadigd, {missing} weg. Laat uw beheerder de back-up terugzetten.", "Not everything is still as it was: {damaged} damaged, {missing} gone. Let your administrator restore the backup.";
    evidence_all_put_right = "Wat beschadigd of weg was, is sindsdien hersteld.", "What was damaged or gone was put right since.";
    evidence_back = "Alle bestanden", "All files";
    evidence_caution = "Pas op", "Take care";
    evidence_caution_short = "pas op", "take care";
    evidence_preview_hint = "Dat u dit bekijkt, is vastgelegd.", "That you look at this is on file.";
    evidence_picture_of(name: &str) = "De afbeelding {name}", "The picture {name}";
    evidence_download = "Download", "Download";
    evidence_download_anyway = "Download toch", "Download anyway";
    evidence_download_hint = "Uw naam en het tijdstip komen op de lijst hieronder.", "Your name and the time are put on the list below.";
    evidence_custody = "Wie deed er wat mee?", "Who did what with it?";
    evidence_hand_over = "Overgedragen aan iemand buiten?", "Handed over to somebody outside?";
    evidence_hand_over_hint = "Bijvoorbeeld aan de politie, een onderzoeker of de verzekeraar.", "For example to the police, an investigator or the insurer.";
    evidence_to = "Aan wie?", "To whom?";
    evidence_why = "Waarom?", "Why?";
    evidence_hand_over_save = "Leg de overdracht vast", "Record the handing over";
    evidence_withdraw = "Per vergissing toegevoegd?", "Added by mistake?";
    evidence_withdraw_hint = "Het bestand gaat uit het zicht. De hash en het bestand zelf blijven bewaard tot de bewaartermijn voorbij is.", "The file goes out of view. The hash and the file itself are kept until the retention period ends.";
    evidence_withdraw_why = "Waarom trekt u het in?", "Why do you withdraw it?";
    evidence_withdraw_save = "Trek het in", "Withdraw it";
    evidence_kind = "Soort", "Kind";
    evidence_length = "Grootte", "Size";
    evidence_is_damaged = "beschadigd", "damaged";
    evidence_is_missing = "weg uit de opslag", "gone from the store";
    evidence_lost = "Dit bestand is beschadigd of weg uit de opslag. Er is niets van gedownload of getoond, en dat staat ook niet op de lijst. Hebt u hetzelfde bestand nog? Voeg het bij Bewijs nog eens toe: dan komt het in de plaats van wat beschadigd is. Anders zet uw beheerder het terug uit de back-up.", "This file is damaged, or gone from the store. Nothing of it was downloaded or shown, nor is that on the list. Do you still have the same file? Add it under Evidence once more: it then takes the place of what is damaged. Otherwise your administrator restores it from the backup.";
    evidence_lost_remedy = "Dat bleek bij de laatste controle. Hebt u hetzelfde bestand nog? Voeg het bij Bewijs nog eens toe: dan komt het in de plaats van wat beschadigd is. Anders zet uw beheerder het terug uit de back-up.", "The last check found that. Do you still have the same file? Add it under Evidence once more: it then takes the place of what is damaged. Otherwise your administrator restores it from the backup.";
}
