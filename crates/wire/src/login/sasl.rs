//! SASL as mail and directories speak it (RFC 4422): which mechanisms send a secret that anybody can read.

use super::base64;
use super::dialogue::Told;
use super::told::{Account, Secret};

/// Of a response so many bytes are read.
const MAX_RESPONSE: usize = 3 * 1024;

/// The exchange that goes on, if one does.
#[derive(Debug, Default)]
pub(super) struct Exchange(Option<Sasl>);

impl Exchange {
    /// From what follows the command: the mechanism, and perhaps a first response.
    pub(super) fn begin(&mut self, arguments: &[u8], protocol: &'static str, told: &mut Told<'_>) {
        let mut parts = arguments.splitn(2, |byte| *byte == b' ');
        self.0 = Some(Sasl::begin(parts.next().unwrap_or_default()));
        if let Some(initial) = parts.next() {
            self.goes_on(initial, protocol, told);
        }
    }

    /// Takes a line of the client; false where no exchange goes on, and the line is a command.
    pub(super) fn goes_on(&mut self, line: &[u8], protocol: &'static str, told: &mut Told<'_>) -> bool {
        let Some(sasl) = &mut self.0 else { return false };
        match sasl.encoded(line) {
            Said::More => {}
            Said::Cancelled => self.0 = None,
            Said::Sent(account, secret) => {
                told.sent(protocol, sasl.name(), account, secret);
                if sasl.ends_with_secret() {
                    self.0 = None;
                }
            }
        }
        true
    }

    /// The server has the last word.
    pub(super) fn end(&mut self) {
        self.0 = None;
    }
}

