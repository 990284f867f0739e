//! Lines of one direction, within bounds.

/// Longer lines are cut: what a log-in says stands at their beginning (RFC 5321 §4.5.3.1: 512; SASL tokens are longer).
const MAX_LINE: usize = 4 * 1024;

#[derive(Debug, Default)]
pub(crate) struct Lines {
    /// The line that is not complete yet.
    begun: Vec<u8>,
    /// A hole was there: nothing is a line until the next line end.
    is_lost: bool,
}

impl Lines {
    /// The next complete line, without its end; `bytes` loses it. Absent: the rest was kept for later.
    pub(crate) fn next<'a>(&mut self, bytes: &mut &'a [u8]) -> Option<Line<'a>> {
        loop {
            let Some(end) = memchr::memchr(b'\n', bytes) else {
                if !self.is_lost {
                    self.keep(bytes);
                }
                *bytes = &[];
                return None;
            };
            let (line, rest) = (bytes.get(..end)?, bytes.get(end + 1..)?);
            *bytes = rest;
            if std::mem::take(&mut self.is_lost) {
                continue;
            }
            if self.begun.is_empty() {
                return Some(Line::Whole(line.strip_suffix(b"\r").unwrap_or(line)));
            }
            self.keep(line);
            let mut joined = std::mem::take(&mut self.begun);
            if joined.ends_with(b"\r") {
                joined.pop();
            }
            return Some(Line::Joined(joined));
        }
    }

    /// What was begun and never ended.
    pub(crate) fn rest(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.begun)
    }

    pub(crate) fn gap(&mut self) {
        self.begun.clear();
        self.is_lost = true;
    }

    pub(crate) fn buffered(&self) -> usize {
        self.begun.len()
    }

    fn keep(&mut self, bytes: &[u8]) {
        let room = MAX_LINE.saturating_sub(self.begun.len()).min(bytes.len());
        self.begun.extend_from_slice(bytes.get(..room).unwrap_or_default());
    }
}

/// A line as it lies in a segment, or put together from several.
pub(crate) enum Line<'a> {
    Whole(&'a [u8]),
    Joined(Vec<u8>),
}

impl Line<'_> {
    pub(crate) fn bytes(&self) -> &[u8] {
        match self {
            Self::Whole(bytes) => bytes,
            Self::Joined(bytes) => bytes,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(pieces: &[&[u8]]) -> Vec<String> {
        let (mut reader, mut lines) = (Lines::default(), Vec::new());
        for piece in pieces {
            let mut bytes = *piece;
            if bytes == b"<gap>" {
                reader.gap();
                continue;
            }
            while let Some(line) = reader.next(&mut bytes) {
                lines.push(String::from_utf8_lossy(line.bytes()).into_owned());
            }
        }
        assert!(reader.buffered() <= MAX_LINE);
        lines
    }

    #[test]
    fn lines_come_whole_however_they_are_cut() {
        assert_eq!(lines(&[b"a\r\nb\nc"]), ["a", "b"]);
        assert_eq!(lines(&[b"US", b"ER x\r", b"\nPASS y\r\n"]), ["USER x", "PASS y"]);
        assert_eq!(lines(&[b"half", b"<gap>", b"other half\r\nwhole\r\n"]), ["whole"]);
        let long = vec![b'x'; 100_000];
        assert_eq!(lines(&[&long, b"\r\nnext\r\n"])[1], "next");
    }
}
