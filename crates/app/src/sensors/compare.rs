//! Comparing with other customers of the same provider: off until an administrator of the organisation itself says
//! otherwise, and over at once when one takes it back.
//!
//! Compared are indicators alone, the domain, address or fingerprint of what was found at medium or above, as hashes; no
//! name, host or organisation. Nobody is given a list: whoever is told found the very same already, and is told that some
//! others have it, not how many nor who. What is shared follows from what the server keeps, and goes with it.
//!
//! A sensor's word is its own: who makes detections up could ask so what others have. So there is an answer once a week, for
//! what was shared a week long, of a few at a time; and of others only those count that took part and had it for as long. An
//! answer that was given stands with its day for as long as the organisation shares it: who leaves is not seen to. What is
//! left: whoever makes up the same few for weeks, in full view of their own pages, learns whether [`LEAST_HAVING`] others had
//! them; and an answer that comes a week later than it could have says that somebody found it, or joined, since.

use jiff::{SignedDuration, Timestamp};
use serde_json::Value as Json;
use sha2::{Digest, Sha256};

use contract::detection::{DetectionLine, Severity};
use incident::Permission;

use super::{Comparison, Written, at_a_free_moment};
use crate::handle::require;
use crate::open::hex;
use crate::{App, Error, Scope};

/// How many others must compare before anything is told: of fewer, whoever knows the provider's customers could guess.
pub const LEAST_TAKING_PART: u64 = 5;
/// How many of them must have found it.
pub const LEAST_HAVING: u64 = 3;
/// For how long something must have been shared, and somebody have taken part, to count.
pub const SHARED_FOR: SignedDuration = SignedDuration::from_hours(7 * 24);
/// Of how many an organisation is told at most, each week.
pub const MOST_ASKED: u32 = 25;
/// How many detections are looked at for what is shared, the newest first.
const MOST_LOOKED_AT: u32 = 1_000;

impl App {
    /// Everything that was decided, the newest first; none where there is no provider to compare by.
    pub async fn comparisons(&self, scope: &Scope) -> Result<Vec<Comparison>, Error> {
        require(scope, Permission::SeeSensors)?;
        Ok(self.store.comparisons(scope).await?)
    }

    /// Whether the organisation compares now.
    pub async fn compares(&self, scope: &Scope) -> Result<bool, Error> {
        let newest = self.store.comparisons(scope).await?.into_iter().next();
        Ok(scope.organisation().provider.is_some() && newest.is_some_and(|decided| decided.is_on))
    }

    /// Decides to compare, which an administrator of the organisation itself does and no provider's; or no longer to, which
    /// whoever administers may, and which deletes what was shared.
    pub async fn set_comparing(&self, scope: &Scope, is_on: bool, now: Timestamp) -> Result<(), Error> {
        require(scope, Permission::Administer)?;
        if is_on && !scope.is_own_administrator() {
            return Err(Error::Forbidden);
        }
        if is_on && scope.organisation().provider.is_none() {
            return Err(Error::NotFound);
        }
        let newest = self.store.comparisons(scope).await?.into_iter().next();
        if newest.is_some_and(|decided| decided.is_on) == is_on {
            return Ok(());
        }
        let decided = |decided_at| Comparison { decided_at, decided_by: scope.actor().name().to_owned(), is_on };
        let write = |at| -> Written<'_> {
            let decided = decided(at);
            Box::pin(async move { self.store.decide_comparison(scope, &decided).await })
        };
        at_a_free_moment(now, write).await?;
        self.share(scope, now).await
    }

    /// When the organisation was told that others found the same, if it was.
    pub async fn also_seen(&self, scope: &Scope, line: &DetectionLine) -> Result<Option<Timestamp>, Error> {
        require(scope, Permission::ReadDetections)?;
        if !self.compares(scope).await? {
            return Ok(None);
        }
        let mut told = None;
        for indicator in indicators(line) {
            told = told.max(self.store.shared_told(scope, &indicator).await?);
        }
        Ok(told)
    }

    /// Tells each organisation that compares of what it shares whether others have it; once a week. What one is told does not
    /// hang on when in the week it is asked, nor on who joined or left in it.
    pub async fn compare(&self, now: Timestamp) -> Result<(), Error> {
        let since = now - SHARED_FOR;
        for organisation in self.store.organisations_with_sensors().await? {
            let scope = self.permit_program_in(organisation).await?;
            if !self.compares(&scope).await? {
                continue;
            }
            for indicator in self.store.untold_indicators(&scope, since, MOST_ASKED).await? {
                let sharing = self.store.sharing(&scope, &indicator, since).await?;
                if sharing.taking_part >= LEAST_TAKING_PART && sharing.having >= LEAST_HAVING {
                    self.store.tell_shared(&scope, &indicator, now).await?;
                }
            }
        }
        Ok(())
    }

    /// Makes what the organisation shares equal to what it has found, is kept, and is no exception; of who does not
    /// compare nothing is made.
    pub(super) async fn share(&self, scope: &Scope, now: Timestamp) -> Result<(), Error> {
        if !self.compares(scope).await? {
            return Ok(());
        }
        let held = self.held_exceptions(scope).await?;
        let mut shared = Vec::new();
        for row in self.store.sensor_detections(scope, None, Timestamp::MIN, 0, MOST_LOOKED_AT).await? {
            let line: DetectionLine = serde_json::from_str(&row.json).map_err(Error::internal)?;
            if held.covering(&line).is_none() {
                shared.extend(indicators(&line));
            }
        }
        shared.sort_unstable();
        shared.dedup();
        Ok(self.store.share_indicators(scope, &shared, now).await?)
    }
}

