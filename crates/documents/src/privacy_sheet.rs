//! The privacy sheet of the sensors: what the works council, whoever makes the DPIA, and the staff are to know, made from what is
//! settled and from what the sensors say of themselves.
//!
//! Promises: every figure in it is a setting or a state, and what is not known is named as such. Deliberately not here: whether
//! the employer may watch; that is the employer's to weigh, and the sheet says what there is to weigh.

mod kept;

use facts::{Language, Text};
use jiff::Zoned;
use jiff::civil::Date;

use crate::document::{Block, Document, Line, Look, Tone};
use crate::moment::{date_in_words, day, moment};

/// What the sheet is made from.
#[derive(Clone, Debug)]
pub struct SensorPrivacy {
    pub organisation: String,
    /// Who serves it, and sees with it; absent: nobody.
    pub provider: Option<String>,
    pub made_at: Zoned,
    /// Those that watch.
    pub sensors: Vec<SensorAtWork>,
    /// Whether others are enrolled that only played captures: those watch nothing.
    pub has_played: bool,
    /// For how many days a sensor keeps metadata.
    pub metadata_days: u16,
    /// For how many days the server keeps detections that are in no incident.
    pub detection_days: u32,
    /// For how many days the server keeps what was counted by hour.
    pub traffic_days: u32,
    /// How much of what is still to be sent a sensor lets wait at most, in MB, unless it was set otherwise there; and of what
    /// was refused.
    pub spool_mb: u32,
    pub refused_mb: u64,
    /// What a sensor has learnt of this network, and for how long.
    pub remembered: Vec<Learnt>,
    /// For how many days backups are kept; absent: this program makes none, or nobody said.
    pub backup_days: Option<u16>,
    /// When a case becomes an incident without a person asking for it.
    pub opens: Text,
    /// The day on which the staff was told, and how; absent: they were not.
    pub staff_informed: Option<(Date, String)>,
    /// Whether indicators are compared with other customers of the provider.
    pub compares: bool,
    /// Who may see what sensors saw: names with the roles that let them.
    pub readers: Vec<String>,
}

/// One sensor, as it says of itself.
#[derive(Clone, Debug)]
pub struct SensorAtWork {
    pub name: String,
    /// In words; empty where it said nothing yet.
    pub sources: Vec<Text>,
    pub looks_into_content: bool,
    /// Lines on its disk that wait to be sent; absent where it said nothing yet.
    pub waiting: Option<u64>,
}

/// One thing that a sensor has learnt.
#[derive(Clone, Debug)]
pub struct Learnt {
    pub what: Text,
    /// Days of watching for which it is remembered after it last showed.
    pub days: usize,
    /// On its disk; else in its memory, and gone when it stops.
    pub is_kept: bool,
}

/// The sheet in one language.
#[must_use]
pub fn privacy_sheet(of: &SensorPrivacy, language: Language) -> Document {
    let mut pen = Pen { language, blocks: Vec::new() };
    pen.purpose();
    pen.seen(of);
    pen.content(of);
    pen.kept(of);
    pen.readers(of);
    pen.consequences(of);
    pen.weigh(of);
    let made = moment(of.made_at.timestamp(), of.made_at.time_zone(), language);
    Document {
        look: Look::Paper,
        title: pen.say(&Text::new("Privacyblad van de sensoren", "Privacy sheet of the sensors")),
        subtitle: pen.say(&Text::made(
            format!("Voor de ondernemingsraad, de DPIA en het personeel. Gemaakt op {made} uit de instellingen van dat moment."),
            format!("For the works council, the DPIA and the staff. Made on {made} from the settings of that moment."),
        )),
        language,
        author: of.organisation.clone(),
        reference: day(of.made_at.timestamp(), of.made_at.time_zone(), language),
        draft: String::new(),
        blocks: pen.blocks,
    }
}

struct Pen {
    language: Language,
    blocks: Vec<Block>,
}

impl Pen {
    fn say(&self, text: &Text) -> String {
        text.in_language(self.language).to_owned()
    }

    fn heading(&mut self, nl: &'static str, en: &'static str) {
        let text = self.say(&Text::new(nl, en));
        self.blocks.push(Block::Heading { level: 1, text });
    }

