//! The client against a server that answers as told, by real HTTP.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use miyabi_client::{Answer, Client, ClientError, CredentialSource, Retries, Secret, SecretFuture, chain};
use miyabi_shared::credential::CreateKey;
use miyabi_shared::scope::Scope;

/// A status, the headers and the body of an answer.
type Told = (u16, Vec<(&'static str, &'static str)>, &'static str);

/// What it shall answer, and what came.
#[derive(Debug, Default)]
struct Script {
    answers: VecDeque<Told>,
    /// Method, path and headers of each request.
    came: Vec<(String, HeaderMap)>,
}

type Shared = Arc<Mutex<Script>>;

async fn answer(State(script): State<Shared>, request: Request) -> Response {
    let mut script = script.lock().unwrap();
    script.came.push((format!("{} {}", request.method(), request.uri()), request.headers().clone()));
    let (status, headers, body) =
        script.answers.pop_front().expect("one more request than there are answers");
    let mut response = (StatusCode::from_u16(status).unwrap(), body).into_response();
    for (name, value) in headers {
        response.headers_mut().insert(name, value.parse().unwrap());
    }
    response
}

async fn server(answers: impl IntoIterator<Item = Told>) -> (Client, Shared) {
    let script = Shared::new(Mutex::new(Script { answers: answers.into_iter().collect(), came: Vec::new() }));
    let router = Router::new().fallback(answer).with_state(Arc::clone(&script));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = Client::new(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    (client, script)
}

const PAGE: &str = r#"{"tasks": [], "next_cursor": null}"#;

fn problem(status: u16) -> Told {
    let body = r#"{"type": "/problems/x", "title": "x", "status": 400, "detail": "no", "errors": [{"field": "name", "rule": "words"}]}"#;
    (status, vec![], body)
}

#[tokio::test]
async fn what_passes_in_a_moment_is_asked_again_and_what_is_refused_is_not() {
    let (client, script) =
        server([(503, vec![("retry-after", "0")], ""), (429, vec![], ""), (200, vec![], PAGE)]).await;
    assert!(
        matches!(client.tasks(&[], None).await.unwrap(), Answer::New(page, None) if page.tasks.is_empty())
    );
    assert_eq!(script.lock().unwrap().came.len(), 3);
    let (client, script) = server([problem(400)]).await;
    let error = client.task("a", None).await.unwrap_err();
    assert_eq!(chain(&error), "the API answered 400 Bad Request: no; name: words");
    let ClientError::Refused { problem: Some(problem), .. } = error else { panic!("{error:?}") };
    assert_eq!(problem.errors[0].field, "name");
    assert_eq!(script.lock().unwrap().came.len(), 1);
}

#[tokio::test]
async fn an_api_that_asks_for_patience_is_given_it_or_left_alone() {
    let (client, _) = server([(503, vec![("retry-after", "1")], ""), (200, vec![], PAGE)]).await;
    let begun = Instant::now();
    client.tasks(&[], None).await.unwrap();
    assert!(begun.elapsed() >= Duration::from_secs(1));
    let (client, script) = server([(503, vec![("retry-after", "3600")], "")]).await;
    let error = client.tasks(&[], None).await.unwrap_err();
    assert_eq!(error.retry_after(), Some(Duration::from_secs(3600)));
    assert_eq!(script.lock().unwrap().came.len(), 1);
}

#[tokio::test]
async fn what_would_be_done_twice_is_never_sent_twice() {
    let key =
        CreateKey { name: "x".to_owned(), scope: Scope::Read, projects: None, expires_in_seconds: None };
    let (client, script) = server([(503, vec![], "")]).await;
    assert!(client.create_key(&key).await.unwrap_err().is_temporary());
    assert_eq!(script.lock().unwrap().came.len(), 1);
    let (client, script) = server([(503, vec![], "")]).await;
    client.with_retries(Retries::NONE).tasks(&[], None).await.unwrap_err();
    assert_eq!(script.lock().unwrap().came.len(), 1);
}

#[tokio::test]
async fn a_tag_is_shown_and_what_it_names_is_known() {
    let (client, script) = server([(200, vec![("etag", "\"7\"")], PAGE), (304, vec![], "")]).await;
    let Answer::New(_, tag) = client.tasks(&[], None).await.unwrap() else { panic!("nothing was known") };
    assert!(matches!(client.tasks(&[], tag.as_deref()).await.unwrap(), Answer::Unchanged));
    assert_eq!(script.lock().unwrap().came[1].1["if-none-match"], "\"7\"");
}

#[tokio::test]
async fn pages_follow_the_cursor_to_its_end() {
    let (client, script) =
        server([(200, vec![], r#"{"tasks": [], "next_cursor": "a/b"}"#), (200, vec![], PAGE)]).await;
    let mut pages = client.pages(vec![("project", "shop".to_owned())]);
    let mut count = 0;
    while pages.next().await.unwrap().is_some() {
        count += 1;
    }
    assert_eq!(count, 2);
    let came: Vec<_> = script.lock().unwrap().came.iter().map(|(line, _)| line.clone()).collect();
    assert_eq!(came, ["GET /api/tasks?project=shop", "GET /api/tasks?project=shop&cursor=a%2Fb"]);
}

/// Gives one secret, and after it is refused another.
#[derive(Debug)]
struct Renewing(&'static str);

impl CredentialSource for Renewing {
    fn secret<'source>(&'source self, refused: Option<&'source Secret>) -> SecretFuture<'source> {
        let secret = Secret::new(if refused.is_some() { self.0 } else { "old" });
        Box::pin(std::future::ready(Ok(Some(secret))))
    }
}

#[tokio::test]
async fn a_refused_credential_is_renewed_once() {
    let (client, script) = server([problem(401), (200, vec![], PAGE)]).await;
    client.with_source(Arc::new(Renewing("new"))).tasks(&[], None).await.unwrap();
    let shown: Vec<_> = script.lock().unwrap().came.iter().map(|(_, h)| h["authorization"].clone()).collect();
    assert_eq!(shown, ["Bearer old", "Bearer new"]);
    let (client, script) = server([problem(401), problem(401)]).await;
    client.with_source(Arc::new(Renewing("new"))).tasks(&[], None).await.unwrap_err();
    assert_eq!(script.lock().unwrap().came.len(), 2);
    // Where there is no other, what the API said stands.
    let (client, script) = server([problem(401)]).await;
    let error = client.with_secret(Secret::new("old")).tasks(&[], None).await.unwrap_err();
    assert!(matches!(error, ClientError::Refused { shown: true, .. }) && error.is_temporary());
    assert_eq!(script.lock().unwrap().came.len(), 1);
}

#[tokio::test]
async fn no_secret_follows_a_redirect_or_goes_in_the_clear() {
    let (client, script) = server([(302, vec![("location", "http://127.0.0.1:1/")], "")]).await;
    let error = client.with_secret(Secret::new("s")).tasks(&[], None).await.unwrap_err();
    assert_eq!(error.status(), Some(StatusCode::FOUND));
    assert_eq!(script.lock().unwrap().came.len(), 1);
    let client = Client::new("http://miyabi.invalid").unwrap().with_secret(Secret::new("s"));
    assert!(matches!(client.tasks(&[], None).await.unwrap_err(), ClientError::InTheClear(_)));
    assert_eq!(format!("{:?}", Secret::new("s")), "Secret(…)");
}
