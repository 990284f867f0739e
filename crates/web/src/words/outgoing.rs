//! What leaves the program, and what became of it.

use facts::Text;

use crate::words::{Words, words};

impl Words {
    pub(crate) fn outgoing_checkpoint(self, number: &str, size: u64) -> String {
        let size = self.counted(size, Text::new("regel", "entry"), Text::new("regels", "entries"));
        self.pick(
            format!("Stand van het register ({size}), bij incident {number}"),
            format!("State of the register ({size}), at incident {number}"),
        )
    }
}

words! {
    outgoing_heading = "Verzonden en onderweg", "Sent and on its way";
    outgoing_lead = "Elke mail die het programma verstuurt: aan wie, waarover, en of hij echt weg is.", "Every mail that the program sends: to whom, about what, and whether it really left.";
    outgoing_empty = "Er is nog niets verstuurd.", "Nothing has been sent yet.";
    outgoing_empty_teach = "Bij elk besluit en bij het afsluiten krijgt u de ondertekende stand van het register op uw eigen adres. En wie een incident behandelt, krijgt een mail als een termijn bijna voorbij is.", "At every decision and at closing you get the signed state of the register at your own address. And whoever handles an incident gets a mail when a term is about to run out.";
    outgoing_no_mail = "Er gaat nu geen mail uit: op de server is geen mail ingesteld.", "No mail leaves now: no mail is set up on the server.";
    outgoing_no_mail_do = "Wat hieronder staat wacht, en gaat weg zodra uw beheerder een mailserver instelt ([mail] in de configuratie van de server).", "What stands below waits, and leaves as soon as your administrator sets up a mail server ([mail] in the server’s configuration).";
    outgoing_shown(first: u64, last: u64) = "Mail {first} tot en met {last}, de nieuwste eerst.", "Mail {first} up to and including {last}, the newest first.";
    outgoing_newer = "Nieuwere", "Newer";
    outgoing_older = "Oudere", "Older";
    outgoing_erased_checkpoint(size: u64) = "Stand van het register ({size} regels), bij een incident dat gewist is", "State of the register ({size} entries), of an incident that was erased";
    outgoing_erased_alarm = "Termijn van een incident dat gewist is", "Term of an incident that was erased";
    outgoing_erased_case = "Waarneming van een incident dat gewist is", "Detection of an incident that was erased";
    outgoing_failed(count: usize) = "{count} mail niet verzonden: iemand moet ernaar kijken.", "{count} mail not sent: somebody has to look.";
    outgoing_look = "Bekijk wat er niet weg is", "Look at what did not leave";
    outgoing_what = "Wat", "What";
    outgoing_to = "Aan", "To";
    outgoing_state = "Stand", "State";
    outgoing_alarm(what: &str, number: &str) = "Termijn: {what}, incident {number}", "Term: {what}, incident {number}";
    outgoing_waiting(when: &str) = "Wacht, volgende poging {when}", "Waits, next try {when}";
    outgoing_waits = "Wacht", "Waits";
    outgoing_sent(when: &str) = "Aangenomen door de mailserver, {when}", "Taken by the mail server, {when}";
    outgoing_given_up(when: &str) = "Niet verzonden, opgegeven {when}", "Not sent, given up {when}";
    outgoing_attempts(count: u32) = "pogingen: {count}", "tries: {count}";
    outgoing_again = "Verstuur opnieuw", "Send again";
    outgoing_again_done = "De mail staat weer klaar en gaat binnen een minuut weg.", "The mail is ready again and leaves within a minute.";
    outgoing_handed_over(what: &str, to: &str, state: &str) = "{what}, aan {to}: {state}.", "{what}, to {to}: {state}.";
    outgoing_will_go(to: &str) = "Na het besluit gaat de ondertekende stand van het register naar {to}.", "After the decision the signed state of the register goes to {to}.";
    outgoing_will_wait(to: &str) = "Na het besluit staat de ondertekende stand van het register klaar voor {to}. Er gaat nu geen mail uit: op de server is geen mail ingesteld. U kunt hem zelf meenemen op de pagina Register.", "After the decision the signed state of the register stands ready for {to}. No mail leaves now: no mail is set up on the server. You can take it along yourself on the page Register.";
    outgoing_waits_for_mail(to: &str) = "De ondertekende stand van het register staat klaar voor {to}, en is niet verstuurd: op de server is geen mail ingesteld. U kunt hem zelf meenemen op de pagina Register.", "The signed state of the register stands ready for {to}, and was not sent: no mail is set up on the server. You can take it along yourself on the page Register.";
    register_no_address = "De ondertekende stand gaat nu nergens vanzelf heen: er is geen e-mailadres ingevuld bij Gegevens. Neem hem hier zelf mee.", "The signed state goes nowhere by itself now: no e-mail address is filled in under Details. Take it along here yourself.";
    outgoing_no_address = "De stand van het register wordt niet verstuurd: er is geen e-mailadres ingevuld bij Gegevens. U kunt hem zelf meenemen op de pagina Register.", "The state of the register is not sent: no e-mail address is filled in at the details. You can take it along yourself on the page Register.";
    settings_register_email = "E-mailadres voor de stand van het register", "E-mail address for the state of the register";
    settings_register_email_hint = "Liefst een postvak van uzelf, niet van uw IT-beheerder. Bij elk besluit en bij het afsluiten komt daar de ondertekende stand. Leeg: naar de contactpersoon.", "Preferably a mailbox of your own, not of your IT provider. At every decision and at closing the signed state goes there. Empty: to the contact.";
    outgoing_sensor_case(sensor: &str) = "Sensor {sensor} zag iets dat nu aandacht vraagt", "Sensor {sensor} saw something that needs attention now";
    outgoing_sensor_more(sensor: &str) = "Sensor {sensor} zag meer dan waar aparte mails over uitgaan", "Sensor {sensor} saw more than there are separate mails about";
    outgoing_sensor_silent(sensor: &str) = "Sensor {sensor} zwijgt", "Sensor {sensor} is silent";
    outgoing_sensor_trouble(sensor: &str) = "Met sensor {sensor} is iets mis", "Something is wrong with sensor {sensor}";
    outgoing_sensor_digest = "Wat de sensoren in een week zagen", "What the sensors saw in a week";
}
