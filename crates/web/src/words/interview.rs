//! The interview: one question a page, where it stands, and its end.

use law::pack::Mark;

use crate::words::{Words, words};

impl Words {
    /// Which question this is, and how many can still come after it.
    pub(crate) fn asking_progress(self, number: usize, after: usize) -> String {
        match after {
            0 => self.pick(
                format!("Vraag {number}, zo te zien de laatste"),
                format!("Question {number}, by the look of it the last"),
            ),
            _ => self.pick(
                format!("Vraag {number}, daarna nog ten hoogste {after}"),
                format!("Question {number}, then at most {after} more"),
            ),
        }
    }

    /// How many open facts there are beside those named.
    pub(crate) fn asked_hangs_more(self, more: usize) -> String {
        match more {
            1 => self.pick("En nog één andere vraag.", "And one more question.").to_owned(),
            _ => self.pick(format!("En nog {more} andere vragen."), format!("And {more} more questions.")),
        }
    }

    /// How far the interview is.
    pub(crate) fn asking_stands(self, answered: usize, left: usize) -> String {
        let done = match answered {
            0 => self.pick("Nog geen vraag beantwoord".to_owned(), "No question answered yet".to_owned()),
            1 => self.pick("1 vraag beantwoord".to_owned(), "1 question answered".to_owned()),
            _ => self.pick(format!("{answered} vragen beantwoord"), format!("{answered} questions answered")),
        };
        match left {
            1 => self.pick(format!("{done}, nog ten hoogste 1."), format!("{done}, at most 1 to go.")),
            _ => self.pick(format!("{done}, nog ten hoogste {left}."), format!("{done}, at most {left} to go.")),
        }
    }

    /// How far the ground of a question was checked; nothing where it was checked against the source itself.
    pub(crate) fn asking_mark(self, mark: Mark) -> &'static str {
        match mark {
            Mark::Verified => "",
            Mark::Secondary => self.pick(
                "Nagekeken in een andere bron dan de wet zelf.",
                "Checked in another source than the law itself.",
            ),
            Mark::Knowledge => self.pick("Uit kennis, niet nagekeken.", "From knowledge, not checked."),
            Mark::Proposal => {
                self.pick("Onze eigen uitwerking, geen wettekst.", "Our own way of putting it, no text of law.")
            }
        }
    }

    /// Which questions of the authority's form an answer fills.
    pub(crate) fn asking_fills(self, questions: &[&str]) -> String {
        let list = questions.join(", ");
        match questions.len() {
            1 => self.pick(
                format!("Hiermee is vraag {list} van het formulier van de AP in te vullen."),
                format!("This fills question {list} of the AP’s form."),
            ),
            _ => self.pick(
                format!("Hiermee zijn de vragen {list} van het formulier van de AP in te vullen."),
                format!("This fills the questions {list} of the AP’s form."),
            ),
        }
    }

    /// What the report of the emergency road still lacks.
    pub(crate) fn hurry_missing(self, count: usize) -> String {
        match count {
            1 => self
                .pick("Dit veld is nog leeg. Het mag later volgen.", "This field is still empty. It may follow later.")
                .to_owned(),
            _ => self.pick(
                format!("Deze {count} velden zijn nog leeg. Ze mogen later volgen."),
                format!("These {count} fields are still empty. They may follow later."),
            ),
        }
    }
}

