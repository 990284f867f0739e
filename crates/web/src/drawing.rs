//! Drawings made while running: a QR code. The others stand in the templates.

use qrcode::{Color, QrCode};

/// The signs of the navigation, drawn in `part/icons.html`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Icon {
    Board,
    Today,
    Incidents,
    Register,
    Sensors,
    Settings,
    Help,
}

impl Icon {
    /// The id of its symbol.
    pub(crate) fn id(self) -> &'static str {
        match self {
            Self::Board => "i-board",
            Self::Today => "i-today",
            Self::Incidents => "i-incidents",
            Self::Register => "i-register",
            Self::Sensors => "i-sensors",
            Self::Settings => "i-settings",
            Self::Help => "i-help",
        }
    }
}

/// A QR code: its side in modules with the quiet zone, and the dark modules as one path of an SVG.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Qr {
    pub(crate) side: usize,
    pub(crate) path: String,
}

/// Four modules of white around it (ISO/IEC 18004 §5.3.8).
const QUIET: usize = 4;

impl Qr {
    /// The code of an address; nothing for one too long to fit.
    pub(crate) fn of(address: &str) -> Option<Self> {
        let code = QrCode::new(address).ok()?;
        let width = code.width();
        let mut path = String::new();
        for (at, color) in code.to_colors().into_iter().enumerate() {
            if color == Color::Dark {
                path.push_str(&format!("M{} {}h1v1h-1z", QUIET + at % width, QUIET + at / width));
            }
        }
        Some(Self { side: width + 2 * QUIET, path })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_its_quiet_zone_and_its_corners() {
        let qr = Qr::of("https://dijkwacht.example/melden/abcdefgh2345").unwrap();
        assert_eq!((qr.side - 2 * QUIET - 17) % 4, 0, "a QR code's side is 17 + 4 × version");
        for corner in [(QUIET, QUIET), (qr.side - QUIET - 1, QUIET), (QUIET, qr.side - QUIET - 1)] {
            assert!(qr.path.contains(&format!("M{} {}h", corner.0, corner.1)), "no finder pattern at {corner:?}");
        }
    }
}
