//! What to do without a value.

use std::panic::AssertUnwindSafe;

use super::{Data, Held, Output, flatten};
use crate::error::Error;

impl<T: Held + Clone> Output<T> {
    /// This output, or what `function` makes of the error where it has no value.
    ///
    /// An error that was handled in this way no longer fails the run. A resource that was not registered still does:
    /// whoever takes such a run for a complete one deletes what is missing from it.
    ///
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// use pulumi::Output;
    ///
    /// let port = Output::known("many".to_owned()).try_map(|text| text.parse::<u16>());
    /// assert_eq!(port.recover(|_| 80).value().await.unwrap(), Some(80));
    /// # });
    /// ```
    #[must_use]
    pub fn recover(&self, function: impl FnOnce(&Error) -> T + Send + 'static) -> Self {
        let source = self.clone();
        let tracker = self.tracker.clone();
        Self::tracked(self.tracker.clone(), async move {
            let error = match source.data().await {
                Ok(data) => {
                    return Ok(Data {
                        value: data.value.clone(),
                        received: data.received.clone(),
                        secret: data.secret,
                        dependencies: data.dependencies.clone(),
                    });
                }
                Err(error) => error,
            };
            let result = std::panic::catch_unwind(AssertUnwindSafe(|| function(&error)));
            let value = flatten("a callback of an output", result.map(Ok::<_, std::convert::Infallible>))?;
            if let Some(tracker) = &tracker {
                tracker.handled(&error);
            }
            Ok(Data { value: Some(value), received: None, secret: false, dependencies: Default::default() })
        })
    }
}
