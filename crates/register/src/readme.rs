//! `README.txt` of an export: what this archive is and how to check it, in Dutch and English, for a reader who knows
//! neither the program nor us.

use uuid::Uuid;

use crate::checkpoint::origin;

/// How many entries there are; those that were erased are among them.
#[derive(Clone, Copy)]
pub(crate) struct Counts {
    pub(crate) entries: u64,
    pub(crate) erased: u64,
}

/// The text, for a register of so many entries. `name` is one line.
pub(crate) fn text(organisation: Uuid, name: &str, Counts { entries, erased }: Counts) -> String {
    let origin = origin(organisation);
    format!(
        "REGISTER VAN INBREUKEN / REGISTER OF BREACHES
{name}
{origin}
{entries} inschrijvingen, waarvan {erased} gewist / entries, of which {erased} erased

NEDERLANDS
==========
Dit archief bevat het register van deze organisatie, met alles wat nodig is om te
controleren dat er niets aan is veranderd.

  manifest        ondertekende lijst van alle bestanden en inschrijvingen, met hun hash
  checkpoint      ondertekende stand van het register: aantal en wortel-hash
  key.txt         de openbare sleutel waarmee is ondertekend
  entries.jsonl   de inschrijvingen, een per regel; van gewiste blijft het bewijs, en
                  een latere inschrijving zegt welke er gewist zijn en waarom

Wat telt, staat in entries.jsonl: alleen dat zit vast aan een checkpoint dat u bewaarde.
De leesbare bestanden (register.csv, register.json, deze tekst) zijn daaruit gemaakt om te
lezen. Ze zijn alleen ondertekend door wie het register beheert, en die kan ze later
veranderen en opnieuw ondertekenen. Zeggen zij iets anders, dan geldt entries.jsonl.

Zo controleert u het met Dijkwacht, zonder internet:

  dijkwacht verify register.zip --key SLEUTEL --checkpoint BESTAND

Vraag SLEUTEL langs een andere weg aan de organisatie of haar dienstverlener. Neem haar
niet uit dit archief: wie alles vervangt, vervangt ook de sleutel. BESTAND is een later
checkpoint, als u dat hebt. Daarmee ziet u of dit archief nog bij de tijd is.

ENGLISH
=======
This archive holds the register of this organisation, with everything that is needed to
check that nothing in it was changed.

  manifest        signed list of all files and entries, with their hashes
  checkpoint      signed state of the register: size and root hash
  key.txt         the public key that signed
  entries.jsonl   the entries, one a line; of erased ones the proof remains, and a
                  later entry says which were erased and why

What counts stands in entries.jsonl: that alone is tied to a checkpoint that you kept. The
readable files (register.csv, register.json, this text) were made from it to be read. They
are only signed by whoever hosts the register, who can change them later and sign again.
Where they say something else, entries.jsonl counts.

To check it with Dijkwacht, without internet:

  dijkwacht verify register.zip --key KEY --checkpoint FILE

Ask the organisation or its provider for KEY by another road. Do not take it from this
archive: who replaces everything replaces the key too. FILE is a later checkpoint, if you
have one. It shows whether this archive is up to date.

ZONDER DIJKWACHT / WITHOUT DIJKWACHT
====================================
(bash, sha256sum, awk, jq, xxd, openssl 3)

1. Bestanden / files:

  awk '$1==\"member\" {{print $2 \"  \" $4}}' manifest | sha256sum -c

2. Inschrijving 0 / entry 0 (line 1), with the line \"entry 0\" of the manifest:

  sed -n 1p entries.jsonl | jq -j .leaf
  (printf '\\0'; sed -n 1p entries.jsonl | jq -j .leaf) | sha256sum
  sed -n 1p entries.jsonl | sha256sum
  grep '^entry 0 ' manifest

Its body, with the body-commitment that the first of these showed:

  sed -n 1p entries.jsonl | jq -j .salt | xxd -r -p > salt
  (printf 'dijkwacht-body/v1\\n'; cat salt; sed -n 1p entries.jsonl | jq -j .body) | sha256sum

3. Handtekening / signature:

  sed '/^$/,$d' manifest > text
  tail -n 1 manifest | cut -d' ' -f3 | base64 -d | tail -c 64 > signature
  (printf 302a300506032b6570032100 | xxd -r -p; cut -d+ -f3- key.txt | base64 -d | tail -c 32) > key.der
  openssl pkeyutl -verify -pubin -keyform DER -inkey key.der -rawin -in text -sigfile signature

4. Wortel-hash / root hash: RFC 6962, section 2.1, over the leaf hashes of step 2, all of
them in order: SHA-256(0x01, left, right) for a node, the left half being the largest
power of two below the number of leaves. It is the third line of checkpoint, in base64.
checkpoint is signed as manifest is, over its first three lines.
"
    )
}
