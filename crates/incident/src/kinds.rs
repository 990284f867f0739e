//! What each kind of entry is called, in the one place where it is.
//!
//! Promises: every kind that [`crate::Event::kind`] gives has a name in both languages.

use facts::Text;

/// The name of a kind of entry as the journal holds it; of one that this program does not know, the kind itself.
#[must_use]
pub fn kind_name(kind: &str) -> Text {
    let (nl, en) = match kind {
        "incident.opened" => ("vastgelegd", "recorded"),
        "incident.facts_recorded" => ("feiten", "facts"),
        "incident.narrative_recorded" => ("het verhaal", "the narrative"),
        "incident.detected_at_set" => ("eerste signaal", "first signal"),
        "incident.awareness_set" => ("kennisname", "awareness"),
        "incident.assessed" => ("oordeel", "verdict"),
        "incident.decided" => ("besluit", "decision"),
        "incident.document_made" => ("document", "document"),
        "incident.authority_notified" => ("melding bij de AP", "report to the authority"),
        "incident.subjects_informed" => ("personen ingelicht", "persons informed"),
        "incident.csirt_notified" => ("melding bij het CSIRT", "report to the CSIRT"),
        "incident.controllers_warned" => ("verwerkingsverantwoordelijken gewaarschuwd", "controllers warned"),
        "incident.term_met" => ("afgesproken termijn gehaald", "agreed term met"),
        "incident.processor_informed" => ("bericht van een verwerker", "a processor’s notice"),
        "incident.detection_checked" => ("waarneming nagekeken", "detection checked"),
        "incident.detections_added" => ("detecties toegevoegd", "detections added"),
        "incident.dpo_advised" => ("advies van de FG", "the DPO’s advice"),
        "incident.not_known_yet" => ("nog niet bekend", "not known yet"),
        "incident.enisa_adjusted" => ("score van ENISA", "ENISA’s score"),
        "incident.evidence_added" => ("bewijs toegevoegd", "evidence added"),
        "incident.evidence_opened" => ("bewijs ingezien", "evidence looked at"),
        "incident.evidence_handed_over" => ("bewijs overgedragen", "evidence handed over"),
        "incident.evidence_checked" => ("bewijs nagerekend", "evidence checked"),
        "incident.evidence_put_right" => ("bewijs hersteld", "evidence put right"),
        "incident.evidence_withdrawn" => ("bewijs ingetrokken", "evidence withdrawn"),
        "incident.noted" => ("notitie", "note"),
        "incident.closed" => ("gesloten", "closed"),
        "incident.reopened" => ("heropend", "reopened"),
        "incident.hold_placed" => ("wisverbod geplaatst", "hold placed"),
        "incident.hold_released" => ("wisverbod opgeheven", "hold released"),
        "incident.erased" => ("gewist", "erased"),
        "incident.entries_erased" => ("regels gewist", "entries erased"),
        "incident.gone" => ("gewiste regel", "erased entry"),
        other => return Text::made(other.to_owned(), other.to_owned()),
    };
    Text::new(nl, en)
}
