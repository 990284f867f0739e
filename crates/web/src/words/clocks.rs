//! Clocks of one incident, the check of a detection, a processor's notice, what turned.

use crate::words::{DAY, DAYS, Words, words};

impl Words {
    pub(crate) fn days_left(self, days: i64) -> String {
        let days = self.counted(days.unsigned_abs(), DAY, DAYS);
        self.pick(format!("nog {days}"), format!("{days} left"))
    }

    pub(crate) fn news_more(self, count: usize) -> String {
        match count {
            1 => self.pick("En nog 1 ander feit.", "And 1 more fact.").to_owned(),
            _ => self.pick(format!("En nog {count} andere feiten."), format!("And {count} more facts.")),
        }
    }
}

words! {
    clocks_heading = "Alle klokken van dit incident", "All clocks of this incident";
    clocks_hint = "De uiterste momenten, in de volgorde van de wet. Wacht er niet op: doe alles zo snel als u kunt.", "The last moments, in the order of the law. Do not wait for them: do everything as soon as you can.";
    clocks_law = "Wat de wet vraagt", "What the law asks";
    clocks_contract = "Wat u in contracten hebt afgesproken", "What your contracts say";
    clocks_contract_hint = "Deze termijnen staan bij Instellingen. Zij gaan niet boven de wet.", "These terms are under Settings. They do not come before the law.";
    clocks_reminders = "Herinneringen van Dijkwacht", "Reminders from Dijkwacht";
    clocks_reminders_hint = "Ons voorstel, geen wet: hiermee bent u nooit te laat.", "Our proposal, not law: nobody is late by these.";
    clocks_none = "Er loopt nu geen klok.", "No clock is running now.";
    clocks_none_teach = "Een klok begint zodra iemand meldt, een verwerker u waarschuwt, of iemand een waarneming bevestigt.", "A clock starts when somebody reports, a processor warns you, or somebody confirms a detection.";
    clocks_basis = "Grondslag", "Basis";
    term_met_heading = "Hebt u hen ingelicht?", "Have you told them?";
    term_met_which = "Wie is ingelicht", "Who was told";
    term_met_save = "Leg vast dat het gedaan is", "Record that it is done";
    term_unchosen = "Kies wie is ingelicht.", "Choose who was told.";
    clocks_no_number = "Zo snel mogelijk; de wet noemt geen aantal uren.", "As soon as possible; the law names no number of hours.";
    clocks_before(at: &str) = "Zo snel als u kunt, uiterlijk {at}", "As soon as you can, at the latest {at}";
    clocks_remind(at: &str) = "Herinnering op {at}", "Reminder on {at}";
    clocks_done(at: &str) = "Gedaan op {at}", "Done on {at}";
    clocks_started(at: &str) = "Loopt sinds {at}", "Running since {at}";
    clocks_waits = "Begint zodra vaststaat waar hij vanaf telt.", "Starts once it is known what it counts from.";
    clocks_waits_for(step: &str) = "Begint na: {step}.", "Starts after: {step}.";
    clocks_provisional = "Voorlopig: niemand heeft de kennisname nog vastgelegd.", "Provisional: nobody has recorded awareness yet.";
    clocks_estimated = "Geschat: de kennisname is een schatting.", "Estimated: the moment of awareness is an estimate.";
    clocks_limit_head = "Voor wie besluit: de termijn volgens Verordening 1182/71", "For who decides: the period by Regulation 1182/71";
    clocks_limit_at(at: &str) = "Die eindigt op {at}. Stuur daar niet op.", "It ends on {at}. Do not steer on that.";
    clocks_calendar = "Zet ze in uw agenda", "Put them in your calendar";
    clocks_calendar_hint = "Een agendabestand met alle klokken die nog lopen en hun herinneringen. Het noemt alleen het nummer van het incident. Verandert een klok, haal het dan opnieuw op: uw agenda vervangt de oude.", "A calendar file with every clock that still runs, and its alarms. It names the incident by its number alone. If a clock changes, fetch it again: your calendar replaces the old one.";
    clocks_calendar_go = "Download de agenda (.ics)", "Download the calendar (.ics)";
    clocks_all = "Alle klokken, en de agenda", "All clocks, and the calendar";
    clock_unchecked = "Nog geen klok: kijk eerst na of de waarneming klopt", "No clock yet: first check whether the detection is real";

    check_first = "Kijk dit eerst na", "Check this first";
    check_first_text = "De sensor zag iets vreemds. Er loopt nog geen klok: die begint als iemand van u bevestigt dat het klopt.", "The sensor saw something odd. No clock is running yet: it starts when one of your people confirms that it is real.";
    check_do_first = "Haal het apparaat van het netwerk, maar zet het niet uit. Vraag de gebruiker wat er gebeurde. Weet u het niet zeker, vraag dan uw IT-beheerder.", "Take the device off the network, but do not switch it off. Ask its user what happened. If you are not sure, ask your IT staff.";
    check_stop_sending = "Stop het versturen, zet versleuteling aan, en ga na wie het ontving. Weet u het niet zeker, vraag dan uw IT-beheerder.", "Stop the sending, turn encryption on, and find out who received it. If you are not sure, ask your IT staff.";
    check_heading = "Klopt de waarneming?", "Is the detection real?";
    check_yes = "Ja, dit is echt gebeurd", "Yes, this really happened";
    check_no = "Nee, vals alarm", "No, a false alarm";
    check_note = "Wat hebt u nagekeken?", "What did you check?";
    check_note_hint = "Bij een vals alarm is dit nodig: het komt in het register.", "Needed for a false alarm: it goes into the register.";
    check_save = "Leg vast", "Record it";
    check_choose = "Kies of de waarneming klopt.", "Choose whether the detection is real.";
    check_done_real(name: &str, at: &str) = "Nagekeken door {name} op {at}: het klopt.", "Checked by {name} on {at}: it is real.";
    check_done_false(name: &str, at: &str) = "Nagekeken door {name} op {at}: vals alarm.", "Checked by {name} on {at}: a false alarm.";
    check_again = "Toch anders?", "Not so after all?";
    check_meanwhile(name: &str) = "{name} heeft dit intussen nagekeken. Lees wat er staat, en leg het daarna vast als u het anders ziet.", "{name} checked this in the meantime. Read what is there, then record it if you see it otherwise.";
    check_saw_more = "De sensor zag intussen meer. Bekijk dat eerst, en kies dan opnieuw.", "The sensor saw more meanwhile. Look at that first, then choose again.";

    processor_heading = "Heeft een verwerker u gewaarschuwd?", "Did a processor warn you?";
    processor_hint = "Bijvoorbeeld uw IT-bedrijf of salarisverwerker. Vul in wanneer het bericht bij u binnenkwam, niet wanneer u het las.", "Your IT company or payroll firm, say. Enter when the notice was delivered to you, not when you read it.";
    processor_by = "Welke verwerker?", "Which processor?";
    processor_save = "Leg het bericht vast", "Record the notice";
    processor_stands(at: &str) = "Het eerste bericht kwam op {at}.", "The first notice came on {at}.";
    mark_processor = "Bericht van de verwerker", "Processor’s notice";

    news_on(at: &str, what: &str) = "Het oordeel is gewijzigd op {at}: {what}.", "The verdict changed on {at}: {what}.";
    news_because = "Omdat dit nu anders is:", "Because this is different now:";
    news_fact(question: &str, was: &str, is: &str) = "{question} Was: {was}. Nu: {is}.", "{question} Was: {was}. Now: {is}.";
    news_times = "Een tijd die telt is vastgelegd of verplaatst.", "A time that counts was recorded or moved.";
    news_law = "De regels zelf zijn bijgewerkt.", "The rules themselves were updated.";
    news_supplement = "Vul de melding bij de AP aan", "Supplement the notification to the AP";
    news_withdraw = "Trek de melding bij de AP in", "Withdraw the notification to the AP";
    news_decide = "Neem een nieuw besluit", "Take a new decision";
}
