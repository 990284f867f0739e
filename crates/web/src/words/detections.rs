//! Detections and cases: their kinds with what each means and asks, their figures, their pictures.

use contract::detection::{Host, Kind, Severity};

use crate::words::{Words, words};

impl Words {
    pub(crate) fn severity(self, severity: Severity) -> &'static str {
        match severity {
            Severity::Low => self.pick("Laag", "Low"),
            Severity::Medium => self.pick("Middel", "Medium"),
            Severity::High => self.pick("Hoog", "High"),
            Severity::Critical => self.pick("Kritiek", "Critical"),
        }
    }

    pub(crate) fn detection_kind(self, kind: Kind) -> &'static str {
        match kind {
            Kind::Indicator => self.pick("Bekend kwaad adres", "Known bad address"),
            Kind::Beacon => self.pick("Belt naar huis", "Calls home"),
            Kind::DnsTunnel => self.pick("Gegevens in DNS-namen", "Data in DNS names"),
            Kind::Dga => self.pick("Gelote namen", "Names drawn by lot"),
            Kind::Exfiltration => self.pick("Veel meer naar buiten dan gewoon", "Far more going out than usual"),
            Kind::LongConnection => self.pick("Verbinding die uren open blijft", "Connection held open for hours"),
            Kind::CleartextCredentials => {
                self.pick("Wachtwoord leesbaar over de lijn", "Password crosses the line readable")
            }
            Kind::CleartextPersonalData => {
                self.pick("Persoonsgegevens leesbaar naar buiten", "Personal data leave readable")
            }
            Kind::Anonymiser => self.pick("Tor, VPN of proxy", "Tor, VPN or proxy"),
            Kind::Miner => self.pick("Cryptominer", "Crypto miner"),
            Kind::Scan => self.pick("Tast andere apparaten af", "Probes other hosts"),
            Kind::Bruteforce => self.pick("Probeert wachtwoorden", "Tries passwords"),
            Kind::MalwareProtocol => self.pick("Verkeer van kwaadaardige software", "Malware’s own traffic"),
            Kind::SuspiciousTls => self.pick("Vreemde versleutelde verbinding", "Odd encrypted connection"),
            Kind::LateralMovement => self.pick("Van de ene computer naar de andere", "From one computer to the next"),
        }
    }

    /// Why it matters.
    pub(crate) fn detection_why(self, kind: Kind) -> &'static str {
        match kind {
            Kind::Indicator => self.pick("Dit adres staat op een lijst van wat aanvallers gebruiken. Contact ermee betekent vaak dat een apparaat besmet is.", "This address stands on a list of what attackers use. Contact with it often means that a device is infected."),
            Kind::Beacon => self.pick("Kwaadaardige software meldt zich op vaste tijden bij wie haar bestuurt, en krijgt zo opdrachten. Ook onschuldige programma’s hebben een ritme; het adres vertelt welke van de twee het is.", "Malware reports at fixed times to whoever controls it, and gets its orders so. Innocent programs have a rhythm too; the address tells which of the two it is."),
            Kind::DnsTunnel => self.pick("DNS mag bijna overal door de firewall. Wie gegevens in namen verstopt, krijgt ze ongezien naar buiten.", "DNS passes nearly every firewall. Who hides data in names gets them out unseen."),
            Kind::Dga => self.pick("Kwaadaardige software loot namen om haar meester terug te vinden als een adres is geblokkeerd.", "Malware draws names by lot to find its master again when an address was blocked."),
            Kind::Exfiltration => self.pick("Zo ziet het eruit als iemand een kopie van uw bestanden meeneemt. Een grote back-up of een film lijkt erop.", "This is what it looks like when somebody takes a copy of your files. A large backup or a film looks like it."),
            Kind::LongConnection => self.pick("Een verbinding die uren openstaat kan iemand zijn die op afstand meekijkt of bedient.", "A connection that stands open for hours can be somebody who watches or controls from afar."),
            Kind::CleartextCredentials => self.pick("Iedereen op dezelfde lijn kan dit wachtwoord meelezen en gebruiken.", "Anybody on the same line can read this password and use it."),
            Kind::CleartextPersonalData => self.pick("Persoonsgegevens gingen onversleuteld naar buiten. Dat kan een datalek zijn (AVG art. 32 en 33).", "Personal data left unencrypted. That can be a breach (GDPR arts. 32 and 33)."),
            Kind::Anonymiser => self.pick("Aanvallers verbergen zo hun sporen. Een medewerker kan ook zelf een VPN gebruiken.", "Attackers hide their tracks like this. A member of staff may use a VPN too."),
            Kind::Miner => self.pick("Iemand laat uw apparaten voor zich rekenen. Wie dat kan, kan er meestal meer.", "Somebody has your devices compute for them. Who can do that can usually do more."),
            Kind::Scan => self.pick("Zo zoekt een aanvaller, of een worm, waar hij verder kan. Beheer- en printprogramma’s tasten ook af.", "This is how an attacker, or a worm, looks for a way on. Management and print tools probe as well."),
            Kind::Bruteforce => self.pick("Iemand probeert binnen te komen door wachtwoorden te raden.", "Somebody tries to get in by guessing passwords."),
            Kind::MalwareProtocol => self.pick("Dit verkeer hoort bij kwaadaardige software, of bij een programma dat zich voor iets anders uitgeeft.", "This traffic belongs to malware, or to a program that passes for something else."),
            Kind::SuspiciousTls => self.pick("De verbinding is versleuteld, maar niet zoals gewone programma’s dat doen.", "The connection is encrypted, but not the way ordinary programs do it."),
            Kind::LateralMovement => self.pick("Wie binnen is, gaat van computer naar computer, op zoek naar meer rechten en gegevens.", "Who is inside goes from computer to computer, in search of more rights and data."),
        }
    }

    /// What to do now.
    pub(crate) fn detection_do(self, kind: Kind) -> &'static str {
        match kind {
            Kind::Indicator | Kind::Beacon | Kind::DnsTunnel | Kind::Dga | Kind::MalwareProtocol | Kind::LateralMovement => self.pick(
                "Kent u het adres niet? Haal het apparaat van het netwerk en laat het aan: in het geheugen staat bewijs. Laat het onderzoeken, en open een incident.",
                "Do you not know the address? Take the device off the network and leave it on: there is evidence in its memory. Have it examined, and open an incident.",
            ),
            Kind::Exfiltration => self.pick(
                "Vraag wie met dit apparaat werkt of dit klopt. Zo niet: haal het van het netwerk, laat het aan, en open een incident.",
                "Ask whoever works with this device whether this is right. If not: take it off the network, leave it on, and open an incident.",
            ),
            Kind::LongConnection | Kind::Anonymiser | Kind::SuspiciousTls => self.pick(
                "Zoek uit welk programma dit is. Hoort het bij het werk, maak er dan een uitzondering van. Zo niet: open een incident.",
                "Find out which program this is. If it belongs to the work, make it an exception. If not: open an incident.",
            ),
            Kind::CleartextCredentials => self.pick(
                "Zet versleuteling aan bij deze dienst (TLS), en wijzig daarna het wachtwoord.",
                "Turn on encryption for this service (TLS), then change the password.",
            ),
            Kind::CleartextPersonalData => self.pick(
                "Zoek uit van wie de gegevens zijn en waar ze heen gingen, laat het voortaan versleuteld gaan, en open een incident.",
                "Find out whose data they are and where they went, have it encrypted from now on, and open an incident.",
            ),
            Kind::Miner => self.pick(
                "Haal het programma weg en zoek uit hoe het er kwam. Open een incident als niemand het zelf deed.",
                "Remove the program and find out how it got there. Open an incident if nobody did it themselves.",
            ),
            Kind::Scan | Kind::Bruteforce => self.pick(
                "Is dit een beheerprogramma, maak er dan een uitzondering van. Zo niet: haal het apparaat van het netwerk en open een incident.",
                "If this is a management tool, make it an exception. If not: take the device off the network and open an incident.",
            ),
        }
    }

    pub(crate) fn case_size(self, detections: usize) -> String {
        match detections {
            1 => self.pick("Zaak van 1 detectie", "Case of 1 detection").to_owned(),
            _ => self.pick(format!("Zaak van {detections} detecties"), format!("Case of {detections} detections")),
        }
    }

    /// To how many people a message about a case went, the last one at that moment.
    pub(crate) fn case_told(self, when: &str, people: usize) -> String {
        let people = self.who_must_act(people);
        self.pick(
            format!("Hierover is bericht gestuurd aan {people}, het laatst op {when}."),
            format!("A message about this was sent to {people}, the last on {when}."),
        )
    }

    pub(crate) fn case_told_waiting(self, people: usize) -> String {
        let people = self.who_must_act(people);
        self.pick(
            format!("Het bericht aan {people} staat klaar en is nog niet verstuurd."),
            format!("The message to {people} is ready and has not been sent yet."),
        )
    }

    pub(crate) fn case_told_given_up(self, people: usize) -> String {
        let people = self.who_must_act(people);
        self.pick(
            format!(
                "Het bericht aan {people} kon niet worden bezorgd. Op de pagina Verzonden en onderweg staat waarom."
            ),
            format!("The message to {people} could not be delivered. The page Sent and on its way says why."),
        )
    }

    fn who_must_act(self, people: usize) -> String {
        match people {
            1 => self.pick("1 persoon die moet handelen", "1 person who must act").to_owned(),
            _ => self.pick(format!("{people} mensen die moeten handelen"), format!("{people} people who must act")),
        }
    }

    pub(crate) fn findings_span(self, key: &str) -> &'static str {
        match key {
            "dag" => self.pick("24 uur", "24 hours"),
            "week" => self.pick("7 dagen", "7 days"),
            _ => self.pick("Alles", "Everything"),
        }
    }

    pub(crate) fn findings_count(self, cases: usize, detections: usize) -> String {
        let cases = match cases {
            1 => self.pick("1 zaak", "1 case").to_owned(),
            _ => self.pick(format!("{cases} zaken"), format!("{cases} cases")),
        };
        let detections = match detections {
            1 => self.pick("1 detectie", "1 detection").to_owned(),
            _ => self.pick(format!("{detections} detecties"), format!("{detections} detections")),
        };
        format!("{cases}, {detections}.")
    }

    pub(crate) fn findings_hidden(self, cases: usize, detections: usize) -> String {
        let count = self.findings_count(cases, detections);
        self.pick(format!("Verborgen: {count}"), format!("Hidden: {count}"))
    }

    /// The same, where not everything was looked at.
    pub(crate) fn findings_hidden_here(self, cases: usize, detections: usize) -> String {
        let count = self.findings_count(cases, detections);
        self.pick(format!("Van dit deel is verborgen: {count}"), format!("Of this part is hidden: {count}"))
    }

    /// That the rule opens no more incidents for now.
    pub(crate) fn rule_held_back(self) -> String {
        let [(_, hour), (_, day)] = app::MOST_OPENED;
        self.pick(
            format!(
                "De regel die vanzelf incidenten opent, houdt hier zaken tegen: hij opent per sensor ten hoogste {hour} incidenten per uur en {day} per dag. Er is niets weg: wat in geen incident staat en nu aandacht vraagt, staat bovenaan, en u opent zelf wat nodig is. Zoveel tegelijk kan een uitbraak zijn, of een sensor die niet te vertrouwen is."
            ),
            format!(
                "The rule that opens incidents by itself holds cases back here: it opens at most {hour} incidents an hour for a sensor, and {day} a day. Nothing is lost: what is in no incident and needs attention now stands on top, and you open what is needed yourself. So much at once can be an outbreak, or a sensor that is not to be trusted."
            ),
        )
    }

    /// What is known of a host beside its name.
    pub(crate) fn host_facts(self, host: &Host) -> Vec<(&'static str, String)> {
        let facts = [
            (self.pick("Adres", "Address"), Some(host.ip.to_string())),
            (self.pick("Naam", "Name"), host.name.clone()),
            (self.pick("MAC-adres", "MAC address"), host.mac.clone()),
            (self.pick("Maker", "Maker"), host.maker.clone()),
            (
                self.pick("Soort apparaat", "Kind of device"),
                host.kind.as_deref().map(|kind| self.device(kind).to_owned()),
            ),
        ];
        facts
            .into_iter()
            .filter_map(|(name, value)| value.filter(|value| !value.is_empty()).map(|value| (name, value)))
            .collect()
    }

    fn device(self, kind: &str) -> &str {
        match kind {
            "printer" => "printer",
            "phone" => self.pick("telefoon", "phone"),
            "camera" => "camera",
            "nas" => "NAS",
            "workstation" => self.pick("werkplek", "workstation"),
            "server" => "server",
            "router" => "router",
            "tv" => self.pick("televisie", "television"),
            other => other,
        }
    }

    /// So many detections of a case are not here.
    pub(crate) fn case_missing(self, count: usize) -> String {
        match count {
            1 => self
                .pick(
                    "Er hoort nog één detectie bij, die hier niet (meer) staat.",
                    "One more detection belongs to it, which does not stand here (any more).",
                )
                .to_owned(),
            _ => self.pick(
                format!("Nog {count} andere detecties horen erbij, maar staan hier niet (meer)."),
                format!("{count} more detections belong to it, but do not stand here (any more)."),
            ),
        }
    }

    /// So many moments of a picture, of how many there were; `every`: of each so many one was taken.
    pub(crate) fn picture_moments(self, shown: &str, in_all: &str, every: Option<u64>) -> String {
        let thinned = every.map(|every| self.pick(format!(" (1 op de {every})"), format!(" (1 in {every})")));
        let thinned = thinned.unwrap_or_default();
        if in_all == "1" {
            return "1 moment".to_owned();
        }
        if shown == in_all {
            return self.pick(format!("{shown} momenten"), format!("{shown} moments"));
        }
        self.pick(
            format!("{shown} van de {in_all} momenten{thinned}"),
            format!("{shown} of the {in_all} moments{thinned}"),
        )
    }

    /// `moments`: as [`Words::picture_moments`] says them.
    pub(crate) fn picture_dots(self, moments: &str, days: i64) -> String {
        let days = match days {
            ..=1 => self.pick("1 dag", "1 day").to_owned(),
            _ => self.pick(format!("{days} dagen"), format!("{days} days")),
        };
        self.pick(
            format!("{moments} uit {days} op één dag gelegd: het uur van links naar rechts, de minuut van onder naar boven. Een programma geeft rijen of kolommen, een mens losse stippen."),
            format!("{moments} from {days} laid on one day: the hour from left to right, the minute upwards. A program gives rows or columns, a person scattered dots."),
        )
    }

    pub(crate) fn picture_bars(self, total: &str, most: &str, peak: &str) -> String {
        self.pick(
            format!("Samen {total}; het meeste in één uur: {most}, vanaf {peak}."),
            format!("{total} in all; the most in one hour: {most}, from {peak}."),
        )
    }
}

