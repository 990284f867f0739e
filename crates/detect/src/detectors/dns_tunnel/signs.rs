//! What makes names under one zone suspicious, and what calms.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
};

use facts::Text;

use super::{Asked, Zone};
use crate::{Severity, network::Network};

/// Fewer different names carry next to nothing: in ten minutes, or in all.
const FEWEST_IN_STRETCH: u64 = 20;
const FEWEST_IN_ALL: u64 = 60;
/// And fewer bytes, up and down together.
const FEWEST_BYTES: u64 = 1_000;

/// A hash of a file in hexadecimal, and a word for the list that is asked about it. Names that a content network draws are
/// shorter still.
const LONGEST_HASH: u64 = 72;

/// What a verdict and its reason come to on average, at most: a sentence or the address of a page.
const REASON_BYTES: u64 = 64;

/// Services that put data in names for their customers' good: mail blocklists, virus scanners, web filters, keys of mail,
/// servers at home. Nobody but they answers there. Their zones are their makers' documentation; one that is missing here is
/// an exception away.
const SERVICES: [&str; 45] = [
    "abuseat.org",
    "abusix.zone",
    "amazonses.com",
    "barracudabrts.com",
    "barracudacentral.org",
    "bitdefender.net",
    "brightcloud.com",
    "cymru.com",
    "dnswl.org",
    "e5.sk",
    "eset.com",
    "fmb.la",
    "fortiguard.net",
    "fortinet.net",
    "hostkarma.com",
    "invaluement.com",
    "junkemailfilter.com",
    "kaspersky-labs.com",
    "kaspersky.com",
    "mailshell.net",
    "mailspike.net",
    "manitu.net",
    "mcafee.com",
    "msbl.org",
    "onmicrosoft.com",
    "plex.direct",
    "psbl.org",
    "rspamd.com",
    "s5h.net",
    "senderbase.org",
    "sendgrid.net",
    "sonicwall.com",
    "sophosxl.com",
    "sophosxl.net",
    "sorbs.net",
    "spamcop.net",
    "spameatingmonkey.net",
    "spamhaus.net",
    "spamhaus.org",
    "spamrats.com",
    "surbl.org",
    "trendmicro.com",
    "uceprotect.net",
    "uribl.com",
    "webcfs00.com",
];

/// A reason to look at the names under a zone, or to let them be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sign {
    /// Long names: forty characters and more before the zone.
    VeryLong,
    /// Longer than a hash and a word beside it, and no blocklist's or scanner's: nobody draws such names for a file.
    LongerThanHashes,
    /// Twelve and more.
    Long,
    /// The names look drawn by lot.
    Random,
    /// Hardly any name is asked twice.
    NeverAgain,
    /// Text, aliases, mail servers: kinds with room in the answer.
    OddKinds,
    /// Kinds that have been out of use for decades.
    DeadKinds,
    /// Many bytes in the names.
    MuchUp,
    /// Many bytes in the answers.
    MuchDown,
    /// A hundred different names and more within ten minutes.
    Fast,
    /// Of at least three hosts that ask names, this one alone asks under the zone.
    OnlyHost,
    /// Names under no known top-level domain.
    NoTopLevel,
    /// The answers are blocklists' verdicts.
    Verdicts,
    /// Addresses were asked for, not fast, hardly any name exists, and they are no longer than hashes: a blocklist that
    /// knows none of them.
    Unlisted,
    /// Addresses were asked for by names that look chosen and are no longer than hashes: data look drawn.
    Words,
    /// Addresses were asked for by names shorter than a tunnel's, and half of the answers lie at home, hardly any twice in a
    /// row: our own machines.
    AtHome,
    /// Names of services (`_dmarc`), or numbers.
    Plain,
    /// The host talks to what it asked for.
    Visited,
    /// The names have addresses, are no longer than a content network's, and no conversation of the host is seen at all: only
    /// its questions are (a resolver's log).
    Unseen,
    /// Half of our hosts ask under the zone.
    Common,
    /// A known virus scanner, blocklist, web filter or provider of mail keys.
    KnownService,
}

