//! Several outputs as one.

use super::{Data, Held, Output};
use crate::resource::Dependencies;
use crate::tracker::Tracker;

/// Outputs that can be waited for together: tuples of up to eight, and vectors.
pub trait All {
    /// What they hold together.
    type Values;

    /// One output of all values: known if all are, secret if one is, with the dependencies of all.
    fn all(self) -> Output<Self::Values>;
}

/// One output of several: known if all are, secret if one is, with the dependencies of all.
///
/// ```
/// # async fn example() -> Result<(), pulumi::Error> {
/// use pulumi::{Output, all};
///
/// let sum = all((Output::known(1), Output::known(2))).map(|(a, b)| a + b);
/// assert_eq!(sum.value().await?, Some(3));
/// # Ok(())
/// # }
/// ```
pub fn all<A: All>(outputs: A) -> Output<A::Values> {
    outputs.all()
}

/// Gathers what several outputs have in common.
struct Gathered {
    secret: bool,
    dependencies: Dependencies,
}

impl Gathered {
    fn new() -> Self {
        Self { secret: false, dependencies: Dependencies::default() }
    }

    fn add<T: Clone>(&mut self, data: &Data<T>) -> Option<T> {
        self.secret |= data.secret;
        self.dependencies.extend(&data.dependencies);
        data.value.clone()
    }

    fn finish<T>(self, value: Option<T>) -> Data<T> {
        Data { value, received: None, secret: self.secret, dependencies: self.dependencies }
    }
}

impl<T: Held + Clone> All for Vec<Output<T>> {
    type Values = Vec<T>;

    fn all(self) -> Output<Vec<T>> {
        let tracker = self.iter().find_map(|output| output.tracker().cloned()).or_else(Tracker::current);
        Output::lazy(tracker, async move {
            let mut gathered = Gathered::new();
            let mut values = Vec::with_capacity(self.len());
            for output in self {
                values.push(gathered.add(&*output.data().await?));
            }
            Ok(gathered.finish(values.into_iter().collect()))
        })
    }
}

macro_rules! all_of_tuple {
    ($($name:ident: $type:ident),+) => {
        impl<$($type: Held + Clone),+> All for ($(Output<$type>,)+) {
            type Values = ($($type,)+);

            fn all(self) -> Output<Self::Values> {
                let ($($name,)+) = self;
                let trackers = [$($name.tracker().cloned()),+];
                let tracker = trackers.into_iter().flatten().next().or_else(Tracker::current);
                Output::lazy(tracker, async move {
                    let mut gathered = Gathered::new();
                    $(let $name = gathered.add(&*$name.data().await?);)+
                    let value = match ($($name,)+) {
                        ($(Some($name),)+) => Some(($($name,)+)),
                        _ => None,
                    };
                    Ok(gathered.finish(value))
                })
            }
        }

        impl<$($type: Held + Clone),+> All for ($(&Output<$type>,)+) {
            type Values = ($($type,)+);

            fn all(self) -> Output<Self::Values> {
                let ($($name,)+) = self;
                ($($name.clone(),)+).all()
            }
        }
    };
}

all_of_tuple!(a: A);
all_of_tuple!(a: A, b: B);
all_of_tuple!(a: A, b: B, c: C);
all_of_tuple!(a: A, b: B, c: C, d: D);
all_of_tuple!(a: A, b: B, c: C, d: D, e: E);
all_of_tuple!(a: A, b: B, c: C, d: D, e: E, f: F);
all_of_tuple!(a: A, b: B, c: C, d: D, e: E, f: F, g: G);
all_of_tuple!(a: A, b: B, c: C, d: D, e: E, f: F, g: G, h: H);
