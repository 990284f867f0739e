//! IRC's log-ins: the connection's PASS, a word to NickServ (RFC 2812 §3.1), and AUTHENTICATE (IRCv3's SASL). And whether a
//! program is at it, by the name that it took (`irc_bot`).

use super::dialogue::{After, Told, command_of};
use super::irc_bot;
use super::sasl::Exchange;
use super::told::{Account, Secret};
use crate::event::{Kind, LoginOutcome, RawContent, RawStream};

#[derive(Debug, Default)]
pub(super) struct Irc {
    nick: Account,
    /// PASS comes before the name.
    has_pass: bool,
    told_once: bool,
    sasl: Exchange,
    /// That it is a bot was told.
    is_bot: bool,
}

impl Irc {
    pub(super) fn client(&mut self, line: &[u8], told: &mut Told<'_>) -> After {
        let (command, argument) = command_of(line);
        if command.as_slice() == b"NICK" && irc_bot::is_name(argument) && !std::mem::replace(&mut self.is_bot, true) {
            let stream = RawStream { content: RawContent::IrcBot, is_from_client: true };
            told.findings.event(told.at, Kind::RawStream(stream));
        }
        match command.as_slice() {
            b"PASS" => self.has_pass = !argument.is_empty(),
            b"NICK" => {
                self.nick = Account::of(argument);
                if std::mem::take(&mut self.has_pass) {
                    told.sent("irc", "PASS", self.nick.clone(), Secret::Readable);
                    self.told_once = true;
                }
            }
            // The mechanism, and then each response, is its own line.
            b"AUTHENTICATE" => {
                let goes_on = self.sasl.goes_on(argument, "irc", told);
                if !goes_on {
                    self.sasl.begin(argument, "irc", told);
                }
            }
            b"PRIVMSG" | b"NICKSERV" | b"NS" if identifies(argument) => {
                told.sent("irc", "NickServ", self.nick.clone(), Secret::Readable);
                told.ended(LoginOutcome::Unknown);
            }
            _ => {}
        }
        After::More
    }

    pub(super) fn server(&mut self, line: &[u8], told: &mut Told<'_>) -> After {
        let behind_sender = match line.strip_prefix(b":") {
            Some(line) => line.splitn(2, |byte| *byte == b' ').nth(1).unwrap_or_default(),
            None => line,
        };
        let (answer, _) = command_of(behind_sender);
        match answer.as_slice() {
            b"001" => told.ended(LoginOutcome::Accepted),
            b"464" | b"465" => told.ended(LoginOutcome::Refused),
            b"903" => {
                self.sasl.end();
                told.ended(LoginOutcome::Accepted);
            }
            b"902" | b"904" | b"905" => {
                self.sasl.end();
                told.ended(LoginOutcome::Refused);
            }
            _ => {}
        }
        After::More
    }
}

fn identifies(argument: &[u8]) -> bool {
    let text = argument.get(..64).unwrap_or(argument).to_ascii_lowercase();
    let has = |word: &[u8]| text.windows(word.len()).any(|window| window == word);
    has(b"identify ") && !text.starts_with(b"#")
}
