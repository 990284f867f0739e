//! Why a server cannot be reached, in both languages, and what to do about it.

use std::io::{self, ErrorKind};

use facts::Text;
use rustls::{AlertDescription, CertificateError, Error as Tls};

/// Any error; what has no words here is told as the system or the library tells it.
pub(crate) fn why(error: &ureq::Error) -> Text {
    match error {
        ureq::Error::Io(error) => of_io(error),
        ureq::Error::Rustls(error) => of_tls(error),
        ureq::Error::HostNotFound => Text::new(
            "de naam van de server is niet te vinden; kijk of het adres klopt en of deze machine namen kan opzoeken (DNS)",
            "the server's name cannot be found; check its address, and whether this machine can look up names (DNS)",
        ),
        ureq::Error::Timeout(_) => Text::new(
            "er kwam niet op tijd antwoord; kijk of het adres klopt en of een firewall ertussen staat",
            "no answer came in time; check the address, and whether a firewall stands between",
        ),
        other => as_it_is(&other.to_string()),
    }
}

fn of_io(error: &io::Error) -> Text {
    if let Some(tls) = error.get_ref().and_then(|inner| inner.downcast_ref::<Tls>()) {
        return of_tls(tls);
    }
    match error.kind() {
        ErrorKind::ConnectionRefused => Text::new(
            "de verbinding is geweigerd: op dat adres en die poort luistert niets; kijk of de server draait en of adres en poort kloppen",
            "the connection was refused: nothing listens at that address and port; see whether the server runs, and check both",
        ),
        ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable | ErrorKind::NetworkDown => Text::new(
            "er is geen weg naar dat adres; kijk of deze machine een netwerk heeft en of het adres klopt",
            "there is no way to that address; see whether this machine has a network, and check the address",
        ),
        ErrorKind::TimedOut | ErrorKind::WouldBlock => Text::new(
            "er kwam niet op tijd antwoord; kijk of het adres klopt en of een firewall ertussen staat",
            "no answer came in time; check the address, and whether a firewall stands between",
        ),
        ErrorKind::ConnectionReset
        | ErrorKind::ConnectionAborted
        | ErrorKind::BrokenPipe
        | ErrorKind::UnexpectedEof => Text::new(
            "de verbinding is verbroken voor er een antwoord was; kijk of https of http klopt, en of de server een certificaat van de sensor vraagt (--client-cert en --client-key)",
            "the connection was cut before an answer came; check https or http, and whether the server asks for a certificate of the sensor (--client-cert and --client-key)",
        ),
        _ => as_it_is(&error.to_string()),
    }
}

fn of_tls(error: &Tls) -> Text {
    match error {
        Tls::InvalidCertificate(CertificateError::UnknownIssuer) => Text::new(
            "deze sensor kent de instantie niet die het certificaat van de server uitgaf; geef haar certificaat met --ca BESTAND",
            "this sensor does not know the authority that issued the server's certificate; give its certificate with --ca FILE",
        ),
        Tls::InvalidCertificate(CertificateError::Expired | CertificateError::ExpiredContext { .. }) => Text::new(
            "het certificaat van de server is verlopen; vernieuw het daar, en kijk of de klok van deze machine goed staat",
            "the server's certificate has expired; renew it there, and see whether the clock of this machine is right",
        ),
        Tls::InvalidCertificate(CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. }) => {
            Text::new(
                "het certificaat van de server geldt nog niet; kijk of de klok van deze machine goed staat",
                "the server's certificate is not valid yet; see whether the clock of this machine is right",
            )
        }
        Tls::InvalidCertificate(
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
        ) => Text::new(
            "het certificaat van de server is voor een andere naam; geef --server de naam die erin staat",
            "the server's certificate is for another name; give --server the name that stands in it",
        ),
        Tls::InvalidCertificate(_) => Text::made(
            format!("het certificaat van de server is niet te vertrouwen ({error}); kijk of het adres en --ca kloppen"),
            format!("the server's certificate cannot be trusted ({error}); check the address and --ca"),
        ),
        Tls::AlertReceived(AlertDescription::CertificateRequired) => Text::new(
            "de server vraagt een certificaat van de sensor; geef het met --client-cert BESTAND en --client-key BESTAND",
            "the server asks for a certificate of the sensor; give it with --client-cert FILE and --client-key FILE",
        ),
        Tls::AlertReceived(
            AlertDescription::UnknownCA
            | AlertDescription::BadCertificate
            | AlertDescription::UnsupportedCertificate
            | AlertDescription::CertificateRevoked
            | AlertDescription::CertificateExpired
            | AlertDescription::CertificateUnknown
            | AlertDescription::DecryptError
            | AlertDescription::AccessDenied,
        ) => Text::made(
            format!(
                "de server neemt het certificaat van de sensor niet aan ({error}); geef er een dat hij kent met --client-cert en --client-key"
            ),
            format!(
                "the server does not take the sensor's certificate ({error}); give one that it knows with --client-cert and --client-key"
            ),
        ),
        Tls::InvalidMessage(_) => Text::new(
            "wat er antwoordt spreekt geen TLS; kijk of het adres met https:// of http:// begint en of de poort klopt",
            "what answers speaks no TLS; check whether the address begins with https:// or http://, and the port",
        ),
        other => as_it_is(&other.to_string()),
    }
}

/// What the system or another program says has one language.
pub(crate) fn as_it_is(said: &str) -> Text {
    Text::made(format!("melding: {said}"), said.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_wrong_most_says_what_to_do_in_both_languages() {
        let wrapped = |error: Tls| ureq::Error::Io(io::Error::new(ErrorKind::InvalidData, error));
        for (error, option) in [
            (ureq::Error::Io(ErrorKind::ConnectionRefused.into()), "adres en poort"),
            (wrapped(Tls::InvalidCertificate(CertificateError::UnknownIssuer)), "--ca"),
            (ureq::Error::Rustls(Tls::InvalidCertificate(CertificateError::UnknownIssuer)), "--ca"),
            (wrapped(Tls::AlertReceived(AlertDescription::CertificateRequired)), "--client-cert"),
            (wrapped(Tls::AlertReceived(AlertDescription::UnknownCA)), "--client-cert"),
        ] {
            let Text { nl, en } = why(&error);
            assert!(nl.contains(option) && nl != en, "{error}: {nl}");
        }
    }
}
