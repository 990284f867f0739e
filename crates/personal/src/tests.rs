//! What counts and what does not, the innocent first. The numbers are made up; those that pass their check are of the
//! range that is given to nobody (BSN 999…).

use proptest::prelude::*;

use super::*;

fn short(text: &str) -> String {
    let found = read(text.as_bytes());
    let parts: Vec<_> =
        found.0.iter().map(|(category, count)| format!("{} {}", category.key(), count.distinct)).collect();
    parts.join(", ")
}

/// A valid number that is given to nobody.
fn bsn(number: u32) -> String {
    (0..).map(|more| format!("{}", 999_000_000 + number * 100 + more)).find(|digits| is_bsn(digits.as_bytes())).unwrap()
}

#[test]
fn what_only_looks_like_it_does_not_count() {
    let consecutive: String = (345_000_100..345_000_260).map(|id| format!("{id},")).collect();
    let orders: String = (0..40).map(|n| format!("order={}&", bsn(n))).collect();
    let mixed: String = (0..60)
        .map(|n| if n % 2 == 0 { format!("{}\n", bsn(n)) } else { format!("{}\n", 999_000_001 + n * 11) })
        .collect();
    let valid = bsn(7);
    let innocent = [
        "",
        "iban=NL00ABNA0123456789&kvk=12345678&tel=0612345678",
        "NL91ABNA0417164300",
        "4111 1111 1111 1111",
        "bsn=123456789",
        "bsn: 111222333",
        "versie 2.10.0.4 van 12-03-2024",
        "EAN 8712345678906",
        "d.d. 01-02-1980",
        "a@b",
        "user@localhost",
        &consecutive,
        &mixed,
    ];
    for text in innocent {
        assert_eq!(short(text), "", "{text}");
    }
    // Within something longer, or about something else.
    for text in [
        format!("https://a.nl/x{valid}"),
        format!("{valid}00"),
        format!("1.{valid}"),
        format!("{valid}-12"),
        format!("factuur {valid}"),
        format!("bsn staat op factuur {valid}"),
        format!("relatienummer;naam\n{valid};Jan\n"),
        format!("f{valid}a"),
        // Of another kind, or said of the number before.
        format!("PID|1||{valid}^^^ZKH^PI~4711^^^NLMINBIZA^NNNLD\r"),
        format!("<id extension=\"{valid}\" root=\"2.16.840.1.113883.2.4.6.31\"/>"),
        format!("{valid} volgens NLMINBIZA"),
    ] {
        assert_eq!(short(&text), "", "{text}");
    }
    // So many that pass are no orders, whatever they are called.
    assert_eq!(short(&orders), "bsn 40");
}

#[test]
fn what_is_said_or_shown_counts() {
    let one = bsn(1);
    let table: String = std::iter::once("naam;bsn;ordernr\r\n".to_owned())
        .chain((0..50).map(|n| format!("Klant {n};{};{}\r\n", bsn(n), 345_000_100 + n)))
        .collect();
    let bare: String = (0..25).map(|n| format!("{}\n", bsn(n))).collect();
    let grouped = format!("BSN: {}.{}.{}", &one[..4], &one[4..6], &one[6..]);
    for (text, expected) in [
        (format!("naam=J&geboortedatum=1980-01-02&bsn={one}&adres=Dorpsstraat+1"), "bsn 1, birth_date 1"),
        (format!("{{\"Burgerservicenummer\": \"{one}\"}}"), "bsn 1"),
        (format!("PID|1||{one}^^^NLMINBIZA^NNNLD~4711^^^ZKH^PI||Jansen^Jan\r"), "bsn 1"),
        (format!("<id root=\"2.16.840.1.113883.2.4.6.3\" extension=\"{one}\"/>"), "bsn 1"),
        (format!("<id extension=\"{one}\" root=\"2.16.840.1.113883.2.4.6.3\"/>"), "bsn 1"),
        (format!("{{\"system\":\"http://fhir.nl/fhir/NamingSystem/bsn\",\"value\":\"{one}\"}}"), "bsn 1"),
        (format!("{{\"value\":\"{one}\",\"system\":\"http://fhir.nl/fhir/NamingSystem/bsn\"}}"), "bsn 1"),
        (format!("<sofinummer>{one}</sofinummer> {one}"), "bsn 1"),
        (grouped, "bsn 1"),
        (table, "bsn 50"),
        (bare, "bsn 25"),
        ("{\"iban\":\"NL20INGB0001234567\"}".to_owned(), "iban 1"),
        ("rek. nl20 ingb 0001 2345 67, t.n.v.".to_owned(), "iban 1"),
        ("card=4539578763621486&cvc=123".to_owned(), "creditcard 1"),
        ("betaald met 4539 5787 6362 1486".to_owned(), "creditcard 1"),
        ("Jan, geboren op 2/1/1980 te Ede".to_owned(), "birth_date 1"),
        ("naam,geboortedatum\njan,02-01-1980\npiet,03-01-1981\n".to_owned(), "birth_date 2"),
        ("Van: jan@a.nl, Jan@A.nl; piet.de-vries@mail.example.com".to_owned(), "email 2"),
    ] {
        assert_eq!(short(&text), expected, "{text}");
    }
}

#[test]
fn a_long_table_is_read_to_its_end_whatever_the_pieces() {
    let text: String = std::iter::once("naam;geboren;bsn\n".to_owned())
        .chain((0..2000).map(|n| format!("Jansen {n};01-02-19{:02};{}\n", 10 + n % 80, bsn(n))))
        .collect();
    let whole = read(text.as_bytes());
    assert_eq!((whole.distinct(Category::Bsn), whole.distinct(Category::BirthDate)), (2000, 80));
    for piece in [1, 7, 1000, 9000] {
        let mut reader = Reader::default();
        for part in text.as_bytes().chunks(piece) {
            reader.text(part);
            assert!(reader.buffered() <= 20_000);
        }
        assert_eq!(reader.finish(), whole, "{piece}");
    }
}

proptest! {
    #[test]
    fn any_bytes_are_read(bytes in proptest::collection::vec(any::<u8>(), 0..5000), piece in 1..500usize) {
        let mut reader = Reader::default();
        bytes.chunks(piece).for_each(|part| reader.text(part));
        let _ = reader.finish();
    }

    #[test]
    fn one_number_in_eleven_passes(start in 100_000_000..900_000_000u32) {
        let passing = (start..start + 1100).filter(|number| is_bsn(number.to_string().as_bytes())).count();
        prop_assert!((80..=120).contains(&passing), "{passing}");
    }
}
