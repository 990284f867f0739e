//! What becomes of a mail that is handed to a server.

use app::Mail;
use app::ports::{Post, PostError};
use outbound::{Encryption, MailServer, ServerSettings};

use crate::exim::{Exim, FULL, NOBODY, PASSWORD, USER, attached};

/// What nothing on the way may change: a signature stands under it.
const NOTE: &str = "dijkwacht/register/0197a3c0\n5\nqb1KdVdMtXpG0iZ3Zm3lWg==\n\n— dijkwacht/register/0197a3c0 YWJj\n";
const FILE: &str = "checkpoint-korenaar-5.txt";

fn mail(to: &str) -> Mail {
    Mail {
        id: "0197a3c0-0000-7000-8000-000000000001".into(),
        to: to.into(),
        subject: "Bewaren: stand van uw register, één regel".into(),
        text: "Goedendag,\n\n.\nbewaar deze mail – €.\n".into(),
        files: vec![(FILE.into(), NOTE.into())],
    }
}

fn settings(exim: &Exim) -> ServerSettings {
    ServerSettings {
        host: "localhost".into(),
        port: Some(exim.port),
        encryption: Encryption::None,
        credentials: None,
        authority: None,
        from: "Dijkwacht <register@msp.example>".into(),
    }
}

fn server(settings: &ServerSettings) -> MailServer {
    MailServer::new(settings).unwrap()
}

#[tokio::test]
async fn a_mail_arrives_with_its_file_byte_for_byte() {
    let Some(exim) = Exim::plain() else { return };
    server(&settings(&exim)).send(&mail("directeur@korenaar.example")).await.unwrap();
    let mails = exim.mails(1);
    let text = &mails[0];
    assert!(text.contains("Message-ID: <0197a3c0-0000-7000-8000-000000000001@msp.example>"), "{text}");
    assert!(text.contains("To: directeur@korenaar.example"), "{text}");
    assert!(text.contains("for directeur@korenaar.example"), "the envelope's own recipient: {text}");
    assert_eq!(attached(text, FILE).as_deref(), Some(NOTE.as_bytes()), "{text}");
}

#[tokio::test]
async fn a_duplicate_can_be_told_by_its_message_id() {
    let Some(exim) = Exim::plain() else { return };
    let server = server(&settings(&exim));
    for _ in 0..2 {
        server.send(&mail("directeur@korenaar.example")).await.unwrap();
    }
    let id = |mail: &str| mail.lines().find(|line| line.starts_with("Message-ID:")).map(str::to_owned);
    let mails = exim.mails(2);
    assert!(id(&mails[0]).is_some());
    assert_eq!(id(&mails[0]), id(&mails[1]));
}

#[tokio::test]
async fn a_mailbox_that_is_not_there_is_refused_for_good_and_a_full_one_for_now() {
    let Some(exim) = Exim::plain() else { return };
    let server = server(&settings(&exim));
    let Err(PostError::Refused(why)) = server.send(&mail(NOBODY)).await else { panic!("nobody took it") };
    assert!(why.contains("no such mailbox here") && why.contains("550"), "{why}");
    let Err(PostError::Later(why)) = server.send(&mail(FULL)).await else { panic!("it was full") };
    assert!(why.contains("full for now"), "{why}");
    // A refusal leaves the way open for the next.
    server.send(&mail("directeur@korenaar.example")).await.unwrap();
    assert_eq!(exim.mails(1).len(), 1);
}

#[tokio::test]
async fn what_the_server_finds_too_large_is_refused_for_good() {
    let Some(exim) = Exim::plain() else { return };
    let large = Mail { text: "zwaar\n".repeat(40_000), ..mail("directeur@korenaar.example") };
    let Err(PostError::Refused(why)) = server(&settings(&exim)).send(&large).await else { panic!("it was too large") };
    assert!(why.contains("552"), "{why}");
}

#[tokio::test]
async fn a_server_that_is_away_gets_it_when_it_is_back() {
    let Some(mut exim) = Exim::plain() else { return };
    let server = server(&settings(&exim));
    server.send(&mail("directeur@korenaar.example")).await.unwrap();
    exim.stop();
    // A connection that was kept from before is no way out either.
    for _ in 0..2 {
        let Err(PostError::Later(why)) = server.send(&mail("directeur@korenaar.example")).await else {
            panic!("nobody is there to take it")
        };
        assert!(why.contains(&format!("localhost:{}", exim.port)), "{why}");
    }
    exim.start();
    server.send(&mail("directeur@korenaar.example")).await.unwrap();
    assert_eq!(exim.mails(2).len(), 2);
}

#[tokio::test]
async fn over_starttls_a_known_certificate_is_wanted_and_a_password_is_not_told() {
    let Some(exim) = Exim::with_certificate() else { return };
    let known = std::fs::read(exim.certificate()).unwrap();
    let with = |password: &str, authority: Option<&[u8]>| ServerSettings {
        encryption: Encryption::StartTls,
        credentials: Some((USER.into(), password.into())),
        authority: authority.map(<[u8]>::to_vec),
        ..settings(&exim)
    };
    let to = mail("directeur@korenaar.example");

    server(&with(PASSWORD, Some(&known))).send(&to).await.unwrap();
    let mails = exim.mails(1);
    assert!(mails[0].contains("with esmtpsa"), "by TLS and signed in: {}", mails[0]);

    // A certificate that nobody vouches for may be anybody's.
    let Err(PostError::Later(why)) = server(&with(PASSWORD, None)).send(&to).await else { panic!("whose is it?") };
    assert!(why.to_lowercase().contains("certificate"), "{why}");

    // The settings are wrong, not the letter: it waits until somebody mends them.
    let Err(PostError::Later(why)) = server(&with("een ander woord", Some(&known))).send(&to).await else {
        panic!("it let a stranger in")
    };
    assert!(why.contains("535") && !why.contains("een ander woord"), "{why}");
    let unsigned = ServerSettings { credentials: None, ..with(PASSWORD, Some(&known)) };
    assert!(server(&unsigned).send(&to).await.is_err());
    assert_eq!(exim.mailbox().len(), 1, "{}", exim.log());
}

#[tokio::test]
async fn without_starttls_nothing_is_sent_where_it_is_asked_for() {
    let Some(exim) = Exim::plain() else { return };
    let wants = ServerSettings { encryption: Encryption::StartTls, ..settings(&exim) };
    let Err(PostError::Later(why)) = server(&wants).send(&mail("directeur@korenaar.example")).await else {
        panic!("it went in the open")
    };
    assert!(why.to_uppercase().contains("STARTTLS"), "{why}");
    assert!(exim.mailbox().is_empty());
}
