#!/usr/bin/env node
// Checks an exported register, offline: a second reader, written from docs/register-format.md alone, in another language
// than Dijkwacht's own, with nothing but Node's built-in modules (20 or newer). It finds what `dijkwacht verify` finds, and
// names it with the same words. It does not read the file of one case, nor proofs.
//
//   node verify-register.mjs FILE.zip [--key KEY] [--checkpoint FILE]… [--provider-key KEY] [--witness-key KEY]…
//
// The first line says whether the register holds, and which entries were erased by which (or, without a number, by none); every further line is one finding: member, entry, problem.
// Of an export that holds it says which members the tree proves, and which are only signed by whoever hosts the register: made to
// be read, and held to by no checkpoint that was kept.
// Exit code: 0 it holds; 1 it does not; 2 there is nothing to check (no export, or an option that cannot be used), or nothing is
// wrong but that what was given does not belong to it or is not whole ("wrong input").

import { createHash, createPublicKey, verify as verifySignature } from 'node:crypto';
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { crc32 as zlibCrc32, inflateRawSync } from 'node:zlib';

const MOST_MEMBERS = 4096;
const MOST_BYTES = 2 ** 30;
const MOST_KEPT = 1_000_000; // bytes of a checkpoint or mail that was kept
const MOST_SIGNATURES = 100;
const PLAIN = 1; // type of an Ed25519 signature over the text
const TIMED = 4; // type of a cosignature/v1
const ERASURES = ['incident.erased', 'incident.entries_erased'];
const CORE = ['manifest', 'checkpoint', 'key.txt', 'entries.jsonl'];
const OF_CASE = 'journaal/regels.jsonl'; // the entries in the file of one case

class Unusable extends Error {}

// --- small forms -----------------------------------------------------------------------------------------------------

const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();

