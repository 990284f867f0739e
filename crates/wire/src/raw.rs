//! What a TCP stream begins with that speaks nothing we read: malware's own protocols, programs, a command line.
//!
//! Promises: a pure function of a stream's first bytes, which are not kept; something is said where a mistake is unlikely.
//! Not here: whether it may be so (crate `detect`), what lies within protocols (`http::content`).

use crate::event::RawContent;

/// A command interpreter says little before it waits for an order; what goes on is a file.
const MOST_OF_SHELL: usize = 1_200;
/// Of its words so much is looked at.
const LOOKED_AT: usize = 200;

/// With what Windows' interpreters begin.
const BANNERS: [&[u8]; 4] = [
    b"Microsoft Windows [",
    b"Windows PowerShell\r\n",
    b"Windows PowerShell\n",
    b"Windows PowerShell running as user ",
];
/// What Unix' interpreters say where they should talk to somebody and find no terminal.
const COMPLAINTS: [&[u8]; 3] =
    [b"no job control in this shell", b"job control turned off", b"cannot set terminal process group"];

/// Further on no program has its header.
const FURTHEST_HEADER: usize = 1_024;
/// What stands behind `MZ` where the loader begins right there: of Metasploit and its kin, for 64 and for 32 bits.
const LOADERS: [&[u8]; 3] = [b"ARUH", b"\xe8\0\0\0\0", b"RE\xe8\0\0\0\0"];

/// What a direction's bytes are, of which `before` came earlier.
pub(crate) fn content(bytes: &[u8], before: u64) -> Option<RawContent> {
    match before {
        0 if is_gh0st(bytes) => Some(RawContent::Gh0st),
        0 if is_njrat(bytes) => Some(RawContent::Njrat),
        0 if is_shell(bytes) => Some(RawContent::Shell),
        // Whoever sends one says how long it is, in the same segment or in one before.
        0 => program(bytes).or_else(|| program(bytes.get(4..)?)),
        4 => program(bytes),
        _ => None,
    }
}

/// A word of five characters, the packet's length, its length unpacked, and zlib: Gh0st and its descendants, which change
/// the word.
fn is_gh0st(bytes: &[u8]) -> bool {
    let Some((word, rest)) = bytes.split_first_chunk::<5>() else { return false };
    let is_packed = matches!(rest.get(8..10), Some([0x78, 0x01 | 0x5e | 0x9c | 0xda]));
    let is_sized = le32(rest, 0).is_some_and(|length| length as usize == bytes.len());
    is_packed && word.iter().all(u8::is_ascii_alphanumeric) && (is_sized || word == b"Gh0st")
}

/// The length in digits and a zero, a command of a few letters, and a mark that separates its arguments.
fn is_njrat(bytes: &[u8]) -> bool {
    let message = match bytes.iter().position(|byte| *byte == 0) {
        Some(end @ 1..=6) if bytes.iter().take(end).all(u8::is_ascii_digit) => bytes.get(end + 1..).unwrap_or_default(),
        _ => bytes,
    };
    (2..=4)
        .filter_map(|length| message.split_at_checked(length))
        .any(|(command, arguments)| command.iter().all(u8::is_ascii_alphanumeric) && arguments.starts_with(b"|'|'|"))
}

fn is_shell(bytes: &[u8]) -> bool {
    let text = bytes.trim_ascii_start();
    let beginning = text.get(..LOOKED_AT).unwrap_or(text);
    let has = |words: &[u8]| beginning.windows(words.len()).any(|window| window == words);
    let is_begun = BANNERS.iter().any(|banner| beginning.starts_with(banner))
        || COMPLAINTS.iter().any(|complaint| has(complaint))
        || is_identity(beginning)
        || is_prompt(text);
    is_begun && bytes.len() <= MOST_OF_SHELL
}

/// What id(1) answers: `uid=33(www-data) gid=33(`.
fn is_identity(line: &[u8]) -> bool {
    let number = |bytes: &[u8]| bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let Some(user) = line.strip_prefix(b"uid=") else { return false };
    let Some(name) = user.get(number(user)..).and_then(|rest| rest.strip_prefix(b"(")) else { return false };
    let end = name.iter().position(|byte| *byte == b')').unwrap_or(name.len());
    let group = name.get(end..).and_then(|rest| rest.strip_prefix(b") gid="));
    number(user) > 0 && group.is_some_and(|group| number(group) > 0 && group.get(number(group)) == Some(&b'('))
}

/// One line that waits: `C:\Users\jan>`, `PS C:\>`, `bash-5.2$`, `root@web01:~#`.
fn is_prompt(line: &[u8]) -> bool {
    let is_path = |path: &[u8]| matches!(path, [drive, b':', b'\\', ..] if drive.is_ascii_alphabetic());
    if line.len() > LOOKED_AT || line.contains(&b'\n') {
        return false;
    }
    match line {
        [path @ .., b'>'] | [path @ .., b'>', b' '] => is_path(path.strip_prefix(b"PS ").unwrap_or(path)),
        [before @ .., b'$' | b'#', b' '] => {
            let at = |sought: u8| before.iter().position(|byte| *byte == sought);
            let is_of_host = at(b'@').zip(at(b':')).is_some_and(|(host, path)| 0 < host && host < path);
            before.starts_with(b"sh-") || before.starts_with(b"bash-") || is_of_host
        }
        _ => false,
    }
}

