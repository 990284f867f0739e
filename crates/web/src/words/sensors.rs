//! Sensors: the list, enrolling, one sensor, settings, the staff, the overview.

use app::SensorSettings;
use contract::sensor::{Exception, SourceFault, SourceKind, SourceState};
use facts::{Language, Text};
use jiff::civil::Date;

use crate::view::sensor::grouped;
use crate::words::{DAY, DAYS, Words, words};

impl Words {
    /// What a form said that was saved just now, by its name in the address.
    pub(crate) fn sensors_saved(self, form: &str) -> Option<&'static str> {
        Some(match form {
            "naam" => self.pick("De naam is bewaard.", "The name was saved."),
            "verwijderd" => self.pick(
                "De sensor is verwijderd. Wat hij zag blijft staan tot de bewaartermijn om is.",
                "The sensor was removed. What it saw stays until its term ends.",
            ),
            "uitzondering" => self.pick(
                "De uitzondering geldt, ook voor wat er al was. Op de pagina Bevindingen staat hoeveel zij verbergt.",
                "The exception holds, also for what was there already. The page Findings says how much it hides.",
            ),
            "teruggenomen" => self.pick(
                "De uitzondering is teruggenomen. Wat zij verborg, is weer te zien.",
                "The exception was taken back. What it hid is shown again.",
            ),
            "overgenomen" => self.pick(
                "De gekozen voorstellen zijn nu uitzonderingen, op uw naam.",
                "The proposals that you chose are exceptions now, in your name.",
            ),
            "geweigerd" => self.pick(
                "De gekozen voorstellen zijn geweigerd en komen niet terug.",
                "The proposals that you chose were refused and do not come back.",
            ),
            "ingetrokken" => self.pick(
                "De code is ingetrokken. Er kan zich geen sensor meer mee aanmelden.",
                "The token was withdrawn. No sensor can enrol with it any more.",
            ),
            "leert" => self.pick("De leerweek is opnieuw begonnen.", "The learning week has begun again."),
            _ => return None,
        })
    }

    pub(crate) fn sensor_source(self, one: &SourceState) -> String {
        let source = app::source_in_words(one.kind, &one.name).in_language(self.0).to_owned();
        // A capture was read to its end.
        if one.up || one.kind == SourceKind::File {
            source
        } else {
            self.pick(format!("{source}: weg"), format!("{source}: gone"))
        }
    }

    /// Why a source gives nothing, and what to do.
    pub(crate) fn source_fault(self, fault: SourceFault) -> &'static str {
        match fault {
            SourceFault::Absent => self.pick(
                "Dit bestand of deze map is er niet. Klopt het pad, en schrijft het andere programma een logboek?",
                "This file or folder is not there. Is the path right, and does the other program write a log?",
            ),
            SourceFault::NotAllowed => self.pick(
                "De sensor mag dit niet lezen. Geef de gebruiker waaronder hij draait leesrecht op bestand en map.",
                "The sensor may not read this. Give the user that it runs as the right to read file and folder.",
            ),
            SourceFault::Unreadable => self.pick(
                "Dit is nu niet te lezen. Waarom staat in het logboek van de sensor zelf.",
                "This cannot be read now. Why stands in the sensor’s own log.",
            ),
        }
    }

    /// A number with what it counts, as [`Words::counted`] says it, its thousands apart.
    fn many(self, count: u64, one: Text, more: Text) -> String {
        let noun = if count == 1 { one } else { more };
        format!("{} {}", grouped(count, self), noun.in_language(self.0))
    }

    pub(crate) fn source_packets(self, count: u64) -> String {
        self.many(count, Text::new("pakket", "packet"), Text::new("pakketten", "packets"))
    }

    pub(crate) fn source_lines(self, count: u64) -> String {
        self.many(count, Text::new("regel", "line"), Text::new("regels", "lines"))
    }

    pub(crate) fn source_flows(self, count: u64) -> String {
        self.many(count, Text::new("verbinding", "connection"), Text::new("verbindingen", "connections"))
    }

    pub(crate) fn source_clock_counts(self, records: u64) -> String {
        let records = self.many(records, Text::new("record", "record"), Text::new("records", "records"));
        self.pick(
            format!("Voor {records} telt daarom het moment van ontvangst."),
            format!("For {records} the moment of receipt counts instead."),
        )
    }

    /// How long a threat list is.
    pub(crate) fn list_entries(self, entries: u64) -> String {
        self.many(entries, Text::new("regel", "entry"), Text::new("regels", "entries"))
    }

    /// Why so many lines of a firewall are not used. A reason of a newer sensor is told by its own word.
    pub(crate) fn source_unused_why(self, why: &str, lines: &str) -> String {
        let why = match why {
            "knocking" => self.pick("van buiten tegengehouden", "turned away from outside"),
            "elsewhere" => self.pick("zonder eigen adres", "without an address of yours"),
            "translated" => self.pick(
                "met het adres van de firewall zelf: laat ook de regel op de binnenkant loggen",
                "with the firewall's own address: have the rule on the inside log as well",
            ),
            "told_before" => self.pick("al verteld bij binnenkomst", "told already on the way in"),
            "midway" => self.pick("midden in een verbinding", "in the middle of a connection"),
            "unfinished" => {
                self.pick("van een begin, dat het einde nog eens vertelt", "of a beginning, which the end tells again")
            }
            other => other,
        };
        format!("{lines} {why}")
    }

    /// `share`: in per cent; empty where nothing passed yet.
    pub(crate) fn sensor_drops(self, drops: &str, share: &str) -> String {
        if share.is_empty() {
            return drops.to_owned();
        }
        let share = self.pick(share.replace('.', ","), share.to_owned());
        format!("{drops} ({share} %)")
    }

    pub(crate) fn sensor_lines_let_go(self, count: u64, figure: &str) -> String {
        match count {
            1 => self.pick("1 regel losgelaten", "1 line let go").to_owned(),
            _ => self.pick(format!("{figure} regels losgelaten"), format!("{figure} lines let go")),
        }
    }

    pub(crate) fn sensor_list(self, entries: u64, fetched: Option<&str>) -> String {
        match fetched {
            Some(at) => self.list_there(&self.list_entries(entries), at),
            None => self.list_entries(entries),
        }
    }

    pub(crate) fn hosts_count(self, hosts: usize) -> String {
        match hosts {
            1 => self.pick("1 apparaat", "1 host").to_owned(),
            _ => self.pick(format!("{hosts} apparaten"), format!("{hosts} hosts")),
        }
    }

    /// How many hosts stand in the table, of how many that spoke with somebody outside, and of how many that the sensor saw.
    /// Nothing where that is all the same.
    pub(crate) fn hosts_of_all(self, listed: usize, told: usize, seen: u64, is_cut: bool) -> Option<String> {
        let is_more_seen = seen > told as u64;
        if listed == told && !is_more_seen {
            return None;
        }
        let hosts = self.hosts_count(told);
        let mut text = self.pick(
            format!("In de getelde uren spraken met iemand buiten uw netwerk: {hosts}."),
            format!("In the hours that were counted there spoke with somebody outside your network: {hosts}."),
        );
        if listed < told {
            text.push_str(&self.pick(
                format!(" Hier staan de {listed} die het meest verstuurden."),
                format!(" Here stand the {listed} that sent most."),
            ));
        }
        if is_more_seen {
            text.push_str(&self.pick(
                format!(" Sinds zijn start zag de sensor er {seen}; de rest sprak in die uren met niemand buiten"),
                format!(" Since its start the sensor saw {seen}; the rest spoke with nobody outside in those hours"),
            ));
            if is_cut {
                text.push_str(self.pick(
                    ", of bleef onder de vijftig grootste stromen van elk uur",
                    ", or stayed below the fifty largest flows of each hour",
                ));
            }
            text.push('.');
        }
        Some(text)
    }

    /// A day without a time.
    pub(crate) fn date(self, day: Date) -> String {
        documents::date_in_words(day, self.0)
    }

    pub(crate) fn staff_standing(self, informed_on: Option<&str>) -> String {
        match informed_on {
            Some(day) => self.pick(
                format!("Het personeel is ingelicht op {day}. Sensoren mogen in onversleuteld verkeer zoeken naar wachtwoorden en persoonsgegevens."),
                format!("The staff was told on {day}. Sensors may look in unencrypted traffic for passwords and personal data."),
            ),
            None => self
                .pick(
                    "Niet vastgelegd dat het personeel is ingelicht. Sensoren kijken daarom niet in de inhoud van verkeer.",
                    "Not recorded that the staff was told. So sensors do not look into the content of traffic.",
                )
                .to_owned(),
        }
    }

    pub(crate) fn staff_notice(self, at: &str, by: &str, informed_on: Option<&str>) -> String {
        match informed_on {
            Some(day) => self.pick(
                format!("{by} legde op {at} vast: ingelicht op {day}."),
                format!("{by} recorded on {at}: told on {day}."),
            ),
            None => self.pick(format!("{by} nam het terug op {at}."), format!("{by} took it back on {at}.")),
        }
    }

    pub(crate) fn sensor_settings_change(self, at: &str, one: &SensorSettings) -> String {
        let rule = one.opens.name();
        let SensorSettings { set_by, silent_minutes, detection_days, traffic_days, metadata_days, .. } = one;
        let days = |count: u32| self.counted(count.into(), DAY, DAYS);
        let (detection_days, traffic_days) = (days(*detection_days), days(*traffic_days));
        let metadata_days = days((*metadata_days).into());
        match self.0 {
            Language::Dutch => format!(
                "{at}, {set_by}: incident openen: {}; melden na {silent_minutes} minuten stilte; detecties {detection_days}, tellingen {traffic_days}, metadata op de sensor {metadata_days}.",
                rule.nl
            ),
            Language::English => format!(
                "{at}, {set_by}: opening an incident: {}; told after {silent_minutes} minutes of silence; detections {detection_days}, counts {traffic_days}, metadata on the sensor {metadata_days}.",
                rule.en
            ),
        }
    }

    /// Why an exception was made: what the program itself said in the reader's language, what a person wrote as they did.
    pub(crate) fn reason_of(self, exception: &Exception) -> &str {
        let Exception { reason, reason_en, .. } = exception;
        self.pick(reason, reason_en.as_ref().unwrap_or(reason))
    }

    /// For what an exception holds.
    pub(crate) fn exception_of(self, exception: &Exception) -> String {
        let Exception { kind, host, domain, network, .. } = exception;
        let parts = [
            kind.map(|kind| self.detection_kind(kind).to_owned()),
            host.map(|host| self.pick(format!("apparaat {host}"), format!("host {host}"))),
            domain.as_ref().map(|name| self.pick(format!("naar {name}"), format!("to {name}"))),
            network.map(|range| self.pick(format!("naar {range}"), format!("to {range}"))),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
}

words! {
    nav_sensors = "Sensoren", "Sensors";
    sensors_heading = "Sensoren", "Sensors";
    sensors_caption = "De sensoren, wat het langst zwijgt bovenaan", "The sensors, the silent ones on top";
    sensor = "Sensor", "Sensor";
    addresses_count(count: &str) = "{count} adressen", "{count} addresses";
    sensor_state = "Toestand", "State";
    sensor_sources = "Kijkt naar", "Watches";
    sensor_packets = "Pakketten sinds de start", "Packets since the start";
    sensor_lost = "Gemist", "Lost";
    sensor_hosts = "Apparaten", "Hosts";
    sensor_version = "versie", "version";
    sensor_program = "Versie van het programma", "Version of the program";
    sensor_removed = "Verwijderd", "Removed";
    sensor_silent_since(when: &str) = "Niet gehoord sinds {when}", "Not heard since {when}";
    sensor_clock_ahead = "Klok loopt voor: wat vooruitligt wordt niet aangenomen", "Clock is ahead: what lies ahead is not taken";
    sensor_clock_ahead_why(at: &str, said: &str) = "De klok van deze sensor staat niet goed: wat op {at} binnenkwam, zei dat het {said} is. Wat meer dan een dag vooruit ligt, neemt de server niet aan.", "The clock of this sensor is off: what came in on {at} said that it is {said}. What lies more than a day ahead the server does not take.";
    sensor_clock_ahead_do = "Zet de klok van het apparaat gelijk, en laat hem door een tijdserver gelijk houden. Wat geweigerd is, staat op de sensor in de map refused van zijn spool en wordt niet opnieuw gestuurd.", "Set the clock of the device, and have a time server keep it right. What was refused stands on the sensor in the folder refused of its spool, and is not sent again.";
    sensor_waits = "Aangemeld, nog niets gehoord", "Enrolled, not heard yet";
    sensor_well = "Kijkt mee", "Watching";
    sensor_replayed = "Opname, afgespeeld", "Capture, replayed";
    sensor_started = "Draait sinds", "Running since";
    sensor_malformed = "Onleesbare pakketten", "Malformed packets";
    sensor_copies = "Pakketten die de spiegelpoort dubbel gaf, hier eenmaal geteld", "Packets that the mirror port gave twice, counted once here";
    sensor_dropped = "Losgelaten omdat een tabel vol was", "Let go because a table was full";
    sensor_let_go = "Regels losgelaten omdat er op de sensor geen plaats was om te wachten", "Lines let go because there was no room to wait on the sensor";
    sensor_spooled = "Regels die nog verstuurd moeten worden", "Lines still to be sent";
    sensor_disk = "Schijf van de sensor", "The sensor's disk";
    sensor_disk_full = "Vol: maak er ruimte op. Wat er gevonden wordt, staat alleen in het geheugen tot de server het heeft.", "Full: make room on it. What is found is in memory alone until the server has it.";
    sensor_disk_unwritable = "Niet te schrijven: kijk of de map van de sensor er is en van wie hij is. Wat er gevonden wordt, staat alleen in het geheugen tot de server het heeft.", "Cannot be written: see whether the sensor's folder is there, and whose it is. What is found is in memory alone until the server has it.";
    sensor_content = "Kijkt in de inhoud", "Looks into content";
    sensor_lists = "Dreigingslijsten", "Threat lists";
    sensor_no_lists = "Deze sensor gebruikt geen dreigingslijsten. Zonder lijst vindt hij gedrag, geen bekende adressen.", "This sensor uses no threat lists. Without a list it finds behaviour, not known addresses.";
    sensor_enrolled(when: &str, by: &str) = "Aangemeld op {when}, met een code van {by}.", "Enrolled on {when}, with a token of {by}.";
    sensors_none = "Nog geen sensor.", "No sensor yet.";
    sensors_none_left = "Nu geen sensor. Wat er eerder te zien was, staat hieronder.", "No sensor now. What was seen before stands below.";
    sensors_none_what = "Een sensor is een klein apparaat of programma op uw netwerk dat ziet of een computer met een aanvaller praat of ongewoon veel naar buiten stuurt. Hij stuurt zelf niets het netwerk op dat hij bekijkt, en bewaart geen inhoud.", "A sensor is a small device or program on your network that sees whether a computer talks to an attacker or sends unusually much out. It sends nothing on the network that it watches, and keeps no content.";
    sensors_none_need = "Wat u nodig hebt: één van deze bronnen", "What you need: one of these sources";
    source_unread(count: &str) = "{count} niet te lezen", "{count} not readable";
    source_drops(count: &str) = "{count} losgelaten door het systeem, omdat de sensor het niet bijhield", "{count} dropped by the system, because the sensor could not keep up";
    source_unused(count: &str, why: &str) = "{count} niet gebruikt ({why})", "{count} not used ({why})";
    source_strangers(count: &str) = "{count} van afzenders die niet mogen zenden", "{count} from senders that may not send";
    source_clock_off(exporter: &str, said: &str) = "De klok van {exporter} wijkt een dag of meer af: hij zei dat het {said} is.", "The clock of {exporter} is a day or more off: it said that it is {said}.";
    source_clock_still(exporter: &str, said: &str) = "De klok van {exporter} staat stil op {said}.", "The clock of {exporter} stands still at {said}.";
    source_clock_records(exporter: &str) = "{exporter} zegt van verbindingen niet wanneer ze waren.", "{exporter} does not say when connections were.";
    source_clock_records_said(exporter: &str, said: &str) = "{exporter} zegt van verbindingen dat ze op een onmogelijk moment waren, zoals {said}.", "{exporter} says that connections were at a moment that cannot be, such as {said}.";
    source_clock_do = "Stel op dat apparaat een tijdserver (NTP) in.", "Set a time server (NTP) on that device.";
    source_clock_records_do = "Stel op dat apparaat een tijdserver (NTP) in, en laat het begin en einde van verbindingen meesturen: een vast ritme is anders niet te vinden.", "Set a time server (NTP) on that device, and have it send when connections begin and end: a steady rhythm cannot be found otherwise.";
    source_heard(when: &str) = "laatst iets ontvangen {when}", "last received something {when}";
    source_silent = "nog niets ontvangen", "nothing received yet";
    source_blind = "Wat deze bron niet ziet", "What this source does not see";
    source_not = "Niet", "Not";
    source_partly = "Deels", "In part";
    source_unknown_yet = "Wat deze bron laat zien, hangt af van wat hij stuurt. Er kwam nog niets dat hier gelezen wordt.", "What this source shows depends on what it sends. Nothing came yet that is read here.";
    source_mirror = "Spiegelpoort op de switch", "Mirror port on the switch";
    source_mirror_blind = "Ziet alles wat langs die poort komt. Niet: verkeer tussen twee computers op een andere switch, en de inhoud van versleuteld verkeer.", "Sees everything that passes that port. Not: traffic between two computers on another switch, nor the content of encrypted traffic.";
    source_netflow = "NetFlow of IPFIX van de router", "NetFlow or IPFIX from the router";
    source_netflow_blind = "Ziet wie met wie, wanneer en hoeveel. Niet: namen, wachtwoorden die leesbaar overgaan, certificaten. Een baken over 443 wordt als laag gemeld, voor het overzicht en niet als zaak, tenzij er een DNS-logboek of een indicator naast staat.", "Sees who with whom, when and how much. Not: names, passwords that cross readable, certificates. A beacon over 443 is told as low, for the overview and not as a case, unless a DNS log or an indicator stands beside it.";
    source_dns = "DNS-logboek (Pi-hole, dnsmasq, Unbound, AdGuard Home)", "DNS log (Pi-hole, dnsmasq, Unbound, AdGuard Home)";
    source_dns_blind = "Ziet welke namen gevraagd worden. Niet: hoeveel er daarna naartoe gaat, en verkeer zonder DNS of met DNS over HTTPS.", "Sees which names are asked for. Not: how much goes there afterwards, nor traffic without DNS or with DNS over HTTPS.";
    source_firewall = "Firewall-syslog (FortiGate, UniFi, Sophos, pfSense, OPNsense)", "Firewall syslog (FortiGate, UniFi, Sophos, pfSense, OPNsense)";
    source_firewall_blind = "Ziet wat de firewall opschrijft, vaak alleen wat hij tegenhoudt. Niet: wat hij doorlaat zonder het te noteren. Een baken over 443 wordt hooguit als laag gemeld, voor het overzicht en niet als zaak, tenzij er een DNS-logboek of een indicator naast staat.", "Sees what the firewall writes down, often only what it blocks. Not: what it lets through without noting it. A beacon over 443 is told as low at most, for the overview and not as a case, unless a DNS log or an indicator stands beside it.";
    sensors_enrol = "Meld een sensor aan", "Enrol a sensor";
    sensors_enrol_ask = "Vraag uw beheerder of IT-bedrijf om een sensor aan te melden.", "Ask your administrator or IT provider to enrol a sensor.";
    sensors_cases = "Wat er deze week te zien was", "What was seen this week";
    sensors_cases_none = "Niets dat aandacht vraagt. Een gewoon netwerk is stil.", "Nothing that needs attention. An ordinary network is silent.";
    sensors_go_findings = "Alle bevindingen", "All findings";
    sensors_go_exceptions = "Uitzonderingen", "Exceptions";
    sensors_go_settings = "Instellingen van de sensoren", "Settings of the sensors";
    sensors_go_privacy = "Privacyblad", "Privacy sheet";
    sensors_go_staff = "Personeel ingelicht", "Staff informed";
    sensors_back = "Terug naar Sensoren", "Back to Sensors";
    enrol_heading = "Sensor aanmelden", "Enrol a sensor";
    enrol_lead = "U maakt hier een code. Daarmee meldt één sensor zich aan, binnen 24 uur.", "You make a token here. One sensor enrols with it, within 24 hours.";
    enrol_name = "Naam van de sensor", "Name of the sensor";
    enrol_name_hint = "Waar hij staat, zoals kantoor-breda. Leeg: de naam die hij zelf opgeeft.", "Where it stands, such as office-breda. Empty: the name that it gives itself.";
    enrol_make = "Maak een code", "Make a token";
    enrol_made = "De code is gemaakt. U ziet hem alleen nu.", "The token was made. You see it only now.";
    enrol_until(when: &str) = "Hij werkt één keer, tot {when}.", "It works once, until {when}.";
    enrol_before = "0. Zet één keer het programma en de unit op het apparaat", "0. Put the program and the unit on the device, once";
    enrol_before_where = "Het programma is hetzelfde bestand als dat waarmee deze server draait, voor dezelfde soort processor (anders: cargo build --release op zo’n apparaat). De unit staat in de broncode: packaging/dijkwacht-sensor.service. Kopieer beide naar het apparaat, en geef daar in die map:", "The program is the same file that this server runs, for the same kind of processor (else: cargo build --release on such a device). The unit stands in the source: packaging/dijkwacht-sensor.service. Copy both to the device, and there, in that folder, run:";
    enrol_here(server: &str) = "Het adres van deze server ({server}) werkt alleen op deze machine. Komt de sensor op een ander apparaat, start de server dan eerst met --base-url https://… en maak daarna pas een code.", "The address of this server ({server}) works on this machine alone. If the sensor goes on another device, start the server with --base-url https://… first, and make a token only then.";
    enrol_plain(server: &str) = "Het adres van deze server ({server}) heeft geen TLS: iedereen onderweg kan lezen wat de sensor meldt, en zijn geheim. De commando’s die u krijgt, zeggen met --allow-plain-http dat dat mag. Gebruik ze alleen als de weg tussen sensor en server van u is; beter is een server met --base-url https://….", "The address of this server ({server}) has no TLS: everybody on the way can read what the sensor reports, and its secret. The commands that you get say with --allow-plain-http that this is allowed. Use them only where the way between sensor and server is yours; better is a server with --base-url https://….";
    tokens_heading = "Codes die nog niet gebruikt zijn", "Tokens that were not used yet";
    tokens_caption = "Met elke code kan nog één sensor zich aanmelden; de code zelf is niet meer te zien", "With each token one sensor can enrol still; the token itself is not shown again";
    tokens_nameless = "zonder naam", "without a name";
    tokens_withdraw = "Trek in", "Withdraw";
    tokens_gone = "Deze code werkt al niet meer: een sensor heeft zich ermee aangemeld, of iemand heeft hem ingetrokken.", "This token does not work any more: a sensor enrolled with it, or somebody withdrew it.";
    enrol_settings = "1. Zet dit op het apparaat klaar, met in plaats van eth1 de poort waar het gespiegelde verkeer binnenkomt", "1. Put this in place on the device, with the port on which the mirrored traffic comes in instead of eth1";
    enrol_source = "Waar kijkt hij naar?", "What does it watch?";
    enrol_source_hint = "Geen spiegelpoort? De meeste kleine kantoren hebben er geen: kies wat uw router, DNS-server of firewall kan vertellen. Later mogen er bronnen bij.", "No mirror port? Most small offices have none: choose what your router, DNS server or firewall can tell. Sources may be added later.";
    enrol_source_choose = "Kies een van deze bronnen. Er is nog geen code gemaakt.", "Choose one of these sources. No token was made yet.";
    enrol_settings_netflow = "1. Zet dit op het apparaat klaar, en laat de router NetFlow of IPFIX sturen naar UDP-poort 2055 van dit apparaat", "1. Put this in place on the device, and have the router send NetFlow or IPFIX to UDP port 2055 of this device";
    enrol_settings_dns = "1. Zet dit op het apparaat met de DNS-server klaar, met het pad van zijn eigen logboek", "1. Put this in place on the device with the DNS server, with the path of its own log";
    enrol_settings_firewall = "1. Zet dit op het apparaat klaar, en laat de firewall syslog sturen naar poort 5514 van dit apparaat", "1. Put this in place on the device, and have the firewall send syslog to port 5514 of this device";
    enrol_settings_more = "Meer bronnen mogen achter elkaar in DIJKWACHT_SENSOR_OPTIONS. Een logboek moet de service mogen lezen (SupplementaryGroups in de unit). Hoe u router, DNS-server en firewall instelt, staat in docs/sensor-sources.md.", "Several sources may follow each other in DIJKWACHT_SENSOR_OPTIONS. A log must be readable for the service (SupplementaryGroups in the unit). How to set up router, DNS server and firewall stands in docs/sensor-sources.md.";
    enrol_settings_why = "Het schrijft /etc/dijkwacht/sensor.env, dat alleen root kan lezen; wat daar al stond, wordt vervangen.", "It writes /etc/dijkwacht/sensor.env, which root alone can read; what was there is replaced.";
    enrol_start = "2. Start de sensor, nu en telkens als het apparaat start", "2. Start the sensor, now and whenever the device starts";
    enrol_start_why = "Hij meldt zich bij die eerste start aan en bewaart zijn geheim in /var/lib/dijkwacht-sensor. Daarna mag de regel met DIJKWACHT_SENSOR_ENROL weg. Wat hij doet, toont journalctl -u dijkwacht-sensor.", "It enrols at that first start and keeps its secret in /var/lib/dijkwacht-sensor. After that the line with DIJKWACHT_SENSOR_ENROL may go. What it does, journalctl -u dijkwacht-sensor shows.";
    enrol_by_hand = "Zonder systemd, of om het eerst te proberen", "Without systemd, or to try it first";
    enrol_by_hand_why = "Als root; na het openen van de poort laat de sensor zijn rechten vallen. Stop hem voordat u stap 2 doet: de sensor gaat dan met hetzelfde geheim verder, en de code is niet meer nodig.", "As root; having opened the port, the sensor drops its rights. Stop it before you do step 2: the sensor then goes on with the same secret, and the token is not needed any more.";
    enrol_seen = "Anderen op dat apparaat kunnen de code in de lijst van programma’s zien staan zolang het commando loopt; daarom werkt hij maar één keer.", "Others on that device can see the token in the list of programs while the command runs; that is why it works only once.";
    enrol_then = "Binnen een minuut staat de sensor in de lijst.", "Within a minute the sensor stands in the list.";
    rename_heading = "Naam", "Name";
    rename_save = "Bewaar de naam", "Save the name";
    remove_heading = "Sensor verwijderen", "Remove the sensor";
    remove_why = "Hij kan dan niets meer melden tot hij opnieuw wordt aangemeld. Wat hij zag blijft staan tot de bewaartermijn om is.", "It can report nothing any more until it is enrolled again. What it saw stays until its term ends.";
    remove_sure = "Ik weet dat er van hem niets meer komt tot iemand hem op het apparaat zelf opnieuw aanmeldt", "I know that nothing comes from it any more until somebody enrols it again on the device itself";
    remove_sure_needed = "Vink aan dat u weet wat verwijderen doet. De sensor is er nog.", "Tick that you know what removing does. The sensor is still there.";
    remove_do = "Verwijder deze sensor", "Remove this sensor";
    one_removed = "Deze sensor is verwijderd. Hieronder staat wat hij eerder zag.", "This sensor was removed. Below stands what it saw before.";
    one_state = "Hoe het met hem gaat", "How it is";
    traffic_heading = "Wat er naar buiten ging", "What went out";
    traffic_day = "Laatste 24 uur", "Last 24 hours";
    traffic_week = "Laatste 7 dagen", "Last 7 days";
    traffic_none = "Nog geen tellingen. Een sensor stuurt na elk uur de vijftig grootste stromen van dat uur, en van elk apparaat de som van de rest.", "No counts yet. After each hour a sensor sends the fifty largest flows of that hour, and of each host the sum of the rest.";
    traffic_largest = "Van ten minste één uur zijn alleen de vijftig grootste stromen geteld: alle hoeveelheden hier zijn ondergrenzen. Een nieuwere versie van de sensor telt ook de rest.", "Of at least one hour only the fifty largest flows were counted: all amounts here are lower bounds. A newer version of the sensor counts the rest too.";
    at_least(amount: &str) = "ten minste {amount}", "at least {amount}";
    traffic_hour = "Uur", "Hour";
    traffic_sent = "Verstuurd", "Sent";
    traffic_got = "Ontvangen", "Received";
    traffic_table = "Dezelfde cijfers als tabel", "The same figures as a table";
    places_heading = "Per bestemming", "By destination";
    places_caption = "De grootste bestemmingen, naar verstuurde bytes", "The largest destinations, by bytes sent";
    place = "Bestemming", "Destination";
    place_unknown = "onbekend", "unknown";
    places_left = "Kleinere stromen, samen", "Smaller flows, together";
    places_left_why = "Kleinere stromen telt de sensor per apparaat bij elkaar op, zonder bestemming. Naar een bestemming die hier staat, kan dus iets meer zijn gegaan.", "Smaller flows the sensor adds up by host, without a destination. So somewhat more may have gone to a destination that stands here.";
    hosts_heading = "Apparaten", "Hosts";
    hosts_caption = "Apparaten op uw netwerk, wat het meest verstuurde bovenaan. Met wie elk apparaat sprak, staat hier met opzet niet; aan gelijke hoeveelheden is het soms toch te zien.", "Hosts on your network, the one that sent most on top. With whom each host spoke is left out on purpose; equal amounts may give it away all the same.";
    hosts_places = "Bestemmingen", "Destinations";
    one_detections = "Detecties van deze week", "Detections of this week";
    one_detections_none = "Deze week zag deze sensor niets bijzonders.", "This sensor saw nothing special this week.";
    sensor_settings_heading = "Instellingen van de sensoren", "Settings of the sensors";
    sensor_settings_conflict = "Iemand anders wijzigde deze instellingen intussen; onderaan staat wat. Kijk na wat u invulde en bewaar opnieuw.", "Somebody else changed these settings meanwhile; below stands what. Check what you filled in and save again.";
    sensor_settings_lead = "Ze gelden voor alle sensoren van deze organisatie. Elke wijziging blijft staan, met wie haar maakte.", "They hold for all sensors of this organisation. Every change stays on file, with who made it.";
    sensor_settings_opens = "Wanneer wordt een zaak vanzelf een incident?", "When does a case become an incident by itself?";
    sensor_settings_opens_choose = "Kies een van de drie. Er is nog niets gewijzigd.", "Choose one of the three. Nothing was changed yet.";
    sensor_settings_opens_hint = "Een incident dat zo ontstaat, wacht op iemand die nakijkt of het klopt. Tot dan loopt er geen klok. Per sensor ontstaan er zo ten hoogste vijf per uur en twintig per dag; wat daarboven komt blijft een zaak die aandacht vraagt.", "An incident that begins so waits for somebody to check it. Until then no clock runs. For each sensor at most five an hour begin so, and twenty a day; what comes above that stays a case that needs attention.";
    sensor_settings_silent = "Waarschuw als een sensor zo lang zwijgt of niet goed meekijkt (minuten)", "Tell us when a sensor is silent, or does not watch well, for so long (minutes)";
    sensor_settings_silent_hint = "15 tot 10.080. De lijst noemt een sensor al na 10 minuten stil. Niet goed: een bron is weg of geeft niets, er gaat veel verloren, of de schijf is vol.", "15 to 10,080. The list calls a sensor silent after 10 minutes already. Not well: a source is gone or gives nothing, much is lost, or the disk is full.";
    sensor_settings_detections = "Bewaar detecties die in geen incident zitten (dagen)", "Keep detections that are in no incident (days)";
    sensor_settings_detections_hint = "7 tot 730. Wat in een incident zit, blijft zo lang als dat incident.", "7 to 730. What is in an incident stays for as long as that does.";
    sensor_settings_traffic = "Bewaar tellingen per uur op de server (dagen)", "Keep counts by hour on the server (days)";
    sensor_settings_traffic_hint = "1 tot 90.", "1 to 90.";
    sensor_settings_metadata = "Bewaar metadata op de sensor zelf (dagen)", "Keep metadata on the sensor itself (days)";
    sensor_settings_metadata_hint = "0 tot 90; 0 bewaart niets. Verbindingen en opgevraagde namen, nooit inhoud. De sensor hoort het bij zijn volgende bericht, en wist dan wat te oud is.", "0 to 90; 0 keeps nothing. Connections and names asked for, never content. The sensor is told at its next report, and then removes what is too old.";
    sensor_settings_save = "Bewaar de instellingen", "Save the settings";
    sensor_settings_saved = "De instellingen zijn bewaard.", "The settings were saved.";
    sensor_settings_changes = "Wijzigingen", "Changes";
    sensor_settings_changes_none = "Nog niets gewijzigd: dit is wat het programma voorstelt.", "Nothing changed yet: this is what the program proposes.";
    staff_heading = "Personeel ingelicht", "Staff informed";
    staff_lead = "Voordat een sensor in de inhoud van verkeer kijkt, moet iedereen op het netwerk het weten.", "Before a sensor looks into the content of traffic, everybody on the network must know.";
    staff_what = "Waar het om gaat", "What it is about";
    staff_what_text = "Wachtwoorden die leesbaar over de lijn gaan en persoonsgegevens die leesbaar naar buiten gaan, zijn alleen te vinden door in onversleuteld verkeer te kijken. De sensor doet dat in het geheugen. Van persoonsgegevens bewaart hij soort en aantal, nooit de waarde; van een aanmelding nooit het wachtwoord, wel het account, deels afgedekt: de eerste letter en wat achter het @ staat, zoals d…@voorbeeld.nl. Zonder dit werkt al het andere gewoon.", "Passwords that cross the line readable, and personal data that leave readable, can only be found by looking into unencrypted traffic. The sensor does so in memory. Of personal data it keeps kind and count, never the value; of a log-in never the password, but the account, partly masked: the first letter and what stands behind the @, such as d…@example.nl. Without it everything else works as usual.";
    staff_steps = "Wat de wet vraagt", "What the law asks";
    staff_step_dpia = "Weeg het af in een DPIA (AVG art. 35): personeel stelselmatig volgen vraagt er een. Het privacyblad levert de beschrijving.", "Weigh it in a DPIA (GDPR art. 35): monitoring staff systematically asks for one. The privacy sheet supplies the description.";
    staff_step_council = "Vraag instemming aan de ondernemingsraad, als die er is (WOR art. 27, lid 1, onder k en l).", "Ask the consent of the works council, where there is one (WOR art. 27(1)(k) and (l)).";
    staff_step_inform = "Vertel iedereen wat er gebeurt, waarom en hoe lang iets bewaard blijft (AVG art. 13 en 14). Ook wie tijdelijk op het netwerk zit.", "Tell everybody what happens, why, and how long things are kept (GDPR arts. 13 and 14). Also who is on the network for a while.";
    staff_record = "Leg het vast", "Record it";
    staff_day = "Op welke dag was iedereen ingelicht?", "On which day had everybody been told?";
    staff_how = "Hoe is dat gedaan?", "How was that done?";
    staff_how_hint = "Zoals: besproken in het werkoverleg en per mail verstuurd; de OR stemde in op 3 november. Of: er is geen OR.", "Such as: discussed at the staff meeting and sent by mail; the works council consented on 3 November. Or: there is no works council.";
    staff_save = "Leg vast dat het personeel is ingelicht", "Record that the staff was told";
    staff_saved = "Het is vastgelegd. Sensoren horen het bij hun volgende bericht.", "It was recorded. Sensors are told at their next report.";
    staff_back = "Neem het terug", "Take it back";
    staff_back_why = "Waarom?", "Why?";
    staff_back_what = "Sensoren stoppen met in de inhoud kijken zodra zij zich weer melden. Wat zij er tot nu toe in vonden blijft hier leesbaar zolang het bewaard wordt; wat daarna nog binnenkomt wordt niet bewaard, en staat in geen zaak.", "Sensors stop looking into content once they report again. What they found in it until now stays readable here for as long as it is kept; what still comes in after that is not kept, and stands in no case.";
    staff_kept = "Wat sensoren in de inhoud vonden toen dit wel vastgelegd was, blijft hier leesbaar zolang het bewaard wordt. Wat nu nog binnenkomt wordt niet bewaard, en staat in geen zaak.", "What sensors found in content while this was on record stays readable here for as long as it is kept. What still comes in now is not kept, and stands in no case.";
    staff_ask = "Alleen een beheerder van de organisatie kan dit vastleggen.", "Only an administrator of the organisation can record this.";
    staff_history = "Wat er is vastgelegd", "What was recorded";
    staff_history_none = "Nog niets.", "Nothing yet.";
    privacy_heading = "Privacyblad", "Privacy sheet";
    privacy_lead = "Voor de ondernemingsraad, de DPIA en het personeel. Het wordt telkens gemaakt uit de instellingen en uit wat de sensoren van zichzelf zeggen.", "For the works council, the DPIA and the staff. It is made each time from the settings and from what the sensors say of themselves.";
    privacy_pdf = "Download als PDF", "Download as PDF";
    privacy_file = "privacyblad-sensoren", "privacy-sheet-sensors";
    overview_heading = "Sensoren van alle organisaties", "Sensors of all organisations";
    overview_caption = "Wat zwijgt bovenaan, dan waar iets mis is", "The silent ones on top, then those with which something is wrong";
    overview_none = "Nog geen sensor bij een van uw organisaties.", "No sensor yet at any of your organisations.";
    overview_without = "Zonder sensor", "Without a sensor";
    overview_heard = "Laatst gehoord", "Last heard";
    overview_go = "Sensoren van alle organisaties", "Sensors of all organisations";
    exceptions_heading = "Uitzonderingen", "Exceptions";
    exceptions_lead = "Wat hier gewoon is. Een uitzondering werkt meteen, ook op wat er al was: het wordt verborgen, niet weggegooid.", "What is ordinary here. An exception works at once, also on what was there already: it is hidden, not thrown away.";
    exceptions_none = "Geen uitzonderingen.", "No exceptions.";
    exceptions_none_teach = "Open een detectie die bij u gewoon is, en kies daar: Dit is hier gewoon.", "Open a detection that is ordinary with you, and choose there: This is ordinary here.";
    exceptions_new = "Nieuwe uitzondering", "New exception";
    exceptions_new_hint = "Alles wat u invult moet kloppen; laat leeg wat er niet toe doet. Hoe nauwer, hoe veiliger.", "Everything you fill in must hold; leave empty what does not matter. The narrower, the safer.";
    exception_kind = "Soort", "Kind";
    exception_any = "Elke soort", "Every kind";
    exception_host = "Apparaat (IP-adres)", "Host (IP address)";
    exception_domain = "Naam van de andere kant", "Name of the other side";
    exception_domain_hint = "Zoals backup.voorbeeld.nl, of *.voorbeeld.nl voor alles daaronder.", "Such as backup.example.nl, or *.example.nl for all below it.";
    exception_network = "Adres of netwerk van de andere kant", "Address or network of the other side";
    exception_network_hint = "Zoals 192.0.2.0/24.", "Such as 192.0.2.0/24.";
    exception_last = "Laatste dag waarop zij geldt", "Last day on which it holds";
    exception_last_hint = "Zoals 31-12-2027. Leeg: geen einde.", "Such as 31-12-2027. Empty: no end.";
    exception_reason = "Waarom is dit hier gewoon?", "Why is this ordinary here?";
    exception_make = "Maak de uitzondering", "Make the exception";
    exception_what = "Geldt voor", "Holds for";
    exception_who = "Door wie", "By whom";
    exception_end = "Tot wanneer", "Until when";
    exception_back = "Neem terug", "Take back";
    exception_by(who: &str, when: &str) = "{who}, {when}", "{who}, {when}";
    exception_until(day: &str) = "tot en met {day}", "up to and including {day}";
    exception_no_end = "geen einde", "no end";
    exception_taken_back(when: &str, who: &str) = "teruggenomen op {when} door {who}", "taken back on {when} by {who}";
    exception_back_already(what: &str, who: &str, when: &str) = "De uitzondering voor {what} is al teruggenomen door {who}, op {when}.", "The exception for {what} was taken back already by {who}, on {when}.";
    exceptions_ended = "Afgelopen of teruggenomen", "Ended or taken back";
    exceptions_table = "De uitzonderingen die nu gelden", "The exceptions that hold now";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_of_a_thing_is_no_more_than_one() {
        let (nl, en) = (Words(Language::Dutch), Words(Language::English));
        for (count, packets, lines, flows) in [
            (0, "0 pakketten", "0 regels", "0 verbindingen"),
            (1, "1 pakket", "1 regel", "1 verbinding"),
            (12_345, "12.345 pakketten", "12.345 regels", "12.345 verbindingen"),
        ] {
            assert_eq!(nl.source_packets(count), packets);
            assert_eq!((nl.source_lines(count), nl.source_flows(count)), (lines.into(), flows.into()));
        }
        assert_eq!((en.source_packets(1), en.sensor_list(1, None)), ("1 packet".into(), "1 entry".into()));
        assert_eq!(nl.source_clock_counts(1), "Voor 1 record telt daarom het moment van ontvangst.");
        assert_eq!(nl.case_missing(1), "Er hoort nog één detectie bij, die hier niet (meer) staat.");
        assert_eq!((nl.picture_moments("1", "1", None), nl.hosts_count(1)), ("1 moment".into(), "1 apparaat".into()));
        let settings = SensorSettings { traffic_days: 1, metadata_days: 1, ..SensorSettings::default() };
        let said = nl.sensor_settings_change("vandaag", &settings);
        assert!(said.contains("tellingen 1 dag, metadata op de sensor 1 dag."), "{said}");
    }
}