impl Sign {
    pub(super) fn key(self) -> &'static str {
        match self {
            Self::VeryLong => "very_long_names",
            Self::LongerThanHashes => "longer_than_hashes",
            Self::Long => "long_names",
            Self::Random => "random_names",
            Self::NeverAgain => "never_asked_again",
            Self::OddKinds => "odd_kinds",
            Self::DeadKinds => "dead_kinds",
            Self::MuchUp => "much_up",
            Self::MuchDown => "much_down",
            Self::Fast => "fast",
            Self::OnlyHost => "only_host",
            Self::NoTopLevel => "no_top_level_domain",
            Self::Verdicts => "verdicts",
            Self::Unlisted => "unlisted",
            Self::Words => "words",
            Self::AtHome => "answers_at_home",
            Self::Plain => "plain",
            Self::Visited => "visited",
            Self::Unseen => "visits_unseen",
            Self::Common => "common",
            Self::KnownService => "known_service",
        }
    }

    /// What it weighs. Chosen so that a content network (long, random, never again: 4, and visited: −4) stays silent; six
    /// is worth a look, eight an alarm.
    fn weight(self) -> i32 {
        match self {
            Self::Long | Self::NeverAgain | Self::MuchUp | Self::MuchDown | Self::Fast => 1,
            Self::VeryLong | Self::Random | Self::OddKinds | Self::OnlyHost => 2,
            Self::NoTopLevel | Self::LongerThanHashes => 1,
            Self::DeadKinds => 4,
            Self::Verdicts | Self::Unlisted | Self::AtHome | Self::Plain | Self::Visited | Self::Common => -4,
            Self::Words | Self::Unseen => -3,
            Self::KnownService => -20,
        }
    }

    /// The sentence for the summary; signs that only calm have none.
    pub(super) fn sentence(self) -> Option<Text> {
        Some(match self {
            Self::VeryLong => Text::new("De namen zijn heel lang.", "The names are very long."),
            Self::Random => Text::new("Ze lijken op willekeurige tekens.", "They look like random characters."),
            Self::OddKinds => {
                Text::new("Het vraagt niet om adressen maar om tekst.", "It asks not for addresses but for text.")
            }
            Self::DeadKinds => Text::new(
                "Het vraagt om soorten gegevens die niemand meer gebruikt.",
                "It asks for kinds of data that nobody uses any more.",
            ),
            Self::OnlyHost => {
                Text::new("Geen ander apparaat in het netwerk doet dit.", "No other device on the network does this.")
            }
            _ => return None,
        })
    }
}

/// How severe these signs are together; None: not worth a line.
pub(super) fn weigh(signs: &BTreeSet<Sign>) -> Option<(Severity, i32)> {
    let points = signs.iter().map(|sign| sign.weight()).sum();
    match points {
        ..6 => None,
        6..8 => Some((Severity::Medium, points)),
        8.. => Some((Severity::High, points)),
    }
}

/// Which of our hosts ask under which zone.
pub(super) struct Surroundings<'a> {
    hosts: usize,
    /// Those of which a conversation by a name that they asked was seen.
    seen: BTreeSet<IpAddr>,
    by_zone: BTreeMap<&'a Zone, BTreeSet<IpAddr>>,
}

impl<'a> Surroundings<'a> {
    pub(super) fn new(all: &[(&'a (IpAddr, Zone), &'a Asked)], network: &Network) -> Self {
        let mut by_zone: BTreeMap<&Zone, BTreeSet<IpAddr>> = BTreeMap::new();
        let mut hosts = BTreeSet::new();
        for ((host, zone), _) in all.iter().filter(|((host, _), _)| !network.is_resolver(*host)) {
            by_zone.entry(zone).or_default().insert(*host);
            hosts.insert(*host);
        }
        let seen = all.iter().filter(|(_, asked)| asked.visited > 0).map(|((host, _), _)| *host).collect();
        Self { hosts: hosts.len(), seen, by_zone }
    }

