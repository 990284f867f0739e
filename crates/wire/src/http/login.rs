//! Log-ins over HTTP: what the Authorization field says (RFC 7617, RFC 7616), forms with a field for a secret, and addresses with
//! one in them.

use crate::login::base64;
use crate::login::told::{Account, Secret};
use crate::ntlm::Authenticate;

/// Of a body so much is looked at for fields.
pub(super) const MAX_FORM: usize = 4 * 1024;

const MAX_KEY: usize = 48;

/// Of a token of NTLM so much is read.
const MAX_TOKEN: usize = 4 * 1024;

/// Bodies in XML, as programs log in with (SOAP with WS-Security above all).
const XML: [&str; 3] = ["text/xml", "application/xml", "application/soap+xml"];
const HASHED: &[u8] = b"PasswordDigest";

/// Names of fields that hold a secret; others when they contain one of [`SECRET_WORDS`].
const SECRET_NAMES: [&str; 22] = [
    "pass",
    // Roundcube's, Horde's and SquirrelMail's.
    "_pass",
    "horde_pass",
    "imp_pass",
    "secretkey",
    "pass_wd",
    "toegangscode",
    "geheimcode",
    "kenwoord",
    "pw",
    "pwd",
    "psw",
    "pswd",
    "passw",
    "ww",
    "passphrase",
    "userpass",
    "user_pass",
    "userpwd",
    "user_pwd",
    "login_pass",
    "pasw",
];
const SECRET_WORDS: [&str; 4] = ["password", "wachtwoord", "passwd", "passwort"];

/// Names of fields with a number that opens something, where somebody says who they are beside it and not where they live:
/// elsewhere a `pincode` is that of the post.
const PIN_NAMES: [&str; 4] = ["pin", "pincode", "pin_code", "pinnummer"];
const ADDRESS_WORDS: [&str; 9] =
    ["address", "adres", "street", "straat", "city", "plaats", "country", "district", "landmark"];

/// What people buy with, or what they have left on it: beside one of these a code without anybody's name is a voucher's.
const SHOP_WORDS: [&str; 10] =
    ["gift", "cadeau", "kado", "voucher", "coupon", "waardebon", "korting", "promo", "saldo", "tegoed"];

/// What people look for: beside it a short word for a secret is another thing, unless there is somebody's name.
const SEARCH_NAMES: [&str; 8] =
    ["q", "search", "searchterm", "zoek", "zoeken", "zoekterm", "zoekopdracht", "trefwoord"];

/// The number of a card that pays, a gift's too, has so many digits (ISO/IEC 7812-1); a library's has fewer.
const PAYING_DIGITS: usize = 16;

/// A field about a secret that holds none.
const NOT_SECRET: [&str; 8] = ["reset", "forgot", "forget", "hint", "policy", "expire", "vergeten", "strength"];

const ACCOUNT_NAMES: [&str; 26] = [
    "user",
    "_user",
    "horde_user",
    "imp_user",
    "imapuser",
    "login_username",
    "klantnr",
    "klantnummer",
    "pasnummer",
    "kaartnummer",
    "cardnumber",
    "username",
    "user_name",
    "userid",
    "login",
    "email",
    "e-mail",
    "mail",
    "account",
    "log",
    "usr",
    "uname",
    "gebruiker",
    "gebruikersnaam",
    "j_username",
    "naam",
];

/// A log-in that a request carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Offer {
    pub(crate) mechanism: &'static str,
    pub(crate) account: Account,
    pub(crate) secret: Secret,
    /// To know the same one again within its connection; never told.
    pub(crate) sameness: u64,
}

/// From an Authorization or Proxy-Authorization field.
pub(crate) fn of_field(value: &[u8], is_proxy: bool) -> Option<Offer> {
    let value = value.trim_ascii();
    let end = value.iter().position(|byte| *byte == b' ').unwrap_or(value.len());
    let (scheme, rest) = value.split_at(end);
    let named = |plain: &'static str, proxy: &'static str| if is_proxy { proxy } else { plain };
    let (mechanism, account, secret) = match scheme.to_ascii_lowercase().as_slice() {
        b"basic" => {
            let pair = base64::decode(rest.trim_ascii(), 512);
            let colon = pair.iter().position(|byte| *byte == b':')?;
            let (account, secret) = pair.split_at(colon);
            let kind = if secret.len() > 1 { Secret::Readable } else { Secret::None };
            (named("basic", "proxy basic"), Account::of(account), kind)
        }
        b"digest" => {
            let name = parameter(rest, b"username=\"").unwrap_or_default();
            (named("digest", "proxy digest"), Account::of(name), Secret::Hidden)
        }
        b"ntlm" | b"negotiate" => {
            // Of NTLM's messages the last one says who it is, and answers the challenge.
            let token = base64::decode(rest.trim_ascii(), MAX_TOKEN);
            let user = Authenticate::within(&token).and_then(Authenticate::user);
            let mechanism = if user.is_some() { ("NTLM", "proxy NTLM") } else { ("negotiate", "proxy negotiate") };
            let account = Account::of(user.unwrap_or_default().as_bytes());
            (named(mechanism.0, mechanism.1), account, Secret::Hidden)
        }
        _ => return None,
    };
    // Digest and its kin say something new with every request; who it is stays the same.
    let sameness = if secret == Secret::Hidden { account.key } else { sameness(value) };
    Some(Offer { mechanism, account, secret, sameness })
}