    fn paragraph(&mut self, text: &Text) {
        let line = Line::plain(self.say(text));
        self.blocks.push(Block::Paragraph { line });
    }

    fn list(&mut self, items: &[Text]) {
        let items = items.iter().map(|item| Line::plain(self.say(item))).collect();
        self.blocks.push(Block::List { items });
    }

    fn pairs(&mut self, pairs: &[(Text, Text)]) {
        let pairs = pairs.iter().map(|(name, value)| (self.say(name), Line::plain(self.say(value)))).collect();
        self.blocks.push(Block::Pairs { pairs });
    }

    fn purpose(&mut self) {
        self.heading("Waarvoor", "What for");
        self.paragraph(&Text::new(
            "Een sensor kijkt mee met het netwerkverkeer om besmette apparaten en weglekkende gegevens te vinden. Hij is er \
             niet om te zien wat mensen doen: er is geen pagina die laat zien wat één persoon op een dag deed.",
            "A sensor watches network traffic to find infected devices and data leaking out. It is not there to see what \
             people do: there is no page that shows what one person did in a day.",
        ));
    }

    fn seen(&mut self, of: &SensorPrivacy) {
        self.heading("Wat hij ziet", "What it sees");
        if of.sensors.is_empty() {
            self.paragraph(&if of.has_played {
                Text::new(
                    "Er kijkt nu geen sensor mee; er zijn alleen opnames afgespeeld.",
                    "No sensor is watching now; only captures were played.",
                )
            } else {
                Text::new("Er is nu geen sensor aangemeld.", "No sensor is enrolled now.")
            });
        }
        let unsaid = Text::new("heeft nog niets van zich laten horen", "has not said anything yet");
        let sensors: Vec<_> = of
            .sensors
            .iter()
            .map(|sensor| {
                let join = |pick: fn(&Text) -> &str| sensor.sources.iter().map(pick).collect::<Vec<_>>().join(", ");
                let sources = Text::made(join(|text| text.nl.as_ref()), join(|text| text.en.as_ref()));
                let sources = if sensor.sources.is_empty() { unsaid.clone() } else { sources };
                (Text::made(sensor.name.clone(), sensor.name.clone()), sources)
            })
            .collect();
        if !sensors.is_empty() {
            self.pairs(&sensors);
        }
        let mut seen = vec![
            Text::new(
                "Welk apparaat met welk adres verbinding had, wanneer, hoe lang en hoeveel bytes.",
                "Which device was connected to which address, when, for how long and how many bytes.",
            ),
            Text::new(
                "Namen die apparaten opvragen (DNS) en servernamen bij het opzetten van een versleutelde verbinding.",
                "Names that devices ask for (DNS), and server names at the start of an encrypted connection.",
            ),
            Text::new(
                "Hoe een apparaat heet, wie het maakte en wat voor apparaat het is, als het dat zelf zegt.",
                "What a device is called, who made it and what kind it is, where it says so itself.",
            ),
            Text::new(
                "Van onversleuteld webverkeer (HTTP) de methode, de server, het pad en hoe het programma zich noemt, niet wat \
                 achter het vraagteken staat. Pad en programma kunnen in een detectie staan, bij het apparaat.",
                "Of unencrypted web traffic (HTTP) the method, the server, the path and what the program calls itself, not what \
                 stands behind the question mark. Path and program may stand in a detection, with the device.",
            ),
        ];
        if of.staff_informed.is_some() {
            seen.push(Text::new(
                "Als zich iemand leesbaar aanmeldt: met welk account, deels afgedekt. De eerste letter en wat achter het @ \
                 staat, zoals d…@voorbeeld.nl, staan in de detectie, bij het apparaat.",
                "Where somebody logs in readably: with which account, partly masked. The first letter and what stands behind \
                 the @, such as d…@example.nl, stand in the detection, with the device.",
            ));
        }
        self.list(&seen);
        self.paragraph(&Text::new(
            "Dit zijn persoonsgegevens zodra een apparaat bij iemand hoort. Wachtwoorden, berichten, bestanden en wat mensen \
             lezen of schrijven bewaart hij nooit.",
            "These are personal data as soon as a device belongs to somebody. Passwords, messages, files and what people \
             read or write it never keeps.",
        ));
    }

