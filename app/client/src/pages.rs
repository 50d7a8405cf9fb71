//! A list, a page at a time.

use miyabi_shared::Task;

use crate::answers::Answer;
use crate::client::Client;
use crate::error::ClientError;

/// Tasks, a page at a time. After an error the same page can be asked for again.
#[derive(Debug)]
pub struct Pages<'client> {
    client: &'client Client,
    query: Vec<(&'static str, String)>,
    next: Next,
}

#[derive(Debug)]
enum Next {
    First,
    After(String),
    Nothing,
}

impl<'client> Pages<'client> {
    pub(crate) fn new(client: &'client Client, query: Vec<(&'static str, String)>) -> Self {
        Self { client, query, next: Next::First }
    }

    /// The next page; nothing after the last.
    ///
    /// # Errors
    /// When the call fails.
    pub async fn next(&mut self) -> Result<Option<Vec<Task>>, ClientError> {
        let mut query = self.query.clone();
        match &self.next {
            Next::First => {}
            Next::After(cursor) => query.push(("cursor", cursor.clone())),
            Next::Nothing => return Ok(None),
        }
        // Without a tag there is always an answer.
        let Answer::New(page, _) = self.client.tasks(&query, None).await? else { return Ok(None) };
        self.next = page.next_cursor.map_or(Next::Nothing, Next::After);
        Ok(Some(page.tasks))
    }
}
