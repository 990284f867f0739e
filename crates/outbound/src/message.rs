//! A mail as RFC 5322 has it.

use lettre::message::header::ContentType;
use lettre::message::{Attachment, Mailbox, MultiPart, SinglePart};
use lettre::{Address, Message};

use app::Mail;
use app::ports::PostError;

/// The message of a mail. A subject or address cannot add a header: lettre encodes what would.
pub(crate) fn message(mail: &Mail, from: &Mailbox) -> Result<Message, PostError> {
    let to: Address = mail.to.parse().map_err(|_| PostError::Refused(format!("{} is no e-mail address", mail.to)))?;
    let subject: String = mail.subject.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    let builder = Message::builder()
        .from(from.clone())
        .to(Mailbox::new(None, to))
        .subject(subject)
        // RFC 3834: nobody's absence notice answers it.
        .header(AutoSubmitted)
        .message_id(Some(format!("<{}@{}>", mail.id, from.email.domain())));
    let text = SinglePart::plain(mail.text.clone());
    let built = if mail.files.is_empty() {
        builder.singlepart(text)
    } else {
        let mut parts = MultiPart::mixed().singlepart(text);
        for (name, content) in &mail.files {
            // As bytes: a signed text must arrive as it was signed, line ends included.
            let part = Attachment::new(name.clone()).body(content.clone().into_bytes(), ContentType::TEXT_PLAIN);
            parts = parts.singlepart(part);
        }
        builder.multipart(parts)
    };
    built.map_err(|error| PostError::Refused(format!("no mail could be made of it: {error}")))
}

/// `Auto-Submitted: auto-generated` (RFC 3834 §5).
#[derive(Clone)]
struct AutoSubmitted;

impl lettre::message::header::Header for AutoSubmitted {
    fn name() -> lettre::message::header::HeaderName {
        lettre::message::header::HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> lettre::message::header::HeaderValue {
        lettre::message::header::HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail() -> Mail {
        Mail {
            id: "0197a3c0-0000-7000-8000-000000000001".into(),
            to: "directeur@korenaar.example".into(),
            subject: "Bewaren: stand\r\nBcc: iedereen@kwaad.example".into(),
            text: "Goedendag,\n\nbewaar deze mail.\n".into(),
            files: vec![("checkpoint-korenaar-5.txt".into(), "dijkwacht/register/x\n5\nabc=\n\n— x y\n".into())],
        }
    }

    fn from() -> Mailbox {
        "Dijkwacht <register@msp.example>".parse().unwrap()
    }

    #[test]
    fn a_subject_cannot_add_a_header_and_the_id_is_the_letters_own() {
        let text = String::from_utf8(message(&mail(), &from()).unwrap().formatted()).unwrap();
        assert!(!text.lines().any(|line| line.to_lowercase().starts_with("bcc:")), "{text}");
        assert!(text.contains("Message-ID: <0197a3c0-0000-7000-8000-000000000001@msp.example>"), "{text}");
        assert!(text.contains("Auto-Submitted: auto-generated"), "{text}");
        assert!(text.contains("checkpoint-korenaar-5.txt"), "{text}");
    }

    #[test]
    fn what_is_no_address_is_refused_for_good() {
        for to in ["", "nobody", "a@b\r\nBcc: c@d.example", "a b@c.example"] {
            let refused = message(&Mail { to: to.into(), ..mail() }, &from());
            assert!(matches!(refused, Err(PostError::Refused(_))), "{to:?}");
        }
    }
}