function utf8(bytes) {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** The text in a file that somebody kept: UTF-8, or UTF-16 with a mark in front, as editors on Windows write it. */
function keptText(bytes) {
  const mark = bytes.subarray(0, 2).toString('hex');
  if (mark !== 'fffe' && mark !== 'feff') return utf8(bytes);
  try {
    const little = mark === 'fffe' ? bytes : Buffer.from(bytes).swap16();
    return new TextDecoder('utf-16le', { fatal: true }).decode(little);
  } catch {
    return null;
  }
}

/** A decimal number without sign or leading zeroes; null for anything else. */
function number(text) {
  if (!/^(0|[1-9][0-9]*)$/.test(text ?? '')) return null;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : null;
}

const hexBytes = (text) => (/^([0-9a-f]{2})*$/.test(text) ? Buffer.from(text, 'hex') : null);
const hash = (text) => (/^[0-9a-f]{64}$/.test(text ?? '') ? Buffer.from(text, 'hex') : null);
const isUuid = (text) => /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/.test(text);

/** Base64 in its one spelling, with padding. */
function base64(text) {
  const bytes = Buffer.from(text ?? '', 'base64');
  return bytes.toString('base64') === text ? bytes : null;
}

function isMoment(text) {
  const form = /^([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})\.[0-9]{6}Z$/.exec(text);
  if (!form) return false;
  const date = new Date(`${form[1]}Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(form[1]);
}

const isKind = (text) => text.length <= 64 && /^[a-z][a-z0-9_-]*(\.[a-z][a-z0-9_-]*)*$/.test(text);
const isKeyName = (name) => name.length > 0 && !/[\s\p{Cc}+]/u.test(name);

// --- the tree (RFC 6962 §2.1) ------------------------------------------------------------------------------------------

const leafHash = (leaf) => sha256(Buffer.of(0), leaf);
const nodeHash = (left, right) => sha256(Buffer.of(1), left, right);

/** The root over these leaf hashes, level by level: what has no partner goes up as it is. */
function root(leaves) {
  if (leaves.length === 0) return sha256();
  let level = leaves;
  while (level.length > 1) {
    const up = [];
    for (let at = 0; at < level.length; at += 2) {
      up.push(at + 1 < level.length ? nodeHash(level[at], level[at + 1]) : level[at]);
    }
    level = up;
  }
  return level[0];
}

// --- keys and notes ----------------------------------------------------------------------------------------------------

function keyId(name, type, bytes) {
  return sha256(name, Buffer.of(0x0a, type), bytes).subarray(0, 4).toString('hex');
}

/** Reads `name+id+base64(type, public key)`; null when it is none. */
function readKey(text) {
  const parts = /^([^+]*)\+([^+]*)\+(.*)$/s.exec(text);
  const bytes = parts && base64(parts[3]);
  if (!bytes || bytes.length !== 33 || !isKeyName(parts[1]) || ![PLAIN, TIMED].includes(bytes[0])) return null;
  const key = bytes.subarray(1);
  if (keyId(parts[1], bytes[0], key) !== parts[2]) return null;
  try {
    const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), key]);
    return { name: parts[1], bytes: key, key: createPublicKey({ key: spki, format: 'der', type: 'spki' }) };
  } catch {
    return null;
  }
}

/** A line of a signature; null when it is none. */
function readSignature(line) {
  const parts = /^— ([^ ]+) (.+)$/.exec(line);
  const bytes = parts && base64(parts[2]);
  if (!bytes || bytes.length < 4 || !isKeyName(parts[1])) return null;
  return { name: parts[1], id: bytes.subarray(0, 4).toString('hex'), bytes: bytes.subarray(4) };
}

/** A note's text and its signatures; null when it is no note. */
function readNote(text) {
  if (text === null || /[\x00-\x09\x0b-\x1f]/.test(text)) return null;
  const at = text.lastIndexOf('\n\n');
  if (at < 0 || !text.endsWith('\n')) return null;
  const lines = text.slice(at + 2, -1).split('\n');
  const signatures = lines.map(readSignature);
  if (signatures.includes(null) || signatures.length > MOST_SIGNATURES) return null;
  return { text: text.slice(0, at + 1), signatures };
}

const isSignedBy = (key, message, signature) =>
  signature.length === 64 && verifySignature(null, Buffer.from(message), key.key, signature);

function isTimedBy(key, text, bytes) {
  if (bytes.length !== 72) return false;
  return isSignedBy(key, `cosignature/v1\ntime ${bytes.readBigUInt64BE(0)}\n${text}`, bytes.subarray(8));
}

/** Whether the key signed the note: null, or the problem. */
function checkNote(note, key) {
  let [isSigned, isTimed] = [false, false];
  for (const { name, id, bytes } of note.signatures) {
    if (name !== key.name) continue;
    if (id === keyId(name, PLAIN, key.bytes)) {
      if (!isSignedBy(key, note.text, bytes)) return 'signature';
      isSigned = true;
    } else if (id === keyId(name, TIMED, key.bytes)) {
      if (!isTimedBy(key, note.text, bytes)) return 'signature';
      isTimed = true;
    }
  }
  if (isSigned) return null;
  return isTimed ? 'signature_missing' : 'other_key';
}

/** When the key says that it signed a note that it signed, in seconds since 1970; null where it does not. */
function signedAt(note, key) {
  const own = key ? note.signatures.filter(({ name, id }) => name === key.name && id === keyId(name, TIMED, key.bytes)) : [];
  return own.length > 0 ? Number(own.at(-1).bytes.readBigUInt64BE(0)) : null;
}

/** As much may clocks differ, in seconds, before it is said. */
const LEEWAY = 3 * 3600;
const inSeconds = (moment) => Math.floor(Date.parse(moment) / 1000);

/** Whether the key countersigned the note: null, or the problem. */
function checkCountersignature(note, key) {
  const own = note.signatures.filter(({ name, id }) => name === key.name && id === keyId(name, TIMED, key.bytes));
  if (own.length === 0) return 'not_countersigned';
  return own.every(({ bytes }) => isTimedBy(key, note.text, bytes)) ? null : 'countersignature';
}

/** A signed checkpoint: register, size, root; null when it is none. */
function readCheckpoint(text) {
  const note = readNote(text);
  const lines = note?.text.split('\n') ?? [];
  if (lines.length !== 4 || !lines[0].startsWith('dijkwacht/register/')) return null;
  const [organisation, size, rootHash] = [lines[0].slice(19), number(lines[1]), base64(lines[2])];
  if (!isUuid(organisation) || size === null || rootHash?.length !== 32) return null;
  return { note, organisation, size, root: rootHash };
}

/** A note that somebody kept, as it was signed, whatever an editor or a mail program made of its spaces and line ends. */
function asSigned(text) {
  if (text === null) return null;
  const lines = text.replace(/^\uFEFF/, '').trim().split('\n');
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}

const SPACE = '[\\s\\u0085]'; // Unicode's White_Space, and the byte order mark
const AROUND = new RegExp(`^(?:${SPACE}|>)+|${SPACE}+$`, 'g');
const AROUND_ALONE = new RegExp(`^${SPACE}+|${SPACE}+$`, 'g');
const SPACES = new RegExp(`${SPACE}+`);

/** Every run of three lines that is a checkpoint's and the signatures below it, as it was signed. */
function notesIn(text) {
  const lines = text.split('\n').map((line) => line.replace(AROUND, '')).filter((line) => line !== '');
  const notes = [];
  for (let at = 0; at + 2 < lines.length; at += 1) {
    if (!lines[at].startsWith('dijkwacht/register/') || !isUuid(lines[at].slice(19))) continue;
    const signatures = [];
    for (let below = at + 3; below < lines.length; below += 1) {
      const line = lines[below].split(SPACES).join(' ');
      if (!readSignature(line)) break;
      signatures.push(line);
    }
    const note = `${lines.slice(at, at + 3).join('\n')}\n\n${signatures.join('\n')}\n`;
    if (readCheckpoint(note)) notes.push(note);
  }
  return notes;
}

const loose = (bytes) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);

/** What stands in a text in base64: each run of lines of nothing else. */
function base64Parts(text) {
  const runs = [[]];
  for (const line of text.split('\n').map((line) => line.replace(AROUND_ALONE, ''))) {
    if (/^[A-Za-z0-9+/=]+$/.test(line)) runs.at(-1).push(line);
    else runs.push([]);
  }
  return runs.filter((run) => run.length > 0).map((run) => base64(run.join(''))).filter(Boolean).map(loose);
}

/** A text in quoted-printable (RFC 2045 6.7) as it reads. */
function unquoted(text) {
  const [first, ...parts] = text.split('=');
  const bytes = parts.map((part) => {
    if (/^[0-9A-Fa-f]{2}/.test(part)) return Buffer.concat([Buffer.from(part.slice(0, 2), 'hex'), Buffer.from(part.slice(2))]);
    const end = /^[ \t\r]*\n/.exec(part);
    return Buffer.from(end ? part.slice(end[0].length) : `=${part}`);
  });
  return loose(Buffer.concat([Buffer.from(first), ...bytes]));
}

/**
 * The one signed checkpoint in a text: by itself, or in a mail as it was copied or saved. Where there is none the text itself;
 * several are not chosen from.
 */
function checkpointIn(text) {
  if (text === null) return null;
  let notes = [text, ...base64Parts(text)].flatMap(notesIn);
  if (notes.length === 0) notes = notesIn(unquoted(text));
  const [note, ...others] = new Set(notes);
  if (others.length > 0) return null;
  return note ?? asSigned(text);
}

// --- the archive (PKWARE APPNOTE) --------------------------------------------------------------------------------------

let crcTable;
function crc32(bytes) {
  if (zlibCrc32) return zlibCrc32(bytes); // Node 22
  crcTable ??= Uint32Array.from({ length: 256 }, (_, value) => {
    for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
    return value;
  });
  let crc = 0xffffffff;
  for (const byte of bytes) crc = crcTable[(crc ^ byte) & 0xff] ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

/** What a member's header and the list at the end both say of it (APPNOTE 4.3.7 and 4.3.12), from its flags on. */
function headerFields(zip, at) {
  const [flags, method, modified] = [zip.readUInt16LE(at), zip.readUInt16LE(at + 2), zip.readUInt32LE(at + 4)];
  return { flags: flags & 0x809, method, modified, sizes: [8, 12, 16].map((offset) => zip.readUInt32LE(at + offset)) };
}

/** A header that leaves checksum and lengths to a descriptor behind the data (flag 3) may say 0. */
function sameFields(listed, local) {
  const isLater = (local.flags & 8) !== 0;
  const sizes = local.sizes.every((size, which) => size === listed.sizes[which] || (isLater && size === 0));
  return sizes && ['flags', 'method', 'modified'].every((field) => listed[field] === local[field]);
}

/** The members by name, in order; what is odd is told to `found`. */
function readArchive(zip, found) {
  let end = zip.length - 22;
  const lowest = Math.max(0, end - 65535);
  while (end >= lowest && zip.readUInt32LE(end) !== 0x06054b50) end -= 1;
  if (end < lowest || end < 0) throw new Unusable('not a zip archive, or cut short');
  const [count, size, start] = [zip.readUInt16LE(end + 10), zip.readUInt32LE(end + 12), zip.readUInt32LE(end + 16)];
  if (zip.readUInt16LE(end + 4) !== zip.readUInt16LE(end + 6)) throw new Unusable('an archive of several parts');
  if (count > MOST_MEMBERS) throw new Unusable(`archive has ${count} members, more than any export`);
  const shift = end - size - start; // bytes before the archive move everything
  if (shift < 0) throw new Unusable('not a zip archive, or cut short');
  const members = new Map();
  let isSurplus = shift !== 0 || end + 22 !== zip.length;
  let isInconsistent = false;
  let [at, next, left] = [start + shift, shift, MOST_BYTES];
  for (let entry = 0; entry < count; entry += 1) {
    if (at + 46 > end || zip.readUInt32LE(at) !== 0x02014b50) throw new Unusable('not a zip archive, or cut short');
    const [method, crc, packed] = [zip.readUInt16LE(at + 10), zip.readUInt32LE(at + 16), zip.readUInt32LE(at + 20)];
    const listed = headerFields(zip, at + 8);
    // Made on Unix or macOS, the upper half says what it unpacks as: a plain file or a folder, and no link or device.
    const mode = [3, 19].includes(zip[at + 5]) ? zip.readUInt16LE(at + 40) & 0o170000 : 0;
    const isPlain = [0, 0o100000, 0o040000].includes(mode);
    const [names, extras, comments] = [28, 30, 32].map((offset) => zip.readUInt16LE(at + offset));
    const rawName = zip.subarray(at + 46, at + 46 + names);
    const name = rawName.toString('utf8');
    const local = zip.readUInt32LE(at + 42) + shift;
    at += 46 + names + extras + comments;
    if (!isPlain) found(name, null, 'inconsistent_archive');
    const twin = members.get(name);
    const member = { name, bytes: null, isEmptyFolder: false, isRepeated: false };
    if (twin) {
      found(name, null, 'repeated');
      twin.isRepeated = true;
    } else {
      members.set(name, member);
    }
    if (local + 30 > zip.length || zip.readUInt32LE(local) !== 0x04034b50) {
      found(name, null, 'unreadable');
      continue;
    }
    const data = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    // Another reader may go by what stands before the member, and not by the list at the end: both say the same.
    const isAlike = sameFields(listed, headerFields(zip, local + 6));
    if (!isAlike || !zip.subarray(local + 30, local + 30 + names).equals(rawName)) isInconsistent = true;
    // Members follow one another; a gap would hold bytes that nobody signed. (A data descriptor may stand between.)
    if (local < next || (local > next && local - next > 24)) isSurplus = true;
    next = data + packed;
    if (twin) continue;
    const content = zip.subarray(data, data + packed);
    try {
      if (method === 0) member.bytes = content;
      else if (method === 8) member.bytes = inflateRawSync(content, { maxOutputLength: Math.max(left, 1) });
    } catch (error) {
      if (error.code === 'ERR_BUFFER_TOO_LARGE') throw new Unusable('archive inflates to more than 1 GiB');
    }
    if (member.bytes === null) {
      found(name, null, 'unreadable');
      continue;
    }
    left -= member.bytes.length;
    if (left < 0) throw new Unusable('archive inflates to more than 1 GiB');
    if (crc32(member.bytes) !== crc) found(name, null, 'damaged');
    member.isEmptyFolder = name.endsWith('/') && member.bytes.length === 0;
  }
  // Which of two is meant nobody can say, so neither is looked at.
  for (const member of members.values()) if (member.isRepeated) Object.assign(member, { bytes: null, isEmptyFolder: false });
  if (isInconsistent) found('-', null, 'inconsistent_archive');
  if (isSurplus) found('-', null, 'surplus_bytes');
  return members;
}

// --- the manifest ------------------------------------------------------------------------------------------------------

/** What was signed about the export; null when a line of it is not as it must be. */
function readManifest(text) {
  const lines = text.slice(0, -1).split('\n');
  const [version, organisation, name, count, ...rest] = lines;
  const wanted = number(/^entries (.*)$/.exec(count ?? '')?.[1]);
  const id = /^organisation (.*)$/.exec(organisation ?? '')?.[1] ?? '';
  if (version !== 'dijkwacht-export/v1' || !isUuid(id) || !name?.startsWith('name ') || wanted === null) return null;
  const manifest = { organisation: id, members: new Map(), entries: [] };
  for (const line of rest) {
    const member = /^member ([0-9a-f]{64}) ([0-9]+) (.+)$/.exec(line);
    const entry = /^entry ([0-9]+) ([0-9a-f]{64}) ([0-9a-f]{64})$/.exec(line);
    if (member && manifest.entries.length === 0 && !manifest.members.has(member[3]) && number(member[2]) !== null) {
      manifest.members.set(member[3], { sha256: hash(member[1]), length: number(member[2]) });
    } else if (entry && number(entry[1]) === manifest.entries.length) {
      manifest.entries.push({ leaf: hash(entry[2]), line: hash(entry[3]) });
    } else {
      return null;
    }
  }
  return manifest.entries.length === wanted ? manifest : null;
}

// --- the time stamp (RFC 3161, in DER) -----------------------------------------------------------------------------------

/** The content of the value at the front of `from.rest`, when it has this tag; null otherwise, and nothing is taken. */
function take(from, tag) {
  const bytes = from?.rest;
  if (!bytes || bytes.length < 2 || bytes[0] !== tag) return null;
  const long = bytes[1] > 0x80 ? bytes[1] - 0x80 : 0;
  if (bytes[1] === 0x80 || long > 3 || bytes.length < 2 + long) return null;
  const length = long ? bytes.readUIntBE(2, long) : bytes[1];
  const content = bytes.subarray(2 + long, 2 + long + length);
  if (content.length < length) return null;
  from.rest = bytes.subarray(2 + long + length);
  return content;
}

const within = (from, tag) => {
  const rest = take(from, tag);
  return rest && { rest };
};

/** When the authority's answer says that it stamped these bytes, or false. Its own signature is for `openssl ts -verify`. */
function stampOf(answer, over) {
  const isOid = (from, hex) => take(from, 0x06)?.toString('hex') === hex;
  const whole = { rest: answer };
  const response = answer.length > 64 * 1024 ? null : within(whole, 0x30);
  const status = take(within(response, 0x30), 0x02);
  if (status?.length !== 1 || status[0] > 1) return false;
  const content = within(response, 0x30);
  if (!isOid(content, '2a864886f70d010702')) return false;
  const signed = within(within(content, 0xa0), 0x30);
  if (take(signed, 0x02) === null || take(signed, 0x31) === null) return false;
  const encapsulated = within(signed, 0x30);
  if (!isOid(encapsulated, '2a864886f70d0109100104')) return false;
  const info = within(within(within(encapsulated, 0xa0), 0x04), 0x30);
  if (take(info, 0x02)?.toString('hex') !== '01' || take(info, 0x06) === null) return false;
  const message = within(info, 0x30);
  if (!isOid(within(message, 0x30), '608648016503040201')) return false;
  const imprint = take(message, 0x04);
  if (take(info, 0x02) === null || whole.rest.length > 0) return false;
  const moment = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\.\d+)?Z$/.exec(take(info, 0x18)?.toString('latin1') ?? '');
  if (!moment) return false;
  const at = `${moment[1]}-${moment[2]}-${moment[3]}T${moment[4]}:${moment[5]}:${moment[6]}.000000Z`;
  if (!isMoment(at)) return false;
  take(info, 0x30);
  take(info, 0x01);
  const nonce = take(info, 0x02);
  const expected = sha256(sha256(over)).subarray(0, 8);
  expected[0] = (expected[0] & 0x3f) | 0x40;
  const isOfThese = imprint?.equals(sha256(over)) === true && (nonce === null || nonce.equals(expected));
  return isOfThese && inSeconds(at);
}

// --- the entries -------------------------------------------------------------------------------------------------------

const STRING = String.raw`"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"`;
const PAIR = new RegExp(String.raw`[ \t\r\n]*(${STRING})[ \t\r\n]*:[ \t\r\n]*(${STRING}|true|false|null|-?[0-9][0-9.eE+-]*)[ \t\r\n]*(,|\}[ \t\r\n]*$)`, 'y');

/** A flat JSON object, each key once; null for anything else. JSON.parse alone would let a key stand twice. */
function flatObject(text) {
  const open = /^[ \t\r\n]*\{/.exec(text);
  if (!open) return null;
  const object = new Map();
  let at = open[0].length;
  for (;;) {
    PAIR.lastIndex = at;
    const pair = PAIR.exec(text);
    if (!pair) return null;
    let key, value;
    try {
      [key, value] = [JSON.parse(pair[1]), JSON.parse(pair[2])];
    } catch {
      return null;
    }
    if (object.has(key) || (typeof value === 'string' && !value.isWellFormed())) return null;
    object.set(key, value);
    if (pair[3] !== ',') return object;
    at = PAIR.lastIndex;
  }
}

/** One line of entries.jsonl; null when it cannot be read. */
function readEntry(bytes) {
  const text = utf8(bytes);
  const line = text === null ? null : flatObject(text);
  if (!line) return null;
  const [index, leaf] = [line.get('index'), line.get('leaf')];
  if (!Number.isSafeInteger(index) || index < 0 || typeof leaf !== 'string') return null;
  const form = /^dijkwacht-entry\/v1\norganisation (.*)\nindex (.*)\nrecorded-at (.*)\nkind (.*)\nbody-commitment (.*)\n$/.exec(leaf);
  if (!form) return null;
  const [, organisation, number_, moment, kind, commitment] = form;
  const isLeaf = isUuid(organisation) && number(number_) === index && isMoment(moment) && isKind(kind) && hash(commitment);
  if (!isLeaf) return null;
  const entry = { index, organisation, leaf: leafHash(Buffer.from(leaf)), recordedAt: inSeconds(moment), isErased: false, bodyFits: true, tells: ERASURES.includes(kind), erases: null };
  const keys = [...line.keys()].filter((key) => !['index', 'leaf'].includes(key)).sort().join();
  if (keys === 'erased' && line.get('erased') === true) return { ...entry, isErased: true };
  const salt = typeof line.get('salt') === 'string' ? hash(line.get('salt')) : null;
  let body = null;
  if (keys === 'body,salt' && typeof line.get('body') === 'string') body = Buffer.from(line.get('body'));
  if (keys === 'body_hex,salt' && typeof line.get('body_hex') === 'string') body = hexBytes(line.get('body_hex'));
  if (!salt || !body) return null;
  entry.bodyFits = sha256('dijkwacht-body/v1\n', salt, body).equals(hash(commitment));
  if (entry.bodyFits) entry.erases = erasedBy(kind, body);
  return entry;
}

/** The entries that this one says were erased; null for none. Of an incident it may name none: then it is those before it. */
function erasedBy(kind, body) {
  if (!ERASURES.includes(kind)) return null;
  let event = null;
  try {
    event = JSON.parse(utf8(body))?.event;
  } catch {
    return null;
  }
  const isNumber = (one) => Number.isSafeInteger(one) && one >= 0;
  if (kind === 'incident.erased' && event?.type === 'erased') {
    const named = event.indices ?? [];
    return Array.isArray(named) && named.every(isNumber) ? named : null;
  }
  if (kind !== 'incident.entries_erased' || event?.type !== 'entries_erased' || !Array.isArray(event.entries)) return null;
  const named = event.entries.map((one) => one?.index).filter(isNumber);
  return named.length > 0 ? named : null;
}

/** What happened at the first place where another entry stands than must. */
function lostOrder(place, found, listed) {
  const times = new Map();
  for (const entry of found) if (entry) times.set(entry.index, (times.get(entry.index) ?? 0) + 1);
  let highest = place;
  for (const index of times.keys()) highest = Math.max(highest, index + 1);
  const end = Math.max(listed ?? highest, place);
  let [there, added] = [0, 0];
  for (const [index, count] of times) {
    const belongs = index >= place && index < end;
    there += belongs ? 1 : 0;
    added += belongs ? count - 1 : count;
  }
  const gone = end - place - there - found.filter((entry) => !entry).length;
  if (gone > 0 && !times.has(place)) return 'entry_dropped';
  return added > 0 ? 'entry_added' : 'entry_order';
}

/** Every line against the manifest and itself; returns the count, and the leaves when all could be read. */
function checkEntries(bytes, listed, organisation, found) {
  const lines = [];
  for (let at = 0; at < bytes.length; ) {
    const newline = bytes.indexOf(10, at);
    const end = newline < 0 ? bytes.length : newline + 1;
    lines.push(bytes.subarray(at, end));
    at = end;
  }
  const [leaves, erased, explained, recorded, unspecified, wrong] = [[], [], new Map(), [], [], new Set()];
  let lastUnheard = -1; // the last entry that may have told of erasures, and is not as it was signed
  const outcome = (isWhole) => ({ count: lines.length, erased, explained, recorded, leaves: isWhole ? leaves : null });
  for (const [place, line] of lines.entries()) {
    if (listed && place >= listed.length) {
      found('entries.jsonl', place, 'entry_surplus');
      return outcome(false);
    }
    const entry = readEntry(line);
    if (!entry) {
      found('entries.jsonl', place, 'entry_unreadable');
      wrong.add(place);
      lastUnheard = place;
      continue;
    }
    if (entry.index !== place) {
      found('entries.jsonl', place, lostOrder(place, lines.slice(place).map(readEntry), listed?.length));
      return outcome(false);
    }
    let problem = null;
    if (organisation && organisation !== entry.organisation) problem = 'other_register';
    else if (listed && !listed[place].leaf.equals(entry.leaf)) problem = 'entry_leaf';
    else if (!entry.bodyFits) problem = 'entry_body';
    else if (listed && !listed[place].line.equals(sha256(line))) problem = 'entry_line';
    if (problem) {
      found('entries.jsonl', place, problem);
      wrong.add(place);
      if (entry.tells || !['entry_body', 'entry_line'].includes(problem)) lastUnheard = place;
    }
    leaves.push(entry.leaf);
    // Each that is newer than all before it.
    if (recorded.length === 0 || entry.recordedAt > recorded.at(-1).at) recorded.push({ index: place, at: entry.recordedAt });
    if (entry.isErased) erased.push(place);
    if (entry.erases?.length === 0) unspecified.push(place);
    for (const one of entry.erases ?? []) if (one < place && !explained.has(one)) explained.set(one, place);
  }
  for (const one of erased) {
    const by = unspecified.find((place) => place > one);
    if (!explained.has(one) && by !== undefined) explained.set(one, by);
  }
  if (listed && lines.length < listed.length) {
    found('entries.jsonl', lines.length, 'entry_missing');
  } else {
    const isUnsaid = (one) => !explained.has(one) && !wrong.has(one) && one > lastUnheard;
    for (const one of erased.filter(isUnsaid)) found('entries.jsonl', one, 'entry_erased');
  }
  return outcome(leaves.length === lines.length);
}

// --- the whole ---------------------------------------------------------------------------------------------------------

function check(zip, options) {
  const findings = [];
  const found = (member, entry, problem) => findings.push({ member, entry, problem });
  const notes = []; // moments that cannot be: no fault of the register, and said all the same
  const given = options.key === undefined ? null : readKey(options.key.trim());
  if (options.key !== undefined && !given) throw new Unusable('key given cannot be used');
  const providerKey = options.providerKey === undefined ? null : readKey(options.providerKey.trim());
  if (options.providerKey !== undefined && !providerKey) throw new Unusable('provider key given cannot be used');
  const witnesses = options.witnessKeys.map((text) => readKey(text.trim()));
  if (witnesses.includes(null)) throw new Unusable('witness key given cannot be used');
  const kept = options.checkpoints.map(({ text }) => readCheckpoint(checkpointIn(text)));
  const unread = kept.indexOf(null);
  if (unread >= 0) throw new Unusable(`checkpoint given ${unread + 1} cannot be used: ${options.checkpoints[unread].file} is no one signed checkpoint`);

  const members = readArchive(zip, found);
  if (!CORE.some((name) => members.has(name))) throw new Unusable('archive is not an export of a register');
  const bytes = (name) => members.get(name)?.bytes ?? null;
  const text = (name) => (bytes(name) === null ? null : utf8(bytes(name)));
  const list = text('manifest');
  if (list === null ? members.has(OF_CASE) && !members.has('entries.jsonl') : list.startsWith('dijkwacht-dossier/v1\n')) {
    throw new Unusable('this is the file of one case (dossier); this program reads exports of a whole register: use `dijkwacht verify`');
  }

  // 1. The key.
  let key = given;
  if (!key) {
    const own = text('key.txt');
    if (!members.has('key.txt')) found('key.txt', null, 'no_key');
    key = own?.endsWith('\n') ? readKey(own.slice(0, -1)) : null;
    if (!key && bytes('key.txt')) found('key.txt', null, 'malformed');
  }

  // 2. The manifest: without its signature it is no measure.
  let manifest = null;
  if (!members.has('manifest')) {
    found('manifest', null, 'missing');
  } else if (bytes('manifest')) {
    const note = readNote(text('manifest'));
    if (!note || note.signatures.length !== 1) {
      found('manifest', null, 'malformed');
    } else {
      const problem = key && checkNote(note, key);
      if (problem) found('manifest', null, problem);
      else if (!(manifest = readManifest(note.text))) found('manifest', null, 'malformed');
    }
  }

  // 3. The members.
  const isListed = (name) => manifest.members.get(name)?.sha256.equals(sha256(bytes(name))) ?? false;
  if (manifest) {
    for (const [name, { length }] of manifest.members) {
      if (!members.has(name)) found(name, null, 'missing');
      else if (bytes(name) && name !== 'entries.jsonl' && (!isListed(name) || bytes(name).length !== length)) {
        found(name, null, 'changed');
      }
    }
    for (const name of CORE.slice(1)) if (!manifest.members.has(name)) found(name, null, 'not_in_manifest');
    for (const { name, isEmptyFolder } of members.values()) {
      const isFolder = isEmptyFolder && [...manifest.members.keys()].some((listed) => listed.startsWith(name));
      if (name !== 'manifest' && !manifest.members.has(name) && !isFolder) found(name, null, 'unlisted');
    }
  }

  // 5. (first half) The export's own checkpoint.
  let checkpoint = null;
  let own = null; // as it stands there, sound or not
  // The register signs its checkpoints with a moment too, which is no signature of somebody else.
  const isOwn = (other) =>
    other.name === `dijkwacht/register/${own.organisation}` || key?.bytes.equals(other.bytes) ? 'not_countersigned' : null;
  // Whoever checks may give what does not belong here, or is not whole: that says nothing of the export.
  const slip = (member, problem) => {
    found(member, null, problem);
    findings.at(-1).isSlip = true;
  };
  let organisation = manifest?.organisation ?? null;
  if (!members.has('checkpoint')) {
    if (!manifest) found('checkpoint', null, 'missing');
  } else if (bytes('checkpoint')) {
    const read = readCheckpoint(text('checkpoint'));
    const problem = read ? key && checkNote(read.note, key) : 'malformed';
    if (problem) {
      found('checkpoint', null, problem);
    } else if (manifest && !isListed('checkpoint')) {
      if (read.size !== manifest.entries.length) found('checkpoint', null, 'size');
    } else if (manifest && manifest.organisation !== read.organisation) {
      found('checkpoint', null, 'other_register');
    } else {
      checkpoint = read;
      organisation ??= read.organisation;
    }
    own = read;
    const countersigned = read && providerKey && checkCountersignature(read.note, providerKey);
    if (read && providerKey && isOwn(providerKey)) slip('checkpoint', isOwn(providerKey));
    else if (countersigned) found('checkpoint', null, countersigned);
  }
  if (key && organisation && key.name !== `dijkwacht/register/${organisation}`) found('key.txt', null, 'other_register');

  // 4. The entries.
  let entries = { count: 0, erased: [], explained: new Map(), recorded: [], leaves: null };
  if (!members.has('entries.jsonl')) {
    if (!manifest) found('entries.jsonl', null, 'missing');
  } else if (bytes('entries.jsonl')) {
    const before = findings.length;
    entries = checkEntries(bytes('entries.jsonl'), manifest?.entries, organisation, found);
    if (findings.length === before && manifest && !isListed('entries.jsonl')) found('entries.jsonl', null, 'changed');
  }
  const leaves = manifest ? manifest.entries.map(({ leaf }) => leaf) : entries.leaves;

  // 5. (second half) The checkpoint is the head of the tree over the leaves.
  if (checkpoint && leaves) {
    const place = manifest ? 'checkpoint' : 'entries.jsonl';
    if (checkpoint.size !== leaves.length) found(place, null, 'size');
    else if (!checkpoint.root.equals(root(leaves))) found(place, null, 'root');
  }

  // 6. The time stamp, and the checkpoints that were kept.
  const compare = (one) => {
    if (!key) return 'not_compared';
    const ownName = organisation ? `dijkwacht/register/${organisation}` : key.name;
    if (`dijkwacht/register/${one.organisation}` !== ownName) return 'other_register';
    const unsigned = checkNote(one.note, key);
    if (unsigned) return unsigned;
    if (!organisation || !leaves) return 'not_compared';
    if (one.size > leaves.length) return 'behind';
    return one.root.equals(root(leaves.slice(0, one.size))) ? null : 'diverged';
  };
  const newerThan = (size, at) => {
    const newest = entries.recorded.findLast(({ index }) => index < size);
    return at !== null && newest && newest.at > at + LEEWAY ? newest : null;
  };
  const noteSignature = (place, { note, size }) => {
    const newer = newerThan(size, signedAt(note, key));
    if (newer) notes.push({ member: place, entry: newer.index, problem: 'signed_before_entry' });
  };
  if (checkpoint) noteSignature('checkpoint', checkpoint);
  if (bytes('timestamp.tsr')) {
    const over = bytes('timestamp.checkpoint');
    const stamped = over && readCheckpoint(utf8(over));
    if (!over) found('timestamp.checkpoint', null, 'missing');
    else if (stampOf(bytes('timestamp.tsr'), over) === false) found('timestamp.tsr', null, 'timestamp');
    else if (!stamped) found('timestamp.checkpoint', null, 'malformed');
    else if (compare(stamped)) found('timestamp.checkpoint', null, compare(stamped));
    else {
      const at = stampOf(bytes('timestamp.tsr'), over);
      const newer = newerThan(stamped.size, at);
      if (signedAt(stamped.note, key) > at + LEEWAY) {
        notes.push({ member: 'timestamp.tsr', entry: null, problem: 'stamped_before_signature' });
      } else if (newer) notes.push({ member: 'timestamp.tsr', entry: newer.index, problem: 'stamped_before_entry' });
    }
  }
  const signed = own ? [{ place: 'checkpoint', note: own.note, holds: true }] : [];
  for (const [at, one] of kept.entries()) {
    const place = `checkpoint given ${at + 1}`;
    const problem = compare(one);
    if (['other_register', 'signature_missing'].includes(problem)) slip(place, problem);
    else if (problem) found(place, null, problem);
    else noteSignature(place, one);
    signed.push({ place, note: one.note, holds: !problem });
  }

  // 8. The witnesses: each signed the export's checkpoint, or one that was kept and holds.
  for (const witness of witnesses) {
    if (own && isOwn(witness)) {
      slip('checkpoint', isOwn(witness));
      continue;
    }
    const answers = signed.map((one) => ({ ...one, problem: checkCountersignature(one.note, witness) }));
    const forged = answers.filter(({ problem }) => problem === 'countersignature');
    for (const { place, problem } of forged) found(place, null, problem);
    const isSigned = answers.some(({ holds, problem }) => holds && problem === null);
    if (forged.length === 0 && !isSigned) found('checkpoint', null, 'not_countersigned');
  }
  const byThemselves = ['manifest', 'checkpoint', 'key.txt', 'timestamp.checkpoint', 'timestamp.tsr', 'entries.jsonl'];
  const files = [...members.values()].filter(({ isEmptyFolder }) => !isEmptyFolder).map(({ name }) => name);
  return {
    findings,
    notes,
    entries: leaves?.length ?? entries.count,
    erased: entries.erased,
    explained: entries.explained,
    isKeyGiven: given !== null,
    onlySigned: files.filter((name) => !byThemselves.includes(name)),
  };
}

/** The bytes of a checkpoint or mail that was kept; no more than any has. */
function readKept(file) {
  const bytes = Buffer.alloc(MOST_KEPT + 1);
  const from = openSync(file);
  let length = 0;
  for (let read = -1; read !== 0 && length < bytes.length; length += read) read = readSync(from, bytes, length, bytes.length - length);
  closeSync(from);
  if (length > MOST_KEPT) throw new Unusable(`${file} is larger than any checkpoint or mail that is read (${MOST_KEPT} bytes)`);
  return bytes.subarray(0, length);
}

function readOptions(words) {
  const options = { file: undefined, checkpoints: [], witnessKeys: [] };
  for (let at = 0; at < words.length; at += 1) {
    if (words[at] === '--key') options.key = words[(at += 1)] ?? '';
    else if (words[at] === '--provider-key') options.providerKey = words[(at += 1)] ?? '';
    else if (words[at] === '--witness-key') options.witnessKeys.push(words[(at += 1)] ?? '');
    else if (words[at] === '--checkpoint') {
      const file = words[(at += 1)] ?? '';
      options.checkpoints.push({ file, text: keptText(readKept(file)) });
    }
    else if (words[at].startsWith('--') || options.file !== undefined) options.file = null;
    else options.file = words[at];
  }
  if (!options.file) {
    throw new Unusable(
      'usage: verify-register.mjs FILE.zip [--key KEY] [--checkpoint FILE]… [--provider-key KEY] [--witness-key KEY]…',
    );
  }
  return options;
}

/** A name from the archive, so that a terminal takes it as text. */
const printable = (name) => name.replace(/\p{Cc}/gu, (c) => `\\u{${c.codePointAt(0).toString(16)}}`);

try {
  const options = readOptions(process.argv.slice(2));
  const report = check(readFileSync(options.file), options);
  const isSound = report.findings.length === 0;
  const isSlip = !isSound && report.findings.every((finding) => finding.isSlip);
  const verdict = isSound ? 'sound' : isSlip ? 'wrong input' : 'not sound';
  const because = (index) => (report.explained.has(index) ? `${index} by ${report.explained.get(index)}` : `${index}`);
  const erased = report.erased.length === 0 ? '' : ` (erased: ${report.erased.map(because).join(', ')})`;
  console.log(`${verdict}: ${report.entries} entries${erased}`);
  for (const { member, entry, problem } of report.findings) {
    console.log(`${printable(member)}${entry === null ? '' : ` ${entry}`}: ${problem}`);
  }
  if (isSound) {
    console.log('proved by the tree: entries.jsonl');
    if (report.onlySigned.length > 0) console.log(`only signed by who hosts: ${report.onlySigned.map(printable).join(', ')}`);
  }
  for (const { member, entry, problem } of report.notes) {
    console.log(`note: ${printable(member)}${entry === null ? '' : ` ${entry}`}: ${problem}`);
  }
  if (!report.isKeyGiven) console.log('note: the key came from the archive itself; give the one you know with --key');
  process.exitCode = isSound ? 0 : isSlip ? 2 : 1;
} catch (error) {
  console.error(error instanceof Unusable ? error.message : `cannot check: ${error.message}`);
  process.exitCode = 2;
}
