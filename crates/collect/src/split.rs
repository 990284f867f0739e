//! Bytes that come in pieces, put together to lines.

/// A line that is not whole yet. Longer than the bound, it is dropped whole and counted.
#[derive(Debug, Default)]
pub(crate) struct Split {
    rest: Vec<u8>,
    is_dropping: bool,
    pub(crate) too_long: u64,
}

impl Split {
    /// Hands on each line that these bytes complete.
    pub(crate) fn bytes(&mut self, mut bytes: &[u8], line: &mut dyn FnMut(&[u8])) {
        while let Some(end) = bytes.iter().position(|byte| *byte == b'\n') {
            let (head, tail) = bytes.split_at(end);
            if self.is_dropping {
                self.is_dropping = false;
            } else if self.rest.is_empty() {
                line(head);
            } else {
                self.rest.extend_from_slice(head);
                line(&self.rest);
            }
            self.rest.clear();
            bytes = tail.get(1..).unwrap_or_default();
        }
        if self.is_dropping {
            return;
        }
        if self.rest.len() + bytes.len() > logs::lines::LONGEST_LINE {
            self.rest.clear();
            self.is_dropping = true;
            self.too_long += 1;
        } else {
            self.rest.extend_from_slice(bytes);
        }
    }

    /// How many bytes of a line wait for its end.
    pub(crate) fn pending(&self) -> u64 {
        self.rest.len() as u64
    }

    /// What came after the last line's end, where no more will come.
    pub(crate) fn finish(&mut self, line: &mut dyn FnMut(&[u8])) {
        if !self.rest.is_empty() {
            line(&self.rest);
        }
        self.forget();
    }

    /// Lets go of what is not whole yet.
    pub(crate) fn forget(&mut self) {
        *self = Self { too_long: self.too_long, ..Self::default() };
    }
}

/// Messages over a TCP connection (RFC 6587 §3.4): each with its length before it, or each up to the end of a line or a NUL.
/// Senders do either, and some both.
#[derive(Debug, Default)]
pub(crate) struct Messages {
    rest: Vec<u8>,
    pub(crate) too_long: u64,
}

impl Messages {
    pub(crate) fn bytes(&mut self, bytes: &[u8], message: &mut dyn FnMut(&[u8])) {
        self.rest.extend_from_slice(bytes);
        let mut from = 0;
        while let Some(rest) = self.rest.get(from..).filter(|rest| !rest.is_empty()) {
            let Some((start, end, next)) = first(rest) else { break };
            message(rest.get(start..end).unwrap_or_default());
            from += next;
        }
        self.rest.drain(..from.min(self.rest.len()));
        if self.rest.len() > logs::lines::LONGEST_LINE {
            self.rest.clear();
            self.too_long += 1;
        }
    }

    pub(crate) fn finish(&mut self, message: &mut dyn FnMut(&[u8])) {
        if !self.rest.is_empty() {
            message(&self.rest);
            self.rest.clear();
        }
    }
}

/// Where the first whole message begins and ends, and where the next one begins.
fn first(rest: &[u8]) -> Option<(usize, usize, usize)> {
    let digits = rest.iter().take(7).take_while(|byte| byte.is_ascii_digit()).count();
    if (1..=6).contains(&digits) && rest.get(digits..digits + 2) == Some(b" <") {
        let count = std::str::from_utf8(rest.get(..digits)?).ok()?.parse::<usize>().ok()?;
        let (start, end) = (digits + 1, digits + 1 + count);
        return (rest.len() >= end).then_some((start, end, end));
    }
    let end = rest.iter().position(|byte| matches!(byte, b'\n' | 0))?;
    Some((0, end, end + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_whole_however_they_come() {
        let mut split = Split::default();
        let mut lines = Vec::new();
        for piece in ["a", "b\ncd", "\n\nrest"] {
            split.bytes(piece.as_bytes(), &mut |line| lines.push(String::from_utf8_lossy(line).into_owned()));
        }
        split.finish(&mut |line| lines.push(String::from_utf8_lossy(line).into_owned()));
        assert_eq!(lines, ["ab", "cd", "", "rest"]);
    }

    #[test]
    fn messages_come_with_a_count_on_a_line_or_before_a_nul() {
        let mut messages = Messages::default();
        let mut read = Vec::new();
        for piece in ["7 <1>a\nb 6", "<2>plain\n5 <3>xx12 <4>", "half way<5>rest", "\0<6>nul\x006 <7>\0of", "<8>"] {
            messages.bytes(piece.as_bytes(), &mut |one| read.push(String::from_utf8_lossy(one).into_owned()));
        }
        messages.finish(&mut |one| read.push(String::from_utf8_lossy(one).into_owned()));
        let counted = ["<3>xx", "<4>half way<", "5>rest", "<6>nul", "<7>\0of"];
        assert_eq!(read, [&["<1>a\nb ", "6<2>plain"][..], &counted, &["<8>"]].concat());
    }

    #[test]
    fn a_line_without_an_end_is_dropped_whole() {
        let mut split = Split::default();
        let mut lines = 0;
        for _ in 0..40 {
            split.bytes(&[b'x'; 100_000], &mut |_| lines += 1);
        }
        split.bytes(b"tail\nnext\n", &mut |line| {
            assert_eq!(line, b"next");
            lines += 1;
        });
        assert_eq!((lines, split.too_long), (1, 1));
    }
}