    fn content(&mut self, of: &SensorPrivacy) {
        self.heading("Kijkt hij in de inhoud?", "Does it look into content?");
        self.paragraph(&Text::new(
            "Twee dingen zijn alleen te vinden door in onversleuteld verkeer te kijken: wachtwoorden die leesbaar over de \
             lijn gaan, en persoonsgegevens die leesbaar naar buiten gaan. Dat gebeurt in het geheugen. Van persoonsgegevens \
             worden soort en aantal bewaard, nooit de waarde; van een aanmelding nooit het wachtwoord, wel het account, deels \
             afgedekt. Het staat uit tot is vastgelegd dat het personeel is ingelicht.",
            "Two things can only be found by looking into unencrypted traffic: passwords that cross the line readable, and \
             personal data that leave readable. That happens in memory. Of personal data kind and count are kept, never the \
             value; of a log-in never the password, but the account, partly masked. It is off until it is recorded that the \
             staff was told.",
        ));
        match &of.staff_informed {
            Some((on, how)) => {
                let (nl, en) = (date_in_words(*on, Language::Dutch), date_in_words(*on, Language::English));
                self.paragraph(&Text::made(
                    format!("Het personeel is ingelicht op {nl}: {how}"),
                    format!("The staff was told on {en}: {how}"),
                ));
            }
            None => self.paragraph(&Text::new(
                "Er is niet vastgelegd dat het personeel is ingelicht: het staat dus uit.",
                "It is not recorded that the staff was told: so it is off.",
            )),
        }
        let looking: Vec<_> =
            of.sensors.iter().filter(|sensor| sensor.looks_into_content).map(|one| one.name.as_str()).collect();
        if !looking.is_empty() {
            let names = looking.join(", ");
            self.paragraph(&Text::made(
                format!("Deze sensoren zeggen nu in de inhoud te kijken: {names}."),
                format!("These sensors say that they look into content now: {names}."),
            ));
        }
    }

    fn kept(&mut self, of: &SensorPrivacy) {
        self.heading("Wat blijft waar, en hoe lang", "What stays where, and for how long");
        let mut rows = kept::on_the_sensor(of);
        rows.extend(kept::on_the_server(of));
        self.pairs(&rows);
        self.paragraph(&Text::new(
            "Stuurt een sensor detecties ook naar een eigen bestand of syslog, dan gelden daar de termijnen van dat systeem; de \
             server ziet dat niet.",
            "Where a sensor also sends detections to a file or syslog of its own, the terms of that system hold there; the \
             server does not see that.",
        ));
        self.heading("Wat een sensor over dit netwerk geleerd heeft", "What a sensor has learnt of this network");
        self.paragraph(&Text::new(
            "Om te weten wat hier gewoon is, onthoudt een sensor het volgende. Een termijn telt vanaf de laatste keer dat het \
             te zien was, in tijd dat hij meekijkt. Het verlaat de sensor niet.",
            "To know what is ordinary here, a sensor remembers the following. A term counts from when it last showed, in time \
             that it watches. It does not leave the sensor.",
        ));
        let learnt: Vec<_> = of
            .remembered
            .iter()
            .map(|one| {
                let days = kept::days(u32::try_from(one.days).unwrap_or(u32::MAX));
                let place = if one.is_kept {
                    Text::new("op zijn schijf", "on its disk")
                } else {
                    Text::new("in zijn geheugen, en weg als hij stopt", "in its memory, and gone when it stops")
                };
                Text::made(
                    format!("{}: {}, {}.", one.what.nl, days.nl, place.nl),
                    format!("{}: {}, {}.", one.what.en, days.en, place.en),
                )
            })
            .collect();
        self.list(&learnt);
    }

