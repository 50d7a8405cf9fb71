//! The calls, one method each.

use std::time::UNIX_EPOCH;

use miyabi_shared::credential::{ApiKeys, CreateKey, CreateShare, CreatedKey, Identity, Share};
use miyabi_shared::event::{CreateTask, PostEvents};
use miyabi_shared::{Task, TaskEvent, Timestamp};
use reqwest::Method;
use reqwest::header::DATE;
use serde::Deserialize;

use crate::answers::{Answer, Health, LogPage, TaskDetail, TaskPage};
use crate::client::{Client, Repeat};
use crate::error::ClientError;
use crate::pages::Pages;

/// All of them fail as [`ClientError`] says.
#[expect(
    clippy::missing_errors_doc,
    reason = "each fails for the same reasons, which the error's type lists"
)]
impl Client {
    /// A page of tasks; nothing where `tag` still holds. The query is as `GET /api/tasks` takes it.
    pub async fn tasks(
        &self,
        query: &[(&str, String)],
        tag: Option<&str>,
    ) -> Result<Answer<TaskPage>, ClientError> {
        self.get("api/tasks", query, tag).await
    }

    /// Every task that a query names, a page at a time.
    pub fn pages(&self, query: Vec<(&'static str, String)>) -> Pages<'_> {
        Pages::new(self, query)
    }

    /// One task; nothing where `tag` still holds.
    pub async fn task(&self, id: &str, tag: Option<&str>) -> Result<Answer<TaskDetail>, ClientError> {
        self.get(&format!("api/tasks/{id}"), &[], tag).await
    }

    /// A page of a task's output.
    pub async fn logs(&self, id: &str, query: &[(&str, String)]) -> Result<LogPage, ClientError> {
        match self.get(&format!("api/tasks/{id}/logs"), query, None).await? {
            Answer::New(page, _) => Ok(page),
            Answer::Unchanged => Ok(LogPage { events: Vec::new(), next_cursor: None }),
        }
    }

    /// How the API is; with `deep`, also how what it needs is, which only callers with the scope of readers may know.
    pub async fn health(&self, deep: bool) -> Result<Health, ClientError> {
        let path = if deep { "api/health?deep=true" } else { "api/health" };
        let response = self.send(self.request(Method::GET, path), Repeat::Harmless).await?;
        let date = response.headers().get(DATE).and_then(|date| date.to_str().ok());
        let time = date.and_then(|date| httpdate::parse_http_date(date).ok());
        let time =
            time.and_then(|time| i64::try_from(time.duration_since(UNIX_EPOCH).ok()?.as_millis()).ok());
        Ok(Health { time: time.map(Timestamp::from_millis), ..self.read(response).await? })
    }

    /// The API's version.
    pub async fn version(&self) -> Result<String, ClientError> {
        #[derive(Deserialize)]
        struct Document {
            info: Info,
        }
        #[derive(Deserialize)]
        struct Info {
            version: String,
        }
        Ok(self.get_whole::<Document>("api/openapi.json").await?.info.version)
    }

    /// Whom the API takes us for.
    pub async fn me(&self) -> Result<Identity, ClientError> {
        self.get_whole("api/me").await
    }

    /// Creates a task. The same task again changes nothing, if it has an identifier.
    pub async fn create(&self, task: &CreateTask) -> Result<(), ClientError> {
        let repeat = if task.task_id.is_some() { Repeat::Harmless } else { Repeat::Never };
        self.send(self.request(Method::POST, "api/tasks").json(task), repeat).await.map(drop)
    }

    /// Cancels a task. One that is cancelled already stays so.
    pub async fn cancel(&self, id: &str) -> Result<Task, ClientError> {
        let request = self.request(Method::POST, &format!("api/tasks/{id}/cancel"));
        let response = self.send(request, Repeat::Harmless).await?;
        self.read(response).await
    }

    /// Sends events of a task. The same events again change nothing.
    pub async fn post_events(&self, id: &str, events: Vec<TaskEvent>) -> Result<(), ClientError> {
        let request = self.request(Method::POST, &format!("api/tasks/{id}/events"));
        self.send(request.json(&PostEvents { events }), Repeat::Harmless).await.map(drop)
    }

    /// Every API key, without its secret.
    pub async fn keys(&self) -> Result<ApiKeys, ClientError> {
        self.get_whole("api/keys").await
    }

    /// Makes an API key. Nobody sees it again after this answer.
    pub async fn create_key(&self, key: &CreateKey) -> Result<CreatedKey, ClientError> {
        self.post("api/keys", key, Repeat::Never).await
    }

    /// Takes an API key back.
    pub async fn revoke_key(&self, key_id: &str) -> Result<(), ClientError> {
        // Sent again it would be answered by a 404, though all is well.
        self.send(self.request(Method::DELETE, &format!("api/keys/{key_id}")), Repeat::Never).await.map(drop)
    }

    /// Makes a link by which anybody can look at a task.
    pub async fn share(&self, id: &str, share: &CreateShare) -> Result<Share, ClientError> {
        self.post(&format!("api/tasks/{id}/share"), share, Repeat::Harmless).await
    }

    /// Makes every such link of a task good for nothing.
    pub async fn unshare(&self, id: &str) -> Result<(), ClientError> {
        let request = self.request(Method::DELETE, &format!("api/tasks/{id}/share"));
        self.send(request, Repeat::Harmless).await.map(drop)
    }
}
