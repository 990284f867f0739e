//! A Windows machine proves its user's password to somebody outside.
//!
//! Sees: NTLM's last message from a host at home to an address outside, over SMB, or over HTTP that can be read (WebDAV). A
//! link in a mail or a document is enough to draw it out, and whoever has it tries passwords against it at leisure, or passes
//! it on to log in elsewhere. That is how an intruder gets further, and the kind under which it is told: nothing in it is
//! readable, and it is seen without looking into what people send.
//! What weighs: that nobody here ever reached the place, and that it was not looked up by name (low in the first hour after a
//! restart, when it may have been).
//! Fooled by: HTTPS, a name under rented storage. Innocent: such storage, mounted over the internet; a web site that has
//! used NTLM for years is low once it was watched for long enough to know it.
//! Never stores: accounts, nor anything of the message.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
};

use facts::Text;
use jiff::Timestamp;
use wire::event::{Event, Kind as Seen, Login};

use super::{Detector, WEEK};
use crate::{
    Detection, Figure, Kind, Remote, Severity,
    finding::id_of,
    network::{Direction, Network},
    table::Table,
    words,
};

const PLACES: usize = 8_192;

/// Storage that is rented to be mounted over SMB, across the internet itself.
const STORAGE: [&str; 3] = ["file.core.windows.net", "hidrive.strato.com", "your-storagebox.de"];

/// Places that weigh the same and are told each by itself; and how many are named where they are told together.
const MANY: usize = 5;
const NAMED: usize = 10;

/// What one host proved to one place.
#[derive(Debug)]
struct Proof {
    first_at: Timestamp,
    last_at: Timestamp,
    port: u16,
    protocols: BTreeSet<&'static str>,
    times: u64,
}

#[derive(Debug)]
pub(super) struct ForcedAuthentication {
    /// By our host and the place.
    proofs: Table<(IpAddr, IpAddr), Proof>,
}

impl ForcedAuthentication {
    pub(super) fn new() -> Self {
        Self { proofs: Table::new(PLACES) }
    }

    fn login(&mut self, event: &Event, login: &Login, network: &Network) {
        let Some(sides) = network.sides(&event.conversation) else { return };
        // Where no side is home, nobody can say what is outside.
        if sides.direction != Direction::Outbound || !network.is_home(sides.host) {
            return;
        }
        let proof = self.proofs.touch((sides.host, sides.remote.ip), || Proof {
            first_at: event.at,
            last_at: event.at,
            port: sides.remote.port,
            protocols: BTreeSet::new(),
            times: 0,
        });
        proof.first_at = proof.first_at.min(event.at);
        proof.last_at = proof.last_at.max(event.at);
        proof.protocols.insert(login.protocol);
        proof.times += 1;
    }
}

impl Detector for ForcedAuthentication {
    fn event(&mut self, event: &Event, network: &Network) {
        // Who gives no name proves nothing.
        if let Seen::Login(login) = &event.kind
            && login.mechanism == "NTLM"
            && matches!(login.protocol, "smb" | "http")
            && login.account.is_some()
        {
            self.login(event, login, network);
        }
    }

    fn findings(&self, network: &Network) -> Vec<Detection> {
        let mut alike: BTreeMap<(IpAddr, Severity), Vec<(IpAddr, &Proof)>> = BTreeMap::new();
        for ((host, remote), proof) in self.proofs.sorted() {
            if let Some(severity) = proof.severity(*host, *remote, network) {
                alike.entry((*host, severity)).or_default().push((*remote, proof));
            }
        }
        let told = |((host, severity), places): ((IpAddr, Severity), Vec<(IpAddr, &Proof)>)| {
            // A worm goes by the whole internet with one log-in: that is one thing.
            let at_once = if places.len() > MANY { places.len() } else { 1 };
            places.chunks(at_once).filter_map(|some| detection(host, severity, some, network)).collect::<Vec<_>>()
        };
        alike.into_iter().flat_map(told).collect()
    }

    fn age(&mut self, _now: Timestamp) {
        self.proofs.age(WEEK);
    }

    fn is_nearly_full(&self) -> bool {
        self.proofs.is_nearly_full()
    }

