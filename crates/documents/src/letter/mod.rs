//! The letter to the persons concerned (AVG art. 34(2)): what happened, what it may mean, what we do, what they can do,
//! whom to ask; in plain Dutch (B1, u-form) or English.
//!
//! Promises: it says what the case knows and no more; what must still be written stands in it as `[NOG INVULLEN: …]` and
//! is listed on a cover note; no person's name or value stands in it.
//! Deliberately not here: deciding whether to inform, addresses, sending.

mod words;

use facts::{Fact, Language, Text};
use law::verdict::{Duty, Form, Outcome};

use crate::case::{Case, said};
use crate::document::{Block, Document, Line, Look, Run, Tone};
use crate::moment::day;

/// The kind under which the case file records this document.
pub const KIND: &str = "letter";

/// The letter of one case, with what is still to be done before it can be sent.
#[derive(Clone, Debug)]
pub struct Letter {
    /// With the cover note before it as long as something is missing.
    pub document: Document,
    /// What must still be written; each stands in the letter in its place.
    pub missing: Vec<Text>,
    /// What a person should look at before sending.
    pub checks: Vec<Text>,
}

/// Writes the letter in one language.
#[must_use]
pub fn letter(case: &Case<'_>, language: Language) -> Letter {
    let mut pen = Pen { language, blocks: Vec::new(), missing: Vec::new(), checks: checks(case, language) };
    pen.opening(case);
    pen.happened(case);
    pen.data(case);
    pen.consequences(case);
    pen.advice(case);
    pen.measures(case);
    pen.contact(case);
    pen.closing(case);
    let Pen { blocks, missing, checks, .. } = pen;
    let draft = Text::new("Concept: nog niet versturen", "Draft: do not send yet");
    let mut all = Vec::new();
    if !missing.is_empty() {
        all.extend(cover(language, &missing, &checks));
    }
    all.extend(blocks);
    let document = Document {
        look: Look::Letter,
        title: Text::new("Er is iets misgegaan met uw gegevens", "Something went wrong with your data")
            .in_language(language)
            .into(),
        subtitle: String::new(),
        language,
        author: case.organisation.name.clone(),
        reference: format!("Incident {}", case.incident.number),
        draft: if missing.is_empty() { String::new() } else { draft.in_language(language).into() },
        blocks: all,
    };
    Letter { document, missing, checks }
}

/// The letter while it is being written.
struct Pen {
    language: Language,
    blocks: Vec<Block>,
    missing: Vec<Text>,
    checks: Vec<Text>,
}

impl Pen {
    fn say(&self, text: &Text) -> String {
        text.in_language(self.language).to_owned()
    }

    fn heading(&mut self, nl: &'static str, en: &'static str) {
        let text = self.say(&Text::new(nl, en));
        self.blocks.push(Block::Heading { level: 1, text });
    }

    fn paragraph(&mut self, line: Line) {
        if !line.runs.is_empty() {
            self.blocks.push(Block::Paragraph { line });
        }
    }

    fn sentence(&mut self, text: &Text) {
        let line = Line::plain(self.say(text));
        self.paragraph(line);
    }

    fn list(&mut self, items: Vec<Line>) {
        self.blocks.push(Block::List { items });
    }

    /// A gap in the letter, marked in its place and on the list.
    fn gap(&mut self, nl: &'static str, en: &'static str) -> Run {
        let what = Text::new(nl, en);
        let run = Run::Missing(match self.language {
            Language::Dutch => format!("[NOG INVULLEN: {nl}]"),
            Language::English => format!("[STILL TO FILL IN: {en}]"),
        });
        if !self.missing.contains(&what) {
            self.missing.push(what);
        }
        run
    }

    fn gap_paragraph(&mut self, nl: &'static str, en: &'static str) {
        let gap = self.gap(nl, en);
        self.paragraph(Line::default().then(gap));
    }

    /// Several sentences in one paragraph.
    fn joined(&mut self, sentences: &[Text]) {
        let text: Vec<_> = sentences
            .iter()
            .map(|sentence| sentence.in_language(self.language))
            .filter(|text| !text.is_empty())
            .collect();
        let text = text.join(" ");
        if !text.is_empty() {
            self.paragraph(Line::plain(text));
        }
    }

