//! The public report form and its thanks page.

use crate::words::words;

words! {
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
