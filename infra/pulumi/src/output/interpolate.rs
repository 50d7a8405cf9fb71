//! Texts with outputs in them.

use std::fmt::Display;

use super::{Held, Output};

/// What [`interpolate!`](crate::interpolate) can put into a text: what has a `Display`, and outputs of it.
pub trait IntoText {
    /// The text, once it is there.
    fn into_text(self) -> Output<String>;
}

impl<T: Display> IntoText for T {
    fn into_text(self) -> Output<String> {
        Output::known(self.to_string())
    }
}

impl<T: Held + Clone + Display> IntoText for Output<T> {
    fn into_text(self) -> Output<String> {
        self.map(|value| value.to_string())
    }
}

impl<T: Held + Clone + Display> IntoText for &Output<T> {
    fn into_text(self) -> Output<String> {
        self.clone().into_text()
    }
}

/// A text with outputs in it, as an output: like `format!`, with every argument after the pattern.
///
/// ```
/// # async fn example() -> Result<(), pulumi::Error> {
/// use pulumi::{Output, interpolate};
///
/// let table = Output::known("arn:aws:dynamodb:eu-west-1:111122223333:table/tasks".to_owned());
/// let index = interpolate!("{}/index/{}", &table, "StatusIndex");
/// let named = interpolate!("{table}/index/{index}", table = &table, index = "StatusIndex");
/// assert_eq!(index.value().await?, named.value().await?);
/// # Ok(())
/// # }
/// ```
#[macro_export]
macro_rules! interpolate {
    ($pattern:literal $(,)?) => { $crate::Output::known(::std::format!($pattern)) };
    ($pattern:literal, $($name:ident = $argument:expr),+ $(,)?) => {
        $crate::all(::std::vec![$($crate::IntoText::into_text($argument)),+]).map(move |texts| {
            let mut texts = texts.into_iter();
            $(let $name = texts.next().unwrap_or_default();)+
            ::std::format!($pattern, $($name = $name),+)
        })
    };
    ($pattern:literal, $($argument:expr),+ $(,)?) => {
        $crate::all(::std::vec![$($crate::IntoText::into_text($argument)),+]).map(move |texts| {
            let mut texts = texts.into_iter();
            ::std::format!($pattern, $({ let _ = ::std::stringify!($argument); texts.next().unwrap_or_default() }),+)
        })
    };
}
