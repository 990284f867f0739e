//! The privacy sheet: what is settled and what sensors say of themselves, on paper.

use std::collections::BTreeMap;

use jiff::Timestamp;

use contract::sensor::{REFUSED_MIB, SPOOL_MB, SourceKind};
use documents::{Document, Learnt, SensorAtWork, SensorPrivacy, privacy_sheet};
use facts::{Language, Text};
use incident::{Permission, may};

use crate::handle::require;
use crate::{App, Error, Scope, SensorStanding};

impl App {
    /// The privacy sheet of an organisation's sensors as it is at a moment.
    /// `backup_days`: for how long the server's backups are kept, where that is known.
    pub async fn privacy_sheet(
        &self,
        scope: &Scope,
        backup_days: Option<u16>,
        now: Timestamp,
        language: Language,
    ) -> Result<Document, Error> {
        require(scope, Permission::SeeSensors)?;
        let settings = self.sensor_settings(scope).await?;
        let notice = self.store.staff_notices(scope).await?.into_iter().next();
        let standing = self.sensors(scope, now).await?.into_iter();
        let (played, watching): (Vec<_>, Vec<_>) = standing.partition(SensorStanding::is_replay);
        let at_work = watching.into_iter().map(|standing| {
            let state = standing.state.as_ref();
            let sources = state.map(|state| state.sources.as_slice()).unwrap_or_default();
            SensorAtWork {
                name: standing.sensor.name,
                sources: sources.iter().map(|source| source_in_words(source.kind, &source.name)).collect(),
                looks_into_content: state.is_some_and(|state| state.looks_into_content),
                waiting: state.map(|state| state.spooled),
            }
        });
        let provider = match scope.organisation().provider {
            Some(id) => Some(self.store.provider(id).await?.name),
            None => None,
        };
        let of = SensorPrivacy {
            organisation: scope.organisation().name.clone(),
            provider,
            made_at: self.zoned(scope, now)?,
            sensors: at_work.collect(),
            has_played: !played.is_empty(),
            metadata_days: settings.metadata_days,
            detection_days: settings.detection_days,
            traffic_days: settings.traffic_days,
            spool_mb: SPOOL_MB,
            refused_mb: REFUSED_MIB,
            remembered: detect::remembered().into_iter().map(learnt).collect(),
            backup_days,
            opens: settings.opens.name(),
            staff_informed: notice.and_then(|notice| notice.informed_on.map(|day| (day, notice.how))),
            compares: self.compares(scope).await?,
            readers: self.readers_of_detections(scope).await?,
        };
        Ok(privacy_sheet(&of, language))
    }

    /// The names of those whose roles let them see what sensors saw.
    async fn readers_of_detections(&self, scope: &Scope) -> Result<Vec<String>, Error> {
        let members = self.store.members(scope).await?;
        let reads = members.into_iter().filter(|(_, role)| may(*role, Permission::ReadDetections));
        let names: BTreeMap<_, _> = reads.map(|(user, _)| (user.id, user.name)).collect();
        let mut names: Vec<_> = names.into_values().collect();
        names.sort_unstable();
        Ok(names)
    }
}

fn learnt(one: detect::Remembered) -> Learnt {
    Learnt { what: one.what, days: one.hours.div_ceil(24), is_kept: one.is_kept }
}

/// What kind of source it is, with its name.
#[must_use]
pub fn source_in_words(kind: SourceKind, name: &str) -> Text {
    let (nl, en) = match kind {
        SourceKind::Interface => ("netwerkpoort", "interface"),
        SourceKind::Netflow => ("NetFlow op", "NetFlow at"),
        SourceKind::DnsLog => ("DNS-logboek", "DNS log"),
        SourceKind::FirewallLog => ("firewall-syslog op", "firewall syslog at"),
        SourceKind::Eve => ("Suricata EVE", "Suricata EVE"),
        SourceKind::Zeek => ("Zeek-logboek", "Zeek log"),
        SourceKind::File => ("bestand", "file"),
    };
    Text::made(format!("{nl} {name}"), format!("{en} {name}"))
}
