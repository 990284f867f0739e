//! Whole log files, plain or packed, several at once in order of time.

use std::io::{self, BufRead, BufReader, Cursor, Read};

use capture::Input;
use jiff::Timestamp;
use logs::lines::{Counters, LONGEST_LINE, Lines};
use logs::{Format, Settings};
use wire::event::Event;

/// Of a file so much is looked at to tell what it is.
const BEGINNING: u64 = 64 * 1024;
/// Lines of it in which a moment is looked for: headers have none.
const FIRST_LINES: usize = 200;
/// Logs that are open at the same time; systems give a program a thousand files.
const MOST_OPEN: usize = 500;

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
    let text = beginning(input).ok()?;
    // Text holds no zeros, and every capture does in its first bytes.
    if text.contains(&0) { None } else { Format::of_file(&text) }
}

/// So much of an input, unpacked, as tells what it is.
pub(crate) fn beginning(input: &Input) -> io::Result<Vec<u8>> {
    let mut beginning = Vec::new();
    match input {
        Input::File(path) => {
            std::fs::File::open(path)?.take(BEGINNING).read_to_end(&mut beginning)?;
        }
        Input::StandardInput => beginning.extend_from_slice(io::stdin().lock().fill_buf()?),
    }
    let mut text = Vec::new();
    let (unpacked, _) = capture::unpacked(Cursor::new(beginning))?;
    // Cut off as it is, a packed beginning ends in an error after what could be read.
    let _ = unpacked.take(BEGINNING).read_to_end(&mut text);
    Ok(text)
}

/// When the first line of a log that says so happened. The first of all moments where none does, and for what can be read
/// only once.
fn first_moment(input: &LogInput, settings: &Settings) -> Timestamp {
    let is_file = matches!(&input.input, Input::File(path) if path.is_file());
    let Some(text) = is_file.then(|| beginning(&input.input).ok()).flatten() else { return Timestamp::MIN };
    let mut lines = Lines::new(settings.clone());
    for line in text.split(|byte| *byte == b'\n').take(FIRST_LINES) {
        if line.starts_with(b"#") {
            lines.line(1, line, input.written_at, &mut |_| {});
        } else if let Some(at) = lines.moment(1, line, input.written_at) {
            return at;
        }
    }
    Timestamp::MIN
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

impl<'a> Open<'a> {
    fn new(stream: u32, input: &'a LogInput) -> io::Result<Self> {
        let (file, _) = input.input.open().and_then(capture::unpacked)?;
        let (line, at) = (Vec::new(), Timestamp::MIN);
        Ok(Self { stream, input, reader: BufReader::new(file), line, at, unsorted: 0, lines: 0, understood: 0 })
    }
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
    // A folder holds more files than may be open at once: each is opened when its first line is due. Streams are numbered
    // from 1, since 0 is datagrams'.
    let mut waiting: Vec<_> = inputs.iter().zip(1..).map(|(one, at)| (first_moment(one, &settings), at, one)).collect();
    waiting.sort_by_key(|(first_at, stream, _)| std::cmp::Reverse((*first_at, *stream)));
    let mut lines = Lines::new(settings);
    let mut open: Vec<Open<'_>> = Vec::new();
    let mut bytes = 0;
    loop {
        let next = open.iter().map(|one| one.at).min();
        let is_due = |first_at: Timestamp| next.is_none_or(|next| first_at <= next) && open.len() < MOST_OPEN;
        if let Some((_, stream, input)) = waiting.pop_if(|(first_at, ..)| is_due(*first_at)) {
            match Open::new(stream, input) {
                Ok(one) => {
                    open.push(one);
                    let last = open.len() - 1;
                    advance(&mut open, last, &mut lines, &mut outcome);
                }
                Err(error) => outcome.failures.push((input.input.clone(), error)),
            }
            continue;
        }
        let Some(next) = (0..open.len()).min_by_key(|at| open.get(*at).map(|one| (one.at, one.stream))) else { break };
        if let Some(one) = open.get_mut(next) {
            bytes += one.line.len() as u64 + 1;
            let format = lines.line(one.stream, &one.line, one.input.written_at, sink);
            one.lines += u64::from(!one.line.iter().all(u8::is_ascii_whitespace));
            one.understood += u64::from(format.is_some());
            progress(bytes);
        }
        advance(&mut open, next, &mut lines, &mut outcome);
    }
    lines.finish(sink);
    outcome.counters = lines.counters();
    outcome
}

/// Reads a file's next line; where there is none, it is closed.
fn advance(open: &mut Vec<Open<'_>>, at: usize, lines: &mut Lines, outcome: &mut Outcome) {
    let Some(one) = open.get_mut(at) else { return };
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
            close(&one, lines, outcome);
        }
        Ok(_) => {
            if one.line.last() == Some(&b'\n') {
                one.line.pop();
            }
            if let Some(moment) = lines.moment(one.stream, &one.line, one.input.written_at) {
                one.unsorted += u64::from(moment < one.at);
                one.at = moment.max(one.at);
            }
        }
        Err(error) => {
            let one = open.remove(at);
            outcome.failures.push((one.input.input.clone(), error));
            close(&one, lines, outcome);
        }
    }
}

fn close(one: &Open<'_>, lines: &mut Lines, outcome: &mut Outcome) {
    lines.closed(one.stream);
    if one.unsorted > 0 {
        outcome.unsorted.push((one.input.input.clone(), one.unsorted));
    }
}
