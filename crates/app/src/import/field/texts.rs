//! Columns of words that stay as they stand there.

use facts::Text;

use super::{About, Shape};

pub(super) static NUMBER: About = About {
    key: "number",
    name: Text::new("Nummer in dat register", "Number in that register"),
    shape: Shape::Text,
    headings: &[
        "nummer",
        "nr",
        "no",
        "volgnummer",
        "volgnr",
        "volg nr",
        "incidentnummer",
        "incidentnr",
        "incident nr",
        "registratienummer",
        "registratienr",
        "kenmerk",
        "id",
        "datalek nr",
        "datalek nummer",
        "datalekkennr",
        "zaaknummer",
        "zaaknr",
        "dossiernummer",
        "dossiernr",
        "casenummer",
        "number",
        "case number",
        "reference",
        "incident number",
        "breach number",
        "ref",
    ],
};

pub(super) static TITLE: About = About {
    key: "title",
    name: Text::new("Titel", "Title"),
    shape: Shape::Text,
    headings: &[
        "titel",
        "onderwerp",
        "naam incident",
        "korte omschrijving",
        "korte beschrijving",
        "incident",
        "title",
        "subject",
        "short description",
        "summary title",
    ],
};

pub(super) static DESCRIPTION: About = About {
    key: "description",
    name: Text::new("Wat er gebeurde", "What happened"),
    shape: Shape::Text,
    headings: &[
        "omschrijving",
        "beschrijving",
        "omschrijving incident",
        "beschrijving incident",
        "omschrijving datalek",
        "omschrijving lek",
        "beschrijving lek",
        "beschrijving datalek",
        "feiten",
        "wat is er gebeurd",
        "wat er gebeurde",
        "samenvatting",
        "samenvatting van het incident",
        "toedracht",
        "description",
        "facts",
        "what happened",
        "summary",
        "details",
        "geef een samenvatting van het incident",
        "beschrijving samenvatting van het incident",
        "nature of the breach",
    ],
};

pub(super) static PROTECTION: About = About {
    key: "protection",
    name: Text::new("Bescherming vooraf", "Protection beforehand"),
    shape: Shape::Text,
    headings: &[
        "bescherming",
        "maatregelen vooraf",
        "versleuteld",
        "beveiliging",
        "encryptie",
        "getroffen maatregelen vooraf",
        "protection",
        "encrypted",
        "prior measures",
    ],
};

pub(super) static EFFECTS: About = About {
    key: "effects",
    name: Text::new("Gevolgen", "Effects"),
    shape: Shape::Text,
    headings: &[
        "gevolgen",
        "gevolg",
        "mogelijke gevolgen",
        "gevolgen voor betrokkenen",
        "gevolgen voor de betrokkenen",
        "impact",
        "risico",
        "risicos",
        "risico voor betrokkenen",
        "effects",
        "consequences",
        "likely consequences",
        "risk",
        "gevolgen datalek",
        "gevolgen van het datalek",
    ],
};

pub(super) static MEASURES_TAKEN: About = About {
    key: "measures_taken",
    name: Text::new("Wat er is gedaan", "What was done"),
    shape: Shape::Text,
    headings: &[
        "maatregelen",
        "genomen maatregelen",
        "getroffen maatregelen",
        "maatregel",
        "correctieve maatregelen",
        "actie",
        "acties",
        "herstelmaatregelen",
        "welke maatregelen heeft u getroffen",
        "measures",
        "measures taken",
        "remedial action",
        "remedial actions",
        "corrective measures",
        "actions",
        "action taken",
        "afhandeling",
        "wat er is gedaan",
        "what was done",
    ],
};