    pub(super) fn hosts_of(&self, zone: &Zone) -> usize {
        self.by_zone.get(zone).map_or(0, BTreeSet::len)
    }

    /// Empty where too little was asked to say anything.
    pub(super) fn signs(&self, host: IpAddr, zone: &Zone, asked: &Asked) -> BTreeSet<Sign> {
        let mut signs = BTreeSet::new();
        let all = asked.all;
        let is_few = asked.worst().fresh < FEWEST_IN_STRETCH && all.fresh < FEWEST_IN_ALL;
        if is_few || all.name_bytes + all.answer_bytes < FEWEST_BYTES {
            return signs;
        }
        let mut note = |sign, is_so: bool| {
            if is_so {
                signs.insert(sign);
            }
        };
        let length = asked.mean_length();
        note(Sign::VeryLong, length >= 40);
        note(Sign::Long, (12..40).contains(&length));
        note(Sign::Random, asked.randomness() >= 0.5);
        let is_never_again = all.fresh * 5 >= all.questions * 4;
        note(Sign::NeverAgain, is_never_again);
        let is_verdict = asked.verdicts * 5 >= asked.answered.max(1) * 2;
        // Whoever is on a list is asked for twice: for the verdict, and in text for the reason (RFC 5782 §2.1).
        let is_reasoned = is_verdict && !is_never_again && all.answer_bytes < asked.answered * REASON_BYTES;
        note(Sign::LongerThanHashes, length > LONGEST_HASH && !is_verdict);
        note(Sign::OddKinds, !is_reasoned && (asked.odd_kinds + asked.dead_kinds) * 2 >= all.questions);
        note(Sign::DeadKinds, asked.dead_kinds * 4 >= all.questions);
        note(Sign::MuchUp, all.name_bytes >= 4_000);
        note(Sign::MuchDown, all.answer_bytes >= 4_000 && all.answer_bytes >= asked.answered * 32);
        let is_fast = asked.worst().fresh >= 100;
        note(Sign::Fast, is_fast);
        let hosts = self.hosts_of(zone);
        note(Sign::OnlyHost, self.hosts >= 3 && hosts == 1);
        note(Sign::NoTopLevel, matches!(zone, Zone::Server(_)));
        note(Sign::Verdicts, is_verdict);
        let is_by_address = asked.odd_kinds + asked.dead_kinds == 0;
        note(
            Sign::Unlisted,
            is_by_address && !is_fast && length <= LONGEST_HASH && asked.failed * 10 >= all.questions * 9,
        );
        // Among a domain's machines a few services are asked for (`_ldap._tcp`).
        let is_nearly_by_address = (asked.odd_kinds + asked.dead_kinds) * 10 <= all.questions;
        let is_in_words = asked.randomness() < 0.5 && length <= LONGEST_HASH && matches!(zone, Zone::Domain(_));
        note(Sign::Words, is_nearly_by_address && is_in_words);
        let is_at_home = asked.answered > 0 && asked.at_home * 2 >= asked.answered;
        note(Sign::AtHome, is_nearly_by_address && is_at_home && length < 40);
        note(Sign::Plain, asked.plain * 2 >= all.fresh);
        note(Sign::Visited, asked.visited * 5 >= all.fresh);
        let has_addresses = is_by_address && asked.answered * 2 >= all.questions;
        note(Sign::Unseen, has_addresses && length <= LONGEST_HASH && !self.seen.contains(&host));
        note(Sign::Common, hosts >= 3 && hosts * 2 >= self.hosts);
        note(Sign::KnownService, matches!(zone, Zone::Domain(domain) if SERVICES.contains(&domain.as_str())));
        signs
    }
}
