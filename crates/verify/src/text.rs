//! Texts in Dutch and English, side by side; this crate has its own, since it uses nothing of ours.

use std::borrow::Cow;

/// A sentence in Dutch and English.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    pub nl: Cow<'static, str>,
    pub en: Cow<'static, str>,
}

impl Text {
    pub(crate) const fn new(nl: &'static str, en: &'static str) -> Self {
        Self { nl: Cow::Borrowed(nl), en: Cow::Borrowed(en) }
    }

    pub(crate) fn made(nl: String, en: String) -> Self {
        Self { nl: Cow::Owned(nl), en: Cow::Owned(en) }
    }
}

pub(crate) const NOT_UTF8: Text = Text::new("het is geen UTF-8-tekst", "it is not UTF-8 text");
pub(crate) const NOT_A_NOTE: Text = Text::new(
    "het is geen ondertekende tekst (tekst, lege regel, handtekening)",
    "it is not a signed note (text, empty line, signature)",
);
pub(crate) const ONE_SIGNATURE: Text =
    Text::new("het heeft niet precies één handtekening", "it does not carry exactly one signature");
pub(crate) const NO_KEY_TEXT: Text =
    Text::new("er staat geen leesbare openbare sleutel in", "it holds no readable public key");
pub(crate) const KEY_FORM: Text =
    Text::new("het is niet `naam+id+sleutel`, met een Ed25519-sleutel", "it is not `name+id+key`, with an Ed25519 key");
pub(crate) const KEY_ID: Text = Text::new(
    "het id hoort niet bij deze naam en sleutel: de tekst is verkeerd overgenomen of gewijzigd",
    "the id does not belong to this name and key: the text was copied wrongly or changed",
);
pub(crate) const CHECKPOINT_FORM: Text = Text::new(
    "het zijn niet de drie regels register, aantal, wortel-hash",
    "it is not the three lines register, size, root hash",
);
pub(crate) const JSON_FORM: Text = Text::new(
    "het is geen JSON met precies `index`, `leaf` en óf `salt` en `body`, óf `erased`",
    "it is not JSON with exactly `index`, `leaf` and either `salt` and `body`, or `erased`",
);
pub(crate) const LEAF_FORM: Text = Text::new(
    "`leaf` staat niet in de vorm `dijkwacht-entry/v1`",
    "`leaf` does not have the form `dijkwacht-entry/v1`",
);
pub(crate) const STAMP_FORM: Text = Text::new(
    "het is geen antwoord van een tijdstempeldienst (RFC 3161) met SHA-256",
    "it is no answer of a time-stamping authority (RFC 3161) with SHA-256",
);
pub(crate) const STAMP_REFUSED: Text =
    Text::new("de tijdstempeldienst heeft geweigerd", "the time-stamping authority refused");
pub(crate) const STAMP_IMPRINT: Text =
    Text::new("het is het stempel van iets anders", "it is the stamp of something else");
pub(crate) const STAMP_NONCE: Text =
    Text::new("het nummer van de vraag staat er niet in", "the number of the request is not in it");
pub(crate) const PROOF_FORM: Text = Text::new(
    "het is geen bewijs: `c2sp.org/tlog-proof@v1` of `dijkwacht-consistency/v1`, hashes, een lege regel, een checkpoint",
    "it is no proof: `c2sp.org/tlog-proof@v1` or `dijkwacht-consistency/v1`, hashes, an empty line, a checkpoint",
);
pub(crate) const PROOF_TOO_LONG: Text =
    Text::new("het heeft meer hashes dan een bewijs kan hebben", "it has more hashes than a proof can have");
pub(crate) const PROOF_LEAF: Text = Text::new(
    "`extra` is niet het blad van de inschrijving van dit nummer in dit register",
    "`extra` is not the leaf of the entry of this number in this register",
);
pub(crate) const EARLIER_NEEDED: Text = Text::new(
    "een bewijs van groei heeft het eerdere checkpoint nodig; geef het met --checkpoint",
    "a proof of growth needs the earlier checkpoint; give it with --checkpoint",
);
