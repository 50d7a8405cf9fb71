//! Values that are taken as those of another type: a text as the value of an enumeration, a member as its union.

use std::collections::BTreeMap;

use super::{Input, List, Map, ToInput};
use crate::output::{Held, Output};
use crate::resource::Resource;

/// What takes a value of the type `M` for its own: an open enumeration a text, a union each of its members.
///
/// Generated types implement it, so that a literal, or an output of a text, is as good as the value that it names.
pub trait Accepts<M>: Sized {
    /// The value as one of this type.
    fn accept(value: M) -> Self;
}

impl<T> Input<T> {
    fn accepted<M>(value: M) -> Self
    where
        T: Accepts<M>,
    {
        Self::plain(T::accept(value))
    }
}

macro_rules! accepted {
    ($($member:ty: $($from:ty => $convert:expr),+;)+) => {
        $(
            $(impl<T: Accepts<$member>> From<$from> for Input<T> {
                fn from(value: $from) -> Self {
                    let convert: fn($from) -> $member = $convert;
                    Self::accepted(convert(value))
                }
            })+

            impl<T: Accepts<$member>> From<Output<$member>> for Input<T> {
                fn from(output: Output<$member>) -> Self {
                    Self::from_property(output.to_input())
                }
            }

            impl<T: Accepts<$member>> From<&Output<$member>> for Input<T> {
                fn from(output: &Output<$member>) -> Self {
                    Self::from_property(output.to_input())
                }
            }
        )+
    };
}

accepted! {
    bool: bool => std::convert::identity;
    i64: i64 => std::convert::identity, i32 => i64::from, u32 => i64::from, u16 => i64::from;
    f64: f64 => std::convert::identity;
    String: String => std::convert::identity, &str => str::to_owned, &String => Clone::clone;
}

impl<T: Accepts<String>, const N: usize> From<[&str; N]> for List<T> {
    fn from(items: [&str; N]) -> Self {
        items.into_iter().collect()
    }
}

impl<T: Accepts<String>, const N: usize> From<[String; N]> for List<T> {
    fn from(items: [String; N]) -> Self {
        items.into_iter().collect()
    }
}

impl<T: Accepts<String>> From<Vec<&str>> for List<T> {
    fn from(items: Vec<&str>) -> Self {
        items.into_iter().collect()
    }
}

impl<T: Accepts<String>> From<Vec<String>> for List<T> {
    fn from(items: Vec<String>) -> Self {
        items.into_iter().collect()
    }
}

impl<T: Accepts<String>> From<Output<Vec<String>>> for List<T> {
    fn from(items: Output<Vec<String>>) -> Self {
        Self::from_property(items.to_input())
    }
}

impl<T: Accepts<Vec<Input<String>>>, const N: usize> From<[&str; N]> for Input<T> {
    fn from(items: [&str; N]) -> Self {
        Self::accepted(items.into_iter().map(Input::from).collect::<Vec<_>>())
    }
}

impl<T: Accepts<Vec<Input<String>>>> From<Vec<String>> for Input<T> {
    fn from(items: Vec<String>) -> Self {
        Self::accepted(items.into_iter().map(Input::plain).collect::<Vec<_>>())
    }
}

impl<T: Accepts<Vec<Input<String>>>> From<Output<Vec<String>>> for Input<T> {
    fn from(items: Output<Vec<String>>) -> Self {
        Self::from_property(items.to_input())
    }
}

impl<T: Resource + Clone, const N: usize> From<[&T; N]> for List<T> {
    fn from(resources: [&T; N]) -> Self {
        resources.into_iter().cloned().collect()
    }
}

/// An output that may have no value: where it has none, the input is left out.
impl<T: Held + ToInput> From<Output<Option<T>>> for Input<T> {
    fn from(output: Output<Option<T>>) -> Self {
        Self::from(&output)
    }
}

impl<T: Held + ToInput> From<&Output<Option<T>>> for Input<T> {
    fn from(output: &Output<Option<T>>) -> Self {
        Self::from_property(output.to_input().null_as_absent())
    }
}

/// A list that may not be there: where it is not, the input is left out.
impl<T: Held + ToInput> From<Output<Option<Vec<T>>>> for List<T> {
    fn from(output: Output<Option<Vec<T>>>) -> Self {
        Self::from_property(output.to_input().null_as_absent())
    }
}

/// A map that may not be there: where it is not, the input is left out.
impl<T: Held + ToInput> From<Output<Option<BTreeMap<String, T>>>> for Map<T> {
    fn from(output: Output<Option<BTreeMap<String, T>>>) -> Self {
        Self::from_property(output.to_input().null_as_absent())
    }
}
