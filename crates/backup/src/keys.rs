//! Who may open a backup: holders of X25519 keys as `age-keygen` makes them, or of a passphrase.

use age::secrecy::{ExposeSecret, SecretString};

use crate::Fault;

/// A public key, `age1…`: with it a backup is made, and not opened.
#[derive(Clone)]
pub struct Recipient(pub(crate) age::x25519::Recipient);

impl std::str::FromStr for Recipient {
    type Err = String;

    /// What is refused is never in the message: it may be the secret half, or a passphrase.
    fn from_str(text: &str) -> Result<Self, String> {
        if is_secret_key(text) {
            return Err("what is given as a public key is the secret one. The public one begins with age1 and stands \
                        in the first line of the key's file; and since others may have seen the secret one now, make \
                        a new pair"
                .to_owned());
        }
        let read = text.trim().parse().map(Self);
        read.map_err(|why| format!("what is given is no public key of age ({why}); it begins with age1"))
    }
}

/// Whether a text, wherever it was given, is a secret key and must not be shown.
#[must_use]
pub fn is_secret_key(text: &str) -> bool {
    text.trim_start().get(..SECRET.len()).is_some_and(|start| start.eq_ignore_ascii_case(SECRET))
}

const SECRET: &str = "AGE-SECRET-KEY-";

impl std::fmt::Display for Recipient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// A secret key, `AGE-SECRET-KEY-1…`.
#[derive(Clone)]
pub struct Identity(pub(crate) age::x25519::Identity);

impl Identity {
    /// A new one.
    #[must_use]
    pub fn generate() -> Self {
        Self(age::x25519::Identity::generate())
    }

    /// Those of an identity file: a line each; empty lines and those that begin with `#` say nothing.
    ///
    /// # Errors
    /// When a line is no secret key, or there is none. The message does not hold it.
    pub fn of_file(text: &str) -> Result<Vec<Self>, String> {
        let mut found = Vec::new();
        for (number, line) in text.lines().map(str::trim).enumerate() {
            if !line.is_empty() && !line.starts_with('#') {
                let key = line.parse().map_err(|_| {
                    format!("line {} is no secret key of age; it begins with AGE-SECRET-KEY-1", number + 1)
                })?;
                found.push(Self(key));
            }
        }
        if found.is_empty() { Err("no secret key of age stands in it".to_owned()) } else { Ok(found) }
    }

    /// The public half.
    #[must_use]
    pub fn recipient(&self) -> Recipient {
        Recipient(self.0.to_public())
    }

    /// An identity file with this key; to be kept by its owner alone.
    #[must_use]
    pub fn file(&self) -> String {
        format!("# public key: {}\n{}\n", self.recipient(), self.0.to_string().expose_secret())
    }
}

/// How a backup is locked.
#[derive(Clone)]
pub enum Lock {
    /// For the holders of these keys; at least one.
    Recipients(Vec<Recipient>),
    Passphrase(SecretString),
    /// Not at all.
    Open,
}

impl Lock {
    /// With a passphrase.
    #[must_use]
    pub fn passphrase(text: &str) -> Self {
        Self::Passphrase(text.to_owned().into())
    }

    pub(crate) fn encryptor(&self) -> Result<Option<age::Encryptor>, Fault> {
        match self {
            Self::Recipients(keys) => {
                let keys = keys.iter().map(|key| &key.0 as &dyn age::Recipient);
                age::Encryptor::with_recipients(keys).map(Some).map_err(|error| Fault::Locking(error.to_string()))
            }
            Self::Passphrase(words) => Ok(Some(age::Encryptor::with_user_passphrase(words.clone()))),
            Self::Open => Ok(None),
        }
    }
}

/// What a backup is opened with.
#[derive(Clone, Default)]
pub struct Opener {
    pub identities: Vec<Identity>,
    pub passphrase: Option<SecretString>,
}

impl Opener {
    #[must_use]
    pub fn with_identities(identities: Vec<Identity>) -> Self {
        Self { identities, passphrase: None }
    }

    #[must_use]
    pub fn with_passphrase(text: &str) -> Self {
        Self { identities: Vec::new(), passphrase: Some(text.to_owned().into()) }
    }

    pub(crate) fn identities(&self) -> Vec<Box<dyn age::Identity>> {
        let keys = self.identities.iter().map(|key| Box::new(key.0.clone()) as Box<dyn age::Identity>);
        let words = self.passphrase.iter().map(|words| {
            let mut identity = age::scrypt::Identity::new(words.clone());
            // Whoever made the file chose how much work it is; this much takes seconds, more would be an attack on time.
            identity.set_max_work_factor(HARDEST_PASSPHRASE);
            Box::new(identity) as Box<dyn age::Identity>
        });
        keys.chain(words).collect()
    }
}

/// The base-2 logarithm of the most work (and, in KiB, memory) that a passphrase may cost: 1 GiB.
const HARDEST_PASSPHRASE: u8 = 20;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_public_key_is_refused_without_showing_it() {
        let identity = Identity::generate();
        let secret = identity.0.to_string().expose_secret().to_owned();
        let public = identity.recipient().to_string();
        assert!(public.parse::<Recipient>().is_ok());
        let cut = &public[..public.len() - 1];
        for (wrong, told) in [
            (secret.as_str(), "make a new pair"),
            (&secret.to_lowercase(), "make a new pair"),
            (&format!("  {secret}\n"), "make a new pair"),
            ("een lange zin die niemand raadt", "begins with age1"),
            (cut, "begins with age1"),
            ("", "begins with age1"),
        ] {
            let refused = wrong.parse::<Recipient>().err().unwrap();
            let shown = !wrong.is_empty() && refused.contains(wrong.trim());
            assert!(refused.contains(told) && !shown, "{wrong}: {refused}");
        }
    }
}
