//! A register from elsewhere: any bytes as a file of a table, the same as the cells of a workbook that is otherwise whole (an
//! archive's checksums keep a fuzzer out), and what would be made of its columns.
#![no_main]

use std::sync::Once;

use app::import::{MOST_COLUMNS, MOST_ROWS, Mapping};
use libfuzzer_sys::fuzz_target;

/// The library beneath may panic on what is damaged, which our reader catches: that is no finding. What is not caught still is.
static QUIET: Once = Once::new();

fuzz_target!(|bytes: &[u8]| {
    QUIET.call_once(|| std::panic::set_hook(Box::new(|_| {})));
    check(bytes);
    check(&fuzz::workbook(Some(bytes)));
});

fn check(bytes: &[u8]) {
    let Ok(table) = sheets::read(bytes, None) else { return };
    assert!(table.rows.len() <= MOST_ROWS);
    assert!(table.rows.iter().all(|(_, cells)| cells.len() <= MOST_COLUMNS));
    assert!(table.rows.is_sorted_by(|(one, _), (next, _)| one < next), "rows are counted up");
    let mapping = Mapping::guess(&table);
    let _ = (mapping.columns_of(&table), mapping.problems(&table));
}
