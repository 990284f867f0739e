//! Other tools read the files: Apache Arrow's own reader (pyarrow) and DuckDB, where this machine has them.
//! `DIJKWACHT_TEST_PYTHON` names a Python that does; without it `python3` is tried.

use std::process::Command;

use archive::{Question, Row, hunt};
use office::Plan;

use crate::office_day::{follow, keeping};

/// What both make of a folder, as `flows questions sent_bytes first_at names answers`.
const ARROW: &str = r#"
import sys, glob, pyarrow as pa, pyarrow.parquet as pq
def table(kind):
    files = sorted(glob.glob(sys.argv[1] + '/' + kind + '-*.parquet'))
    return pa.concat_tables([pq.ParquetFile(f).read() for f in files])
flows, dns = table('flows').to_pydict(), table('dns').to_pydict()
assert table('flows').schema.field('first_at').type == pa.timestamp('us', tz='UTC')
assert table('dns').schema.field('answers').type.value_type == pa.string()
first = min(flows['first_at'])
print(len(flows['first_at']), len(dns['at']), sum(flows['sent_bytes']), first.strftime('%Y-%m-%dT%H:%M:%S.%f'),
      len([n for n in flows['tls_name'] if n]), sum(len(a) for a in dns['answers']))
"#;
const DUCKDB: &str = r#"
import sys, duckdb
def one(sql):
    return duckdb.sql(sql).fetchall()[0]
folder = sys.argv[1]
n, sent, first, names = one(f"select count(*), sum(sent_bytes)::bigint, strftime(min(first_at) at time zone 'UTC', '%Y-%m-%dT%H:%M:%S.%f'), count(*) filter (where tls_name <> '') from '{folder}/flows-*.parquet'")
questions, answers = one(f"select count(*), sum(len(answers))::bigint from '{folder}/dns-*.parquet'")
print(n, questions, sent, first, names, answers)
"#;

fn has(python: &str, module: &str) -> bool {
    Command::new(python).args(["-c", &format!("import {module}")]).output().is_ok_and(|made| made.status.success())
}

#[test]
#[expect(clippy::disallowed_methods, reason = "which Python has the readers is the machine's to say")]
fn arrow_and_duckdb_read_the_same_rows() {
    let folder = tempfile::tempdir().unwrap();
    let (mut recorder, writer) = archive::start(keeping(&folder), true).unwrap();
    std::thread::scope(|scope| {
        scope.spawn(move || writer.run(&|note| panic!("{note:?}")));
        let plan = Plan { hours: 3, ..Plan::default() };
        follow(&office::capture(&plan), &mut |event, now| recorder.event(event, now));
        drop(recorder);
    });
    let answer = hunt(folder.path(), &Question { limit: usize::MAX, ..Question::default() }).unwrap();
    let (mut sent, mut first, mut names, mut answers) = (0, None, 0, 0);
    for row in &answer.rows {
        match row {
            Row::Flow(row) => {
                sent += row.sent.bytes;
                first = Some(first.map_or(row.first_at, |first: jiff::Timestamp| first.min(row.first_at)));
                names += usize::from(row.tls_name.as_ref().is_some_and(|name| !name.is_empty()));
            }
            Row::Dns(row) => answers += row.answers.len(),
        }
    }
    let first = first.unwrap().strftime("%Y-%m-%dT%H:%M:%S.%6f").to_string();
    let ours = format!("{} {} {sent} {first} {names} {answers}", answer.flows, answer.dns);
    let python = std::env::var("DIJKWACHT_TEST_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    for (module, script) in [("pyarrow", ARROW), ("duckdb", DUCKDB)] {
        if !has(&python, module) {
            eprintln!("skipped: {python} has no {module}; DIJKWACHT_TEST_PYTHON names one that has");
            continue;
        }
        let read = Command::new(&python).args(["-c", script]).arg(folder.path()).output().unwrap();
        let error = String::from_utf8_lossy(&read.stderr);
        assert_eq!(String::from_utf8_lossy(&read.stdout).trim(), ours, "{module}: {error}");
    }
}
