//! JSON with outputs in it.

use crate::error::Failure;
use crate::input::{Property, Resolved, ToInput};
use crate::output::{Data, Held, Output};
use crate::tracker::Tracker;
use crate::value::{FromValue, LARGEST_INTEGER, Value, ValueError};

/// JSON with outputs in it, made by [`json!`](macro@crate::json). As an `Input<String>` it is its text; as an
/// `Input<Value>` it keeps unknowns and secrets where they are.
#[derive(Debug, Clone)]
pub struct Json(Property);

impl Json {
    /// JSON of this property.
    pub fn new(property: Property) -> Self {
        Self(property)
    }

    /// The property, leaf by leaf.
    pub fn into_property(self) -> Property {
        self.0
    }

    /// The text: unknown if anything in it is, secret if anything in it is. Keys are in alphabetical order.
    pub fn to_text(&self) -> Output<String> {
        let property = self.0.clone();
        Output::lazy(Tracker::current(), async move {
            let Resolved { value, dependencies } = property.resolve().await?;
            let value = value.unwrap_or(Value::Null);
            let secret = value.contains_secret();
            let value = value.without_secrets();
            let text = if value.contains_unknown() {
                None
            } else {
                Some(plain(value).map_err(Failure::Value)?.to_string())
            };
            Ok(Data { value: text, received: None, secret, dependencies })
        })
    }
}

impl<T: Held + ToInput> Output<T> {
    /// The value as the text of JSON: unknown if anything in it is, secret if anything in it is.
    ///
    /// ```
    /// # async fn example() -> Result<(), pulumi::Error> {
    /// let ports = pulumi::Output::known(vec![80_i64, 443]);
    /// assert_eq!(ports.to_json().value().await?.as_deref(), Some("[80,443]"));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn to_json(&self) -> Output<String> {
        Json::new(self.to_input()).to_text()
    }
}

impl Output<String> {
    /// What the text of JSON says, as a `T`. A text that is none fails the run.
    ///
    /// ```
    /// # async fn example() -> Result<(), pulumi::Error> {
    /// let ports = pulumi::Output::known("[80,443]".to_owned()).from_json::<Vec<i64>>();
    /// assert_eq!(ports.value().await?, Some(vec![80, 443]));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn from_json<T: FromValue + Held>(&self) -> Output<T> {
        self.try_map(|text| -> Result<T, Box<dyn std::error::Error + Send + Sync>> {
            // What is wrong with a secret may quote it.
            let json = serde_json::from_str(&text)
                .map_err(|error| format!("no JSON: line {}, column {}", error.line(), error.column()))?;
            Ok(T::from_value(to_value(json))?)
        })
    }
}

impl ToInput for Json {
    fn to_input(&self) -> Property {
        self.0.clone()
    }
}

fn plain(value: Value) -> Result<serde_json::Value, ValueError> {
    Ok(match value {
        Value::Null => serde_json::Value::Null,
        Value::Bool(value) => value.into(),
        Value::Number(number) if number.fract() == 0.0 && number.abs() <= LARGEST_INTEGER as f64 => {
            (number as i64).into()
        }
        Value::Number(number) => number.into(),
        Value::String(text) => text.into(),
        Value::Array(items) => {
            let plain = |(index, item)| plain(item).map_err(|error| error.in_index(index));
            serde_json::Value::Array(items.into_iter().enumerate().map(plain).collect::<Result<_, _>>()?)
        }
        Value::Object(entries) => {
            let plain = |(key, value): (String, _)| match plain(value) {
                Ok(value) => Ok((key, value)),
                Err(error) => Err(error.in_key(key)),
            };
            serde_json::Value::Object(entries.into_iter().map(plain).collect::<Result<_, _>>()?)
        }
        other => return Err(ValueError::unexpected("what JSON can say", other.kind())),
    })
}

