//! What is wrong with a sensor, in words, for pages and mail.

use contract::sensor::SourceKind;
use facts::Text;

use super::health::{SensorTrouble, Wrong};
use super::source_in_words;

impl SensorTrouble {
    /// In a few words.
    #[must_use]
    pub fn name(&self) -> Text {
        match self.what {
            Wrong::Gone(_) => Text::new("Een bron is weg", "A source is gone"),
            Wrong::NothingYet => Text::new("Een bron gaf nog niets", "A source gave nothing yet"),
            Wrong::Quiet => Text::new("Een bron geeft niets meer", "A source gives nothing any more"),
            Wrong::Missed(share) => {
                Text::made(format!("Mist {share} % van het verkeer"), format!("Misses {share} % of the traffic"))
            }
            Wrong::DiskFull => Text::new("Schijf vol", "Disk full"),
            Wrong::DiskUnwritable => Text::new("Schijf niet te schrijven", "Disk cannot be written"),
        }
    }

    /// What is the case, and what to do.
    #[must_use]
    pub fn said(&self) -> Text {
        let Some(source) = &self.source else { return self.said_of_disk() };
        let Text { nl, en } = source_in_words(source.kind, &source.name);
        let said = match self.what {
            Wrong::Gone(_) if source.kind == SourceKind::Interface => {
                return Text::made(
                    format!(
                        "Er komt niets van {nl}: die is weg. Kijk of de netwerkkaart er nog is, of de kabel erin zit en of de \
                         poort aanstaat."
                    ),
                    format!(
                        "Nothing comes of {en}: it is gone. Look whether the network card is still there, the cable is in it \
                         and the port is on."
                    ),
                );
            }
            Wrong::Gone(_) => {
                return Text::made(
                    format!("{nl} is niet te lezen. Kijk of het er is, en of de sensor het mag lezen."),
                    format!("{en} cannot be read. Look whether it is there, and whether the sensor may read it."),
                );
            }
            Wrong::Missed(share) => {
                return Text::made(
                    format!(
                        "Van wat er bij {nl} binnenkomt, gaat {share} % verloren voordat de sensor het leest: er komt meer dan het \
                         apparaat aankan. Spiegel alleen de poort naar de router, geef de sensor een grotere ring (--ring), of \
                         neem een sneller apparaat."
                    ),
                    format!(
                        "Of what comes in at {en}, {share} % is lost before the sensor reads it: more comes than the device can \
                         carry. Mirror the port to the router alone, give the sensor a larger ring (--ring), or take a faster \
                         device."
                    ),
                );
            }
            Wrong::NothingYet => Text::made(format!("Van {nl} kwam nog niets."), format!("Nothing came of {en} yet.")),
            _ => Text::made(format!("Van {nl} komt niets meer."), format!("Nothing comes of {en} any more.")),
        };
        let look = where_to_look(source.kind);
        Text::made(format!("{} {}", said.nl, look.nl), format!("{} {}", said.en, look.en))
    }

    fn said_of_disk(&self) -> Text {
        match self.what {
            Wrong::DiskUnwritable => Text::new(
                "De schijf van de sensor is niet te schrijven. Kijk of zijn map er is en van wie die is: wat er gevonden wordt, \
                 staat alleen in het geheugen tot de server het heeft.",
                "The sensor's disk cannot be written. See whether its folder is there, and whose it is: what is found is in \
                 memory alone until the server has it.",
            ),
            _ => Text::new(
                "De schijf van de sensor is vol. Maak er ruimte op: wat er gevonden wordt, staat alleen in het geheugen tot de \
                 server het heeft.",
                "The sensor's disk is full. Make room on it: what is found is in memory alone until the server has it.",
            ),
        }
    }
}

/// Where to look when a source gives nothing.
fn where_to_look(kind: SourceKind) -> Text {
    match kind {
        SourceKind::Interface => Text::new(
            "Kijk op de switch of de spiegelpoort aanstaat, of zij de poort naar de router spiegelt, en of de kabel in de poort \
             zit waarheen gespiegeld wordt.",
            "Look on the switch whether the mirror port is on, whether it mirrors the port to the router, and whether the cable \
             is in the port that is mirrored to.",
        ),
        SourceKind::Netflow => Text::new(
            "Kijk of de router NetFlow of IPFIX naar dit apparaat en deze poort stuurt, en of een firewall dat tegenhoudt.",
            "Look whether the router sends NetFlow or IPFIX to this device and this port, and whether a firewall stops it.",
        ),
        SourceKind::FirewallLog => Text::new(
            "Kijk of de firewall syslog naar dit apparaat en deze poort stuurt.",
            "Look whether the firewall sends syslog to this device and this port.",
        ),
        _ => Text::new(
            "Kijk of het andere programma nog in dit logboek schrijft.",
            "Look whether the other program still writes this log.",
        ),
    }
}
