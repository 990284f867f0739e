//! Mails as `.eml` files in a folder, for those who have no mail server: any mail program opens them.

use std::path::{Path, PathBuf};

use async_trait::async_trait;
use lettre::message::Mailbox;
use tokio::io::AsyncWriteExt;

use app::Mail;
use app::ports::{Post, PostError};

use crate::message::message;
use crate::smtp::{InvalidServer, sender};

/// A folder that mails are written to. It must be there.
#[derive(Clone, Debug)]
pub struct MailFolder {
    folder: PathBuf,
    from: Mailbox,
}

impl MailFolder {
    /// Mails go to this folder, from this address.
    ///
    /// # Errors
    /// When the sender is no address.
    pub fn new(folder: PathBuf, from: &str) -> Result<Self, InvalidServer> {
        Ok(Self { folder, from: sender(from)? })
    }
}

#[async_trait]
impl Post for MailFolder {
    async fn send(&self, mail: &Mail) -> Result<(), PostError> {
        let bytes = message(mail, &self.from)?.formatted();
        let is_plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '-';
        let name: String = mail.id.chars().filter(|letter| is_plain(*letter)).collect();
        let place = self.folder.join(format!("{name}.eml"));
        let beside = self.folder.join(format!("{name}.new"));
        write(&beside, &place, &bytes).await.map_err(|error| {
            PostError::Later(format!("writing to the mail folder {} failed: {error}", self.folder.display()))
        })
    }
}

/// Whole or not at all; written again it is the same file.
async fn write(beside: &Path, place: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = tokio::fs::File::create(beside).await?;
    file.write_all(bytes).await?;
    file.sync_all().await?;
    drop(file);
    tokio::fs::rename(beside, place).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail(id: &str) -> Mail {
        Mail {
            id: id.into(),
            to: "a@korenaar.example".into(),
            subject: "Onderwerp".into(),
            text: "Tekst".into(),
            files: vec![],
        }
    }

    #[tokio::test]
    async fn a_mail_sent_twice_is_one_file_and_a_name_leads_nowhere_else() {
        let folder = tempfile::tempdir().unwrap();
        let post = MailFolder::new(folder.path().to_owned(), "register@msp.example").unwrap();
        for id in ["one", "one", "../../two"] {
            post.send(&mail(id)).await.unwrap();
        }
        let mut names: Vec<_> = std::fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        assert_eq!(names, ["one.eml", "two.eml"]);
    }

    #[tokio::test]
    async fn a_folder_that_is_gone_is_tried_again_later() {
        let post = MailFolder::new("/nowhere/at/all".into(), "register@msp.example").unwrap();
        let Err(PostError::Later(why)) = post.send(&mail("one")).await else { panic!("it was sent") };
        assert!(why.contains("/nowhere/at/all"), "{why}");
    }
}
