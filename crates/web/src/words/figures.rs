//! The figures of a detection and the words in them: every name that a detector gives one, as people read it.
//!
//! Promises: a test reads the detectors' own source, and fails where one of their names has no words here. Deliberately not
//! here: how an amount is written out (`pages::sensors::figures`).

use crate::words::Words;

/// In what a figure is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    /// In what its name says, or it is no number.
    Itself,
    Bytes,
    Seconds,
    /// From 0 to 1.
    Share,
    Bits,
    Nats,
    Points,
}

use Unit::{Bits, Bytes, Itself, Nats, Points, Seconds, Share};

/// A figure's name in the evidence, its unit, and what people call it.
const FIGURES: &[(&str, Unit, &str, &str)] = &[
    ("accepted", Itself, "Aangenomen", "Accepted"),
    ("account_masked", Itself, "Account (deels afgedekt)", "Account (partly masked)"),
    ("accounts", Itself, "Aantal accounts", "Number of accounts"),
    ("alerts", Itself, "Keer gemeld", "Times alerted"),
    (
        "altered_replies",
        Itself,
        "Antwoorden die niet herhalen wat er gevraagd was",
        "Replies that do not repeat what was sent",
    ),
    ("answer_bytes", Bytes, "Gegevens in de antwoorden", "Data in the answers"),
    ("answered", Itself, "Beantwoord", "Answered"),
    ("at_relay_port", Itself, "Verbindingen op een poort van Tor", "Connections at a port of Tor"),
    ("attempts", Itself, "Pogingen", "Attempts"),
    ("beats", Itself, "Aantal keer in het ritme", "Number of times in the rhythm"),
    ("birth_date", Itself, "Geboortedata", "Dates of birth"),
    ("birth_date_distinct", Itself, "Verschillende geboortedata", "Different dates of birth"),
    ("bits_drawn_per_character", Bits, "Toeval in de namen, per teken", "Chance in the names, per character"),
    ("blocked", Itself, "Keer tegengehouden", "Times blocked"),
    ("bsn", Itself, "Burgerservicenummers", "Citizen service numbers"),
    ("bsn_distinct", Itself, "Verschillende burgerservicenummers", "Different citizen service numbers"),
    ("bytes_by_hour", Bytes, "Verstuurd per uur", "Sent by hour"),
    ("carriers", Itself, "Verstuurd met", "Sent by"),
    ("carrying_ip", Itself, "Pings waar een heel netwerkpakket in zit", "Pings that hold a whole network packet"),
    ("category", Itself, "Soort regel", "Kind of rule"),
    ("certificate_issuer", Itself, "Certificaat uitgegeven door", "Certificate issued by"),
    ("certificate_sha1", Itself, "Vingerafdruk van het certificaat (SHA-1)", "Fingerprint of the certificate (SHA-1)"),
    ("certificate_subject", Itself, "Certificaat op naam van", "Certificate in the name of"),
    ("connected_seconds", Seconds, "Verbonden", "Connected"),
    ("connections", Itself, "Verbindingen", "Connections"),
    ("count", Itself, "Aantal keer", "Number of times"),
    ("creditcard", Itself, "Kaartnummers", "Card numbers"),
    ("creditcard_distinct", Itself, "Verschillende kaartnummers", "Different card numbers"),
    ("data_bytes", Bytes, "Gegevens in de pings", "Data in the pings"),
    ("destinations", Itself, "Aantal bestemmingen", "Number of destinations"),
    ("dialects", Itself, "Taal van de mijnwerkers", "Language of the miners"),
    ("direction", Itself, "Richting", "Direction"),
    ("distinct_in_all", Itself, "Verschillende in totaal", "Different ones in all"),
    ("distinct_names", Itself, "Verschillende namen", "Different names"),
    (
        "distinct_names_in_ten_minutes",
        Itself,
        "Meeste verschillende namen in tien minuten",
        "Most different names in ten minutes",
    ),
    ("dns_questions", Itself, "Vragen naar de naam (DNS)", "Questions for the name (DNS)"),
    ("drawn_names_that_exist", Itself, "Gelote namen die wel bestaan", "Drawn names that do exist"),
    ("email", Itself, "E-mailadressen", "E-mail addresses"),
    ("email_distinct", Itself, "Verschillende e-mailadressen", "Different e-mail addresses"),
    ("entry", Itself, "Regel op de lijst", "Entry on the list"),
    ("established", Itself, "Verbindingen die tot stand kwamen", "Connections that were established"),
    ("examples", Itself, "Voorbeelden", "Examples"),
    ("failed_names", Itself, "Namen die niet bestaan", "Names that do not exist"),
    ("first_contact", Itself, "Nooit eerder iemand hier mee verbonden", "Nobody here ever connected to it before"),
    ("handshakes", Itself, "Verbindingen die op Tor lijken", "Connections that look like Tor"),
    (
        "hosts_with_destination",
        Itself,
        "Apparaten die hier komen, dit apparaat meegeteld",
        "Devices that come here, this one included",
    ),
    ("hosts_with_zone", Itself, "Apparaten die onder dit domein vragen", "Hosts that ask under this domain"),
    ("iban", Itself, "Rekeningnummers", "Account numbers"),
    ("iban_distinct", Itself, "Verschillende rekeningnummers", "Different account numbers"),
    ("ja4", Itself, "Vingerafdruk van het programma (JA4)", "Fingerprint of the program (JA4)"),
    ("jitter", Share, "Afwijking van het ritme", "Deviation from the rhythm"),
    ("list", Itself, "Lijst", "List"),
    ("listed_as", Itself, "Staat op de lijst als", "Listed as"),
    ("logins", Itself, "Aanmeldingen", "Log-ins"),
    ("longest_seconds", Seconds, "Langste verbinding", "Longest connection"),
    ("made_up_names", Itself, "Verzonnen servernamen", "Made-up server names"),
    ("mean_bits_drawn", Bits, "Hoe geloot de namen lijken (gemiddeld)", "How drawn by lot the names look (mean)"),
    ("mean_name_bytes", Bytes, "Lengte van een naam (gemiddeld)", "Length of a name (mean)"),
    ("means", Itself, "Waarmee", "By which means"),
    ("mechanisms", Itself, "Manier van aanmelden", "Way of logging in"),
    ("median_received_bytes", Bytes, "Ontvangen per keer (midden)", "Received each time (median)"),
    ("median_sent_bytes", Bytes, "Verstuurd per keer (midden)", "Sent each time (median)"),
    ("messages", Itself, "Berichten", "Messages"),
    ("methods", Itself, "Opdrachten aan de mijnwerkers", "Orders to the miners"),
    (
        "most_by_other_hosts",
        Bytes,
        "Meeste dat een ander apparaat op een dag verstuurt",
        "Most that another host sends in a day",
    ),
    (
        "most_by_this_host_before",
        Bytes,
        "Meeste dat dit apparaat eerder op een dag verstuurde",
        "Most that this host sent in a day before",
    ),
    ("most_in_window", Itself, "Meeste pogingen kort na elkaar", "Most tries close together"),
    ("name_bytes", Bytes, "Gegevens in de namen", "Data in the names"),
    ("network", Itself, "Netwerk", "Network"),
    ("odd_kinds", Itself, "Vragen van een ongewone soort", "Questions of an unusual kind"),
    ("other_hosts", Itself, "Aantal andere kanten", "Number of other sides"),
    (
        "outcome_unknown",
        Itself,
        "Pogingen waarvan de afloop niet te zien is",
        "Tries of which the outcome does not show",
    ),
    ("path", Itself, "Pad", "Path"),
    ("period_seconds", Seconds, "Tijd tussen twee keer", "Time between two"),
    ("points", Points, "Gewicht van de kenmerken", "Weight of the signs"),
    ("ports", Itself, "Aantal poorten", "Number of ports"),
    ("posts", Itself, "Verzoeken die iets meebrengen", "Requests that bring something"),
    ("programs", Itself, "Programma’s volgens zichzelf", "Programs by their own word"),
    ("protocol", Itself, "Protocol", "Protocol"),
    ("protocols", Itself, "Protocollen", "Protocols"),
    ("questions", Itself, "DNS-vragen", "DNS questions"),
    ("received_bytes", Bytes, "Ontvangen", "Received"),
    ("refused", Itself, "Geweigerd", "Refused"),
    ("relay_certificates", Itself, "Certificaten zoals Tor ze maakt", "Certificates as Tor makes them"),
    ("relays", Itself, "Servers van Tor", "Servers of Tor"),
    ("replies", Itself, "Antwoorden", "Replies"),
    ("requests", Itself, "Verzoeken", "Requests"),
    ("rhythm_evidence_nats", Nats, "Hoe vast het ritme is", "How firm the rhythm is"),
    ("rule", Itself, "Nummer van de regel", "Number of the rule"),
    ("second_period_seconds", Seconds, "De andere tijd tussen twee keer", "The other time between two"),
    ("seen_in", Itself, "Gezien in", "Seen in"),
    ("sent_bytes", Bytes, "Verstuurd", "Sent"),
    ("severity", Itself, "Ernst volgens die bron (1 is het ernstigst)", "Severity by that source (1 is the worst)"),
    ("share_in_rhythm", Share, "Deel in het ritme", "Share in rhythm"),
    ("signature", Itself, "Wat de regel zegt", "What the rule says"),
    ("signs", Itself, "Kenmerken", "Signs"),
    ("source", Itself, "Gemeld door", "Alerted by"),
    ("span_seconds", Seconds, "Duurt al", "Going on for"),
    ("stretches_of_ten_minutes", Itself, "Keren van tien minuten", "Stretches of ten minutes"),
    ("succeeded_after", Itself, "Daarna toch binnengekomen", "Got in after that"),
    ("sweeps_by_this_host", Itself, "Keren dat dit apparaat aftastte", "Times that this host probed"),
    ("target_count", Itself, "Aantal doelen", "Number of targets"),
    ("targets", Itself, "Doelen", "Targets"),
    ("times", Itself, "Momenten", "Moments"),
    ("transport", Itself, "Transport", "Transport"),
    ("tries", Itself, "Pogingen", "Tries"),
    ("unanswered", Itself, "Zonder antwoord", "Unanswered"),
    ("user_agent", Itself, "Programma volgens zichzelf", "Program by its own word"),
    ("varying_requests", Itself, "Pings waarvan de inhoud steeds anders is", "Pings whose data change all the time"),
    ("weight", Points, "Gewicht van de kenmerken", "Weight of the signs"),
];

