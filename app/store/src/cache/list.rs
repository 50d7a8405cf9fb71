//! Lists of tasks.

use std::time::Duration;

use miyabi_shared::{TaskId, TaskStatus};
use redis::{FromRedisValue, Value as RedisValue};

use super::lease::Wanted;
use super::script::{self, Call};
use super::{Cache, LIST_CAP, Out, jittered, millis};
use crate::position::Position;
use crate::query::Filter;

/// For how long the newest part of a list is believed before it is compared with the index again.
const LIST_TRUST: Duration = Duration::from_secs(30);
/// For how long a list is kept at all; bounds how long its older part is believed.
const LIST_KEEP: Duration = Duration::from_secs(600);
/// For how long one reader has the task of refreshing a list, while the others still use it.
const LIST_LEASE: Duration = Duration::from_secs(2);

/// What the cache knows of a list.
#[derive(Debug)]
pub(crate) enum FoundList {
    /// Nothing that is trusted; whoever builds it must say this epoch and this time. `turn`: it is there, the others go on using it,
    /// and it is for the caller to refresh it.
    Cold { epoch: u64, now: i64, turn: bool },
    /// It ends, at this time of creation, before the page does.
    Short { epoch: u64, now: i64, floor: i64 },
    /// The caller holds this page.
    Same { tag: String },
    /// The page.
    Page(FoundPage),
}

/// A page of a list.
#[derive(Debug)]
pub(crate) struct FoundPage {
    pub(crate) epoch: u64,
    pub(crate) now: i64,
    pub(crate) tag: String,
    pub(crate) more: bool,
    pub(crate) last: i64,
    pub(crate) ids: Vec<String>,
    pub(crate) values: Vec<Option<Vec<u8>>>,
}

/// What an index gave about a list, on its way into the cache.
#[derive(Debug)]
pub(crate) struct Rows<'rows> {
    pub(crate) filter: &'rows Filter,
    pub(crate) epoch: u64,
    /// When the index was asked, by the clock of Redis.
    pub(crate) asked_at: i64,
    /// `rows` holds everything created since.
    pub(crate) floor: i64,
    /// The floor that the list had, where this goes below it.
    pub(crate) extends: Option<i64>,
    pub(crate) rows: &'rows [Position],
}

impl Cache {
    pub(crate) async fn list(
        &self,
        filter: &Filter,
        limit: usize,
        after: Option<&Position>,
        if_none_match: Option<&str>,
    ) -> Result<FoundList, Out> {
        let shared = self.shared()?;
        let mut call = Call::new(&script::LIST, &[&shared.list_key(filter), &shared.key("epoch")]);
        call.arg(&shared.prefix).arg(limit + 1);
        match after {
            Some(position) => call.arg(position.created_at).arg(position.task_id.as_str()),
            None => call.arg("").arg(""),
        };
        call.arg(if_none_match.unwrap_or_default()).arg(millis(LIST_LEASE));
        let RedisValue::Array(answer) = shared.connection.run(&call).await? else { return Err(Out) };
        read_list(answer).ok_or(Out)
    }

    pub(crate) async fn fill_list(&self, rows: &Rows<'_>) -> Result<(), Out> {
        let shared = self.shared()?;
        let filter = rows.filter;
        let keys = [
            shared.list_key(filter),
            shared.key("epoch"),
            shared.key("recent"),
            shared.lease_key(Wanted::List(filter)),
        ];
        let mut call = Call::new(&script::FILL_LIST, &keys.each_ref().map(String::as_str));
        call.arg(&shared.prefix)
            .arg(rows.epoch.to_string())
            .arg(filter.project.as_ref().map_or("", |project| project.as_str()))
            .arg(filter.task_type.as_ref().map_or("", |task_type| task_type.as_str()))
            .arg(filter.status.map_or("", TaskStatus::as_str))
            .arg(rows.asked_at)
            .arg(rows.floor)
            .arg(rows.extends.map_or_else(String::new, |floor| floor.to_string()))
            .arg(millis(LIST_TRUST))
            .arg(jittered(LIST_KEEP))
            .arg(LIST_CAP);
        for row in rows.rows {
            call.arg(row.created_at).arg(row.task_id.as_str());
        }
        shared.connection.run::<i64>(&call).await.map(drop)
    }

    /// Takes tasks that are gone from the table out of the cache, and out of one list.
    /// With each, the newest version that is known of it.
    pub(crate) async fn drop_from_list(&self, filter: &Filter, gone: &[(TaskId, u64)]) -> Result<(), Out> {
        let shared = self.shared()?;
        let mut call = Call::new(&script::DROP, &[&shared.list_key(filter), &shared.key("epoch")]);
        call.arg(&shared.prefix).arg(filter.status.map_or("", TaskStatus::as_str));
        for (task_id, version) in gone {
            call.arg(task_id.as_str()).arg(*version);
        }
        shared.connection.run::<i64>(&call).await.map(drop)
    }
}

fn read_list(answer: Vec<RedisValue>) -> Option<FoundList> {
    fn take<T: FromRedisValue>(parts: &mut impl Iterator<Item = RedisValue>) -> Option<T> {
        T::from_redis_value(parts.next()?).ok()
    }
    let parts = &mut answer.into_iter();
    Some(match take::<String>(parts)?.as_str() {
        "cold" => FoundList::Cold { epoch: take(parts)?, now: take(parts)?, turn: take::<i64>(parts)? == 1 },
        "short" => FoundList::Short { epoch: take(parts)?, now: take(parts)?, floor: take(parts)? },
        "same" => FoundList::Same { tag: take(parts)? },
        _ => FoundList::Page(FoundPage {
            epoch: take(parts)?,
            now: take(parts)?,
            tag: take(parts)?,
            more: take::<i64>(parts)? == 1,
            last: take(parts)?,
            ids: take(parts)?,
            values: take(parts)?,
        }),
    })
}
