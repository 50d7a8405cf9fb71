//! When a channel of many tasks is told next: at once after a silence, else a second later, and never by two at a time.
//!
//! A turn is announced before the message that brings it is sent, and taken off before what there is to tell is read. So
//! whoever finds one announced knows that what it noted before will be read by it.

use std::time::Duration;

use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue};
use miyabi_shared::Timestamp;
use miyabi_shared::push::{COALESCE_SECONDS, CONNECTION_SECONDS, Channel};
use miyabi_shared::table::connections;

use crate::viewers::{Item, Viewers, ViewersError, is_condition, number, text};

/// The partition; `#` is in no channel.
const TURNS: &str = "#turn";
const DUE: &str = "due";
const STARTED: &str = "started";
const TOLD: &str = "told";

/// An announced turn that has not come so long after it was due is lost: its message was never sent.
const LOST: Duration = Duration::from_secs(5);
/// Whoever tells and has not finished after this time is gone: a call ends after 30 s.
const LONGEST: Duration = Duration::from_secs(35);

/// Whether somebody may tell now.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Turn {
    /// Yes: what was noted since then.
    Now(Option<Timestamp>),
    /// Nothing is due.
    None,
    /// Another one is at it.
    Busy,
}

/// What is known of a channel.
#[derive(Debug, Default, PartialEq, Eq)]
struct State {
    due: Option<Timestamp>,
    started: Option<Timestamp>,
    told: Option<Timestamp>,
}

impl State {
    fn read(item: Option<&Item>) -> Self {
        let moment = |name: &str| {
            let millis = item?.get(name)?.as_n().ok()?.parse().ok()?;
            Some(Timestamp::from_millis(millis))
        };
        Self { due: moment(DUE), started: moment(STARTED), told: moment(TOLD) }
    }

    fn is_busy(&self, now: Timestamp) -> bool {
        self.started.is_some_and(|started| {
            self.told.is_none_or(|told| told < started) && now.since(started) < LONGEST
        })
    }

    /// How long to wait for the next turn, in whole seconds, as the queue counts; `None` where one is announced.
    fn wait(&self, now: Timestamp) -> Option<u64> {
        if self.due.is_some_and(|due| now < due.plus(LOST)) {
            return None;
        }
        let rest = Duration::from_secs(COALESCE_SECONDS);
        let silent = self.started.is_none_or(|started| now >= started.plus(rest));
        Some(if silent && !self.is_busy(now) { 0 } else { COALESCE_SECONDS })
    }
}

