//! The public report form and its thanks page.

use app::Trouble;

use crate::words::{Words, words};

impl Words {
    /// What whoever reports without an account is told when the store fails: what became of the report they sent, if they
    /// sent one, and whom to turn to meanwhile, as far as that is known.
    pub(crate) fn report_failed(self, sent: Option<Trouble>, phone: &str, email: &str) -> String {
        let kept = sent.map(|trouble| match trouble.wrote_nothing() {
            true => self.report_not_kept(),
            false => self.report_perhaps_kept(),
        });
        let turn_to = match (phone.trim(), email.trim()) {
            ("", "") => self.report_turn_to().to_owned(),
            (phone, "") => self.report_turn_to_phone(phone),
            ("", email) => self.report_turn_to_email(email),
            (phone, email) => self.report_turn_to_both(phone, email),
        };
        kept.into_iter().chain([turn_to.as_str()]).collect::<Vec<_>>().join(" ")
    }
}

words! {
    report_failed_text = "Melden kan hier nu even niet. Dat ligt aan de server, niet aan u.", "Reporting does not work here right now. That is because of the server, not because of you.";
    report_not_kept = "Uw melding is niet bewaard.", "Your report was not saved.";
    report_perhaps_kept = "Uw melding is misschien niet bewaard. Verstuur haar gerust nog eens: van dit formulier telt zij één keer.", "Your report may not have been saved. Feel free to send it again: from this form it counts once.";
    report_turn_to = "Wacht niet tot dit weer werkt: bel of mail nu het contactpunt voor datalekken van uw organisatie, of uw leidinggevende.", "Do not wait until this works again: phone or mail your organisation’s contact point for data breaches now, or your manager.";
    report_turn_to_phone(phone: &str) = "Wacht niet tot dit weer werkt: bel nu {phone}.", "Do not wait until this works again: phone {phone} now.";
    report_turn_to_email(email: &str) = "Wacht niet tot dit weer werkt: mail nu {email}.", "Do not wait until this works again: mail {email} now.";
    report_turn_to_both(phone: &str, email: &str) = "Wacht niet tot dit weer werkt: bel nu {phone}, of mail {email}.", "Do not wait until this works again: phone {phone} now, or mail {email}.";
    report_heading = "Meld wat er is gebeurd", "Report what happened";
    report_lead = "Niet zeker? Meld het toch. Iedereen maakt fouten; wie meldt, helpt.", "Not sure? Report it. Everybody makes mistakes; whoever reports, helps.";
    report_what = "Wat is er gebeurd?", "What happened?";
    report_what_hint = "Een paar zinnen is genoeg. Noem liever geen namen van klanten of patiënten.", "A few sentences will do. Better not to name customers or patients.";
    report_when = "Wanneer? (mag leeg)", "When? (may be empty)";
    report_when_hint = "Ongeveer is goed: “gisteren rond vier uur”.", "About is fine: “yesterday around four”.";
    report_whose = "Om welke gegevens of wie gaat het? (mag leeg)", "Which data, or whose? (may be empty)";
    report_whose_hint = "Bijvoorbeeld: adressen van zo’n 30 klanten.", "For example: addresses of some 30 customers.";
    report_done = "Hebt u al iets gedaan? (mag leeg)", "Did you do anything about it? (may be empty)";
    report_done_hint = "Bijvoorbeeld: de ontvanger gebeld, het wachtwoord gewijzigd.", "For example: called the recipient, changed the password.";
    report_contact = "Hoe kunnen we u bereiken? (mag leeg)", "How can we reach you? (may be empty)";
    report_contact_hint = "Naam, telefoon of e-mail. Laat leeg om anoniem te melden.", "Name, telephone or e-mail. Leave empty to report anonymously.";
    report_send = "Verstuur melding", "Send the report";
    report_privacy = "Wie het incident behandelt, leest dit. Het staat in het register van uw organisatie.", "Whoever handles the incident reads this. It stands in your organisation’s register.";
    thanks_heading = "Dank u, uw melding is binnen", "Thank you, your report is in";
    thanks_number = "Uw meldingsnummer", "Your reference number";
    thanks_now = "Bel uw beheerder. Bij een verkeerde ontvanger: vraag die te wissen en dat te bevestigen. Bij een kwijt apparaat: laat het op afstand vergrendelen of wissen. Gooi verder niets weg.", "Call your administrator. With a wrong recipient: ask them to delete it and to confirm. With a lost device: have it locked or wiped remotely. Throw nothing else away.";
    thanks_call(phone: &str) = "Lekt er nog iets, of is er iets kwijt of gestolen? Bel meteen {phone}.", "Is something still leaking, or lost or stolen? Call {phone} at once.";
    thanks_then = "Iemand van uw organisatie pakt dit op. Hebt u gegevens achtergelaten om u te bereiken, dan hoort u het als er vragen zijn.", "Somebody in your organisation takes this up. If you left a way to reach you, you will hear when there are questions.";
    thanks_another = "Nog iets melden", "Report something else";
}
