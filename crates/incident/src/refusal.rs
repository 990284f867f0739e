//! Why something cannot be done now, in words for the person who asked: what is the matter, and what to do.

use facts::{Contradiction, Fact, InvalidFact, Text};
use law::verdict::Duty;

/// Why something cannot be done now.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("the incident is closed; reopen it first")]
    Closed,
    #[error("the incident is not closed")]
    NotClosed,
    #[error("the incident was erased")]
    Erased,
    #[error("the incident is held from being erased; release the hold first")]
    Held,
    #[error("an incident is kept for at least a year after closing")]
    TooEarlyToErase,
    #[error("the incident has no such entry, or it was erased")]
    NoSuchEntry,
    #[error("without this entry the register would no longer say what was found and decided")]
    KeptForAccount,
    #[error("write the text anew without the person first")]
    RewriteFirst,
    #[error("what is left of the row does not say what happened")]
    SayWhatHappened,
    #[error("this entry needs other words in its place")]
    WordsNeeded,
    #[error("of a row that was taken over words can be left out, and none can be put in")]
    OnlyLess,
    #[error("the reason names somebody, and stays")]
    ReasonNamesSomebody,
    #[error("the clock is not believed: nothing is erased by it")]
    ClockNotBelieved,
    #[error("nothing would change")]
    NothingChanges,
    #[error("the time lies in the future")]
    InTheFuture,
    #[error("awareness cannot lie before the first signal")]
    AwareBeforeDetected,
    #[error("a reason is needed")]
    ReasonNeeded,
    #[error("a motivation is needed: say in your own words why")]
    MotivationNeeded,
    #[error("the incident has not been assessed yet")]
    NotAssessed,
    #[error("facts changed since the assessment; assess again first")]
    AssessmentStale,
    #[error("a decision must answer for every duty that is in play")]
    DutyUnanswered(Duty),
    #[error("the AP's receipt number is needed")]
    ReceiptNeeded,
    #[error("the time lies before the first signal of this incident")]
    BeforeTheSignal,
    #[error("a text is longer than {most} characters")]
    TooLong { most: usize },
    #[error("at least one person must have been told")]
    NobodyInformed,
    #[error("at least one controller must have been warned")]
    NobodyWarned,
    #[error("the time lies before 1 January 2016, before there was a duty to report")]
    BeforeTheLaw,
    #[error("the law that judges this incident is history: nobody reports under it")]
    HistoricalLaw,
    #[error("nothing has been decided yet")]
    NotDecided,
    #[error("what was decided has not all been done")]
    NotDone,
    #[error("the CSIRT's final report has not been recorded")]
    FinalReportOpen,
    #[error("a first report is on file already")]
    AlreadyReported,
    #[error("there is no report to supplement or withdraw")]
    NothingReported,
    #[error("the time lies before the first report")]
    BeforeTheReport,
    #[error("a final report follows a notification to the CSIRT")]
    CsirtNotificationFirst,
    #[error("no sensor opened this incident")]
    NoDetection,
    #[error("which processor told it must be named")]
    ProcessorUnnamed,
    #[error("the FG's name is needed")]
    DpoUnnamed,
    #[error("the FG's advice is needed")]
    AdviceNeeded,
    #[error("only the FG records advice under their own name")]
    NotTheDpo,
    #[error("who advised cannot decide")]
    AdviserDecides,
    #[error("who decided cannot advise")]
    DeciderAdvises,
    #[error("the decision must say whether it follows the FG's advice")]
    DpoUnanswered,
    #[error("departing from the FG's advice needs a reason")]
    DpoDepartureNeeded,
    #[error("the decision says it follows the FG's advice and differs from it")]
    DpoNotFollowed(Duty),
    #[error("the incident has no such evidence")]
    NoSuchEvidence,
    #[error("this very file is evidence of the incident already")]
    AlreadyEvidence,
    #[error("the file is empty")]
    EmptyFile,
    #[error("who it is handed over to must be named")]
    ReceiverUnnamed,
    #[error("ENISA's score is out of its range")]
    ScoreOutOfRange,
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Contradictions(Vec<Contradiction>),
    #[error(transparent)]
    InvalidFact(#[from] InvalidFact),
}