/// From an address with a log-in before the host (RFC 3986 §3.2.1): `jan:geheim@example.nl`.
pub(crate) fn of_authority(authority: &[u8]) -> Option<Offer> {
    let at = authority.iter().rposition(|byte| *byte == b'@')?;
    let (pair, _) = authority.split_at(at);
    let colon = pair.iter().position(|byte| *byte == b':')?;
    let (account, secret) = pair.split_at(colon);
    let kind = if secret.len() > 1 { Secret::Readable } else { Secret::None };
    Some(Offer { mechanism: "url", account: Account::of(&unescaped(account)), secret: kind, sameness: sameness(pair) })
}

/// From `name=value&name=value`, as queries and forms have it.
pub(crate) fn of_pairs(text: &[u8]) -> Option<Offer> {
    let pairs = text.split(|byte| *byte == b'&').filter_map(|pair| {
        let equals = pair.iter().position(|byte| *byte == b'=')?;
        Some((pair.get(..equals)?, pair.get(equals + 1..)?))
    });
    of_fields(pairs)
}

/// From a body, by what it says it is.
pub(super) fn of_body(content_type: &str, body: &[u8]) -> Option<Offer> {
    let kind = content_type.to_ascii_lowercase();
    if kind.starts_with("application/x-www-form-urlencoded") || kind.is_empty() {
        of_pairs(body)
    } else if kind.starts_with("application/json") {
        of_fields(json_strings(body).into_iter())
    } else if kind.starts_with("multipart/form-data") {
        of_fields(parts(body).into_iter())
    } else if XML.iter().any(|known| kind.starts_with(known)) {
        of_fields(elements(body).into_iter()).map(|offer| Offer { mechanism: "xml", ..offer })
    } else {
        None
    }
}

/// Whether a body of this kind may hold a form.
pub(super) fn may_hold_form(content_type: &str) -> bool {
    let kind = content_type.to_ascii_lowercase();
    let forms = ["application/x-www-form-urlencoded", "application/json", "multipart/form-data"];
    kind.is_empty() || forms.iter().chain(&XML).any(|known| kind.starts_with(known))
}

fn of_fields<'a>(fields: impl Iterator<Item = (&'a [u8], &'a [u8])>) -> Option<Offer> {
    let (mut account, mut secret, mut pin) = (None, None, None);
    let (mut has_address, mut has_shop, mut has_search) = (false, false, false);
    for (key, value) in fields {
        if value.is_empty() || key.is_empty() || key.len() > MAX_KEY {
            continue;
        }
        let key = innermost(key);
        let is_of_shop = SHOP_WORDS.iter().any(|word| key.contains(word));
        has_shop |= is_of_shop;
        has_search |= SEARCH_NAMES.contains(&key.as_str());
        has_address |= ADDRESS_WORDS.iter().any(|word| key.contains(word)) && !key.contains("mail");
        if is_secret(&key) && !is_setting(&key, value) {
            let is_said = !is_of_shop && SECRET_WORDS.iter().any(|word| key.contains(word));
            secret = secret.or(Some((value, is_said)));
        } else if PIN_NAMES.contains(&key.as_str()) && is_pin(value) {
            pin = pin.or(Some(value));
        } else if ACCOUNT_NAMES.contains(&key.as_str()) {
            account = account.or(Some(value));
        }
    }
    let is_somebody = account.is_some_and(|account| !is_paying_card(account));
    // A secret without a name opens a router or a page; where something is bought or sought it has to be called one in full.
    let secret = secret.filter(|(_, is_said)| is_somebody || *is_said || !(has_shop || has_search));
    let secret = secret.map(|(value, _)| value).or(pin.filter(|_| is_somebody && !has_address && !has_shop))?;
    let kind = if is_digest(secret) { Secret::Hidden } else { Secret::Readable };
    let account = account.map(|name| Account::of(&unescaped(name))).unwrap_or_default();
    let sameness = sameness(secret) ^ account.key;
    Some(Offer { mechanism: "form", account, secret: kind, sameness })
}