/// One authentication exchange.
#[derive(Debug)]
pub(super) struct Sasl {
    mechanism: Mechanism,
    /// LOGIN sends the account before the secret.
    account: Option<Account>,
    /// A hidden mechanism's answer was sent; what else it says is of no interest.
    is_sent: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mechanism {
    /// RFC 4616.
    Plain,
    /// draft-murchison-sasl-login.
    Login,
    /// XOAUTH2 and OAUTHBEARER (RFC 7628): whoever reads the token can use it.
    Token(&'static str),
    Hidden(&'static str),
}

const KNOWN: [(&str, Mechanism); 10] = [
    ("PLAIN", Mechanism::Plain),
    ("LOGIN", Mechanism::Login),
    ("XOAUTH2", Mechanism::Token("XOAUTH2")),
    ("OAUTHBEARER", Mechanism::Token("OAUTHBEARER")),
    ("CRAM-MD5", Mechanism::Hidden("CRAM-MD5")),
    ("DIGEST-MD5", Mechanism::Hidden("DIGEST-MD5")),
    ("NTLM", Mechanism::Hidden("NTLM")),
    ("GSSAPI", Mechanism::Hidden("GSSAPI")),
    ("GSS-SPNEGO", Mechanism::Hidden("GSS-SPNEGO")),
    ("EXTERNAL", Mechanism::Hidden("EXTERNAL")),
];

fn known(name: &[u8]) -> Option<Mechanism> {
    KNOWN.iter().find(|(known, _)| name.eq_ignore_ascii_case(known.as_bytes())).map(|(_, mechanism)| *mechanism)
}

/// Whether a mechanism is called so.
pub(super) fn is_mechanism(name: &[u8]) -> bool {
    known(name).is_some() || name.get(..6).is_some_and(|start| start.eq_ignore_ascii_case(b"SCRAM-"))
}

/// What a response came to.
#[derive(Debug, PartialEq)]
pub(super) enum Said {
    /// The exchange goes on.
    More,
    /// The secret was sent, in that form.
    Sent(Account, Secret),
    /// The client gave up.
    Cancelled,
}

impl Sasl {
    /// By the mechanism's name, in whatever case.
    pub(super) fn begin(name: &[u8]) -> Self {
        let mechanism = known(name).unwrap_or(Mechanism::Hidden("SASL"));
        Self { mechanism, account: None, is_sent: false }
    }

    pub(super) fn name(&self) -> &'static str {
        match self.mechanism {
            Mechanism::Plain => "PLAIN",
            Mechanism::Login => "LOGIN",
            Mechanism::Token(name) | Mechanism::Hidden(name) => name,
        }
    }

    /// A response in base64, as mail protocols send it.
    pub(super) fn encoded(&mut self, response: &[u8]) -> Said {
        let response = response.trim_ascii();
        if response == b"*" {
            return Said::Cancelled;
        }
        // An empty initial response is written "=" (RFC 4954 §4).
        self.response(&base64::decode(response, MAX_RESPONSE))
    }

    /// A response as it is.
    pub(super) fn response(&mut self, response: &[u8]) -> Said {
        match self.mechanism {
            Mechanism::Plain => {
                let mut parts = response.splitn(3, |byte| *byte == 0).skip(1);
                let account = Account::of(parts.next().unwrap_or_default());
                let secret = parts.next().unwrap_or_default();
                Said::Sent(account, readable(secret))
            }
            Mechanism::Login => match self.account.take() {
                None => {
                    self.account = Some(Account::of(response));
                    Said::More
                }
                Some(account) => Said::Sent(account, readable(response)),
            },
            Mechanism::Token(_) => {
                let fields = response.split(|byte| matches!(byte, 1 | b','));
                let name = fields.filter_map(|field| field.strip_prefix(b"user=").or(field.strip_prefix(b"a="))).next();
                Said::Sent(Account::of(name.unwrap_or_default()), readable(response))
            }
            Mechanism::Hidden(name) => {
                if std::mem::replace(&mut self.is_sent, true) || response.is_empty() {
                    return Said::More;
                }
                // "account digest" (RFC 2195 §2).
                let account = match response.rsplitn(2, |byte| *byte == b' ').nth(1) {
                    Some(account) if name == "CRAM-MD5" => Account::of(account),
                    _ => Account::default(),
                };
                Said::Sent(account, Secret::Hidden)
            }
        }
    }

    /// Whether the client has no more to say once the secret was sent.
    pub(super) fn ends_with_secret(&self) -> bool {
        !matches!(self.mechanism, Mechanism::Hidden(_))
    }
}

fn readable(secret: &[u8]) -> Secret {
    if secret.is_empty() { Secret::None } else { Secret::Readable }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_read_is_told_from_what_cannot() {
        let said = |name: &str, responses: &[&[u8]]| {
            let mut sasl = Sasl::begin(name.as_bytes());
            responses.iter().map(|response| sasl.encoded(response)).last().unwrap()
        };
        let jan = Account::of(b"jan");
        assert_eq!(said("plain", &[b"AGphbgBnZWhlaW0="]), Said::Sent(jan.clone(), Secret::Readable));
        assert_eq!(said("PLAIN", &[b"AGphbgA="]), Said::Sent(jan.clone(), Secret::None));
        assert_eq!(said("LOGIN", &[b"amFu"]), Said::More);
        assert_eq!(said("LOGIN", &[b"amFu", b"Z2VoZWlt"]), Said::Sent(jan.clone(), Secret::Readable));
        assert_eq!(said("CRAM-MD5", &[b"amFuIDAwMTEyMg=="]), Said::Sent(jan, Secret::Hidden));
        assert_eq!(said("NTLM", &[b"TlRMTVNTUAA=", b"TlRMTVNTUAA="]), Said::More);
        assert_eq!(
            said("XOAUTH2", &[b"dXNlcj1hQGIubmwBYXV0aD1CZWFyZXIgeAEB"]),
            Said::Sent(Account::of(b"a@b.nl"), Secret::Readable)
        );
        assert_eq!(said("LOGIN", &[b"*"]), Said::Cancelled);
        assert_eq!(said("", &[b"\xff"]), Said::More);
    }
}