pub(super) static MEASURES_PLANNED: About = About {
    key: "measures_planned",
    name: Text::new("Wat er nog komt, om herhaling te voorkomen", "What will be done, to prevent it"),
    shape: Shape::Text,
    headings: &[
        "preventieve maatregelen",
        "maatregelen om herhaling te voorkomen",
        "te nemen maatregelen",
        "verbetermaatregelen",
        "vervolgacties",
        "preventive measures",
        "measures planned",
        "measures to prevent recurrence",
        "follow up",
        "om herhaling te voorkomen",
        "to prevent it",
    ],
};

pub(super) static AUTHORITY_NUMBER: About = About {
    key: "authority_number",
    name: Text::new("Meldingsnummer van de AP", "The authority’s number"),
    shape: Shape::Text,
    headings: &[
        "meldingsnummer",
        "meldingsnummer ap",
        "nummer ap",
        "nummer van de ap",
        "ap nummer",
        "kenmerk ap",
        "ap kenmerk",
        "zaaknummer ap",
        "nummer melding",
        "authority number",
        "notification number",
        "receipt",
        "dpa reference",
        "ap number",
        "authoritys number",
    ],
};

pub(super) static LATE_REASON: About = About {
    key: "late_reason",
    name: Text::new("Waarom later dan 72 uur", "Why later than 72 hours"),
    shape: Shape::Text,
    headings: &[
        "reden te laat",
        "reden later gemeld",
        "waarom later dan 72 uur",
        "reden vertraging",
        "vertraging",
        "indien later dan 72 uur gemeld waarom",
        "late reason",
        "reason for delay",
        "reasons for delay",
        "why after 72 hours",
    ],
};

pub(super) static SUBJECTS_CHANNEL: About = About {
    key: "subjects_channel",
    name: Text::new("Hoe ingelicht", "How informed"),
    shape: Shape::Text,
    headings: &[
        "wijze van informeren",
        "hoe ingelicht",
        "hoe geinformeerd",
        "communicatiekanaal",
        "kanaal",
        "op welke wijze zijn de betrokkenen geinformeerd",
        "channel",
        "how informed",
        "hoeveel en hoe",
        "how many and how",
    ],
};

pub(super) static MOTIVATION: About = About {
    key: "motivation",
    name: Text::new("Motivering", "Reasons"),
    shape: Shape::Text,
    headings: &[
        "motivering",
        "reden",
        "onderbouwing",
        "toelichting",
        "afweging",
        "overweging",
        "motivatie",
        "reden niet melden",
        "reden niet gemeld",
        "waarom niet gemeld",
        "reden wel niet melden",
        "onderbouwing besluit",
        "toelichting besluit",
        "reasons",
        "reason",
        "motivation",
        "justification",
        "reasoning",
        "reason not notified",
        "why not notified",
        "reason for decision",
        "rationale",
    ],
};

pub(super) static DECIDED_BY: About = About {
    key: "decided_by",
    name: Text::new("Besloten door", "Decided by"),
    shape: Shape::Text,
    headings: &[
        "besloten door",
        "beslisser",
        "besluit door",
        "beoordeeld door",
        "decided by",
        "decision by",
        "decision maker",
    ],
};

pub(super) static DPO_ADVICE: About = About {
    key: "dpo_advice",
    name: Text::new("Advies van de FG", "The DPO’s advice"),
    shape: Shape::Text,
    headings: &[
        "advies fg",
        "fg advies",
        "advies van de fg",
        "betrokkenheid fg",
        "fg",
        "dpo advice",
        "advice of dpo",
        "advice dpo",
        "dpos advice",
    ],
};

pub(super) static STATE: About = About {
    key: "state",
    name: Text::new("Status", "Status"),
    shape: Shape::Text,
    headings: &["status", "stand", "afgehandeld", "afgesloten", "gesloten", "state", "closed", "status incident"],
};

pub(super) static LESSONS: About = About {
    key: "lessons",
    name: Text::new("Geleerd", "Lessons"),
    shape: Shape::Text,
    headings: &["lessen", "geleerde lessen", "lessons", "lessons learned", "evaluatie", "leerpunten"],
};