words! {
    findings_heading = "Bevindingen", "Findings";
    findings_lead = "Eerst de zaken: wat bij elkaar hoort op één apparaat. Daaronder elke detectie apart.", "The cases first: what belongs together on one host. Below them each detection by itself.";
    findings_since = "Kijk terug", "Look back";
    findings_none = "Niets gevonden in deze tijd.", "Nothing found in this time.";
    findings_none_teach = "Een gewoon netwerk is stil. Kijk bij Sensoren of ze allemaal gehoord worden.", "An ordinary network is silent. Look at Sensors whether all of them are heard.";
    findings_show_hidden = "Laat zien wat verborgen is", "Show what is hidden";
    findings_hidden_heading = "Verborgen door uitzonderingen", "Hidden by exceptions";
    findings_cut = "Er zijn er meer dan op dit blad staan. Wat nu aandacht vraagt en in geen incident staat, komt eerst; dan het nieuwste.", "There are more than stand on this page. What needs attention now and is in no incident comes first; then the newest.";
    findings_older = "Verder terug", "Further back";
    findings_first = "Naar het begin", "To the beginning";
    findings_pages = "Bladen", "Pages";
    findings_page_empty = "Op dit blad staat niets meer.", "Nothing more stands on this page.";
    cases_and_more = "En nog meer.", "And more.";
    cases_heading = "Zaken", "Cases";
    cases_caption = "De zaken: eerst wat aandacht vraagt en in geen incident staat, dan de nieuwste", "The cases: first what needs attention and is in no incident, then the newest";
    detections_heading = "Detecties", "Detections";
    detections_caption = "De detecties, de nieuwste bovenaan", "The detections, the newest on top";
    finding_what = "Wat", "What";
    finding_severity = "Ernst", "Severity";
    finding_host = "Apparaat", "Host";
    finding_remote = "Andere kant", "Other side";
    finding_last = "Laatst gezien", "Last seen";
    finding_received(when: &str) = "hier binnengekomen {when}", "came in here {when}";
    in_incident(number: u64) = "In incident {number}", "In incident {number}";
    case_heading = "Zaak", "Case";
    case_told_covered = "Uitzonderingen dekken alles in deze zaak: er gaat geen bericht over uit, en zij telt niet mee in het weekoverzicht.", "Exceptions cover everything in this case: nobody is told of it, and it does not count in the weekly digest.";
    case_told_covered_since = "Uitzonderingen dekken nu alles in deze zaak: er komt geen nieuw bericht over, wat klaarstaat gaat nog uit, en zij telt niet mee in het weekoverzicht.", "Exceptions now cover everything in this case: no new message is made about it, what is ready still goes, and it does not count in the weekly digest.";
    case_told_nobody = "Hierover gaat geen bericht uit: niemand heeft hier een rol waarin hij zulke berichten krijgt.", "Nobody is told of this: nobody has a role here in which they get such messages.";
    case_told_not = "Hierover is geen bericht gemaakt. Toen het binnenkwam dekten uitzonderingen alles, had niemand een rol waarin hij zulke berichten krijgt, of gingen er dat uur al te veel aparte berichten uit.", "No message was made about this. When it came in, exceptions covered everything, nobody had a role in which they get such messages, or too many separate messages had gone out within the hour.";
    case_of = "Hoort bij", "Belongs to";
    case_hidden_from = "Verborgen uit", "Hidden from";
    case_detections = "De detecties van deze zaak, de ernstigste bovenaan", "The detections of this case, the worst on top";
    case_has_more = "Daarna zag de sensor meer. Dat staat nog niet in het incident.", "After that the sensor saw more. That is not in the incident yet.";
    case_after = "Dat incident is gesloten, of het was een vals alarm. Wat de sensor daarna zag, hoort er niet bij.", "That incident was closed, or it was a false alarm. What the sensor saw after that is no part of it.";
    add_to_incident(number: u64) = "Voeg het nieuwe toe aan incident {number}", "Add what is new to incident {number}";
    add_to_incident_why = "Wat er bij kwam komt met cijfers en tijd bij het bewijs. Wat er al stond, blijft zoals het is.", "What is new goes to the evidence, with its figures and when it was seen. What stands there stays as it is.";
    open_another_incident = "Open een nieuw incident", "Open a new incident";
    case_covered_why = "De ernst en wat er te zien was, hierboven, rekenen dit niet mee; in een incident dat u nu opent, komt het niet.", "The severity and what was seen, above, leave this out; it does not go into an incident that you open now.";
    case_covered = "Valt onder een uitzondering", "Covered by an exception";
    open_incident = "Open een incident", "Open an incident";
    open_incident_why = "Alles wat hierbij hoort komt als bewijs in het incident, met wanneer het werd gezien. Er loopt nog geen klok: eerst kijkt iemand na of het klopt.", "All that belongs to this goes into the incident as evidence, with when it was seen. No clock runs yet: first somebody checks whether it is so.";
    to_incident = "Ga naar het incident", "Go to the incident";
    detection_seen = "Wat er te zien was", "What was seen";
    detection_why_heading = "Waarom het ertoe doet", "Why it matters";
    detection_do_heading = "Wat u doet", "What to do";
    detection_figures = "De cijfers", "The figures";
    detection_first = "Voor het eerst", "First seen";
    detection_last = "Voor het laatst", "Last seen";
    detection_names = "Namen die zijn opgevraagd (voorbeelden)", "Names that were asked for (examples)";
    detection_dots = "Op een dag gelegd", "Laid on a day";
    detection_dots_table = "Dezelfde momenten als tabel", "The same moments as a table";
    detection_dots_day = "Dag", "Day";
    detection_dots_time = "Tijd", "Time";
    detection_hours = "Verstuurd per uur", "Sent by hour";
    detection_attack = "Techniek volgens MITRE ATT&CK", "Technique by MITRE ATT&CK";
    detection_unknown_technique = "naam hier niet bekend", "name not known here";
    except_heading = "Is dit hier gewoon?", "Is this ordinary here?";
    except_do = "Dit is hier gewoon", "This is ordinary here";
    except_why = "Maakt een uitzondering voor dit apparaat en deze andere kant; u ziet haar eerst nog.", "Makes an exception for this host and this other side; you see it first.";
    except_why_kind = "Maakt een uitzondering voor dit apparaat en deze soort, waar het ook heen gaat: de andere kant is hier telkens een andere. U ziet haar eerst nog.", "Makes an exception for this host and this kind, wherever it goes: here the other side is another one each time. You see it first.";
    except_case_place = "Maakt één uitzondering voor alle detecties van deze zaak: dit apparaat met de bestemming die zij delen. U ziet haar eerst nog.", "Makes one exception for all detections of this case: this host with the destination that they share. You see it first.";
    except_case_kind = "Maakt één uitzondering voor alle detecties van deze zaak: dit apparaat en deze soort, waar het ook heen gaat. U ziet haar eerst nog.", "Makes one exception for all detections of this case: this host and this kind, wherever it goes. You see it first.";
    except_case_host = "Deze detecties delen alleen het apparaat. Eén uitzondering voor allemaal verbergt alles van dit apparaat, ook als het later besmet raakt: maak er liever een per detectie. U ziet haar eerst nog.", "These detections share the host alone. One exception for all of them hides everything of this host, also when it is infected later: better make one for each detection. You see it first.";
    exception_covers(author: &str, reason: &str) = "{author} zei dat dit hier gewoon is: {reason}", "{author} said that this is ordinary here: {reason}";
    unit_seconds = "seconden", "seconds";
    unit_minutes = "minuten", "minutes";
    unit_hours = "uur", "hours";
    unit_point = "punt", "point";
    unit_points = "punten", "points";
}

#[cfg(test)]
mod tests {
    use facts::Language;
    use incident::Urgency;

    use super::*;

    #[test]
    fn how_grave_it_is_has_one_word_at_the_sensor_and_in_the_incident() {
        for urgency in Urgency::ALL {
            let severity: Severity = serde_json::from_value(urgency.key().into()).unwrap();
            for language in [Language::Dutch, Language::English] {
                let name = urgency.name();
                assert_eq!(Words(language).severity(severity), name.in_language(language), "{urgency:?}");
            }
        }
    }
}
