//! Unpacking what a subscription filter sends: base64 of gzip of JSON. Whatever of it can be read is used.
//!
//! A payload that is broken stays broken, so calling again would not help; its lines are still in the log group.

use std::fmt;
use std::io::Read as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::read::MultiGzDecoder;
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

/// Most bytes that a payload may unpack to. CloudWatch sends at most 6 MB packed; logs pack about 10 to 1, and a function has 512 MB.
const UNPACKED_BYTES: u64 = 128 * 1024 * 1024;
/// Most lines of a payload. One takes more room than its shortest text does; those of CloudWatch have 100 bytes of text at least.
const EVENTS: usize = 500_000;

/// Lines of one log stream.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Batch {
    /// The log group.
    pub log_group: String,
    /// The log stream.
    pub log_stream: String,
    /// The lines, as they came.
    pub events: Vec<LogEvent>,
    /// Whether the payload broke off, so that there were more lines than these.
    pub truncated: bool,
    /// Whether there is nothing to do: CloudWatch asks whether anyone is there.
    pub control_message: bool,
}

/// One log event: a line, or several.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct LogEvent {
    /// The service's own identifier of it, the same whenever it is delivered.
    pub id: String,
    /// Milliseconds since 1970.
    pub timestamp: i64,
    /// The text, which need not be UTF-8.
    #[serde(deserialize_with = "text_bytes")]
    pub message: Vec<u8>,
}

/// Why a payload cannot be used at all.
#[derive(Debug, thiserror::Error)]
pub enum PayloadError {
    /// It is no subscription event.
    #[error("the payload has no text at awslogs.data")]
    NoData,
    /// The text is not base64.
    #[error("the payload is no base64")]
    Base64(#[source] base64::DecodeError),
    /// The bytes are not gzip, or broke off before anything could be read.
    #[error("the payload cannot be decompressed")]
    Gzip(#[source] std::io::Error),
    /// The text is not JSON, or broke off before it said whose lines they are.
    #[error("the payload is no description of log lines")]
    Json(#[source] serde_json::Error),
    /// There is no log group or no log stream.
    #[error("the payload does not say whose lines they are")]
    NoStream,
}

/// Unpacks the payload of a call.
///
/// # Errors
/// When nothing in it can be used.
pub fn unpack(payload: &Value) -> Result<Batch, PayloadError> {
    let data = payload.pointer("/awslogs/data").and_then(Value::as_str).ok_or(PayloadError::NoData)?;
    let packed = STANDARD.decode(data.trim()).map_err(PayloadError::Base64)?;
    let mut json = Vec::new();
    let unpacking = MultiGzDecoder::new(&*packed).take(UNPACKED_BYTES).read_to_end(&mut json);
    match unpacking {
        Err(error) if json.is_empty() => return Err(PayloadError::Gzip(error)),
        _ => {}
    }

    let mut reading = Reading::default();
    let parsed = (&mut reading).deserialize(&mut serde_json::Deserializer::from_slice(&json));
    if let Err(error) = parsed
        && (reading.batch.log_group.is_empty() || reading.batch.log_stream.is_empty())
    {
        return Err(match unpacking {
            Err(cause) => PayloadError::Gzip(cause),
            Ok(_) => PayloadError::Json(error),
        });
    }
    let broke_off = unpacking.is_err() || reading.broke_off;
    let Reading { mut batch, message_type, .. } = reading;
    batch.truncated = broke_off;
    batch.control_message = message_type == "CONTROL_MESSAGE";
    if !batch.control_message && (batch.log_group.is_empty() || batch.log_stream.is_empty()) {
        return Err(PayloadError::NoStream);
    }
    Ok(batch)
}

/// What was read so far; it survives the error that ends the reading.
#[derive(Debug, Default)]
struct Reading {
    batch: Batch,
    message_type: String,
    broke_off: bool,
}

impl<'de> DeserializeSeed<'de> for &mut Reading {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.broke_off = true;
        deserializer.deserialize_map(&mut *self)?;
        self.broke_off = false;
        Ok(())
    }
}

impl<'de> Visitor<'de> for &mut Reading {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a description of log lines")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "messageType" => self.message_type = map.next_value()?,
                "logGroup" => self.batch.log_group = map.next_value()?,
                "logStream" => self.batch.log_stream = map.next_value()?,
                "logEvents" => map.next_value_seed(Events(&mut self.batch.events))?,
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}

/// Fills a list, and leaves in it what it has when the reading ends early.
struct Events<'batch>(&'batch mut Vec<LogEvent>);

impl<'de> DeserializeSeed<'de> for Events<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Events<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list of log events")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut events: A) -> Result<(), A::Error> {
        while let Some(event) = events.next_element()? {
            if self.0.len() == EVENTS {
                return Err(serde::de::Error::custom(format_args!("more than {EVENTS} lines")));
            }
            self.0.push(event);
        }
        Ok(())
    }
}

/// Reads a string as bytes: so that bytes that are no UTF-8, and halves of surrogate pairs, end nothing.
fn text_bytes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
    struct Bytes;

    impl Visitor<'_> for Bytes {
        type Value = Vec<u8>;

        fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str("text")
        }

        fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Vec<u8>, E> {
            Ok(bytes.to_vec())
        }

        fn visit_str<E>(self, text: &str) -> Result<Vec<u8>, E> {
            Ok(text.as_bytes().to_vec())
        }
    }

    deserializer.deserialize_bytes(Bytes)
}
