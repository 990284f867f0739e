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
pub(crate) const NOT_KEPT: Text = Text::new(
    "er staat geen heel checkpoint in (register, aantal, hash, en eronder de handtekeningen). Kwam het in een mail, bewaar dan de \
     bijlage (checkpoint-….txt) en geef die",
    "it holds no whole checkpoint (register, size, hash, and the signatures below them). If it came in a mail, save the \
     attachment (checkpoint-….txt) and give that",
);
pub(crate) const SEVERAL_NOTES: Text = Text::new(
    "er staan verschillende checkpoints in; bewaar elk in een eigen bestand en geef ze elk met --checkpoint",
    "it holds several checkpoints; save each in a file of its own and give each with --checkpoint",
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
pub(crate) const NOT_PROVED: Text = Text::new(
    "het bewijs verbindt dit checkpoint niet met het zijne. Dat kan aan het bestand liggen (beschadigd, of van iets anders): \
     vraag het bewijs opnieuw op. Lukt het ook dan niet, dan zet het register dit checkpoint niet voort",
    "the proof does not connect this checkpoint with its own. The file may be to blame (damaged, or of something else): ask \
     for the proof again. If that fails too, the register does not continue this checkpoint",
);
pub(crate) const ENTRY_NOT_PROVED: Text = Text::new(
    "het bewijs leidt niet naar zijn checkpoint: het bestand is beschadigd, of de inschrijving staat niet in het register; \
     vraag het bewijs opnieuw op",
    "the proof does not lead to its checkpoint: the file is damaged, or the entry does not stand in the register; ask for the \
     proof again",
);

/// A proof of growth without the checkpoint from which it starts.
pub(crate) fn earlier_needed(from: u64) -> Text {
    Text::made(
        format!("dit bewijs van groei heeft het checkpoint van {from} inschrijvingen nodig; geef dat met --checkpoint"),
        format!("this proof of growth needs the checkpoint of {from} entries; give it with --checkpoint"),
    )
}

/// A checkpoint of a size that a proof of growth is not about.
pub(crate) fn growth_of_others(size: u64, from: u64, to: u64) -> Text {
    Text::made(
        format!(
            "gaat over {size} inschrijvingen, en het bewijs over de groei van {from} naar {to}; geef het checkpoint van {from} \
             inschrijvingen"
        ),
        format!(
            "covers {size} entries, and the proof is of growth from {from} to {to}; give the checkpoint of {from} entries"
        ),
    )
}

/// A checkpoint of another size than that in the proof of an entry.
pub(crate) fn entry_of_others(size: u64, own: u64) -> Text {
    Text::made(
        format!(
            "gaat over {size} inschrijvingen, en het bewijs over een register van {own}; daartussen toont alleen een bewijs van \
             groei iets (dijkwacht prove --from {size})"
        ),
        format!(
            "covers {size} entries, and the proof is of a register of {own}; between those only a proof of growth shows \
             anything (dijkwacht prove --from {size})"
        ),
    )
}

/// A proof that is older than a checkpoint that was kept.
pub(crate) fn proof_is_older(size: u64, own: u64) -> Text {
    Text::made(
        format!(
            "hierover zegt het bewijs niets: het is van een register van {own} inschrijvingen, en dit checkpoint is later, van \
             {size}. Dat is geen twijfel aan het bewijs; vraag er een dat nieuwer is dan dit checkpoint, of geef dit niet mee"
        ),
        format!(
            "the proof says nothing of this: it is of a register of {own} entries, and this checkpoint is later, of {size}. That \
             is no reason to doubt the proof; ask for one that is newer than this checkpoint, or leave this one out"
        ),
    )
}

/// The register in the proof and the checkpoint differ, and both are signed.
pub(crate) fn proof_diverged(size: u64) -> Text {
    Text::made(
        format!(
            "een andere geschiedenis: de eerste {size} inschrijvingen van het register in het bewijs zijn niet die van dit checkpoint"
        ),
        format!(
            "another history: the first {size} entries of the register in the proof are not those of this checkpoint"
        ),
    )
}