/// JSON as a value.
pub(crate) fn to_value(json: serde_json::Value) -> Value {
    match json {
        serde_json::Value::Null => Value::Null,
        serde_json::Value::Bool(value) => Value::Bool(value),
        // Every number that serde_json reads has a nearest float.
        serde_json::Value::Number(number) => Value::Number(number.as_f64().unwrap_or(f64::NAN)),
        serde_json::Value::String(text) => Value::String(text),
        serde_json::Value::Array(items) => Value::Array(items.into_iter().map(to_value).collect()),
        serde_json::Value::Object(entries) => {
            Value::Object(entries.into_iter().map(|(key, item)| (key, to_value(item))).collect())
        }
    }
}

/// JSON with outputs in it. A value is whatever can be sent: a text, a number, an output, a list of those.
///
/// ```
/// # async fn example() -> Result<(), pulumi::Error> {
/// use pulumi::{Output, json};
///
/// let table = Output::known("arn:table".to_owned());
/// let policy = json!({
///     "Version": "2012-10-17",
///     "Statement": [{ "Effect": "Allow", "Action": ["dynamodb:GetItem"], "Resource": table }],
/// });
/// assert_eq!(
///     policy.to_text().value().await?.as_deref(),
///     Some(r#"{"Statement":[{"Action":["dynamodb:GetItem"],"Effect":"Allow","Resource":"arn:table"}],"Version":"2012-10-17"}"#),
/// );
/// # Ok(())
/// # }
/// ```
#[macro_export]
macro_rules! json {
    ($($tokens:tt)+) => { $crate::Json::new($crate::json_property!($($tokens)+)) };
}

/// The parts of [`json!`](macro@crate::json).
#[doc(hidden)]
#[macro_export]
macro_rules! json_property {
    // Lists: @list [done,] rest
    (@list [$($done:expr,)*]) => { ::std::vec![$($done,)*] };
    (@list [$($done:expr,)*] null $(, $($rest:tt)*)?) => {
        $crate::json_property!(@list [$($done,)* $crate::json_property!(null),] $($($rest)*)?)
    };
    (@list [$($done:expr,)*] [$($inner:tt)*] $(, $($rest:tt)*)?) => {
        $crate::json_property!(@list [$($done,)* $crate::json_property!([$($inner)*]),] $($($rest)*)?)
    };
    (@list [$($done:expr,)*] {$($inner:tt)*} $(, $($rest:tt)*)?) => {
        $crate::json_property!(@list [$($done,)* $crate::json_property!({$($inner)*}),] $($($rest)*)?)
    };
    (@list [$($done:expr,)*] $value:expr $(, $($rest:tt)*)?) => {
        $crate::json_property!(@list [$($done,)* $crate::json_property!($value),] $($($rest)*)?)
    };

    // Objects: @map map key: value, rest
    (@map $map:ident) => {};
    (@map $map:ident $key:tt : null $(, $($rest:tt)*)?) => {
        $map.insert(::std::string::String::from($key), $crate::json_property!(null));
        $crate::json_property!(@map $map $($($rest)*)?);
    };
    (@map $map:ident $key:tt : [$($inner:tt)*] $(, $($rest:tt)*)?) => {
        $map.insert(::std::string::String::from($key), $crate::json_property!([$($inner)*]));
        $crate::json_property!(@map $map $($($rest)*)?);
    };
    (@map $map:ident $key:tt : {$($inner:tt)*} $(, $($rest:tt)*)?) => {
        $map.insert(::std::string::String::from($key), $crate::json_property!({$($inner)*}));
        $crate::json_property!(@map $map $($($rest)*)?);
    };
    (@map $map:ident $key:tt : $value:expr $(, $($rest:tt)*)?) => {
        $map.insert(::std::string::String::from($key), $crate::json_property!($value));
        $crate::json_property!(@map $map $($($rest)*)?);
    };

    (null) => { $crate::Property::Value($crate::Value::Null) };
    ([$($items:tt)*]) => { $crate::Property::Array($crate::json_property!(@list [] $($items)*)) };
    ({$($entries:tt)*}) => {{
        #[allow(unused_mut, reason = "an object may be empty")]
        let mut map = ::std::collections::BTreeMap::new();
        $crate::json_property!(@map map $($entries)*);
        $crate::Property::Object(map)
    }};
    ($value:expr) => { $crate::ToInput::to_input(&$value) };
}
