//! No statement reads more of a table that grows with history than it needs: the database itself says how it would go about
//! each. Those that read much on purpose are listed, each with why.

use crate::engine::{for_a_test, reads_much_of};

/// What grows with people, organisations, servers and sensors, and not with what happens; and what is made within a statement. Whatever
/// else a plan names, by its own name or one that the statement gives it, grows with history.
const NOT_GROWING: &[&str] = &[
    "organisations",
    "users",
    "memberships",
    "provider_memberships",
    "providers",
    "invitations",
    "jobs",
    "heads",
    "incident_counts",
    "master_key",
    "intake",
    "moved",
    "_sqlx_migrations",
    "sensors",
    "sensor_tokens",
    "sensor_exceptions",
    "sensor_settings",
    "staff_notices",
    "sensor_refusals",
    "list_choices",
    "comparisons",
    "each",
    "summary",
    "counted",
    "ending",
    "CONSTANT",
];

/// Statements that read all of a table, or all that an organisation has in it.
const ON_PURPOSE: &[(&str, &str)] = &[
    ("INCIDENTS", "a search for a person, and a check of all files, look into every incident"),
    ("ENTRIES", "the whole register, for whoever takes it away"),
    ("STRAYS", "a rebuild goes past every line"),
    ("WITH_FILES_LEFT", "once a day, and what ended uses no files any more"),
    ("CHANGES", "a term is changed a few times in a life"),
    ("NEWEST_TERM", "a term is changed a few times in a life"),
    ("USED", "a backup asks once which files there should be"),
    ("UNSHARE", "what an organisation shares goes as a whole"),
    ("SHARED", "what an organisation shares is made equal to what it found"),
    ("UNTOLD", "once a week, of what one organisation shares"),
    ("SHARING", "whether to compare is decided a few times in a life"),
    ("NEXT_NUMBER", "in the order of an index, and stops at the first"),
    ("DUE", "what waits alone: the index has nothing else"),
    ("TAKE", "by its key, or by the index of what waits, which has nothing else"),
    ("FORGET_WAITING_LETTERS", "by the incident, or by the index of what waits, which has nothing else"),
    ("NEXT_INDEX", "in the order of its key, and stops at the first"),
    ("INCIDENTS_ON", "only when a capture is scanned to open incidents, for what one customer's incidents rest on"),
    ("LAST_RECORDED", "in the order of its key, and stops at the first"),
    ("CHECKPOINT", "in the order of its key, and stops at the first"),
    ("LETTERS", "in the order of an index, and stops at the limit"),
    ("REQUESTS", "in the order of an index, and stops at the limit"),
    ("NEWEST_DETECTIONS", "by traffic or by receipt, whichever is later, of what is kept for its days or its incident"),
    ("HAVING_URGENT_CASES", "the urgent ones in no incident alone: the index of those, which has nothing else"),
    (
        "URGENT_CASES",
        "the urgent ones in no incident alone: the index of those; what is counted is made within the statement",
    ),
    ("EXCEPTIONS_OF_EACH", "what people of a few organisations excepted, by their own hands"),
    ("HELD", "what is held alone, in the order of its index, and stops at the limit"),
];

#[tokio::test]
async fn no_statement_reads_more_of_what_grows_than_it_needs() {
    let Some((store, _kept)) = for_a_test().await else { return };
    let mut much = Vec::new();
    for (name, text) in super::all() {
        let read = reads_much_of(&store, text).await;
        let read: Vec<_> = read.into_iter().filter(|table| !NOT_GROWING.contains(&table.as_str())).collect();
        if !read.is_empty() && !ON_PURPOSE.iter().any(|(on_purpose, _)| *on_purpose == name) {
            much.push(format!("{name}: {}", read.join(", ")));
        }
    }
    assert!(much.is_empty(), "these want an index, or a reason:\n{}", much.join("\n"));
}

#[tokio::test]
async fn a_statement_without_an_index_is_noticed() {
    let Some((store, _kept)) = for_a_test().await else { return };
    for text in [
        "SELECT idx FROM journal WHERE kind = $1",
        "SELECT number FROM incidents WHERE title = $1",
        "SELECT id FROM outbox WHERE recipient = $1 ORDER BY created_at",
        "DELETE FROM outbox WHERE recipient = $1",
    ] {
        assert_eq!(reads_much_of(&store, text).await.len(), 1, "{text}");
    }
    let by_key = "SELECT leaf FROM journal WHERE organisation = $1 AND idx = $2";
    assert_eq!(reads_much_of(&store, by_key).await, Vec::<String>::new());
}
