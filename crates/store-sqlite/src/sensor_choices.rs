//! What people choose about sensors: learning again, what is not to be proposed, threat lists, comparing with others.

use std::collections::BTreeSet;

use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::FromRow;
use sqlx::types::Text;
use uuid::Uuid;

use app::{Comparison, ExceptionRow, ListChoice, Scope, SensorChoices, Sharing, StoreError};

use crate::convert::{kept, moment, unsigned};
use crate::engine::{self, Store};
use crate::error::failed;
use crate::sensors::add_exception;
use crate::sql::sensor_choices as sql;

#[async_trait]
impl SensorChoices for Store {
    async fn learn_again(&self, scope: &Scope, sensor: Uuid, by: &str, at: Timestamp) -> Result<(), StoreError> {
        kept(&[by])?;
        let query = sqlx::query(sql::LEARN).bind(Text(scope.id())).bind(Text(sensor)).bind(at.as_microsecond());
        let changed = query.bind(by).execute(&self.writer).await.map_err(failed)?.rows_affected();
        if changed == 0 { Err(StoreError::NotFound) } else { Ok(()) }
    }

    async fn decide_proposals(
        &self,
        scope: &Scope,
        proposals: &[(String, Option<ExceptionRow>)],
        by: &str,
        at: Timestamp,
    ) -> Result<Vec<String>, StoreError> {
        kept(&[by])?;
        let mut tx = self.begin().await?;
        // Two who decide on several in another order would wait for each other.
        engine::lock_journal(&mut tx, scope.id()).await?;
        let mut decided = Vec::new();
        for (proposal, exception) in proposals {
            let query = sqlx::query(sql::DECIDE_PROPOSAL).bind(Text(scope.id())).bind(proposal.as_str());
            let query = query.bind(at.as_microsecond()).bind(by).bind(exception.is_some());
            if query.execute(&mut *tx).await.map_err(failed)?.rows_affected() == 0 {
                continue;
            }
            if let Some(exception) = exception {
                add_exception(scope.id(), exception)?.execute(&mut *tx).await.map_err(failed)?;
            }
            decided.push(proposal.clone());
        }
        tx.commit().await.map_err(failed)?;
        Ok(decided)
    }

    async fn decided_proposals(&self, scope: &Scope) -> Result<Vec<String>, StoreError> {
        let query = sqlx::query_scalar(sql::DECIDED_PROPOSALS).bind(Text(scope.id()));
        query.fetch_all(&self.readers).await.map_err(failed)
    }

    async fn chosen_lists(&self, scope: &Scope) -> Result<Vec<ListChoice>, StoreError> {
        let query = sqlx::query_as::<_, ChoiceColumns>(sql::CHOICES).bind(Text(scope.id()));
        query.fetch_all(&self.readers).await.map_err(failed)?.into_iter().map(ListChoice::try_from).collect()
    }