    fn opening(&mut self, case: &Case<'_>) {
        let organisation = case.organisation;
        let mut head = vec![Line::default().then(Run::Strong(organisation.name.clone()))];
        head.extend(organisation.address.iter().map(Line::plain));
        self.blocks.push(Block::Lines { lines: head });
        let date = day(case.made_at.timestamp(), case.zone(), self.language);
        let number = case.incident.number;
        let pairs = match self.language {
            Language::Dutch => [("Datum", date), ("Ons kenmerk", format!("Incident {number}"))],
            Language::English => [("Date", date), ("Our reference", format!("Incident {number}"))],
        };
        let pairs = pairs.into_iter().map(|(name, value)| (name.to_owned(), Line::plain(value))).collect();
        self.blocks.push(Block::Pairs { pairs });
        let groups = case.many(Fact::Groups);
        let is_about_children = !groups.is_empty() && groups.iter().all(|group| ["children", "pupils"].contains(group));
        if is_about_children {
            self.sentence(&Text::new("Beste ouder(s) of verzorger(s),", "Dear parent(s) or guardian(s),"));
            self.sentence(&Text::new(
                "Er is bij ons iets misgegaan met persoonsgegevens. Ook gegevens van uw kind kunnen erbij zijn. Waar in deze \
                 brief ‘u’ staat, bedoelen wij uw kind. In deze brief leest u wat er is gebeurd, wat dit kan betekenen en wat \
                 u kunt doen. Wij vinden het heel vervelend dat dit is gebeurd.",
                "Something went wrong with personal data in our care. Data of your child may be among them. Where this letter \
                 says ‘you’, we mean your child. In this letter you can read what happened, what this may mean and what you \
                 can do. We are very sorry that this happened.",
            ));
        } else {
            self.sentence(&Text::new("Geachte heer of mevrouw,", "Dear sir or madam,"));
            self.sentence(&Text::new(
                "Er is bij ons iets misgegaan met persoonsgegevens. Ook uw gegevens kunnen erbij zijn. In deze brief leest u \
                 wat er is gebeurd, wat dit voor u kan betekenen en wat u kunt doen. Wij vinden het heel vervelend dat dit is \
                 gebeurd.",
                "Something went wrong with personal data in our care. Your data may be among them. In this letter you can \
                 read what happened, what this may mean for you and what you can do. We are very sorry that this happened.",
            ));
        }
    }

    fn happened(&mut self, case: &Case<'_>) {
        self.heading("Wat is er gebeurd?", "What happened?");
        let found = case.incident.known_signal().map(|at| day(at, case.zone(), self.language));
        let when = found.map_or(Text::new("", ""), |found| {
            Text::made(format!("Wij ontdekten dit op {found}."), format!("We discovered this on {found}."))
        });
        let one = |fact| case.facts().one(fact);
        match one(Fact::IncidentType).and_then(words::happened) {
            Some(what) => self.joined(&[what, when]),
            None => {
                let gap = self.gap("wat er is gebeurd, in gewone woorden", "what happened, in plain words");
                let when = Run::Plain(format!(" {}", self.say(&when)).trim_end().to_owned());
                self.paragraph(Line::default().then(gap).then(when));
            }
        }
        let details: Vec<Text> = [
            one(Fact::Confidentiality).and_then(words::seen),
            one(Fact::Exfiltration).and_then(words::taken),
            one(Fact::Integrity).and_then(words::altered),
            one(Fact::Availability).and_then(words::unavailable),
            one(Fact::Protection).and_then(words::protected),
        ]
        .into_iter()
        .flatten()
        .collect();
        self.joined(&details);
    }

    fn data(&mut self, case: &Case<'_>) {
        self.heading("Om welke gegevens gaat het?", "Which data?");
        let data: Vec<Text> = case.many(Fact::Data).into_iter().filter_map(words::data).collect();
        if data.is_empty() {
            self.gap_paragraph("om welke gegevens het gaat", "which data it is about");
            return;
        }
        self.sentence(&Text::new("Het kan gaan om:", "It may be about:"));
        let items = data.iter().map(|text| Line::plain(self.say(text))).collect();
        self.list(items);
        self.sentence(&Text::new(
            "Voor uw veiligheid staan de gegevens zelf niet in deze brief.",
            "For your safety the data themselves are not in this letter.",
        ));
    }

    fn consequences(&mut self, case: &Case<'_>) {
        self.heading("Wat kan dit voor u betekenen?", "What may this mean for you?");
        let mut expected = case.many(Fact::Consequences);
        if !case.facts().is_known(Fact::Consequences) {
            for word in case.many(Fact::Data).into_iter().flat_map(words::implied) {
                if !expected.contains(word) {
                    expected.push(word);
                }
            }
            if !expected.is_empty() {
                self.checks.push(Text::new(
                    "De gevolgen zijn afgeleid van de soort gegevens; niemand heeft ze nog vastgelegd.",
                    "The consequences follow from the kind of data; nobody has recorded them yet.",
                ));
            }
        }
        // How it may feel comes after what may happen.
        expected.sort_by_key(|word| *word == "distress");
        let items: Vec<Line> =
            expected.into_iter().filter_map(words::consequence).map(|text| Line::plain(self.say(&text))).collect();
        if items.is_empty() {
            self.gap_paragraph("wat dit voor de mensen kan betekenen", "what this may mean for the people");
        } else {
            self.list(items);
        }
    }

