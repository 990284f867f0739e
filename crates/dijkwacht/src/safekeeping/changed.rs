//! Registers that are not as they were written: refused, or copied as they are; never called sound.
//!
//! A copy of such a register is the same as its source, row by row, and so has the same faults: that is checked, and both are
//! named. What it is good for is that everything else is in it, and that what was changed can be looked at.

use std::collections::BTreeMap;

pub(crate) use app::Changed;
use app::{App, RegisterFault, Soundness};

use crate::counted::counted;
use crate::outcome::Failure;
use crate::place::DataFolder;

/// How many faults of one register are told: one wrong row may put all behind it in the wrong place.
const MOST_TOLD: usize = 10;

/// What is done about it, but for the copy of what is there now, which is evidence.
pub(crate) const GO_BACK: &str = "restore the newest backup from before the change, whose check holds (`dijkwacht backup FILE \
    --check`), into an empty place (`dijkwacht restore`, docs/backup.md), and record again what came after it";

/// The same with that copy.
pub(crate) fn remedy(place: &DataFolder) -> String {
    format!("Keep a copy of {place} as it is now, which is evidence; then {GO_BACK}")
}

pub(crate) fn are_sound(registers: &[Soundness]) -> bool {
    registers.iter().all(Soundness::is_sound)
}

/// What is wrong, each with the register it is of.
fn told(registers: &[Soundness]) -> Vec<String> {
    let of_one = |one: &Soundness| {
        let mut told: Vec<_> =
            one.faults.iter().take(MOST_TOLD).map(|fault| format!("{}: {fault}", one.slug)).collect();
        let more = one.further + one.faults.len().saturating_sub(MOST_TOLD) as u64;
        if more > 0 {
            told.push(format!("{}: and {more} more", one.slug));
        }
        told
    };
    registers.iter().flat_map(of_one).collect()
}

/// What is wrong, on a line each.
pub(crate) fn listed(registers: &[Soundness]) -> String {
    told(registers).iter().map(|line| format!("- {line}")).collect::<Vec<_>>().join("\n")
}

/// What is wrong, in one line.
pub(crate) fn in_words(registers: &[Soundness]) -> String {
    let unsound = registers.iter().filter(|one| !one.is_sound()).count();
    let changed = counted(unsound as u64, "register");
    format!("NOT AS IT WAS WRITTEN: {changed} changed or damaged: {}", told(registers).join("; "))
}

/// Why nothing is copied from a place with such registers: which, and what to do. Nothing: all are as they were written.
pub(crate) fn refusal(registers: &[Soundness], place: &DataFolder) -> Option<Failure> {
    let why = format!(
        "what is in {place} is not as it was written, and is not copied as if it were:\n{}\n{}. To have a copy of all of it \
         meanwhile, as it is: the same with --even-changed",
        listed(registers),
        remedy(place)
    );
    (!are_sound(registers)).then_some(Failure::No(why))
}

/// In what the faults of a copy differ from those of where it was made, which others may have gone on writing since; nothing:
/// they are the same.
pub(crate) async fn difference(copy: &[Soundness], source: &App) -> Result<Option<String>, Failure> {
    let source = source.soundness().await?;
    let source: BTreeMap<_, _> = source.iter().map(|one| (one.organisation, one)).collect();
    let differs = |one: &&Soundness| !source.get(&one.organisation).is_some_and(|there| is_same(one, there));
    let told =
        |one: &Soundness| format!("what was found wrong with {} in the copy is not what is wrong with it", one.slug);
    Ok(copy.iter().find(differs).map(told))
}

/// Whether a register that is `later` than its copy, or as old, has the same faults in the entries that both have.
fn is_same(copy: &Soundness, later: &Soundness) -> bool {
    if (copy.entries, copy.erased, &copy.root) == (later.entries, later.erased, &later.root) {
        return (&copy.faults, copy.further) == (&later.faults, later.further);
    }
    let of = |one: &Soundness| -> Vec<RegisterFault> {
        let is_shared = |fault: &&RegisterFault| fault.entry.is_some_and(|entry| entry < copy.entries);
        one.faults.iter().filter(is_shared).cloned().collect()
    };
    let (copied, there) = (of(copy), of(later));
    // What was wrong with an entry may have gone with its body.
    let is_erased = later.erased > copy.erased;
    copied == there || is_erased && there.iter().all(|fault| copied.contains(fault))
}

#[cfg(test)]
mod tests {
    use facts::OrganisationId;

    use super::*;

    fn register(entries: u64, erased: u64, faults: &[Option<u64>]) -> Soundness {
        let fault = |entry: &Option<u64>| RegisterFault { entry: *entry, what: "is not the one".to_owned() };
        let organisation = OrganisationId("0197a3c0-0000-7000-8000-000000000001".parse().unwrap());
        let (slug, root) = ("zorg".to_owned(), entries.to_string());
        Soundness { organisation, slug, entries, erased, root, faults: faults.iter().map(fault).collect(), further: 0 }
    }

    #[test]
    fn a_copy_has_the_faults_of_its_source_and_no_others() {
        let check = |copy: &[Option<u64>], later: Soundness, is_so: bool| {
            assert_eq!(is_same(&register(5, 1, copy), &later), is_so, "{copy:?} {later:?}");
        };
        check(&[Some(3)], register(5, 1, &[Some(3)]), true);
        check(&[Some(3)], register(5, 1, &[]), false);
        check(&[Some(3)], register(5, 1, &[Some(3), None]), false);
        check(&[], register(5, 1, &[Some(3)]), false);
        // Others went on writing, and what they wrote may be wrong too.
        check(&[Some(3)], register(8, 1, &[Some(3), Some(6)]), true);
        check(&[Some(3), None], register(8, 1, &[Some(3)]), true);
        check(&[Some(3)], register(8, 1, &[Some(4)]), false);
        check(&[], register(8, 1, &[Some(4)]), false);
        check(&[Some(3)], register(8, 2, &[]), true);
        check(&[Some(3)], register(8, 2, &[Some(2)]), false);
    }

    #[test]
    fn many_faults_are_told_as_so_many() {
        let faults: Vec<_> = (0..12).map(Some).collect();
        let told = in_words(&[register(20, 0, &faults)]);
        assert!(told.contains("zorg: entry 9: is not the one; zorg: and 2 more"), "{told}");
        assert!(!told.contains("entry 10") && told.starts_with("NOT AS IT WAS WRITTEN: 1 register"), "{told}");
    }
}