    async fn change_lists(&self, scope: &Scope, chosen: &[ListChoice], dropped: &[String]) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        for choice in chosen {
            kept(&[&choice.list, &choice.chosen_by])?;
            let query = sqlx::query(sql::CHOOSE).bind(Text(scope.id())).bind(choice.list.as_str());
            let query = query.bind(choice.chosen_at.as_microsecond()).bind(choice.chosen_by.as_str());
            query.execute(&mut *tx).await.map_err(failed)?;
        }
        for list in dropped {
            let query = sqlx::query(sql::DROP_CHOICE).bind(Text(scope.id())).bind(list.as_str());
            query.execute(&mut *tx).await.map_err(failed)?;
        }
        tx.commit().await.map_err(failed)
    }

    async fn lists_in_use(&self) -> Result<Vec<String>, StoreError> {
        sqlx::query_scalar(sql::IN_USE).fetch_all(&self.readers).await.map_err(failed)
    }

    async fn comparisons(&self, scope: &Scope) -> Result<Vec<Comparison>, StoreError> {
        let query = sqlx::query_as::<_, ComparisonColumns>(sql::COMPARISONS).bind(Text(scope.id()));
        query.fetch_all(&self.readers).await.map_err(failed)?.into_iter().map(Comparison::try_from).collect()
    }

    async fn decide_comparison(&self, scope: &Scope, decided: &Comparison) -> Result<(), StoreError> {
        kept(&[&decided.decided_by])?;
        let mut tx = self.begin().await?;
        let query = sqlx::query(sql::DECIDE).bind(Text(scope.id())).bind(decided.decided_at.as_microsecond());
        let query = query.bind(decided.decided_by.as_str()).bind(decided.is_on);
        query.execute(&mut *tx).await.map_err(failed)?;
        if !decided.is_on {
            sqlx::query(sql::UNSHARE).bind(Text(scope.id())).execute(&mut *tx).await.map_err(failed)?;
        }
        tx.commit().await.map_err(failed)
    }

    async fn share_indicators(&self, scope: &Scope, indicators: &[String], now: Timestamp) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        engine::lock_journal(&mut tx, scope.id()).await?;
        let query = sqlx::query_scalar(sql::SHARED).bind(Text(scope.id()));
        let before: BTreeSet<String> = query.fetch_all(&mut *tx).await.map_err(failed)?.into_iter().collect();
        let after: BTreeSet<String> = indicators.iter().cloned().collect();
        for indicator in before.difference(&after) {
            let query = sqlx::query(sql::UNSHARE_ONE).bind(Text(scope.id())).bind(indicator.as_str());
            query.execute(&mut *tx).await.map_err(failed)?;
        }
        for indicator in after.difference(&before) {
            let query = sqlx::query(sql::SHARE).bind(Text(scope.id())).bind(indicator.as_str());
            query.bind(now.as_microsecond()).execute(&mut *tx).await.map_err(failed)?;
        }
        tx.commit().await.map_err(failed)
    }

    async fn untold_indicators(&self, scope: &Scope, since: Timestamp, limit: u32) -> Result<Vec<String>, StoreError> {
        let query = sqlx::query_scalar(sql::UNTOLD).bind(Text(scope.id())).bind(since.as_microsecond());
        query.bind(i64::from(limit)).fetch_all(&self.readers).await.map_err(failed)
    }

    async fn tell_shared(&self, scope: &Scope, indicator: &str, at: Timestamp) -> Result<(), StoreError> {
        let query = sqlx::query(sql::TELL_SHARED).bind(Text(scope.id())).bind(indicator).bind(at.as_microsecond());
        query.execute(&self.writer).await.map_err(failed)?;
        Ok(())
    }

    async fn shared_told(&self, scope: &Scope, indicator: &str) -> Result<Option<Timestamp>, StoreError> {
        let query = sqlx::query_scalar::<_, Option<i64>>(sql::SHARED_TOLD).bind(Text(scope.id())).bind(indicator);
        let told = query.fetch_optional(&self.readers).await.map_err(failed)?.flatten();
        Ok(told.map(moment).transpose()?)
    }

    async fn sharing(&self, scope: &Scope, indicator: &str, since: Timestamp) -> Result<Sharing, StoreError> {
        let query = sqlx::query_as::<_, (i64, i64)>(sql::SHARING).bind(Text(scope.id())).bind(indicator);
        let query = query.bind(since.as_microsecond());
        let (taking_part, having) = query.fetch_one(&self.readers).await.map_err(failed)?;
        Ok(Sharing {
            taking_part: unsigned(taking_part, "a count of organisations")?,
            having: unsigned(having, "a count of organisations")?,
        })
    }
}

#[derive(FromRow)]
struct ChoiceColumns {
    list: String,
    chosen_at: i64,
    chosen_by: String,
}

impl TryFrom<ChoiceColumns> for ListChoice {
    type Error = StoreError;

    fn try_from(row: ChoiceColumns) -> Result<Self, StoreError> {
        Ok(Self { list: row.list, chosen_at: moment(row.chosen_at)?, chosen_by: row.chosen_by })
    }
}

#[derive(FromRow)]
struct ComparisonColumns {
    decided_at: i64,
    decided_by: String,
    is_on: bool,
}

impl TryFrom<ComparisonColumns> for Comparison {
    type Error = StoreError;

    fn try_from(row: ComparisonColumns) -> Result<Self, StoreError> {
        Ok(Self { decided_at: moment(row.decided_at)?, decided_by: row.decided_by, is_on: row.is_on })
    }
}
