//! The edge: what it passes on to the API, and what it serves of the page.
#![cfg(feature = "cloud")]
#![expect(clippy::unwrap_used, reason = "a test ends by panicking")]

use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, Method, Uri};
use axum::response::IntoResponse;
use axum::routing::any;
use miyabi_local::MiniStack;
use miyabi_local::deploy::{ASSET_BUCKET, Emulator, PageChanges, upload_page};
use miyabi_local::edge::{Origins, serve};
use reqwest::{Client, StatusCode};
use tokio::net::TcpListener;

/// An edge in front of `endpoint`, for as long as the test runs.
async fn edge(endpoint: &str, bucket: &str) -> String {
    let origins = Origins {
        endpoint: endpoint.to_owned(),
        api_id: "a1".to_owned(),
        api_stage: "v1".to_owned(),
        bucket: bucket.to_owned(),
        socket: None,
    };
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { serve(listener, &origins, std::future::pending()).await });
    url
}

/// A server that answers with what it was asked.
async fn mirror() -> String {
    async fn answer(method: Method, uri: Uri, headers: HeaderMap, body: Bytes) -> impl IntoResponse {
        let forwarded =
            headers.get("x-forwarded-host").and_then(|host| host.to_str().ok()).unwrap_or_default();
        let text = format!("{method} {uri} {forwarded} {}", String::from_utf8_lossy(&body));
        (StatusCode::ACCEPTED, [("x-cache", "miss"), ("connection", "close")], text)
    }
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let router = Router::new().fallback(any(answer));
    tokio::spawn(async move { axum::serve(listener, router).await });
    url
}

fn client() -> Client {
    Client::builder().no_proxy().build().unwrap()
}

#[tokio::test]
async fn a_request_to_the_api_arrives_as_it_was_sent() {
    let url = edge(&mirror().await, "none").await;
    let answer = client()
        .post(format!("{url}/api/tasks/a%2Fb?limit=2&cursor=x%3D"))
        .body("{\"a\":1}")
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), StatusCode::ACCEPTED);
    assert_eq!(answer.headers()["x-cache"], "miss");
    assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
    assert!(answer.headers().get("connection").is_none());
    let host = url.trim_start_matches("http://");
    assert_eq!(
        answer.text().await.unwrap(),
        format!("POST /_aws/execute-api/a1/v1/api/tasks/a%2Fb?limit=2&cursor=x%3D {host} {{\"a\":1}}")
    );
}

#[tokio::test]
async fn a_body_that_is_not_known_whole_is_passed_on_in_pieces() {
    let url = edge(&mirror().await, "none").await;
    let pieces = ["one ", "two"].map(Ok::<_, std::io::Error>);
    let body = reqwest::Body::wrap_stream(futures::stream::iter(pieces));
    let answer = client().post(format!("{url}/api/tasks")).body(body).send().await.unwrap();
    assert!(answer.text().await.unwrap().ends_with(" one two"));
}

#[tokio::test]
async fn without_the_emulator_the_answer_says_what_to_do() {
    // Nothing listens on the port that was free a moment ago.
    let gone = TcpListener::bind(("127.0.0.1", 0)).await.unwrap().local_addr().unwrap();
    let url = edge(&format!("http://{gone}"), "none").await;
    let answer = client().get(format!("{url}/api/tasks")).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::BAD_GATEWAY);
    assert_eq!(answer.headers()["content-type"], "application/problem+json");
    assert!(answer.text().await.unwrap().contains("./just up"));
    let answer = client().get(&url).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::BAD_GATEWAY);
    assert!(answer.text().await.unwrap().contains("./just up"));
}

#[tokio::test]
async fn a_name_that_only_points_here_is_refused() {
    let url = edge(&mirror().await, "none").await;
    let answer =
        client().get(format!("{url}/api/tasks")).header("host", "evil.example").send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::MISDIRECTED_REQUEST);
}

#[tokio::test]
async fn the_page_is_served_from_its_bucket() {
    let cloud = MiniStack::options().auth(true).start().await.unwrap();
    let emulator = Emulator::new(&cloud.endpoint());
    for bucket in [ASSET_BUCKET, "page"] {
        emulator.s3().create_bucket().bucket(bucket).send().await.unwrap();
    }
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("assets")).unwrap();
    std::fs::write(folder.path().join("index.html"), "<title>Miyabi</title>").unwrap();
    std::fs::write(folder.path().join("assets/index-D3f.js"), "1").unwrap();
    let changes = upload_page(&emulator, "page", folder.path()).await.unwrap();
    assert_eq!(changes, PageChanges { sent: 2, removed: 0, files: 2 });
    let url = edge(&cloud.endpoint(), "page").await;
    let get = |path: &str| client().get(format!("{url}{path}")).send();

    for path in ["/", "/index.html", "/tasks/0199a7b2", "/tasks/build.v1%3A2"] {
        let answer = get(path).await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        assert_eq!(answer.headers()["content-type"], "text/html; charset=utf-8");
        assert_eq!(answer.headers()["cache-control"], "no-cache");
        assert!(answer.headers()["content-security-policy"].to_str().unwrap().contains("script-src 'self'"));
        let tag = answer.headers()["etag"].clone();
        assert_eq!(answer.text().await.unwrap(), "<title>Miyabi</title>");
        let again = client().get(format!("{url}{path}")).header("if-none-match", tag).send().await.unwrap();
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED, "{path}");
    }
    let script = get("/assets/index-D3f.js").await.unwrap();
    assert_eq!(script.headers()["content-type"], "text/javascript; charset=utf-8");
    assert!(script.headers()["cache-control"].to_str().unwrap().contains("immutable"));
    assert_eq!(get("/assets/gone.js").await.unwrap().status(), StatusCode::NOT_FOUND);
    let head = client().head(&url).send().await.unwrap();
    assert_eq!((head.status(), head.headers()["content-length"].to_str().unwrap()), (StatusCode::OK, "21"));
    assert_eq!(client().post(&url).send().await.unwrap().status(), StatusCode::METHOD_NOT_ALLOWED);

    // Only what changed is sent again, and what is gone goes.
    std::fs::remove_file(folder.path().join("assets/index-D3f.js")).unwrap();
    std::fs::write(folder.path().join("assets/index-X9z.js"), "2").unwrap();
    let changes = upload_page(&emulator, "page", folder.path()).await.unwrap();
    assert_eq!(changes, PageChanges { sent: 1, removed: 1, files: 2 });
    assert_eq!(get("/assets/index-D3f.js").await.unwrap().status(), StatusCode::NOT_FOUND);
    let changes = upload_page(&emulator, "page", folder.path()).await.unwrap();
    assert_eq!(changes, PageChanges { sent: 0, removed: 0, files: 2 });
}

#[tokio::test]
async fn only_the_api_is_the_apis() {
    // Everything else is looked up in the page's bucket, whatever it looks like.
    let url = edge(&mirror().await, "none").await;
    for path in ["/_aws/execute-api/a1/v1/api/tasks", "/apis", "/_ministack/reset"] {
        let text = client().post(format!("{url}{path}")).send().await.unwrap().text().await.unwrap();
        assert_eq!(text, "", "{path} must not be passed on");
    }
}