impl Refusal {
    /// The refusal for people, in both languages. One arm a refusal.
    #[must_use]
    pub fn text(&self) -> Text {
        match self {
            Self::Closed => {
                Text::new("Dit incident is gesloten. Heropen het eerst.", "This incident is closed. Reopen it first.")
            }
            Self::NotClosed => Text::new("Dit incident is niet gesloten.", "This incident is not closed."),
            Self::Erased => Text::new(
                "Dit incident is gewist. Er is niets meer om te wijzigen.",
                "This incident was erased. There is nothing left to change.",
            ),
            Self::Held => Text::new(
                "Op dit incident ligt een wisverbod. Zolang dat er ligt, wordt hier niets gewist. Alleen wie mag beslissen, heft het op; doe dat niet voor dit verzoek alleen: het ligt er voor een claim of een onderzoek, en dan mag u weigeren (AVG art. 17, lid 3, onder e).",
                "This incident is held from being erased. While it is, nothing in it is erased. Only whoever may decide releases it; do not do so for this request alone: it is there for a claim or an inquiry, and then you may refuse (GDPR art. 17(3)(e)).",
            ),
            Self::TooEarlyToErase => Text::new(
                "Een incident wordt ten minste een jaar na sluiten bewaard: de AP moet kunnen controleren wat u besloot (AVG art. 33, lid 5).",
                "An incident is kept for at least a year after closing: the authority must be able to verify what you decided (GDPR art. 33(5)).",
            ),
            Self::NoSuchEntry => Text::new(
                "Deze regel van de tijdlijn bestaat niet, of is al gewist.",
                "This entry of the timeline does not exist, or was erased already.",
            ),
            Self::KeptForAccount => Text::new(
                "Deze regel kan niet los gewist worden: zonder hem zegt het register niet meer wat er is vastgesteld en besloten (AVG art. 33, lid 5).",
                "This entry cannot be erased by itself: without it the register no longer says what was found and decided (GDPR art. 33(5)).",
            ),
            Self::RewriteFirst => Text::new(
                "Schrijf deze tekst eerst opnieuw, zonder de persoon. Wis daarna deze regel.",
                "Write this text anew first, without the person. Then erase this entry.",
            ),
            Self::SayWhatHappened => Text::new(
                "Wat overblijft zegt niet wat er gebeurde. Laat de kolom staan die dat zegt, met […] waar de persoon stond.",
                "What is left does not say what happened. Leave the column that says so, with […] where the person stood.",
            ),
            Self::WordsNeeded => Text::new(
                "Schrijf wat er in de plaats komt van deze tekst, zonder de persoon.",
                "Write what takes the place of this text, without the person.",
            ),
            Self::OnlyLess => Text::new(
                "Dit zijn de eigen woorden van het register waaruit dit is overgenomen. U kunt woorden en kolommen weglaten, en […] zetten waar iets wegvalt; er iets bij zetten of anders zeggen kan niet. Wilt u iets toelichten? Zet dat in een notitie.",
                "These are the own words of the register that this was taken over from. You can leave out words and columns, and put […] where something is left out; you cannot add to them or say them otherwise. Is there something to explain? Put that in a note.",
            ),
            Self::ReasonNamesSomebody => Text::new(
                "De reden blijft staan, en noemt een persoon of een e-mailadres. Noem alleen het kenmerk van het verzoek.",
                "The reason stays, and names a person or an e-mail address. Give the request’s reference alone.",
            ),
            Self::ClockNotBelieved => Text::new(
                "Er wordt nu niets gewist: de klok van de server versprong, of de server stond stil. Staat de klok verkeerd? Laat uw beheerder hem goed zetten. Klopt hij? Dan zegt de beheerder dat met `dijkwacht forget --the-clock-is-right`.",
                "Nothing is erased now: the server’s clock leapt, or the server stood still. Is the clock wrong? Have your administrator set it right. Is it right? Then the administrator says so with `dijkwacht forget --the-clock-is-right`.",
            ),
            Self::NothingChanges => Text::new(
                "Er is niets gewijzigd ten opzichte van wat al vastligt.",
                "Nothing differs from what is already on file.",
            ),
            Self::InTheFuture => Text::new(
                "Deze tijd ligt in de toekomst. Vul een tijd in die voorbij is.",
                "This time lies in the future. Enter a time that has passed.",
            ),
            Self::AwareBeforeDetected => Text::new(
                "De kennisname kan niet vóór het eerste signaal liggen. Pas een van beide tijden aan.",
                "Awareness cannot lie before the first signal. Change one of the two times.",
            ),
            Self::ReasonNeeded => Text::new("Vul in waarom.", "Say why."),
            Self::MotivationNeeded => Text::new(
                "Schrijf in uw eigen woorden waarom u dit besluit.",
                "Write in your own words why you decide this.",
            ),
            Self::NotAssessed => Text::new(
                "Er is nog geen oordeel. Leg eerst de feiten vast en vraag het oordeel.",
                "There is no verdict yet. Record the facts and ask for the verdict first.",
            ),
            Self::AssessmentStale => Text::new(
                "Er zijn feiten gewijzigd na het oordeel. Vraag het oordeel opnieuw.",
                "Facts changed after the verdict. Ask for the verdict again.",
            ),
            Self::DutyUnanswered(duty) => {
                let name = duty.name();
                Text::made(format!("Kies ja of nee bij: {}.", name.nl), format!("Choose yes or no for: {}.", name.en))
            }
            Self::ReceiptNeeded => Text::new(
                "Vul het meldingsnummer in dat de AP u gaf.",
                "Enter the notification number that the AP gave you.",
            ),
            Self::BeforeTheSignal => Text::new(
                "Deze tijd ligt vóór het eerste signaal. Controleer de datum, of pas het eerste signaal aan.",
                "This time lies before the first signal. Check the date, or change the first signal.",
            ),
            Self::NobodyInformed => Text::new(
                "Vul in hoeveel personen zijn ingelicht: ten minste één.",
                "Enter how many persons were told: at least one.",
            ),
            Self::TooLong { most } => Text::made(
                format!("Een van de teksten is te lang. Houd het onder de {most} tekens."),
                format!("One of the texts is too long. Keep it under {most} characters."),
            ),
            Self::NobodyWarned => Text::new(
                "Vul in hoeveel verwerkingsverantwoordelijken zijn gewaarschuwd: ten minste één.",
                "Enter how many controllers were warned: at least one.",
            ),
            Self::BeforeTheLaw => Text::new(
                "Deze tijd ligt vóór 1 januari 2016. Toen bestond er nog geen meldplicht datalekken. Controleer de datum.",
                "This time lies before 1 January 2016. There was no duty to report breaches then. Check the date.",
            ),
            Self::HistoricalLaw => Text::new(
                "Onder deze wet meldt niemand meer; het oordeel is alleen om te lezen. Klopt het moment van kennisname niet? Pas dat dan aan.",
                "Nobody reports under this law any more; the verdict is for reading only. Is the moment of awareness wrong? Then change it.",
            ),
            Self::NotDecided => Text::new(
                "Er is nog niets besloten. Sluiten kan na het besluit, als alles is gedaan wat u besloot.",
                "Nothing has been decided yet. It can be closed after the decision, once everything decided is done.",
            ),
            Self::NotDone => Text::new(
                "Nog niet alles is gedaan wat u besloot: melden, inlichten, waarschuwen of intrekken staat nog open.",
                "Not everything you decided has been done: reporting, informing, warning or withdrawing is still open.",
            ),
            Self::FinalReportOpen => Text::new(
                "Het eindverslag aan het CSIRT staat nog open. Leg het vast, of neem een nieuw besluit als het niet hoeft.",
                "The final report to the CSIRT is still open. Record it, or take a new decision if it is not needed.",
            ),
            Self::AlreadyReported => Text::new(
                "Er ligt al een eerste melding vast. Leg dit vast als aanvulling of intrekking. Alleen het meldingsnummer verbeteren? Vul dan dezelfde tijd in.",
                "A first report is on file already. Record this as a supplement or a withdrawal. Only correcting the number? Then enter the same time.",
            ),
            Self::NothingReported => Text::new(
                "Er is nog niets gemeld om aan te vullen of in te trekken. Leg eerst de eerste melding vast.",
                "Nothing has been reported yet to supplement or withdraw. Record the first report first.",
            ),
            Self::BeforeTheReport => Text::new(
                "Deze tijd ligt vóór de eerste melding. Controleer de datum.",
                "This time lies before the first report. Check the date.",
            ),
            Self::CsirtNotificationFirst => Text::new(
                "Een eindverslag volgt op een melding bij het CSIRT. Leg eerst die melding vast.",
                "A final report follows a notification to the CSIRT. Record that notification first.",
            ),
            Self::NoDetection => Text::new(
                "Dit incident is door een mens gemeld; er is geen waarneming van een sensor om na te kijken.",
                "A person reported this incident; there is no sensor's detection to check.",
            ),
            Self::ProcessorUnnamed => {
                Text::new("Vul in welke verwerker u informeerde.", "Enter which processor informed you.")
            }
            Self::DpoUnnamed => Text::new("Vul de naam van de FG in.", "Enter the name of the FG (DPO)."),
            Self::AdviceNeeded => Text::new("Schrijf op wat de FG adviseert.", "Write down what the FG (DPO) advises."),
            Self::NotTheDpo => Text::new(
                "Leg het advies vast onder de naam van de FG, niet onder uw eigen naam: wie beslist of behandelt, adviseert niet.",
                "Record the advice under the FG's (DPO's) name, not your own: who decides or handles does not advise.",
            ),
            Self::AdviserDecides => Text::new(
                "U gaf hier advies als FG. Wie adviseert, beslist niet (AVG art. 38). Laat de directie of een gemandateerde beslissen.",
                "You advised on this as FG (DPO). Who advises does not decide (GDPR art. 38). Let the director or a mandatary decide.",
            ),
            Self::DeciderAdvises => Text::new(
                "U nam hier het besluit. Wie beslist, adviseert niet als FG (AVG art. 38). Vraag het advies aan iemand anders.",
                "You took the decision here. Who decides does not advise as FG (DPO, GDPR art. 38). Ask somebody else for the advice.",
            ),
            Self::DpoUnanswered => Text::new(
                "De FG gaf advies. Zeg of u het volgt.",
                "The FG (DPO) advised. Say whether you follow the advice.",
            ),
            Self::DpoDepartureNeeded => Text::new(
                "U volgt het advies van de FG niet. Schrijf op waarom.",
                "You do not follow the FG's (DPO's) advice. Write down why.",
            ),
            Self::DpoNotFollowed(duty) => {
                let name = duty.name();
                Text::made(
                    format!(
                        "U zegt dat u het advies van de FG volgt, maar kiest anders bij: {}. Pas een van beide aan.",
                        name.nl
                    ),
                    format!(
                        "You say that you follow the FG's (DPO's) advice, yet choose otherwise for: {}. Change one of the two.",
                        name.en
                    ),
                )
            }
            Self::NoSuchEvidence => Text::new(
                "Dit bestand hoort niet bij dit incident. Ga terug naar de lijst.",
                "This file does not belong to this incident. Go back to the list.",
            ),
            Self::AlreadyEvidence => Text::new(
                "Ditzelfde bestand is al toegevoegd. Er is niets gewijzigd.",
                "This very file was added before. Nothing was changed.",
            ),
            Self::EmptyFile => Text::new(
                "Dit bestand is leeg. Controleer of het goed is opgeslagen en kies het opnieuw.",
                "This file is empty. Check that it was saved well and choose it again.",
            ),
            Self::ReceiverUnnamed => {
                Text::new("Vul in aan wie het bestand is overgedragen.", "Enter to whom the file was handed over.")
            }
            Self::ScoreOutOfRange => Text::new(
                "Deze score kan niet: DPC is 1 tot 4, EI een kwart tot 1, elke omstandigheid 0 tot een half.",
                "This score cannot be: DPC is 1 to 4, EI a quarter to 1, each circumstance 0 to a half.",
            ),
            Self::Contradictions(list) => contradictions(list),
            Self::InvalidFact(invalid) => {
                Text::made(format!("Ongeldig feit: {invalid}."), format!("Invalid fact: {invalid}."))
            }
        }
    }
}

/// All of them, by the questions that people answered.
fn contradictions(list: &[Contradiction]) -> Text {
    let question = |key: &'static str| Fact::from_key(key).map_or(Text::new(key, key), Fact::question);
    let pairs: Vec<_> = list.iter().map(|one| (question(one.first), question(one.second))).collect();
    let nl: Vec<_> = pairs.iter().map(|(first, second)| format!("“{}” en “{}”", first.nl, second.nl)).collect();
    let en: Vec<_> = pairs.iter().map(|(first, second)| format!("“{}” and “{}”", first.en, second.en)).collect();
    Text::made(
        format!("Deze antwoorden spreken elkaar tegen: {}. Pas er steeds een van aan.", nl.join("; ")),
        format!("These answers contradict each other: {}. Change one of each.", en.join("; ")),
    )
}