/// `user[password]` is about `password`; in lower case.
fn innermost(key: &[u8]) -> String {
    let text = String::from_utf8_lossy(key).to_ascii_lowercase().replace("%5b", "[").replace("%5d", "]");
    let inner = text.trim_end_matches(']').rsplit(['[', '.', ':', '$']).next().unwrap_or_default();
    inner.to_owned()
}

fn is_secret(key: &str) -> bool {
    SECRET_NAMES.contains(&key)
        || SECRET_WORDS.iter().any(|word| key.contains(word)) && !NOT_SECRET.iter().any(|word| key.contains(word))
}

/// Whether what is given is a choice about a secret (`remember_password=on`), or a size under a short name (`pw=1920`).
fn is_setting(key: &str, value: &[u8]) -> bool {
    const CHOICES: [&[u8]; 10] = [b"on", b"off", b"true", b"false", b"yes", b"no", b"ja", b"nee", b"0", b"1"];
    let is_number = value.len() <= 4 && value.iter().all(u8::is_ascii_digit);
    CHOICES.iter().any(|choice| choice.eq_ignore_ascii_case(value)) || is_number && matches!(key, "pw" | "ww" | "pass")
}

/// Four digits or five: in India a `pincode` is a postcode, of six.
fn is_pin(value: &[u8]) -> bool {
    matches!(value.len(), 4 | 5) && value.iter().all(u8::is_ascii_digit)
}

fn is_paying_card(account: &[u8]) -> bool {
    let number = unescaped(account);
    let digits = number.iter().filter(|byte| byte.is_ascii_digit()).count();
    digits >= PAYING_DIGITS && number.iter().all(|byte| matches!(byte, b'0'..=b'9' | b' ' | b'-' | b'.'))
}

/// A page may hash what is typed before it sends it.
fn is_digest(value: &[u8]) -> bool {
    matches!(value.len(), 32 | 40 | 64 | 96 | 128) && value.iter().all(u8::is_ascii_hexdigit)
}

fn unescaped(value: &[u8]) -> Vec<u8> {
    let mut text = Vec::new();
    let mut rest = value.get(..256).unwrap_or(value);
    loop {
        match rest {
            [] => return text,
            [b'%', high, low, after @ ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                let digit = |byte: &u8| char::from(*byte).to_digit(16).unwrap_or_default();
                text.push((digit(high) * 16 + digit(low)) as u8);
                rest = after;
            }
            [byte, after @ ..] => {
                text.push(if *byte == b'+' { b' ' } else { *byte });
                rest = after;
            }
        }
    }
}

/// Every `"name": "value"`, however deep.
fn json_strings(body: &[u8]) -> Vec<(&[u8], &[u8])> {
    let mut found = Vec::new();
    let mut rest = body;
    let mut key: Option<&[u8]> = None;
    while let Some(start) = rest.iter().position(|byte| *byte == b'"') {
        let inner = rest.get(start + 1..).unwrap_or_default();
        let mut end = 0;
        while let Some(byte) = inner.get(end) {
            match byte {
                b'"' => break,
                b'\\' => end += 2,
                _ => end += 1,
            }
        }
        let text = inner.get(..end).unwrap_or(inner);
        rest = inner.get(end + 1..).unwrap_or_default();
        if let Some(key) = key.take() {
            found.push((key, text));
            continue;
        }
        let after = rest.trim_ascii_start();
        if let [b':', value @ ..] = after
            && value.trim_ascii_start().first() == Some(&b'"')
        {
            key = Some(text);
            rest = value;
        }
    }
    found
}

/// The fields of `multipart/form-data` (RFC 7578).
fn parts(body: &[u8]) -> Vec<(&[u8], &[u8])> {
    let mut found = Vec::new();
    let mut rest = body;
    while let Some(name) = parameter(rest, b" name=\"") {
        let Some(at) = rest.windows(7).position(|window| window == b" name=\"") else { break };
        rest = rest.get(at + 7 + name.len()..).unwrap_or_default();
        let Some(blank) = rest.windows(4).position(|window| window == b"\r\n\r\n") else { break };
        let value = rest.get(blank + 4..).unwrap_or_default();
        let end = value.windows(2).position(|window| window == b"\r\n").unwrap_or(value.len());
        found.push((name, value.get(..end).unwrap_or_default()));
        rest = value.get(end..).unwrap_or_default();
    }
    found
}

