//! What keeps a store from doing its work, by what somebody can do about it.
//!
//! Stores say which it is ([`crate::StoreError::Unavailable`]); here are the words for it: for who reads a page, for who
//! had sent something, and for who runs the server. Deliberately not here: which code of a database means which.

use std::io::ErrorKind;

use facts::Text;

/// What keeps a store from doing its work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// There is no room: a full disk, or a quota that is used up.
    Full,
    /// It may be read and not written, or not even opened: rights, a disk mounted read-only, a standby server.
    ReadOnly,
    /// The role with which it signs in at the database's server has no rights on what is there.
    NoRights,
    /// Another program holds it, for longer than is waited for.
    Held,
    /// What is there is not what was stored.
    Damaged,
    /// The disk itself fails to read or write.
    Failing,
    /// The server of the database cannot be reached.
    Unreachable,
    /// Everything was moved to another place, and goes on there: here nothing is written any more.
    Moved,
    /// Anything else.
    Other,
}

impl Trouble {
    const ALL: [Self; 9] = [
        Self::Full,
        Self::ReadOnly,
        Self::NoRights,
        Self::Held,
        Self::Damaged,
        Self::Failing,
        Self::Unreachable,
        Self::Moved,
        Self::Other,
    ];

    /// What the operating system says of a file.
    #[must_use]
    pub fn of_file(kind: ErrorKind) -> Self {
        match kind {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => Self::Full,
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => Self::ReadOnly,
            ErrorKind::ResourceBusy | ErrorKind::ExecutableFileBusy | ErrorKind::WouldBlock => Self::Held,
            // EIO has no kind of its own that is stable.
            ErrorKind::Other | ErrorKind::UnexpectedEof | ErrorKind::StaleNetworkFileHandle => Self::Failing,
            _ => Self::Other,
        }
    }