/// A program for Linux (ELF, version 1) or Windows (PE/COFF §2).
fn program(bytes: &[u8]) -> Option<RawContent> {
    if let [0x7f, b'E', b'L', b'F', 1 | 2, 1 | 2, 1, ..] = bytes {
        return Some(RawContent::Program);
    }
    let behind = bytes.strip_prefix(b"MZ")?;
    let header = le32(bytes, 60)? as usize;
    let is_program = match bytes.get(header..header.saturating_add(4)) {
        Some(signature) => signature == b"PE\0\0",
        None => header <= FURTHEST_HEADER && header.is_multiple_of(8),
    };
    let is_loader = LOADERS.iter().any(|loader| behind.starts_with(loader));
    is_program.then_some(if is_loader { RawContent::MemoryProgram } else { RawContent::Program })
}

/// The four bytes at `at`, little-endian.
fn le32(bytes: &[u8], at: usize) -> Option<u32> {
    let four = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_le_bytes(four.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A program whose header stands at 0x80, and what follows `MZ`.
    fn windows_program(behind: &[u8]) -> Vec<u8> {
        let mut bytes = [&b"MZ"[..], behind].concat();
        bytes.resize(60, 0);
        bytes.extend([0x80, 0, 0, 0]);
        bytes.resize(0x80, 0x0e);
        bytes.extend(b"PE\0\0\x64\x86");
        bytes.resize(1_400, 0x5a);
        bytes
    }

    fn sized(bytes: &[u8]) -> Vec<u8> {
        [&[0x40, 0x1f, 0, 0][..], bytes].concat()
    }

    fn gh0st(word: &[u8; 5], length: u8) -> Vec<u8> {
        [&word[..], &[length, 0, 0, 0], &[200, 0, 0, 0], &[0x78, 0x9c], &[7; 13]].concat()
    }

    #[test]
    fn malware_programs_and_command_lines_are_told() {
        use RawContent::*;
        let file = windows_program(b"\x90\0\x03\0\0\0\x04");
        let loaders = [&b"ARUH\x89\xe5"[..], b"\xe8\0\0\0\0[RE\x55", b"RE\xe8\0\0\0\0["].map(windows_program);
        let table: [(Vec<u8>, RawContent); 21] = [
            (gh0st(b"Gh0st", 28), Gh0st),
            (gh0st(b"Gh0st", 99), Gh0st),
            (gh0st(b"LURK0", 28), Gh0st),
            (b"155\0ll|'|'|SGFj|'|'|PC1|'|'|jan".to_vec(), Njrat),
            (b"lv|'|'|SGFj|'|'|PC1".to_vec(), Njrat),
            (file.clone(), Program),
            (file[..100].to_vec(), Program),
            (sized(&file), Program),
            (b"\x7fELF\x02\x01\x01\0\0\0\0\0".to_vec(), Program),
            (sized(b"\x7fELF\x01\x01\x01\0\0\0\0\0"), Program),
            (loaders[0].clone(), MemoryProgram),
            (sized(&loaders[1]), MemoryProgram),
            (sized(&loaders[2]), MemoryProgram),
            (b"Microsoft Windows [Version 10.0.19045.4291]\r\n(c) Microsoft".to_vec(), Shell),
            (b"Windows PowerShell\r\nCopyright (C) Microsoft Corporation".to_vec(), Shell),
            (b"PS C:\\Windows\\system32> ".to_vec(), Shell),
            (b"\r\nC:\\Users\\jan>".to_vec(), Shell),
            (b"/bin/sh: 0: can't access tty; job control turned off\n$ ".to_vec(), Shell),
            (b"bash: cannot set terminal process group (812): Inappropriate ioctl for device\n".to_vec(), Shell),
            (b"root@web01:/var/www# ".to_vec(), Shell),
            (b"uid=33(www-data) gid=33(www-data) groups=33(www-data)\n".to_vec(), Shell),
        ];
        for (bytes, expected) in table {
            assert_eq!(content(&bytes, 0), Some(expected), "{}", String::from_utf8_lossy(&bytes));
        }
        assert_eq!(content(&loaders[1], 4), Some(MemoryProgram), "its length came by itself");
    }

    #[test]
    fn what_only_looks_like_it_is_not() {
        let file = windows_program(b"\x90\0\x03");
        let (other_length, other_word) = (gh0st(b"HEART", 99), gh0st(b"a b c", 28));
        let log = [&b"Microsoft Windows [Version 10.0]\r\n"[..], &[b'x'; 1_300]].concat();
        let table: [(&[u8], u64); 16] = [
            (&other_length, 0),
            (&other_word, 0),
            (b"Gh0st in the machine, a story in five parts", 0),
            (b"a story|'|'|with marks", 0),
            (b"MZ is how this text begins, and it goes on until well behind its sixty-fourth byte", 0),
            (b"MZ", 0),
            (&file[..40], 0),
            // In the middle of something else.
            (&file, 1_400),
            (b"\x7fELF, said the tree", 0),
            (&log, 0),
            (b"jan@example.nl: 30$ and more", 0),
            (b"jan@example.nl\n# ", 0),
            (b"<13>Oct 19 08:00:00 web01 sshd[1]: root@pts/0: logged in", 0),
            (b"<policy-file-request/>", 0),
            (b"> ", 0),
            (b"", 0),
        ];
        for (bytes, before) in table {
            assert_eq!(content(bytes, before), None, "{}", String::from_utf8_lossy(bytes));
        }
    }
}