/// The elements that hold a text, by their names without prefix. A log-in of WS-Security says with its secret whether that is
/// hashed (UsernameToken Profile §3.1): then it is left out.
fn elements(body: &[u8]) -> Vec<(&[u8], &[u8])> {
    let mut found = Vec::new();
    let mut rest = body;
    while let Some(start) = rest.iter().position(|byte| *byte == b'<') {
        let begun = rest.get(start + 1..).unwrap_or_default();
        let Some(end) = begun.iter().position(|byte| *byte == b'>') else { break };
        let (tag, behind) = begun.split_at(end);
        rest = behind.get(1..).unwrap_or_default();
        let text = text_of(rest);
        let name = tag.split(u8::is_ascii_whitespace).next().unwrap_or_default();
        let name = name.rsplit(|byte| *byte == b':').next().unwrap_or_default();
        let is_hashed = tag.windows(HASHED.len()).any(|window| window == HASHED);
        if !text.is_empty() && !is_hashed && !matches!(tag.first(), Some(b'/' | b'!' | b'?')) {
            found.push((name, text));
        }
    }
    found
}

/// What an element begins with: a text as it stands, or in a section in which nothing is escaped (XML 1.0 §2.7).
fn text_of(content: &[u8]) -> &[u8] {
    let text = match content.trim_ascii_start().strip_prefix(b"<![CDATA[") {
        Some(section) => {
            let end = section.windows(3).position(|window| window == b"]]>").unwrap_or(section.len());
            section.get(..end).unwrap_or(section)
        }
        None => content.split(|byte| *byte == b'<').next().unwrap_or_default(),
    };
    text.trim_ascii()
}

/// What stands between the quotes after `start`.
fn parameter<'a>(text: &'a [u8], start: &[u8]) -> Option<&'a [u8]> {
    let at = text.windows(start.len()).position(|window| window.eq_ignore_ascii_case(start))?;
    text.get(at + start.len()..)?.split(|byte| *byte == b'"').next()
}

