//! Whole log files, plain or packed, several at once in order of time.

use std::io::{self, BufRead, BufReader, Cursor, Read};

use capture::Input;
use jiff::Timestamp;
use logs::lines::{Counters, LONGEST_LINE, Lines};
use logs::{Format, Settings};
use wire::event::Event;

/// Of a file so much is looked at to tell what it is.
const BEGINNING: u64 = 64 * 1024;

/// A log to be read: where it is, and when it was last written, for lines that name no year.
#[derive(Clone, Debug)]
pub struct LogInput {
    pub input: Input,
    pub written_at: Timestamp,
}

/// What came of reading.
#[derive(Debug, Default)]
pub struct Outcome {
    pub counters: Counters,
    /// Inputs that could not be opened, or read to their end.
    pub failures: Vec<(Input, io::Error)>,
    /// Inputs whose lines were not in order of time, and how many.
    pub unsorted: Vec<(Input, u64)>,
    /// Inputs with lines of which none is a log's that is read here, and how many.
    pub not_understood: Vec<(Input, u64)>,
    /// Inputs without a line.
    pub empty: Vec<Input>,
}

/// What writes this input's lines. None: it is no log that is read here, so it may be a capture. Of standard input only
/// what waits in its buffer is looked at, and left there.
pub fn log_format(input: &Input) -> Option<Format> {
    let mut beginning = Vec::new();
    match input {
        Input::File(path) => {
            std::fs::File::open(path).ok()?.take(BEGINNING).read_to_end(&mut beginning).ok()?;
        }
        Input::StandardInput => beginning.extend_from_slice(io::stdin().lock().fill_buf().ok()?),
    }
    let mut text = Vec::new();
    let (unpacked, _) = capture::unpacked(Cursor::new(beginning)).ok()?;
    // Cut off as it is, a packed beginning ends in an error after what could be read.
    let _ = unpacked.take(BEGINNING).read_to_end(&mut text);
    // Text holds no zeros, and every capture does in its first bytes.
    if text.contains(&0) { None } else { Format::of_file(&text) }
}

struct Open<'a> {
    stream: u32,
    input: &'a LogInput,
    reader: BufReader<Box<dyn Read>>,
    /// The next line, and when it says it happened.
    line: Vec<u8>,
    at: Timestamp,
    unsorted: u64,
    /// Lines that are not empty, and those of them that were understood.
    lines: u64,
    understood: u64,
}

/// Reads all inputs, the line that happened first first, as far as each is in order by itself. A line that does not say
/// when it happened stays behind the one before it. `progress` hears how many bytes of lines were read.
pub fn read_logs(
    inputs: &[LogInput],
    settings: Settings,
    sink: &mut dyn FnMut(Event),
    progress: &mut dyn FnMut(u64),
) -> Outcome {
    let mut outcome = Outcome::default();
    let mut lines = Lines::new(settings);
    let mut open = Vec::new();
    let mut bytes = 0;
    for (stream, input) in inputs.iter().enumerate() {
        let file = input.input.open().and_then(capture::unpacked);
        match file {
            Ok((file, _)) => open.push(Open {
                stream: stream as u32,
                input,
                reader: BufReader::new(file),
                line: Vec::new(),
                at: Timestamp::MIN,
                unsorted: 0,
                lines: 0,
                understood: 0,
            }),
            Err(error) => outcome.failures.push((input.input.clone(), error)),
        }
    }
    let mut at = 0;
    while at < open.len() {
        if advance(&mut open, at, &lines, &mut outcome) {
            at += 1;
        }
    }
    while let Some(next) = (0..open.len()).min_by_key(|at| open.get(*at).map(|one| (one.at, one.stream))) {
        if let Some(one) = open.get_mut(next) {
            bytes += one.line.len() as u64 + 1;
            let format = lines.line(one.stream, &one.line, one.input.written_at, sink);
            one.lines += u64::from(!one.line.iter().all(u8::is_ascii_whitespace));
            one.understood += u64::from(format.is_some());
            progress(bytes);
        }
        advance(&mut open, next, &lines, &mut outcome);
    }
    lines.finish(sink);
    outcome.counters = lines.counters();
    outcome
}

/// Reads a file's next line; false, and the file is closed, where there is none.
fn advance(open: &mut Vec<Open<'_>>, at: usize, lines: &Lines, outcome: &mut Outcome) -> bool {
    let Some(one) = open.get_mut(at) else { return false };
    one.line.clear();
    let read = (&mut one.reader).take(LONGEST_LINE as u64 + 2).read_until(b'\n', &mut one.line);
    match read {
        Ok(0) => {
            let one = open.remove(at);
            match (one.lines, one.understood) {
                (0, _) => outcome.empty.push(one.input.input.clone()),
                (lines, 0) => outcome.not_understood.push((one.input.input.clone(), lines)),
                _ => {}
            }
            close(&one, outcome);
            false
        }
        Ok(_) => {
            if one.line.last() == Some(&b'\n') {
                one.line.pop();
            }
            if let Some(moment) = lines.moment(one.stream, &one.line, one.input.written_at) {
                one.unsorted += u64::from(moment < one.at);
                one.at = moment.max(one.at);
            }
            true
        }
        Err(error) => {
            let one = open.remove(at);
            outcome.failures.push((one.input.input.clone(), error));
            close(&one, outcome);
            false
        }
    }
}

fn close(one: &Open<'_>, outcome: &mut Outcome) {
    if one.unsorted > 0 {
        outcome.unsorted.push((one.input.input.clone(), one.unsorted));
    }
}
