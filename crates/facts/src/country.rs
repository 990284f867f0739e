//! Countries by ISO 3166-1 alpha-2.

/// All codes of ISO 3166-1 alpha-2, in alphabetical order. Source: ISO 3166 maintenance agency's list.
pub static COUNTRIES: &[&str] = &[
    "AD", "AE", "AF", "AG", "AI", "AL", "AM", "AO", "AQ", "AR", "AS", "AT", "AU", "AW", "AX", "AZ", "BA", "BB", "BD",
    "BE", "BF", "BG", "BH", "BI", "BJ", "BL", "BM", "BN", "BO", "BQ", "BR", "BS", "BT", "BV", "BW", "BY", "BZ", "CA",
    "CC", "CD", "CF", "CG", "CH", "CI", "CK", "CL", "CM", "CN", "CO", "CR", "CU", "CV", "CW", "CX", "CY", "CZ", "DE",
    "DJ", "DK", "DM", "DO", "DZ", "EC", "EE", "EG", "EH", "ER", "ES", "ET", "FI", "FJ", "FK", "FM", "FO", "FR", "GA",
    "GB", "GD", "GE", "GF", "GG", "GH", "GI", "GL", "GM", "GN", "GP", "GQ", "GR", "GS", "GT", "GU", "GW", "GY", "HK",
    "HM", "HN", "HR", "HT", "HU", "ID", "IE", "IL", "IM", "IN", "IO", "IQ", "IR", "IS", "IT", "JE", "JM", "JO", "JP",
    "KE", "KG", "KH", "KI", "KM", "KN", "KP", "KR", "KW", "KY", "KZ", "LA", "LB", "LC", "LI", "LK", "LR", "LS", "LT",
    "LU", "LV", "LY", "MA", "MC", "MD", "ME", "MF", "MG", "MH", "MK", "ML", "MM", "MN", "MO", "MP", "MQ", "MR", "MS",
    "MT", "MU", "MV", "MW", "MX", "MY", "MZ", "NA", "NC", "NE", "NF", "NG", "NI", "NL", "NO", "NP", "NR", "NU", "NZ",
    "OM", "PA", "PE", "PF", "PG", "PH", "PK", "PL", "PM", "PN", "PR", "PS", "PT", "PW", "PY", "QA", "RE", "RO", "RS",
    "RU", "RW", "SA", "SB", "SC", "SD", "SE", "SG", "SH", "SI", "SJ", "SK", "SL", "SM", "SN", "SO", "SR", "SS", "ST",
    "SV", "SX", "SY", "SZ", "TC", "TD", "TF", "TG", "TH", "TJ", "TK", "TL", "TM", "TN", "TO", "TR", "TT", "TV", "TW",
    "TZ", "UA", "UG", "UM", "US", "UY", "UZ", "VA", "VC", "VE", "VG", "VI", "VN", "VU", "WF", "WS", "YE", "YT", "ZA",
    "ZM", "ZW",
];

/// The code of a country that the EU's own style writes otherwise: `EL` for Greece, `UK` for the United Kingdom.
/// Source: Interinstitutional style guide, 7.1.1.
pub(crate) fn meant(code: &str) -> Option<&'static str> {
    match code {
        "EL" | "el" => Some("GR"),
        "UK" | "uk" => Some("GB"),
        _ => None,
    }
}

/// One country of ISO 3166-1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Country(&'static str);

impl Country {
    /// The Netherlands.
    pub const NL: Self = Self("NL");

    /// The country of a two-letter code in capitals; nothing for what is no code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        COUNTRIES.iter().find(|known| **known == code).map(|known| Self(known))
    }

    /// Its two letters.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nearest;

    #[test]
    fn the_codes_of_the_eu_s_style_lead_to_those_of_iso() {
        assert_eq!(nearest("EL", COUNTRIES.iter().copied()), Some("GR"));
        assert_eq!(nearest("UK", COUNTRIES.iter().copied()), Some("GB"));
        assert_eq!((Country::from_code("EL"), Country::from_code("UK")), (None, None));
    }
}