    fn advice(&mut self, case: &Case<'_>) {
        self.heading("Wat kunt u zelf doen?", "What can you do?");
        let data = case.many(Fact::Data);
        let items: Vec<Line> = words::ADVICE
            .iter()
            .filter(|advice| advice.data.iter().any(|word| data.contains(word)))
            .map(|advice| Line::plain(self.say(&advice.text)))
            .collect();
        if items.is_empty() {
            self.gap_paragraph("wat de mensen zelf kunnen doen", "what the people can do themselves");
        } else {
            self.list(items);
        }
        self.sentence(&Text::new(
            "Merkt u iets vreemds? Laat het ons weten.",
            "Do you notice anything strange? Let us know.",
        ));
    }

    fn measures(&mut self, case: &Case<'_>) {
        self.heading("Wat doen wij?", "What are we doing?");
        let facts = case.facts();
        let mut done = Vec::new();
        if facts.one(Fact::RemoteWipe) == Some("before_access") {
            done.push(Text::new(
                "Wij hebben het apparaat op afstand gewist voordat iemand de gegevens kon zien.",
                "We wiped the device remotely before anybody could see the data.",
            ));
        }
        if facts.truth(Fact::DeletionConfirmed) == Some(true) {
            done.push(Text::new(
                "De ontvanger heeft ons bevestigd dat de gegevens zijn gewist.",
                "The recipient has confirmed to us that the data were deleted.",
            ));
        }
        if facts.is_known(Fact::RestoreHours) {
            done.push(Text::new("De gegevens zijn weer beschikbaar.", "The data are available again."));
        }
        match (&case.incident.authority_notified, case.incident.is_to_do(Duty::NotifyAuthority)) {
            (Some(_), _) => done.push(Text::new(
                "Wij hebben dit gemeld bij de Autoriteit Persoonsgegevens, de toezichthouder.",
                "We have reported this to the Autoriteit Persoonsgegevens, the supervisory authority.",
            )),
            (None, Some(true)) => done.push(Text::new(
                "Wij melden dit bij de Autoriteit Persoonsgegevens, de toezichthouder.",
                "We are reporting this to the Autoriteit Persoonsgegevens, the supervisory authority.",
            )),
            (None, Some(false) | None) => {}
        }
        self.joined(&done);
        match said(case.words.measures_taken.as_deref()) {
            Some(taken) => self.paragraph(Line::plain(taken)),
            None => self.gap_paragraph(
                "wat u hebt gedaan om het te stoppen en de schade te beperken",
                "what you did to end it and to limit the damage",
            ),
        }
        match said(case.words.measures_planned.as_deref()) {
            Some(planned) => self.paragraph(Line::plain(planned)),
            None => self.gap_paragraph(
                "wat u doet om te zorgen dat het niet weer gebeurt",
                "what you do to keep it from happening again",
            ),
        }
    }

    fn contact(&mut self, case: &Case<'_>) {
        self.heading("Hebt u vragen?", "Do you have questions?");
        let contact = &case.organisation.contact;
        let (name, email, phone) =
            (said(contact.name.as_deref()), said(contact.email.as_deref()), said(contact.phone.as_deref()));
        let mut line = Line::plain(self.say(&Text::new("Neem contact op met ", "Please contact ")));
        line = line.then(match name {
            Some(name) => Run::Plain(name.into()),
            None if case.organisation.fg.is_some() => {
                self.gap("naam van het contactpunt of de FG", "name of the contact point or the DPO")
            }
            None => self.gap("naam van het contactpunt", "name of the contact point"),
        });
        let reach: Vec<(String, &str)> =
            [(Text::new("bel ", "call "), phone), (Text::new("mail naar ", "write to "), email)]
                .into_iter()
                .filter_map(|(how, value)| value.map(|value| (self.say(&how), value)))
                .collect();
        if reach.is_empty() {
            line = line.then(Run::Plain(": ".into()));
            let gap = self.gap("telefoonnummer of e-mailadres", "telephone number or e-mail address");
            line = line.then(gap);
        }
        for (index, (how, value)) in reach.into_iter().enumerate() {
            let joint = if index == 0 { Text::new(": ", ": ") } else { Text::new(" of ", " or ") };
            line = line.then(Run::Plain(format!("{}{how}{value}", self.say(&joint))));
        }
        self.paragraph(line.then(Run::Plain(".".into())));
        if let Some(name) = case.organisation.fg.as_ref().and_then(|fg| said(fg.name.as_deref())) {
            let fg = Text::made(
                format!("Onze functionaris voor gegevensbescherming is {name}."),
                format!("Our data protection officer is {name}."),
            );
            self.sentence(&fg);
        }
        self.sentence(&Text::new(
            "Vindt u dat wij niet goed met uw gegevens omgaan? Dan kunt u een klacht indienen bij de Autoriteit \
             Persoonsgegevens: www.autoriteitpersoonsgegevens.nl.",
            "Do you think that we do not handle your data properly? Then you can complain to the Dutch supervisory authority, \
             the Autoriteit Persoonsgegevens: www.autoriteitpersoonsgegevens.nl.",
        ));
    }