    fn dropped(&self) -> u64 {
        self.proofs.dropped()
    }
}

fn is_storage(domain: &str) -> bool {
    let is_under = |place: &str| domain.strip_suffix(place).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    STORAGE.into_iter().any(is_under)
}

impl Proof {
    /// Absent: it is nothing to tell.
    fn severity(&self, host: IpAddr, remote: IpAddr, network: &Network) -> Option<Severity> {
        let domain = network.name_of(host, remote);
        if domain.is_some_and(is_storage) {
            return None;
        }
        // Storage that was mounted before a restart, like as not: it is looked up again when it is opened anew.
        if domain.is_none() && network.may_lack_names(self.last_at) {
            return Some(Severity::Low);
        }
        let first_contact = network.is_first_contact(domain, remote, self.first_at);
        Some(match (self.protocols.contains("smb"), first_contact) {
            (true, Some(true)) if domain.is_none() => Severity::High,
            // A supplier's mail or portal, with the office's own log-ins.
            (false, first) if domain.is_some() && first != Some(true) => Severity::Low,
            _ => Severity::Medium,
        })
    }
}

/// About one place, or about many.
fn detection(host: IpAddr, severity: Severity, places: &[(IpAddr, &Proof)], network: &Network) -> Option<Detection> {
    let (first, proof) = places.first()?;
    let count = places.len();
    let proofs = || places.iter().map(|(_, proof)| *proof);
    let protocols: BTreeSet<&str> = proofs().flat_map(|proof| proof.protocols.iter().copied()).collect();
    let logins: u64 = proofs().map(|proof| proof.times).sum();
    let mut evidence = crate::Evidence::from([
        ("protocols", Figure::Texts(protocols.iter().map(|one| (*one).to_owned()).collect())),
        ("logins", Figure::Whole(logins)),
        ("target_count", Figure::Whole(count as u64)),
    ]);
    // Those of many go on as what was told of the first: nobody is alarmed anew where one more comes.
    let (about, _) = places.iter().min_by_key(|(remote, proof)| (proof.first_at, *remote))?;
    let (remote, to) = if count == 1 {
        let domain = network.name_of(host, *first).map(str::to_owned);
        if let Some(is_first) = network.is_first_contact(domain.as_deref(), *first, proof.first_at) {
            evidence.insert("first_contact", Figure::Flag(is_first));
        }
        let to = domain.clone().unwrap_or_else(|| first.to_string());
        let remote = Remote { ip: Some(*first), port: Some(proof.port), domain };
        (remote, Text::made(to.clone(), to))
    } else {
        let examples = places.iter().take(NAMED).map(|(remote, _)| remote.to_string()).collect();
        evidence.insert("targets", Figure::Texts(examples));
        let to = Text::made(format!("{count} adressen"), format!("{count} addresses"));
        (Remote::default(), to)
    };
    let over = if protocols.contains("smb") { "SMB" } else { "HTTP" };
    let times = words::times(logins);
    let summary = Text::made(
        format!(
            "{host} meldde zich {} met de Windows-aanmelding van zijn gebruiker aan bij {} op internet, over {over}. Een link in een mail of \
             document lokt dat uit, en wie het opvangt kan het wachtwoord raden. Hoort dit niet bij het werk: verander dat wachtwoord, \
             zoek uit wat dit opriep, en laat de firewall SMB (poort 445) naar internet tegenhouden.",
            times.nl, to.nl
        ),
        format!(
            "{host} logged in {} with its user's Windows log-in to {} on the internet, over {over}. A link in a mail or a document draws that \
             out, and whoever receives it can guess the password. If this is no part of the work: change that password, find out what \
             called for it, and have the firewall stop SMB (port 445) to the internet.",
            times.en, to.en
        ),
    );
    Some(Detection {
        id: id_of(&[Kind::LateralMovement.key(), &host.to_string(), &about.to_string(), "ntlm"]),
        first_at: proofs().map(|proof| proof.first_at).min()?,
        last_at: proofs().map(|proof| proof.last_at).max()?,
        host: network.host(host),
        kind: Kind::LateralMovement,
        severity,
        confidence: 0.8,
        technique: vec!["T1187"],
        remote,
        evidence,
        summary,
    })
}