    fn readers(&mut self, of: &SensorPrivacy) {
        self.heading("Wie het kan zien", "Who can see it");
        if of.readers.is_empty() {
            self.paragraph(&Text::new(
                "Nu niemand: niemand heeft een rol die dat toestaat.",
                "Nobody now: nobody has a role that permits it.",
            ));
        } else {
            let readers: Vec<_> = of.readers.iter().map(|one| Text::made(one.clone(), one.clone())).collect();
            self.list(&readers);
        }
        if let Some(provider) = &of.provider {
            self.paragraph(&Text::made(
                format!(
                    "{provider} verwerkt deze gegevens voor {}: daar hoort een verwerkersovereenkomst bij (AVG art. 28).",
                    of.organisation
                ),
                format!(
                    "{provider} processes these data for {}: that needs a processing agreement (GDPR art. 28).",
                    of.organisation
                ),
            ));
        }
        if of.metadata_days > 0 {
            self.paragraph(&Text::new(
                "De metadata op de sensor zelf staan op geen enkele pagina. Wie op die machine beheerder is, kan ze doorzoeken.",
                "The metadata on the sensor itself are on no page. Whoever administers that machine can search them.",
            ));
        }
        self.paragraph(&if of.compares {
            Text::new(
                "Een beheerder van de organisatie heeft vergelijken met andere klanten van de dienstverlener aangezet. Vergeleken \
                 worden alleen kenmerken (domein, adres, vingerafdruk) van detecties met ernst middel of hoger, als hash; nooit \
                 een naam, apparaat of organisatie. Een ander die hetzelfde vond, hoort ten hoogste eens per week dat drie of \
                 meer klanten het ook hebben: nooit hoeveel of wie, en niets als er minder dan vijf anderen meedoen.",
                "An administrator of the organisation switched on comparing with other customers of the provider. Compared are \
                 only indicators (domain, address, fingerprint) of detections of severity medium or above, as hashes; never a \
                 name, host or organisation. Another who found the same is told at most once a week that three or more \
                 customers have it too: never how many or who, and nothing where fewer than five others take part.",
            )
        } else {
            Text::new(
                "Met andere organisaties wordt niets vergeleken of gedeeld.",
                "Nothing is compared or shared with other organisations.",
            )
        });
    }

    fn consequences(&mut self, of: &SensorPrivacy) {
        self.heading("Wat ervan kan komen", "What may come of it");
        self.paragraph(&Text::new(
            "Een detectie noemt een apparaat en zegt waarop zij rust, zodat wie erachter zit kan antwoorden. Over mensen \
             beslist het programma niets.",
            "A detection names a device and says what it rests on, so that whoever sits behind it can answer. The program \
             decides nothing about people.",
        ));
        self.pairs(&[(Text::new("Een incident openen", "Opening an incident"), of.opens.clone())]);
    }