/// Words of the evidence: signs, means, places where something was seen.
const WORDS: &[(&str, &str, &str)] = &[
    ("address", "het adres van een verbinding", "the address of a connection"),
    ("admin_share", "een beheermap van Windows (C$, ADMIN$)", "an administrative share of Windows (C$, ADMIN$)"),
    ("answers_at_home", "apparaten van het eigen netwerk", "devices of one’s own network"),
    ("archive", "een leesbaar archief of een gegevensbestand", "a readable archive or database"),
    ("backup_port", "een poort van een back-updienst", "a port of a backup service"),
    ("bare_address", "een adres zonder naam", "an address without a name"),
    ("bare_program", "een programma over een kale verbinding", "a program over a bare connection"),
    ("by_powershell", "opgehaald door PowerShell", "fetched by PowerShell"),
    ("calls_little_else", "het apparaat praat verder met bijna niets", "the host talks to hardly anything else"),
    ("cef", "de firewall", "the firewall"),
    ("certificate", "een certificaat", "a certificate"),
    ("chisel", "Chisel (een tunnel)", "Chisel (a tunnel)"),
    ("code_host", "over SSH naar een plek voor programmacode", "over SSH to a place for code"),
    ("common", "de helft van de apparaten doet het ook", "half of the hosts do it too"),
    ("dcom", "programma’s starten op afstand (DCOM)", "starting programs from afar (DCOM)"),
    (
        "dead_kinds",
        "vragen van een soort die al tientallen jaren niet meer gebruikt wordt",
        "questions of a kind out of use for decades",
    ),
    ("default_names", "een certificaat met een naam van niemand", "a certificate with a name of nobody"),
    ("direct_mail", "post rechtstreeks aan veel mailservers", "mail straight to many mail servers"),
    ("directory_replication", "de hele lijst van accounts kopiëren", "copying the whole directory of accounts"),
    ("dns_question", "een vraag naar de naam (DNS)", "a question for the name (DNS)"),
    ("drawn_agent", "noemt zich iets dat geloot lijkt", "calls itself something that looks drawn by lot"),
    ("drawn_path", "een pad dat geloot lijkt", "a path that looks drawn by lot"),
    ("endless_validity", "een certificaat dat tientallen jaren geldt", "a certificate that lasts for decades"),
    ("expired", "een certificaat dat niet (meer) geldt", "a certificate out of date"),
    ("false_program", "een programma dat een plaatje of tekst heet", "a program that is called a picture or a text"),
    ("family_in_use", "hetzelfde domein is elders in gebruik", "the same domain is in use elsewhere"),
    ("far_above_others", "tien keer zoveel als een ander apparaat", "ten times as much as any other host"),
    ("fast", "honderd verschillende namen in tien minuten", "a hundred different names within ten minutes"),
    ("few_hosts", "weinig apparaten doen dit", "few hosts do this"),
    ("first_contact", "niemand hier had er ooit contact mee", "nobody here ever had contact with it"),
    (
        "form_of_no_browser",
        "een formulier zoals een browser het stuurt, en het is er geen",
        "a form as browsers send it, and it is none",
    ),
    ("gh0st", "Gh0st (besturing op afstand)", "Gh0st (remote control)"),
    ("gre", "GRE", "GRE"),
    ("hidden_body", "een “pagina” die versleuteld is", "a “page” that is encrypted"),
    ("http_host", "een webverzoek (HTTP)", "a web request (HTTP)"),
    ("icmp_tunnel", "pings (ICMP)", "pings (ICMP)"),
    ("in_pieces", "in veel stukken", "in many pieces"),
    ("inbound", "naar binnen", "inward"),
    ("inside", "binnen het netwerk", "within the network"),
    ("irc_bot", "een bot op IRC", "a bot on IRC"),
    ("java_reference", "Java-code over LDAP", "Java code over LDAP"),
    ("ja3", "de vingerafdruk van een programma (JA3)", "the fingerprint of a program (JA3)"),
    ("ja4", "de vingerafdruk van een programma (JA4)", "the fingerprint of a program (JA4)"),
    ("ip_in_ip", "IP in IP", "IP in IP"),
    ("known_agent", "noemt zich zoals bekende malware", "calls itself as known malware does"),
    ("known_service", "een bekende virusscanner of blokkeerlijst", "a known virus scanner or blocklist"),
    ("little_back", "er gaat meer heen dan er terugkomt", "more goes out than comes back"),
    ("live_stream", "een poort voor live beeld en geluid", "a port of live pictures and sound"),
    ("long_names", "lange namen", "long names"),
    (
        "longer_than_hashes",
        "langer dan de namen die een virusscanner vraagt of een website loot",
        "longer than the names that a virus scanner asks or a website draws",
    ),
    ("loot_place", "een plek waar dieven hun buit brengen", "a place where thieves bring their loot"),
    ("memory_program", "een programma dat in het geheugen draait", "a program that runs from memory"),
    ("much", "honderd megabyte of meer", "a hundred megabytes or more"),
    ("much_down", "veel gegevens in de antwoorden", "much data in the answers"),
    ("much_up", "veel gegevens in de namen", "much data in the names"),
    ("never_asked_again", "bijna geen naam wordt twee keer gevraagd", "hardly any name is asked twice"),
    ("never_looked_up", "een adres dat niemand opvroeg", "an address that nobody looked up"),
    ("njrat", "njRAT (besturing op afstand)", "njRAT (remote control)"),
    (
        "no_accept",
        "zegt niet wat het aanneemt, zoals elke browser doet",
        "does not say what it accepts, as every browser does",
    ),
    ("no_referer", "komt van geen pagina", "came from no page"),
    ("no_server_name", "noemt geen servernaam", "names no server"),
    (
        "no_top_level_domain",
        "namen onder een topdomein dat niet bestaat",
        "names under a top-level domain that does not exist",
    ),
    ("nobody_to_compare", "er is geen ander apparaat om mee te vergelijken", "no other host to compare with"),
    ("odd_kinds", "vragen waar veel in het antwoord past", "questions with much room in the answer"),
    ("odd_port", "een ongewone poort", "an odd port"),
    ("old_browser", "noemt zich een browser van jaren geleden", "calls itself a browser of years ago"),
    ("old_version", "een verouderde versie van TLS", "an outdated version of TLS"),
    ("one_way", "twintig keer zoveel erheen als terug", "twenty times as much there as back"),
    ("only_host", "geen ander apparaat doet dit", "no other host does this"),
    ("openvpn", "OpenVPN", "OpenVPN"),
    ("other", "anders", "other"),
    ("other_name", "een certificaat voor een andere naam", "a certificate for another name"),
    ("outbound", "naar buiten", "outward"),
    ("own_program", "een programma dat alleen hiermee praat", "a program that talks to this alone"),
    ("own_referer", "zegt van de pagina zelf te komen", "says that it came from that very page"),
    ("plain", "namen van diensten, of getallen", "names of services, or numbers"),
    ("post", "brengt iets mee", "brings something"),
    ("program", "het antwoord is een programma", "the answer is a program"),
    ("program_from_page", "een programma, gevraagd als pagina", "a program, asked for as a page"),
    ("random_names", "namen die geloot lijken", "names that look drawn by lot"),
    ("rare_program", "een programma dat geen ander apparaat heeft", "a program that no other host has"),
    ("registry", "het register van Windows wijzigen", "changing Windows’ registry"),
    ("relentless", "om de paar seconden, zonder ophouden", "every few seconds, without end"),
    ("remote_desktop", "extern bureaublad (RDP)", "remote desktop (RDP)"),
    ("remote_shell", "opdrachten op afstand (PsExec)", "orders from afar (PsExec)"),
    ("repeated", "steeds opnieuw", "again and again"),
    (
        "retired_browser",
        "noemt zich Internet Explorer 11, op gelote momenten",
        "calls itself Internet Explorer 11, at moments drawn by lot",
    ),
    ("rhythm", "een vast ritme", "a steady rhythm"),
    ("script", "een script", "a script"),
    ("self_signed", "een certificaat dat de server zelf maakte", "a certificate that the server made itself"),
    ("service_control", "een dienst installeren of starten", "installing or starting a service"),
    ("shell", "een opdrachtregel", "a command line"),
    ("ssh_to_a_name", "over SSH naar een naam, zoals bij een website", "over SSH to a name, as with a website"),
    ("storage", "opslag of een server: zo ziet een back-up eruit", "storage or a server: what a backup looks like"),
    ("suricata", "Suricata", "Suricata"),
    ("task_scheduler", "een taak inplannen", "planning a task"),
    ("tailscale", "Tailscale", "Tailscale"),
    ("tls_server_name", "een versleutelde verbinding (TLS)", "an encrypted connection (TLS)"),
    ("tor", "Tor", "Tor"),
    ("unanswered", "nooit beantwoord", "never answered"),
    ("unlisted", "een blokkeerlijst die geen van de namen kent", "a blocklist that knows none of the names"),
    ("url", "een webadres", "a web address"),
    ("user_agent", "de naam die een programma zichzelf geeft", "the name that a program gives itself"),
    ("verdicts", "antwoorden zoals een blokkeerlijst ze geeft", "answers as a blocklist gives them"),
    ("vxlan", "VXLAN", "VXLAN"),
    ("very_long_names", "heel lange namen", "very long names"),
    ("very_much", "een gigabyte of meer", "a gigabyte or more"),
    (
        "very_much_at_first",
        "meteen een gigabyte of meer naar een plek waar niemand was",
        "at once a gigabyte or more to where nobody was",
    ),
    ("visited", "het apparaat gaat ook naar wat het vraagt", "the host goes to what it asks for"),
    (
        "visits_unseen",
        "alleen de vragen zijn te zien, niet wat erop volgt",
        "only the questions show, not what follows",
    ),
    ("web_service", "spreekt SOAP, zoals bedrijfssoftware", "speaks SOAP, as business software does"),
    ("winrm", "beheer op afstand (WinRM)", "remote management (WinRM)"),
    ("wireguard", "WireGuard", "WireGuard"),
    ("wmi", "opdrachten op afstand (WMI)", "orders from afar (WMI)"),
    ("words", "namen die op woorden lijken", "names that look like words"),
    ("written_program", "een programma dat als tekst is opgeschreven", "a program written down as text"),
    ("young", "een certificaat van enkele dagen oud", "a certificate a few days old"),
];