/// What of a detection may be compared, as hashes; nothing of what is mild, or stays at home.
fn indicators(line: &DetectionLine) -> Vec<String> {
    let is_at_home = |ip| detect::private_ranges().iter().any(|range| range.contains(ip));
    if line.severity < Severity::Medium || line.remote.ip.is_some_and(is_at_home) {
        return Vec::new();
    }
    let text = |key: &str| line.evidence.get(key).and_then(Json::as_str);
    let seen_in = line.evidence.get("seen_in").and_then(Json::as_array).and_then(|all| all.first());
    let is_print = seen_in.and_then(Json::as_str).is_some_and(|what| matches!(what, "ja3" | "ja4" | "certificate"));
    let place = match (&line.remote.domain, line.remote.ip) {
        (Some(domain), _) => Some(format!("domain {domain}")),
        (None, Some(ip)) => Some(format!("address {ip}")),
        (None, None) => None,
    };
    let print = text("certificate_sha1").or_else(|| text("entry").filter(|_| is_print));
    let all = place.into_iter().chain(print.map(|print| format!("fingerprint {print}")));
    all.map(|one| hex(&Sha256::digest(one.as_bytes()))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(severity: &str, remote: &str, evidence: &str) -> DetectionLine {
        serde_json::from_str(&format!(
            r#"{{"type":"detection","id":"d1","first_at":"2026-11-28T08:00:00Z","last_at":"2026-11-29T09:30:00Z","host":{{"ip":"10.0.0.5","name":"kassa"}},"kind":"indicator","severity":"{severity}","confidence":0.9,"technique":[],"remote":{remote},"evidence":{evidence},"summary":{{"nl":"","en":""}}}}"#
        ))
        .unwrap()
    }

    #[test]
    fn an_indicator_is_what_others_can_have_found_and_nothing_else() {
        let count = |severity: &str, remote: &str, evidence: &str| indicators(&line(severity, remote, evidence)).len();
        let place = r#"{"ip":"203.0.113.9","port":443,"domain":"evil.example"}"#;
        assert_eq!(count("medium", place, "{}"), 1);
        assert_eq!(count("low", place, "{}"), 0, "nothing mild");
        assert_eq!(count("high", r#"{"ip":"10.0.0.9","domain":"nas.kantoor.example"}"#, "{}"), 0, "nothing at home");
        assert_eq!(count("high", "{}", "{}"), 0);
        assert_eq!(count("high", place, r#"{"seen_in":["ja3"],"entry":"e7d7"}"#), 2);
        assert_eq!(
            count("high", place, r#"{"seen_in":["url"],"entry":"evil.example/a?u=jan"}"#),
            1,
            "no page, no name"
        );
        let by_name = indicators(&line("high", place, "{}"));
        assert_eq!(by_name, indicators(&line("critical", r#"{"domain":"evil.example"}"#, "{}")), "wherever it lies");
        assert!(by_name.iter().all(|one| one.len() == 64), "a hash");
    }
}