    /// The stable public code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Full => "disk_full",
            Self::ReadOnly => "read_only",
            Self::NoRights => "no_rights",
            Self::Held => "held",
            Self::Damaged => "damaged",
            Self::Failing => "disk_failing",
            Self::Unreachable => "unreachable",
            Self::Moved => "moved",
            Self::Other => "unavailable",
        }
    }

    /// The trouble of a code.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|trouble| trouble.code() == code)
    }

    /// Whether it may pass by itself, or once somebody makes room: then trying again later makes sense.
    #[must_use]
    pub fn may_pass(self) -> bool {
        !matches!(self, Self::Damaged | Self::Moved)
    }

    /// Whether it is certain that nothing was written: the store refused it. Of the others the answer itself may be what
    /// was lost.
    #[must_use]
    pub fn wrote_nothing(self) -> bool {
        matches!(self, Self::Full | Self::ReadOnly | Self::NoRights | Self::Held | Self::Moved)
    }

    /// What people are told: what happened, what is safe, what to do.
    #[must_use]
    pub fn text(self) -> Text {
        match self {
            Self::Full => Text::new(
                "De schijf van de server is vol. Wat eerder bewaard was, is veilig. Wie al is aangemeld, kan het blijven \
                 lezen; er kan nu niets bij, en aanmelden kan ook niet. Vraag uw beheerder om ruimte te maken; daarna werkt alles vanzelf weer.",
                "The server’s disk is full. What was saved before is safe. Who is signed in can go on reading it; nothing can \
                 be added now, and nobody can sign in. Ask your administrator to make room; after that everything works again by itself.",
            ),
            Self::ReadOnly => Text::new(
                "Het programma mag niet schrijven waar de gegevens staan: de rechten kloppen niet, de schijf staat op \
                 alleen-lezen, of zij was vol toen het programma begon. Wat eerder bewaard was, is veilig. Vraag uw beheerder om dit \
                 te herstellen; was de schijf vol, dan is daarna een nieuwe start van het programma nodig.",
                "The program may not write where the data are: the rights are wrong, the disk is read-only, or it was full when \
                 the program began. What was saved before is safe. Ask your administrator to put this right; where the disk was \
                 full, the program has to be started again after that.",
            ),
            Self::NoRights => Text::new(
                "Het programma mag niet bij zijn eigen gegevens: de database geeft het daar geen rechten op. Wat eerder bewaard \
                 was, is veilig. Vraag uw beheerder om dit te herstellen.",
                "The program may not reach its own data: the database gives it no rights to them. What was saved before is safe. \
                 Ask your administrator to put this right.",
            ),
            Self::Held => Text::new(
                "Een ander programma houdt de gegevens bezet. Wat eerder bewaard was, is veilig, en wie al is aangemeld kan het \
                 blijven lezen. Probeer het over een minuut \
                 opnieuw; blijft dit zo, vraag dan uw beheerder welk programma dat is.",
                "Another program holds the data. What was saved before is safe, and who is signed in can go on reading it. Try again in a minute; if this goes on, ask your \
                 administrator which program that is.",
            ),
            Self::Damaged => Text::new(
                "Een deel van de gegevens is beschadigd: wat er staat, is niet wat er bewaard is. Daarom laten we het niet zien, \
                 en er wordt niets overschreven. Waarschuw uw beheerder: die kan het register nakijken en terugzetten uit de \
                 back-up.",
                "Part of the data is damaged: what is there is not what was saved. That is why we do not show it, and nothing is \
                 overwritten. Warn your administrator, who can check the register and restore it from the backup.",
            ),
            Self::Failing => Text::new(
                "De schijf van de server geeft fouten. Wat eerder bewaard was, staat er nog; probeer niet steeds opnieuw. Waarschuw uw \
                 beheerder: zet eerst een kopie op een andere schijf, en vervang dan deze.",
                "The server’s disk reports errors. What was saved before is still there; do not keep trying. Warn your \
                 administrator: copy the data to another disk first, then replace this one.",
            ),
            Self::Moved => Text::new(
                "De gegevens zijn verhuisd naar een andere plek, en gaan daar verder. Wat eerder bewaard was, is veilig en staat \
                 ook daar; hier kan er niets meer bij, ook later niet. Vraag uw beheerder naar het nieuwe adres, en doe het daar \
                 opnieuw. In het logboek van deze server staat waarheen is verhuisd.",
                "The data were moved to another place, and go on there. What was saved before is safe, and is there too; nothing can \
                 be added here any more, later neither. Ask your administrator for the new address, and do it again there. This \
                 server’s log says where everything was moved to.",
            ),
            Self::Unreachable | Self::Other => Text::new(
                "De gegevens zijn nu niet te bereiken. Wat eerder bewaard was, is veilig. Probeer het over een minuut opnieuw; blijft \
                 dit zo, vraag dan uw beheerder.",
                "The data cannot be reached right now. What was saved before is safe. Try again in a minute; if this goes on, ask \
                 your administrator.",
            ),
        }
    }

    /// What became of what somebody had just sent.
    #[must_use]
    pub fn text_for_sender(self) -> Text {
        if self.wrote_nothing() {
            return Text::new("Wat u net verstuurde, is niet bewaard.", "What you sent just now was not saved.");
        }
        Text::new(
            "Wat u net verstuurde, is misschien niet bewaard. Kijk eerst of het er staat, en verstuur het anders opnieuw.",
            "What you sent just now may not have been saved. Look first whether it is there, and otherwise send it again.",
        )
    }

    /// What whoever runs the server can do about it.
    #[must_use]
    pub fn remedy(self) -> Text {
        match self {
            Self::Full => Text::new(
                "de schijf is vol: maak ruimte (`df -h` zegt waar) en start opnieuw; wat bewaard was, is veilig",
                "the disk is full: make room (`df -h` says where) and start again; what was saved is safe",
            ),
            Self::ReadOnly => Text::new(
                "hier mag dit programma niet schrijven: geef de gebruiker waaronder het draait rechten op de map en alles \
                 daarin, en kijk of de schijf niet op alleen-lezen staat (`mount`); bij PostgreSQL: geef het adres van de server \
                 waarop geschreven wordt, en niet van een standby (`SELECT pg_is_in_recovery()`), en kijk naar \
                 `SHOW default_transaction_read_only`",
                "this program may not write there: give the user it runs as rights to the folder and all that is in it, and \
                 check that the disk is not mounted read-only (`mount`); of PostgreSQL: give the address of the server that is \
                 written to, and not of a standby (`SELECT pg_is_in_recovery()`), and look at \
                 `SHOW default_transaction_read_only`",
            ),
            Self::NoRights => Text::new(
                "de rol waarmee dit programma zich aanmeldt, heeft daar geen rechten op de database: maak die rol er eigenaar van \
                 (`createdb --owner=ROL …`, of als beheerder van PostgreSQL `ALTER DATABASE … OWNER TO ROL`), en van de \
                 tabellen die er al staan",
                "the role that this program signs in with has no rights to the database: make that role its owner (`createdb \
                 --owner=ROLE …`, or as PostgreSQL's administrator `ALTER DATABASE … OWNER TO ROLE`), and that of the tables \
                 that are there already",
            ),
            Self::Held => Text::new(
                "een ander programma houdt de database bezet: zoek het (`fuser -v`, of `pg_locks` bij PostgreSQL), laat het \
                 eindigen en start opnieuw",
                "another program holds the database: find it (`fuser -v`, or `pg_locks` with PostgreSQL), let it end, and start \
                 again",
            ),
            Self::Damaged => Text::new(
                "de database is beschadigd: bewaar een kopie van alles zoals het is, zet de nieuwste back-up waarvan de controle \
                 klopt (`dijkwacht backup BESTAND --check`) terug in een lege map met `dijkwacht restore`, en start daarop",
                "the database is damaged: keep a copy of everything as it is, put the newest backup whose check holds \
                 (`dijkwacht backup FILE --check`) back into an empty folder with `dijkwacht restore`, and start on that",
            ),
            Self::Failing => Text::new(
                "de schijf geeft fouten: kijk in het logboek van het systeem (`dmesg`), kopieer de hele map naar een andere \
                 schijf, maak daar een back-up en vervang deze",
                "the disk reports errors: look in the system's log (`dmesg`), copy the whole folder to another disk, make a \
                 backup there, and replace this one",
            ),
            Self::Unreachable => Text::new(
                "de databaseserver is niet te bereiken: kijk of hij draait en of deze machine erbij mag",
                "the database server cannot be reached: check that it is running and that this machine may reach it",
            ),
            Self::Moved => Text::new(
                "gebruik de plek waarheen is verhuisd, en laat elke server die hier nog op staat eindigen",
                "use the place that everything was moved to, and end every server that is still on this one",
            ),
            Self::Other => Text::new(
                "kijk of de map of het adres klopt en of u erbij mag",
                "check the folder or the address, and your rights to it",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    #[test]
    fn what_the_system_says_of_a_file() {
        let check = |errno: i32, expected: Trouble| {
            let error = io::Error::from_raw_os_error(errno);
            assert_eq!(Trouble::of_file(error.kind()), expected, "{error}");
        };
        check(28, Trouble::Full); // ENOSPC
        check(122, Trouble::Full); // EDQUOT
        check(27, Trouble::Full); // EFBIG
        check(30, Trouble::ReadOnly); // EROFS
        check(13, Trouble::ReadOnly); // EACCES
        check(16, Trouble::Held); // EBUSY
        check(2, Trouble::Other); // ENOENT
    }

    #[test]
    fn every_code_leads_back_to_its_trouble() {
        for trouble in Trouble::ALL {
            assert_eq!(Trouble::of_code(trouble.code()), Some(trouble));
        }
        assert_eq!(Trouble::of_code("not_found"), None);
    }

    #[test]
    fn every_text_says_what_is_safe_and_what_to_do() {
        for trouble in Trouble::ALL {
            let text = trouble.text().nl.to_lowercase();
            let is_safe = ["veilig", "niets overschreven", "staat er nog"];
            assert!(is_safe.iter().any(|word| text.contains(word)), "{trouble:?}: {text}");
            let advises = ["vraag", "waarschuw"];
            assert!(
                text.contains("beheerder") && advises.iter().any(|word| text.contains(word)),
                "{trouble:?}: {text}"
            );
        }
    }
}