impl Words {
    /// What people call a figure.
    pub(crate) fn figure(self, key: &str) -> String {
        let known = FIGURES.iter().find(|(name, ..)| *name == key);
        // A figure of a newer sensor is called by its own word.
        known.map_or_else(|| key.replace('_', " "), |(_, _, nl, en)| self.pick(*nl, *en).to_owned())
    }

    /// How unlikely it is that chance gave this. `nats`: the logarithm of that; from 20 on a rhythm counts by itself.
    pub(crate) fn unlikely_by_chance(self, nats: f64) -> &'static str {
        match nats {
            _ if nats >= 100.0 => self.pick("zo goed als zeker geen toeval", "as good as certainly not by chance"),
            _ if nats >= 20.0 => self.pick("vrijwel zeker geen toeval", "almost certainly not by chance"),
            _ => self.pick("waarschijnlijk geen toeval", "probably not by chance"),
        }
    }

    /// A word of the evidence as people say it; itself where it is a name or an address.
    pub(crate) fn figure_word(self, word: &str) -> &str {
        WORDS.iter().find(|(known, ..)| *known == word).map_or(word, |(_, nl, en)| self.pick(nl, en))
    }
}

/// In what a figure is counted; one of a newer sensor has it in its name.
pub(crate) fn unit(key: &str) -> Unit {
    let known = FIGURES.iter().find(|(name, ..)| *name == key).map(|(_, unit, ..)| *unit);
    known.unwrap_or(match key {
        _ if key.ends_with("bytes") => Bytes,
        _ if key.ends_with("seconds") => Seconds,
        _ if key.starts_with("share") => Share,
        _ => Itself,
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::{Path, PathBuf};

    use facts::Language;

    use super::*;

    /// The detectors' source, without their tests.
    fn sources() -> Vec<String> {
        let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("../detect/src/detectors")];
        let mut files: Vec<PathBuf> = Vec::new();
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() { folders.push(path) } else { files.push(path) }
            }
        }
        let read = |path: PathBuf| std::fs::read_to_string(path).unwrap();
        files.into_iter().map(read).map(|text| text.split("#[cfg(test)]").next().unwrap().to_owned()).collect()
    }

    /// What stands between quotes and is a name, with what comes before it and after, spaces left out.
    fn names(source: &str) -> Vec<(String, &str, String)> {
        let parts: Vec<_> = source.split('"').collect();
        let is_name = |text: &str| {
            !text.is_empty()
                && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
        };
        let packed = |text: &str| text.split_whitespace().collect::<String>();
        let named = parts.windows(3).filter(|three| is_name(three[1]));
        named.map(|three| (packed(three[0]), three[1], packed(three[2]))).collect()
    }

    /// Every figure that a detector gives: named where it is made, or by a name that another part of it holds.
    fn figures() -> BTreeSet<String> {
        let mut found: BTreeSet<String> = BTreeSet::new();
        for source in sources() {
            for (before, name, after) in names(&source) {
                let is_made = after.starts_with(",Figure::") || before.ends_with("evidence.insert(");
                // Names of which one is chosen: the certificate's texts, what is probed, different values of a category.
                let is_chosen = after.starts_with(",&certificate.")
                    || after.starts_with(",texts(&")
                    || before.contains("Sweep::") && after.starts_with(')')
                    || before.ends_with("=>") && name.ends_with("_distinct");
                if is_made || is_chosen {
                    found.insert(name.to_owned());
                }
            }
        }
        // A category stands there under its own name, and how many different ones beside it.
        let categories: Vec<_> =
            found.iter().filter_map(|name| name.strip_suffix("_distinct")).map(str::to_owned).collect();
        found.extend(categories);
        found
    }

    /// Every word of a sign, a means, a place: what their `key` gives.
    fn words() -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        for source in sources() {
            let all = names(&source);
            let of_keys = all.iter().filter(|(before, ..)| before.rsplit([',', '{', '}']).next().is_some_and(is_arm));
            found.extend(of_keys.map(|(_, name, _)| (*name).to_owned()));
        }
        // Different values are figures, not words.
        found.retain(|word| !word.ends_with("_distinct"));
        found
    }

    fn is_arm(text: &str) -> bool {
        text.strip_suffix("=>").is_some_and(|arm| arm.starts_with("Self::") && !arm.contains('('))
    }

    #[test]
    fn every_figure_of_every_detector_has_words_and_none_has_them_in_vain() {
        let figures = figures();
        for one in ["answer_bytes", "at_relay_port", "dialects", "ports", "certificate_issuer", "bsn_distinct", "rule"]
        {
            assert!(figures.contains(one), "the source is not read as it is written: {one} in {figures:?}");
        }
        let named: BTreeSet<_> = FIGURES.iter().map(|(name, ..)| (*name).to_owned()).collect();
        assert_eq!(named.len(), FIGURES.len(), "each once");
        let unnamed: Vec<_> = figures.difference(&named).collect();
        assert!(unnamed.is_empty(), "without words: {unnamed:?}");
        let unused: Vec<_> = named.difference(&figures).collect();
        assert!(unused.is_empty(), "of no detector: {unused:?}");
        for (name, _, nl, en) in FIGURES {
            assert!(!nl.contains('_') && !en.contains('_') && nl != name && en != name, "{name}: {nl}, {en}");
        }
    }

    #[test]
    fn a_figure_is_counted_in_what_its_name_says() {
        for (name, unit, ..) in FIGURES {
            let expected = match *name {
                name if name.ends_with("bytes") => Bytes,
                name if name.ends_with("seconds") => Seconds,
                name if name.ends_with("nats") => Nats,
                _ => continue,
            };
            assert_eq!(*unit, expected, "{name}");
        }
        assert_eq!((unit("later_bytes"), unit("share_of_later"), unit("later")), (Bytes, Share, Itself));
    }

    /// The sensor's own names of its signs stay in its evidence; people read words.
    #[test]
    fn every_sign_of_every_detector_has_words() {
        let words = words();
        for one in ["only_host", "very_long_names", "no_accept", "self_signed", "wmi", "dns_question", "inside", "url"]
        {
            assert!(words.contains(one), "the source is not read as it is written: {one} in {words:?}");
        }
        let known: BTreeSet<_> = WORDS.iter().map(|(word, ..)| (*word).to_owned()).collect();
        assert_eq!(known.len(), WORDS.len(), "each once");
        let unsaid: Vec<_> = words.difference(&known).collect();
        assert!(unsaid.is_empty(), "without words: {unsaid:?}");
        for language in [Language::Dutch, Language::English] {
            assert_eq!(Words(language).figure_word("cdn.example"), "cdn.example");
            assert!(words.iter().all(|word| !Words(language).figure_word(word).contains('_')));
        }
    }
}
