//! How names and fingerprints are read and compared.

use super::*;

#[test]
fn a_name_or_every_name_under_it() {
    let fits = |pattern: &str, name: &str| pattern.parse::<NamePattern>().unwrap().fits(name);
    assert!(fits("Evil.Example.", "evil.example") && fits("evil.example", "EVIL.example"));
    assert!(!fits("evil.example", "www.evil.example") && !fits("evil.example", "notevil.example"));
    assert!(fits("*.evil.example", "www.evil.example") && fits("*.evil.example", "a.b.evil.example"));
    assert!(!fits("*.evil.example", "evil.example") && !fits("*.evil.example", "notevil.example"));
    assert!(!fits("*.evil.example", "é.example") && !fits("*.l", "é"));
    for wrong in ["", "*", "*.", "a.*.b", "two words"] {
        assert_eq!(wrong.parse::<NamePattern>(), Err(InvalidName), "{wrong}");
    }
}

#[test]
fn fingerprints_are_known_by_their_shape() {
    let read = |text: &str| text.parse::<Fingerprint>().map(|print| print.0);
    assert_eq!(read("E7D705A3286E19EA42F587B344EE6865").unwrap(), "e7d705a3286e19ea42f587b344ee6865");
    assert_eq!(read(&["AB"; 20].join(":")).unwrap(), "ab".repeat(20));
    assert_eq!(read(&"0".repeat(64)).unwrap(), "0".repeat(64));
    assert_eq!(read("t13d1516h2_8daaf6152771_02713d6af862").unwrap(), "t13d1516h2_8daaf6152771_02713d6af862");
    for wrong in ["", "abc", "t13d1516h2_8daaf6152771", "g".repeat(32).as_str(), "evil.example"] {
        assert_eq!(read(wrong), Err(InvalidFingerprint), "{wrong}");
    }
}