    fn weigh(&mut self, of: &SensorPrivacy) {
        self.heading("Wat de werkgever zelf afweegt", "What the employer weighs");
        let items = [
            Text::new(
                "DPIA (AVG art. 35): personeel stelselmatig volgen vraagt er een. Dit blad beschrijft de verwerking; de \
                 afweging van noodzaak en risico's schrijft u zelf.",
                "DPIA (GDPR art. 35): monitoring staff systematically asks for one. This sheet describes the processing; \
                 necessity and risks are yours to weigh.",
            ),
            Text::new(
                "Instemming van de ondernemingsraad, als die er is (WOR art. 27, lid 1, onder k en l).",
                "Consent of the works council, where there is one (WOR art. 27(1)(k) and (l)).",
            ),
            Text::new(
                "Informeren van iedereen op het netwerk, bezoekers ook (AVG art. 13 en 14).",
                "Informing everybody on the network, visitors too (GDPR arts. 13 and 14).",
            ),
            Text::new(
                "De grondslag: meestal het gerechtvaardigd belang van beveiliging (AVG art. 6, lid 1, onder f, en art. 32).",
                "The legal basis: mostly the legitimate interest of security (GDPR arts. 6(1)(f) and 32).",
            ),
        ];
        self.list(&items);
        if of.staff_informed.is_none() {
            let title = self.say(&Text::new("Nog te doen", "Still to do"));
            let line = Line::plain(self.say(&Text::new(
                "Licht het personeel in, en leg op de pagina Personeel ingelicht vast wanneer en hoe dat is gedaan.",
                "Tell the staff, and record on the page Staff informed when and how that was done.",
            )));
            self.blocks.push(Block::Notice { tone: Tone::Todo, title, lines: vec![line] });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of() -> SensorPrivacy {
        SensorPrivacy {
            organisation: "Bakkerij De Korenaar".into(),
            provider: Some("Noorderlicht IT".into()),
            made_at: "2026-11-29T10:00:00[Europe/Amsterdam]".parse().unwrap(),
            sensors: vec![
                SensorAtWork {
                    name: "kantoor".into(),
                    sources: vec![Text::new("netwerkpoort eth1", "interface eth1")],
                    looks_into_content: true,
                    waiting: Some(3),
                },
                SensorAtWork { name: "winkel".into(), sources: Vec::new(), looks_into_content: false, waiting: None },
            ],
            has_played: false,
            metadata_days: 7,
            detection_days: 90,
            traffic_days: 30,
            spool_mb: 500,
            refused_mb: 20,
            remembered: vec![
                Learnt {
                    what: Text::new("bestemmingen, als hash", "destinations, as hashes"),
                    days: 92,
                    is_kept: true,
                },
                Learnt { what: Text::new("ritmes", "rhythms"), days: 14, is_kept: false },
            ],
            backup_days: Some(21),
            opens: Text::new("Bij ernst hoog of kritiek", "At severity high or critical"),
            staff_informed: Some((jiff::civil::date(2026, 11, 1), "in het werkoverleg; er is geen OR".into())),
            compares: false,
            readers: vec!["Marieke de Wit".into(), "Karim Haddad".into()],
        }
    }

    #[test]
    fn the_sheet_says_what_is_settled() {
        insta::assert_snapshot!("privacy_sheet", privacy_sheet(&of(), Language::Dutch).to_text());
        insta::assert_snapshot!("privacy_sheet_english", privacy_sheet(&of(), Language::English).to_text());
    }

    #[test]
    fn the_sheet_names_what_is_kept_of_a_log_in_and_of_a_request() {
        for (language, request, account) in [
            (Language::Dutch, "de methode, de server, het pad", "d…@voorbeeld.nl"),
            (Language::English, "the method, the server, the path", "d…@example.nl"),
        ] {
            let text = |of: SensorPrivacy| privacy_sheet(&of, language).to_text().replace("\n  ", " ");
            assert!(text(of()).contains(request) && text(of()).contains(account), "{}", text(of()));
            let off = text(SensorPrivacy { staff_informed: None, ..of() });
            assert!(off.contains(request) && !off.contains(account), "where that is off none is seen: {off}");
        }
    }

    #[test]
    fn the_sheet_says_whether_anything_is_compared() {
        let text = |compares| privacy_sheet(&SensorPrivacy { compares, ..of() }, Language::Dutch).to_text();
        let said = ["heeft vergelijken met andere klanten", "kenmerken om te vergelijken"];
        assert!(text(false).contains("wordt niets vergeleken") && !said.iter().any(|part| text(false).contains(part)));
        assert!(!text(true).contains("wordt niets vergeleken") && said.iter().all(|part| text(true).contains(part)));
    }

    #[test]
    fn what_only_played_captures_is_enrolled_and_watches_nothing() {
        let text =
            |sensors, language| privacy_sheet(&SensorPrivacy { sensors, has_played: true, ..of() }, language).to_text();
        let dutch = text(Vec::new(), Language::Dutch);
        assert!(dutch.contains("alleen opnames afgespeeld") && !dutch.contains("geen sensor aangemeld"), "{dutch}");
        let english = text(Vec::new(), Language::English);
        assert!(english.contains("only captures were played") && !english.contains("is enrolled"), "{english}");
        assert!(!text(of().sensors, Language::Dutch).contains("opnames"), "beside those that watch it is not said");
    }

    #[test]
    fn what_is_not_there_is_said_to_be_not_there() {
        let bare = SensorPrivacy {
            provider: None,
            sensors: Vec::new(),
            metadata_days: 0,
            staff_informed: None,
            readers: Vec::new(),
            backup_days: None,
            ..of()
        };
        insta::assert_snapshot!("privacy_sheet_bare", privacy_sheet(&bare, Language::Dutch).to_text());
    }
}
