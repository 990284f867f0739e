//! What can be wrong with a capture, in both languages.

use std::mem::{Discriminant, discriminant};

use capture::{Error, Fault, Input, Warning};
use facts::Text;

/// Of one kind of damage so many places are named in an input.
const FEW: usize = 5;

/// Why nothing of an input could be read.
pub(super) fn error(error: &Error) -> Text {
    let nl = match error {
        Error::NotACapture => {
            "het is geen opname en geen logboek dat hier gelezen wordt: het begint niet als pcap of pcapng, ook niet ingepakt met gzip of zstd; kijk of het het juiste bestand is, en noem met --source wat het schreef als het een logboek is".to_owned()
        }
        Error::Nothing(why) => {
            format!("er was niets van te lezen: {}; kopieer het opnieuw, of neem opnieuw op", fault(why).nl)
        }
        Error::Unreadable(why) => format!("het is niet te lezen: {why}; kijk of het pad klopt en of u erbij mag"),
    };
    let en = match error {
        Error::NotACapture => {
            "it is no capture, and no log that is read here: it begins like neither pcap nor pcapng, nor like gzip or zstd of one; check that it is the right file, and name with --source what wrote it if it is a log".to_owned()
        }
        Error::Unreadable(why) => format!("it cannot be read: {why}; check the path and your rights to it"),
        other => other.to_string(),
    };
    Text::made(nl, en)
}

/// What could not be read, and where: of each kind in an input the first few places, and how many more there are.
pub(super) fn warnings(all: &[(Input, Warning)]) -> Vec<(&Input, Text)> {
    let mut said = Vec::new();
    for of_one in all.chunk_by(|(one, _), (other, _)| one == other) {
        let mut named: Vec<Discriminant<Fault>> = Vec::new();
        let mut more = 0;
        for (input, one) in of_one {
            let kind = discriminant(&one.fault);
            match one.fault {
                Fault::More { count } => more += count,
                _ if named.iter().filter(|known| **known == kind).count() >= FEW => more += 1,
                _ => {
                    named.push(kind);
                    said.push((input, warning(one)));
                }
            }
        }
        if let Some((input, _)) = of_one.first().filter(|_| more > 0) {
            said.push((input, fault(&Fault::More { count: more })));
        }
    }
    said
}

/// What could not be read, and where.
fn warning(warning: &Warning) -> Text {
    let Warning { byte_offset, is_packed, fault: what } = warning;
    if let Fault::Empty | Fault::NoPacket = what {
        return fault(what);
    }
    let (uit, of) = if *is_packed { (" van de uitgepakte opname", " of the unpacked capture") } else { ("", "") };
    let what = fault(what);
    Text::made(format!("bij byte {byte_offset}{uit}: {}", what.nl), format!("at byte {byte_offset}{of}: {}", what.en))
}

fn fault(fault: &Fault) -> Text {
    let nl = match fault {
        Fault::Empty => "het is leeg: er staat geen byte in".to_owned(),
        Fault::NoPacket => "de opname is heel, en er zit geen pakket in".to_owned(),
        Fault::CutShort => "de opname houdt midden in een pakket op".to_owned(),
        Fault::PackedCutShort => {
            "het ingepakte bestand zelf is afgebroken; de opname erin is tot hier gelezen".to_owned()
        }
        Fault::Frame { what } => {
            format!("een pakket is niet wat het zegt te zijn ({what}); wat ervan te lezen is, is gelezen")
        }
        Fault::AtEnd { what } => {
            format!("wat aan het einde van de verbindingen over was, is niet wat het zegt te zijn ({what})")
        }
        Fault::Unreadable(why) => format!("hier stopte het lezen: {why}"),
        Fault::PacketTooLong { length } => format!(
            "een pakket zegt {length} bytes te hebben, meer dan een netwerk draagt; het en de rest zijn niet gelezen"
        ),
        Fault::BlockLength { length } => {
            format!("een blok zegt {length} bytes te hebben, wat geen blok kan; het en de rest zijn niet gelezen")
        }
        Fault::Block { kind } => {
            format!("een blok van soort {kind:#x} is niet wat het zegt te zijn; het is overgeslagen")
        }
        Fault::Interface { interface } => {
            format!("een pakket noemt interface {interface}, die de opname niet beschrijft; het is overgeslagen")
        }
        Fault::Time => "de tijd van een pakket ligt buiten alle kalenders; het is overgeslagen".to_owned(),
        Fault::LinkType { number } => {
            format!("netwerksoort {number} wordt hier niet gelezen; de pakketten tellen als onleesbaar")
        }
        Fault::More { count: 1 } => "en nog één zo’n plaats verderop".to_owned(),
        Fault::More { count } => format!("en nog {count} zulke plaatsen verderop"),
    };
    Text::made(nl, fault.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn much_of_the_same_is_named_five_times_and_counted() {
        let input = |name: &str| Input::File(name.into());
        let at = |byte_offset, fault| Warning { byte_offset, is_packed: false, fault };
        let frame = |byte_offset| at(byte_offset, Fault::Frame { what: "IPv4" });
        let mut all: Vec<_> = (0..50).map(|place| (input("a.pcap"), frame(place))).collect();
        all.push((input("a.pcap"), at(50, Fault::CutShort)));
        all.push((input("a.pcap"), at(60, Fault::More { count: 11 })));
        all.extend((0..6).map(|place| (input("b.pcap"), frame(place))));
        let said: Vec<_> =
            warnings(&all).into_iter().map(|(input, text)| (input.clone(), text.nl.into_owned())).collect();
        let of = |name: &str| -> Vec<&str> {
            said.iter().filter(|(of, _)| *of == input(name)).map(|(_, text)| text.as_str()).collect()
        };
        let (first, second) = (of("a.pcap"), of("b.pcap"));
        assert_eq!((first.len(), second.len()), (7, 6), "{said:?}");
        assert!(first[4].starts_with("bij byte 4: een pakket") && first[5].starts_with("bij byte 50"), "{first:?}");
        assert_eq!((first[6], second[5]), ("en nog 56 zulke plaatsen verderop", "en nog één zo’n plaats verderop"));
    }
}
