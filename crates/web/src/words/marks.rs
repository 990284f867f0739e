//! Clocks, states, next steps.

use crate::address::Tab;
use crate::words::{Words, words};

impl Words {
    pub(crate) fn tab(self, tab: Tab) -> &'static str {
        match tab {
            Tab::Overview => self.pick("Overzicht", "Overview"),
            Tab::Interview => self.pick("Vragen", "Questions"),
            Tab::Facts => self.pick("Feiten", "Facts"),
            Tab::Verdict => self.pick("Oordeel", "Verdict"),
            Tab::Decision => self.pick("Besluit", "Decision"),
            Tab::Documents => self.pick("Documenten", "Documents"),
            Tab::Evidence => self.pick("Bewijs", "Evidence"),
            Tab::Clocks => self.pick("Klokken", "Clocks"),
            Tab::Timeline => self.pick("Tijdlijn", "Timeline"),
        }
    }
}

words! {
    hour = "uur", "hour";
    hours = "uur", "hours";
    minute = "minuut", "minute";
    minutes = "minuten", "minutes";
    too_late = "te laat", "late";
    time_left(left: &str) = "Klok: {left}.", "Clock: {left}.";
    at_the_latest = "uiterlijk", "at the latest";
    provisional = "voorlopig", "provisional";
    no_clock = "Geen klok: melden is niet aan de orde", "No clock: no notification in play";
    taken_over_told = "Overgenomen uit een ander register; daar staat: gemeld", "Taken over from another register; it says: notified";
    taken_over_not_told = "Overgenomen uit een ander register; daar staat: niet gemeld", "Taken over from another register; it says: not notified";
    taken_over_unsaid = "Overgenomen uit een ander register; of er gemeld is, staat daar niet", "Taken over from another register; it does not say whether it was notified";
    time_left_heading = "Uiterlijk melden", "Notify by";
    clock_reported = "gemeld", "notified";
    clock_still = "staat stil", "stopped";
    clock_stands_still = "De klok staat stil.", "The clock has stopped.";
    clock_reported_at(at: &str) = "Gemeld bij de AP op {at}.", "Notified to the AP on {at}.";
    clock_reported_late(at: &str) = "Gemeld bij de AP op {at}, te laat.", "Notified to the AP on {at}, late.";
    clock_need_not = "Besloten is om niet te melden.", "It was decided not to notify.";
    clock_says_calm = "Meld zo snel als u kunt,", "Notify as soon as you can,";
    clock_says_soon = "De laatste dag: meld wat u weet,", "The last day: notify what you know,";
    clock_says_now = "Meld nu, ook als u nog niet alles weet,", "Notify now, even if you do not know everything yet,";
    clock_says_late = "Te laat: meld nu, met de reden van de vertraging;", "Overdue: notify now, with the reason for the delay;";
    clock_provisional = "Voorlopig: gerekend vanaf de eerste melding of bevestiging. Leg vast wanneer u het wist.", "Provisional: counted from the first report or confirmation. Record when you knew.";
    clock_basis = "Waar deze tijd vandaan komt", "Where this time comes from";
    clock_basis_text = "72 uur na de kennisname, ook door weekend en feestdagen heen: AVG art. 33(1).", "72 hours after awareness, weekends and holidays included: GDPR (AVG) art. 33(1).";
    clock_limit = "Ter informatie: volgens Verordening 1182/71 eindigt de termijn op", "For information: by Regulation 1182/71 the period ends on";
    clock_limit_text = "Stuur daar niet op.", "Do not steer on that.";


    next_step = "Volgende stap", "Next step";
    next_set_awareness = "Leg vast wanneer u het wist", "Record when you knew";
    next_answer_questions = "Beantwoord de vragen", "Answer the questions";
    next_decide = "Neem een besluit", "Take a decision";
    next_notify = "Meld het bij de AP", "Notify the AP";
    next_check_detection = "Kijk na of de waarneming klopt", "Check whether the detection is real";
    next_withdraw = "Trek de melding bij de AP in", "Withdraw the notification to the AP";
    next_warn_controllers = "Waarschuw de verwerkingsverantwoordelijken", "Warn the controllers";
    next_tell_csirt = "Meld het bij het CSIRT", "Notify the CSIRT";
    next_inform = "Licht de personen in", "Inform the persons";
    next_close = "Sluit het incident", "Close the incident";

    not_said = "niet vermeld", "not mentioned";
    mark_signal = "Eerste signaal", "First signal";
    mark_taken_over = "Overgenomen", "Taken over";
    mark_opened = "Vastgelegd", "Recorded";
    mark_aware = "Kennisname", "Awareness";
    mark_decided = "Besluit", "Decision";
    mark_notified = "Gemeld bij de AP", "AP notified";
    mark_informed = "Personen ingelicht", "Persons informed";
    mark_now = "Nu", "Now";
    mark_target = "Uiterlijk melden", "Notify by";
    mark_closed = "Gesloten", "Closed";
}