    fn closing(&mut self, case: &Case<'_>) {
        let greeting = self.say(&Text::new("Met vriendelijke groet,", "Yours sincerely,"));
        let lines = vec![Line::plain(greeting), Line::plain(case.organisation.name.clone())];
        self.blocks.push(Block::Lines { lines });
    }
}

/// What to look at before sending, whatever the letter says.
fn checks(case: &Case<'_>, language: Language) -> Vec<Text> {
    let mut checks = Vec::new();
    match case.outcome(Duty::InformSubjects) {
        Some(Outcome::NotRequired) => checks.push(Text::new(
            "Volgens het oordeel hoeft u de mensen niet in te lichten. Het mag wel.",
            "According to the assessment you need not inform the people. You may.",
        )),
        Some(Outcome::Undetermined) => checks.push(Text::new(
            "Of u de mensen moet inlichten, is nog niet te zeggen: er ontbreken feiten.",
            "Whether you must inform the people cannot be said yet: facts are missing.",
        )),
        Some(Outcome::Required) | None => {}
    }
    if case.verdict.and_then(|verdict| verdict.form) == Some(Form::Public) {
        checks.push(Text::new(
            "Volgens het oordeel komt in plaats van een brief een openbare mededeling (AVG art. 34(3)(c)). Gebruik dezelfde \
             inhoud, op een plek waar de mensen haar zien, en bewaar het bewijs.",
            "According to the assessment a public notice takes the place of a letter (GDPR art. 34(3)(c)). Use the same \
             content, where the people will see it, and keep the proof.",
        ));
    }
    let groups = case.many(Fact::Groups);
    if groups.iter().any(|group| ["children", "pupils"].contains(group)) {
        checks.push(Text::new(
            "Er zijn kinderen bij. Schrijf aan de ouders, maar niet als een kind zonder hun medeweten hulp zocht.",
            "There are children among them. Write to the parents, but not where a child sought help without their knowledge.",
        ));
    }
    let is_written_by_hand = case.words.measures_taken.is_some() || case.words.measures_planned.is_some();
    if language == Language::English && is_written_by_hand {
        checks.push(Text::new(
            "De maatregelen staan er zoals u ze schreef. Kijk na of dat Engels is.",
            "The measures stand as you wrote them. Check that they are in English.",
        ));
    }
    checks.push(Text::new(
        "Noem aan ieder alleen de gegevens die van die persoon zijn geraakt.",
        "Name to each person only the data of that person that were hit.",
    ));
    checks.push(Text::new(
        "Stuur de brief apart van ander nieuws, en niet langs de weg die zelf is getroffen (zoals een gekaapte mailbox).",
        "Send the letter apart from other news, and not by the channel that was itself hit (such as a hijacked mailbox).",
    ));
    checks
}

/// What a person reads before the letter goes out, on a sheet of its own.
fn cover(language: Language, missing: &[Text], checks: &[Text]) -> [Block; 4] {
    let say = |nl, en| Text::new(nl, en).in_language(language).to_owned();
    let lines = |texts: &[Text]| texts.iter().map(|text| Line::plain(text.in_language(language))).collect();
    [
        Block::Paragraph {
            line: Line::default()
                .then(Run::Strong(say("Blad voor uzelf: niet meesturen.", "Sheet for yourself: do not send.")))
                .then(Run::Plain(say(
                    " De brief begint op de volgende bladzijde.",
                    " The letter begins on the next page.",
                ))),
        },
        Block::Notice {
            tone: Tone::Todo,
            title: say("Vul dit nog in; in de brief staat waar", "Fill this in; the letter shows where"),
            lines: lines(missing),
        },
        Block::Notice {
            tone: Tone::Advice,
            title: say("Kijk dit na voordat u verstuurt", "Check this before you send"),
            lines: lines(checks),
        },
        Block::PageBreak,
    ]
}