words! {
    asking_heading = "De vragen", "The questions";
    asking_lead = "Eén vraag per keer, de belangrijkste eerst. U krijgt alleen vragen die de uitkomst nog kunnen veranderen. Weet u iets nog niet, dan is dat ook een antwoord.", "One question at a time, the most telling first. You are asked only what can still change the outcome. If you do not know something yet, that is an answer too.";
    asking_together = "U kunt hier met meer mensen aan werken: ieder ziet wat een ander al beantwoordde.", "Several people can work on this: each sees what another answered.";
    asking_start = "Begin met de vragen", "Start the questions";
    asking_go_on = "Ga verder met de vragen", "Go on with the questions";
    asking_next(question: &str) = "Nu aan de beurt: {question}", "Next up: {question}";
    asking_answers = "Alle antwoorden tot nu toe", "All answers so far";
    asking_all_facts = "Alle feiten op één pagina", "All facts on one page";
    asking_all_facts_hint = "Doet u dit vaker? Daar vult u alles achter elkaar in.", "Do you do this often? There you fill in everything at once.";
    asking_one_by_one = "Liever één vraag per keer? Met uitleg, en alleen wat nog telt.", "Rather one question at a time? With explanation, and only what still counts.";
    asking_read_only = "U kunt de vragen lezen. Antwoorden kan een behandelaar, zolang het incident open is.", "You can read the questions. A handler can answer them, as long as the incident is open.";
    back = "Terug", "Back";
    asking_save = "Ga verder", "Continue";
    asking_not_known = "Weet ik nog niet", "I don’t know yet";
    asking_later = "Sla nu over", "Skip for now";
    asking_recorded = "Vastgelegd:", "Recorded:";
    asking_not_known_short = "nog niet bekend", "not known yet";
    asking_change = "Wijzig", "Change";
    asking_now_known = "Nu wel bekend", "Known now";
    asking_about(question: &str) = "bij: {question}", "for: {question}";
    asking_stands_now = "Nu vastgelegd:", "On file now:";
    asking_by(who: &str, when: &str) = "{who}, {when}", "{who}, {when}";
    asking_why = "Waarom vragen we dit?", "Why do we ask this?";
    asking_can_turn = "Uw antwoord kan dit nog veranderen:", "Your answer can still change this:";
    asking_turns_nothing = "Dit antwoord verandert nu geen uitkomst. Het komt wel in het dossier.", "This answer changes no outcome now. It does go into the dossier.";
    asking_aids = "Helpt dit u op weg? Eén ja is genoeg.", "Does this help? One yes is enough.";
    asking_aids_more = "Helpt dit u op weg?", "Does this help?";
    asking_aid_gives(answer: &str) = "Ja? Kies dan: {answer}.", "Yes? Then choose: {answer}.";
    asking_one_needed = "Kies een antwoord. Weet u het nog niet, kies dan ‘Weet ik nog niet’.", "Choose an answer. If you do not know yet, choose ‘I don’t know yet’.";
    asking_some_needed = "Kies wat van toepassing is. Weet u het nog niet, kies dan ‘Weet ik nog niet’.", "Choose what applies. If you do not know yet, choose ‘I don’t know yet’.";
    asking_text_needed = "Vul een antwoord in. Weet u het nog niet, kies dan ‘Weet ik nog niet’.", "Fill in an answer. If you do not know yet, choose ‘I don’t know yet’.";
    asking_words_needed = "Schrijf in een paar woorden wat u weet, of sla de vraag over.", "Write in a few words what you know, or skip the question.";
    asking_exceptions_needed = "Kies wat geldt, of kies ‘Geen van deze’.", "Choose what applies, or choose ‘None of these’.";
    asking_exceptions_rest = "Wat u niet kiest, leggen we vast als ‘nee’.", "What you do not choose is recorded as ‘no’.";
    asking_contradicts(question: &str, value: &str) = "Dit past niet bij een ander antwoord. {question} {value}.", "This does not fit another answer. {question} {value}.";
    asking_change_other(question: &str) = "Wijzig dat antwoord: {question}", "Change that answer: {question}";
    asking_theirs_known(name: &str, value: &str) = "{name} antwoordde intussen: {value}. Blijft u bij ‘Weet ik nog niet’, kies dat dan opnieuw.", "{name} answered meanwhile: {value}. If you stay with ‘I don’t know yet’, choose it again.";
    asking_aid_whom(whom: &str) = "Voor {whom}.", "For {whom}.";
    asking_aware_hint = "Een eerste vermoeden telt nog niet; een kort onderzoek mag.", "A first suspicion does not count yet; a short look into it is allowed.";
    asking_unit_hours = "uur", "hours";
    asking_codes = "Landcodes van twee letters, met een komma ertussen.", "Country codes of two letters, with commas.";
    asking_reporter_said = "De melder schreef:", "The reporter wrote:";

    persons_exact = "Het aantal personen", "The number of persons";
    persons_exact_hint = "Een goede schatting mag ook.", "A good estimate will do too.";
    persons_range = "Of een laagste en een hoogste aantal", "Or a lowest and a highest number";
    persons_lowest = "Ten minste", "At least";
    persons_highest = "Ten hoogste", "At most";
    persons_band = "Of kies een orde van grootte", "Or choose an order of size";
    persons_needed = "Vul een aantal in, of een laagste en een hoogste, of kies een orde van grootte.", "Enter a number, or a lowest and a highest, or choose an order of size.";
    persons_either = "Vul óf één aantal in, óf een laagste en een hoogste.", "Enter either one number, or a lowest and a highest.";
    persons_wrong_order = "Het laagste aantal is hoger dan het hoogste. Draai ze om.", "The lowest number is above the highest. Swap them.";

    // The emergency road.
    hurry_now = "Minder dan 12 uur: neem de noodweg", "Less than 12 hours: take the emergency road";
    hurry_late = "De termijn is voorbij: neem de noodweg", "The time is over: take the emergency road";
    hurry_text = "Hooguit twaalf vragen, en uw eerste melding kan de deur uit. Wat u nog niet weet, vult u later aan (AVG art. 33(4)).", "At most twelve questions, and your first report can go out. What you do not know yet follows later (GDPR art. 33(4)).";
    hurry_go = "Neem de noodweg", "Take the emergency road";
    hurry_quiet = "Haast? De noodweg brengt u in hooguit twaalf vragen bij een eerste melding.", "In a hurry? The emergency road takes you to a first report in at most twelve questions.";
    hurry_heading = "De noodweg", "The emergency road";
    hurry_lead = "Hooguit twaalf vragen, in de volgorde waarin u ze onder druk kunt beantwoorden. Daarna kan de eerste melding de deur uit. Wat u nog niet weet, mag later volgen (AVG art. 33(4)).", "At most twelve questions, in the order in which people can answer them under pressure. Then the first report can go out. What you do not know yet may follow later (GDPR art. 33(4)).";
    hurry_leave = "Toch alle vragen die nog tellen", "All questions that still count after all";
    hurry_done = "De eerste melding is in te vullen", "The first report can be filled in";
    hurry_almost = "Nog niet genoeg voor een eerste melding", "Not enough for a first report yet";
    hurry_needed = "Dit vraagt de AP al bij de eerste melding:", "The AP asks this in the first report already:";
    hurry_whole = "Alle velden zijn gevuld. Loop ze na en neem ze over.", "All fields are filled. Check them and copy them over.";
    hurry_in_settings(label: &str) = "{label} (staat bij de instellingen van uw organisatie)", "{label} (stands in your organisation’s settings)";
    hurry_to_dossier = "Naar de melding voor de AP", "To the report for the AP";
    hurry_not_needed = "Op grond van deze antwoorden hoeft u niet te melden bij de AP.", "On these answers you need not report to the AP.";

    // The end, and what was answered.
    asked_done = "De vragen zijn op", "There are no more questions";
    asked_settled = "Niets wat u nog kunt antwoorden, verandert de uitkomst.", "Nothing that you could still answer changes the outcome.";
    asked_hangs = "Dit is nog niet bekend, en kan de uitkomst nog veranderen:", "This is not known yet, and can still change the outcome:";
    asked_to_verdict = "Bekijk het oordeel met de redenen", "See the verdict with its reasons";
    asked_answers = "Beantwoord", "Answered";
    asked_answers_none = "Nog niets. Elk antwoord komt hier te staan, met wie het gaf.", "Nothing yet. Every answer will stand here, with who gave it.";
    asked_unknown = "Nog niet bekend", "Not known yet";
    asked_unknown_list = "Toon de lijst", "Show the list";
    asked_unknown_hint = "Gevraagd, en niemand wist het nog. Weet u het inmiddels, vul het dan aan.", "Asked, and nobody knew yet. If you know by now, fill it in.";
    asked_question = "Vraag", "Question";
    asked_answer = "Antwoord", "Answer";
    asked_who = "Door wie, wanneer", "By whom, when";
    asked_can_turn = "kan de uitkomst nog veranderen", "can still change the outcome";
}