impl Viewers {
    /// Announces a turn of a channel, and gives in how many seconds it is; `None` where one is announced already.
    pub(crate) async fn announce(
        &self,
        channel: &Channel,
        now: Timestamp,
    ) -> Result<Option<u64>, ViewersError> {
        let state = self.turn_of(channel).await?;
        let Some(wait) = state.wait(now) else { return Ok(None) };
        let due = now.plus(Duration::from_secs(wait)).as_millis();
        let kept = now.plus(Duration::from_secs(CONNECTION_SECONDS)).as_seconds();
        let update = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(key(channel)))
            .update_expression("SET #due = :due, #expires = :kept")
            .expression_attribute_names("#due", DUE)
            .expression_attribute_names("#expires", connections::EXPIRES_AT)
            .expression_attribute_values(":due", number(due))
            .expression_attribute_values(":kept", number(kept));
        let update = match state.due {
            None => update.condition_expression("attribute_not_exists(#due)"),
            Some(lost) => update
                .condition_expression("#due = :lost")
                .expression_attribute_values(":lost", number(lost.as_millis())),
        };
        match update.send().await {
            Ok(_) => Ok(Some(wait)),
            // Somebody else was faster.
            Err(error) if is_condition(&error) => Ok(None),
            Err(error) => Err(ViewersError::when("writing to")(error)),
        }
    }

    /// Takes an announcement back: nobody would come.
    pub(crate) async fn retract(&self, channel: &Channel) -> Result<(), ViewersError> {
        self.client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(key(channel)))
            .update_expression("REMOVE #due")
            .expression_attribute_names("#due", DUE)
            .send()
            .await
            .map_err(ViewersError::when("writing to"))?;
        Ok(())
    }

    /// Takes the turn that was announced.
    pub(crate) async fn begin(&self, channel: &Channel, now: Timestamp) -> Result<Turn, ViewersError> {
        let gone = now.as_millis() - i64::try_from(LONGEST.as_millis()).unwrap_or(i64::MAX);
        let taken = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(key(channel)))
            .update_expression("REMOVE #due SET #started = :now")
            .condition_expression(
                "attribute_exists(#due) AND \
                 (attribute_not_exists(#started) OR #started <= #told OR #started < :gone)",
            )
            .expression_attribute_names("#due", DUE)
            .expression_attribute_names("#started", STARTED)
            .expression_attribute_names("#told", TOLD)
            .expression_attribute_values(":now", number(now.as_millis()))
            .expression_attribute_values(":gone", number(gone))
            .return_values(ReturnValue::AllOld)
            .send()
            .await;
        match taken {
            Ok(output) => Ok(Turn::Now(State::read(output.attributes.as_ref()).told)),
            Err(error) if is_condition(&error) => {
                let state = self.turn_of(channel).await?;
                Ok(if state.due.is_some() { Turn::Busy } else { Turn::None })
            }
            Err(error) => Err(ViewersError::when("writing to")(error)),
        }
    }

    /// Ends a turn that began at `told`: what was noted before is told.
    pub(crate) async fn end(&self, channel: &Channel, told: Timestamp) -> Result<(), ViewersError> {
        self.client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(key(channel)))
            .update_expression("SET #told = :told")
            .expression_attribute_names("#told", TOLD)
            .expression_attribute_values(":told", number(told.as_millis()))
            .send()
            .await
            .map_err(ViewersError::when("writing to"))?;
        Ok(())
    }

    /// Ends a turn that came to nothing: whoever comes next tells what was noted since `told`.
    pub(crate) async fn give_up(
        &self,
        channel: &Channel,
        told: Option<Timestamp>,
    ) -> Result<(), ViewersError> {
        let update = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(key(channel)))
            .expression_attribute_names("#started", STARTED);
        let update = match told {
            None => update.update_expression("REMOVE #started"),
            Some(told) => update
                .update_expression("SET #started = :told")
                .expression_attribute_values(":told", number(told.as_millis())),
        };
        update.send().await.map_err(ViewersError::when("writing to"))?;
        Ok(())
    }

    async fn turn_of(&self, channel: &Channel) -> Result<State, ViewersError> {
        let output = self
            .client
            .get_item()
            .table_name(&self.table)
            .set_key(Some(key(channel)))
            .consistent_read(true)
            .send()
            .await
            .map_err(ViewersError::when("reading"))?;
        Ok(State::read(output.item.as_ref()))
    }
}

fn key(channel: &Channel) -> Item {
    Item::from([
        (connections::CHANNEL.to_owned(), AttributeValue::S(TURNS.to_owned())),
        (connections::CONNECTION_ID.to_owned(), text(&channel.to_string())),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(1_000_000 + millis)
    }

    #[test]
    fn the_first_is_told_at_once_and_the_next_a_second_later() {
        assert_eq!(State::default().wait(at(0)), Some(0));
        let told = State { due: None, started: Some(at(0)), told: Some(at(0)) };
        assert_eq!(told.wait(at(999)), Some(1));
        assert_eq!(told.wait(at(1000)), Some(0));
    }

    #[test]
    fn whoever_finds_a_turn_announced_adds_none_unless_that_one_is_lost() {
        let announced = State { due: Some(at(0)), ..State::default() };
        assert_eq!(announced.wait(at(4999)), None);
        assert_eq!(announced.wait(at(5000)), Some(0));
    }

    #[test]
    fn nobody_tells_while_another_does_and_nobody_waits_for_one_who_is_gone() {
        let telling = State { due: None, started: Some(at(0)), told: Some(at(-9)) };
        assert_eq!(telling.wait(at(10_000)), Some(1));
        assert_eq!(telling.wait(at(35_000)), Some(0));
        let first = State { due: None, started: Some(at(0)), told: None };
        assert_eq!(first.wait(at(10_000)), Some(1));
    }
}
