//! Outputs whose value comes from what the program makes later.

use std::fmt;

use tokio::sync::oneshot;

use super::{Data, Held, Output};
use crate::error::Failure;
use crate::tracker::Tracker;

/// Gives a deferred output its value. A deferred output that is given none fails the run.
pub struct Resolver<T>(oneshot::Sender<Output<T>>);

impl<T: Held> Output<T> {
    /// An output for something that the program makes only later, such as two components that each take what the
    /// other has. Values that need each other all the way round are a dependency cycle, which is an error.
    ///
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// use pulumi::Output;
    ///
    /// let (address, resolver) = Output::deferred();
    /// let greeting = pulumi::interpolate!("listening at {}", &address);
    /// resolver.resolve(Output::known("10.0.0.1".to_owned()));
    /// assert_eq!(greeting.value().await.unwrap().as_deref(), Some("listening at 10.0.0.1"));
    /// # });
    /// ```
    pub fn deferred() -> (Self, Resolver<T>)
    where
        T: Clone,
    {
        let (sender, receiver) = oneshot::channel::<Self>();
        let tracker = Tracker::current();
        let waiting = tracker.clone();
        let output = Self::tracked(tracker, async move {
            let _waiting = waiting.map(|tracker| tracker.waiting("a deferred output".to_owned()));
            let source = receiver.await.map_err(|_| Failure::Unresolved)?;
            let data = source.data().await?;
            Ok(Data {
                value: data.value.clone(),
                received: data.received.clone(),
                secret: data.secret,
                dependencies: data.dependencies.clone(),
            })
        });
        (output, Resolver(sender))
    }
}

impl<T: Held> Resolver<T> {
    /// The deferred output is this one.
    pub fn resolve(self, source: Output<T>) {
        // Nobody may be interested any more.
        let _ = self.0.send(source);
    }
}

impl<T> fmt::Debug for Resolver<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Resolver(…)")
    }
}