fn sameness(value: &[u8]) -> u64 {
    use std::hash::{DefaultHasher, Hasher};
    let mut hasher = DefaultHasher::new();
    hasher.write(value);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Mechanism, masked account, and how the secret travels.
    type Told<T> = Option<(&'static str, Option<T>, Secret)>;

    fn told(offer: Option<Offer>) -> Told<String> {
        offer.map(|offer| (offer.mechanism, offer.account.masked, offer.secret))
    }

    #[test]
    fn the_authorization_field_says_who_and_how() {
        // NTLM's last message, of `jan`.
        let last =
            "NTLM TlRMTVNTUAADAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAABgAGAEAAAAAAAAAARgAAAAAAAAAAAAAAAQAAAGoAYQBuAA==";
        let table: [(&str, Told<&str>); 7] = [
            ("Basic YmVoZWVyOmdlaGVpbQ==", Some(("basic", Some("b…"), Secret::Readable))),
            ("basic YmVoZWVyOg==", Some(("basic", Some("b…"), Secret::None))),
            ("Digest username=\"jan\", realm=\"x\", response=\"00\"", Some(("digest", Some("j…"), Secret::Hidden))),
            ("NTLM TlRMTVNTUAAB", Some(("negotiate", None, Secret::Hidden))),
            (last, Some(("NTLM", Some("j…"), Secret::Hidden))),
            ("Bearer eyJ", None),
            ("Basic !", None),
        ];
        for (value, expected) in table {
            let expected = expected.map(|(mechanism, name, secret)| (mechanism, name.map(str::to_owned), secret));
            assert_eq!(told(of_field(value.as_bytes(), false)), expected, "{value}");
        }
    }

    #[test]
    fn an_address_with_a_log_in_says_who() {
        for (authority, expected) in [
            ("jan:geheim@a.nl:8080", Some((Some("j…"), Secret::Readable))),
            ("jan%40a.nl:ge@heim@b.nl", Some((Some("j…@a.nl"), Secret::Readable))),
            ("jan:@a.nl", Some((Some("j…"), Secret::None))),
            (":geheim@a.nl", Some((None, Secret::Readable))),
            ("jan@a.nl", None),
            ("a.nl:443", None),
        ] {
            let expected = expected.map(|(name, secret)| ("url", name.map(str::to_owned), secret));
            assert_eq!(told(of_authority(authority.as_bytes())), expected, "{authority}");
        }
    }

    #[test]
    fn forms_with_a_secret_are_log_ins_and_others_are_not() {
        let form = "application/x-www-form-urlencoded";
        let json = "application/json; charset=utf-8";
        let multipart = "multipart/form-data; boundary=x";
        let yes: [(&str, &str, Option<&str>); 17] = [
            (form, "relatie=jan&wachtwoord=geheim&promo_optin=1", None),
            // A router, a library's card, and a shop where somebody logs in with a voucher in hand.
            (form, "password=geheim&login=1&lang=nl", Some("1…")),
            (form, "password=geheim&submit=OK", None),
            (form, "kaartnummer=20123456789&pincode=1234", Some("2…")),
            (form, "email=jan%40a.nl&password=geheim&coupon=ZOMER&q=fiets", Some("j…@a.nl")),
            (form, "_task=login&_user=jan&_pass=geheim", Some("j…")),
            (form, "login_username=jan&secretkey=geheim&js=1", Some("j…")),
            (form, "horde_user=jan&horde_pass=geheim", Some("j…")),
            (form, "klantnr=12345&pincode=1234", Some("1…")),
            (form, "user=jan&email=jan%40a.nl&pin=1234", Some("j…")),
            (form, "toegangscode=geheim", None),
            (form, "user=jan&password=Welkom01", Some("j…")),
            (form, "log=beheer&pwd=x&rememberme=1", Some("b…")),
            (form, "gebruikersnaam=jan%40a.nl&wachtwoord=x", Some("j…@a.nl")),
            (form, "user%5Bemail%5D=a%40b.nl&user%5Bpassword%5D=x", Some("a…@b.nl")),
            (json, "{\"data\": {\"email\":\"a@b.nl\", \"password\" : \"x\\\"y\"}}", Some("a…@b.nl")),
            (multipart, "--x\r\nContent-Disposition: form-data; name=\"pass\"\r\n\r\ngeheim\r\n--x--", None),
        ];
        for (kind, body, account) in yes {
            let expected = Some(("form", account.map(str::to_owned), Secret::Readable));
            assert_eq!(told(of_body(kind, body.as_bytes())), expected, "{body}");
        }
        let xml = "text/xml; charset=utf-8";
        let no = [
            (form, "pincode=560001"),
            (form, "kaartnummer=6064361234567890123&pincode=1234"),
            (form, "cardnumber=6064+3612+3456+7890&pin=1234"),
            (form, "email=jan%40a.nl&giftcard_number=606436&pin=1234"),
            (form, "voucher=ZOMER-26&toegangscode=AB12CD"),
            (form, "voucher_password=AB12CD&bedrag=10"),
            (form, "zoekterm=fiets&pass=weekend"),
            (json, "{\"search\":\"fiets\",\"pass\":\"alle\"}"),
            (form, "email=a%40b.in&name=A&phone=1&pincode=560001"),
            (form, "user=jan&pin=52.1%2C4.3"),
            (form, "user=jan&remember_password=on"),
            (form, "toon_wachtwoord=1"),
            (json, "{\"user\":\"jan\",\"show_password\":\"false\"}"),
            (form, "ww=1200&wh=800"),
            (form, "pw=1920&ph=1080"),
            (form, "email=a%40b.in&address=MG+Road+1&city=Bengaluru&pincode=560001"),
            (
                xml,
                "<wsse:Username>jan</wsse:Username><wsse:Password Type=\"x#PasswordDigest\">aGFzaA==</wsse:Password>",
            ),
            (xml, "<Password/><Username>jan</Username>"),
            (xml, "<Username>jan</Username><Password><![CDATA[]]></Password><!-- <Password> -->"),
            (form, "passport=NL1&passengers=2&compass=n"),
            (form, "password=&user=jan"),
            (form, "forgot_password=1"),
            (form, "q=password"),
            (json, "{\"password\": null, \"error\": \"password\"}"),
            ("text/plain", "password=x"),
        ];
        for (kind, body) in no {
            assert_eq!(of_body(kind, body.as_bytes()), None, "{body}");
        }
        let token = "<s:Header><wsse:UsernameToken><wsse:Username>jan</wsse:Username>\
            <wsse:Password Type=\"x#PasswordText\">geheim</wsse:Password></wsse:UsernameToken></s:Header>";
        let section = token.replace("geheim", "\n<![CDATA[ge<he>im]]>").replace("jan", "<![CDATA[jan]]>");
        for (kind, body) in [(xml, token), ("application/soap+xml", token), (xml, section.as_str())] {
            assert_eq!(told(of_body(kind, body.as_bytes())), Some(("xml", Some("j…".into()), Secret::Readable)));
            assert!(may_hold_form(kind));
        }
        let hashed = of_body(form, b"user=jan&password=5f4dcc3b5aa765d61d8327deb882cf99").unwrap();
        assert_eq!(hashed.secret, Secret::Hidden);
    }
}
