//! Who is let in, and to what.

use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{Method, Request};
use miyabi_issuer_keys::Keeper;
use miyabi_shared::config::{
    Authentication, IssuerKeysConfig, JobQueues, KeysFrom, TaskApiConfig, TokenConfig,
};
use miyabi_task_api::{AppState, StartError};
use serde_json::{Value, json};

use crate::api::{Answer, Api, new_task, request};
use crate::cloud::{Cloud, aws_at};
use crate::issuer::Issuer;

/// An API that asks, and the issuer that it believes.
struct Guarded {
    api: Api,
    issuer: Issuer,
}

impl Guarded {
    async fn start() -> Self {
        let (mut cloud, issuer) = (Cloud::start().await, Issuer::start().await);
        cloud.authentication.authentication = Authentication::Required;
        cloud.authentication.tokens = Some(issuer.config());
        Self { api: Api::on(cloud), issuer }
    }

    async fn send(&self, method: Method, path: &str, token: Option<&str>, body: &Value) -> Answer {
        let mut builder = request(method, path).header(CONTENT_TYPE, "application/json");
        if let Some(token) = token {
            builder = builder.header(AUTHORIZATION, format!("Bearer {token}"));
        }
        let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
        self.api.send(builder.body(body).unwrap()).await
    }

    async fn get(&self, path: &str, token: &str) -> Answer {
        self.send(Method::GET, path, Some(token), &Value::Null).await
    }

    async fn post(&self, path: &str, token: &str, body: Value) -> Answer {
        self.send(Method::POST, path, Some(token), &body).await
    }

    fn admin(&self) -> String {
        self.issuer.token("tasks:admin", json!({}))
    }

    /// A task in a project.
    async fn task(&self, task_id: &str, project: &str) {
        let mut task = new_task(task_id);
        task["project_id"] = json!(project);
        self.post("/api/tasks", &self.admin(), task).await.ok(201);
    }

    async fn key(&self, body: Value) -> String {
        let made = self.post("/api/keys", &self.admin(), body).await.ok(201);
        made["key"].as_str().unwrap().to_owned()
    }
}

/// Every operation of the document.
fn operations() -> Vec<(Method, String, Value)> {
    let document = serde_json::to_value(miyabi_task_api::document()).unwrap();
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let method: Method = method.to_uppercase().parse().unwrap();
            operations.push((method, path.clone(), operation.clone()));
        }
    }
    assert!(operations.len() >= 19);
    operations
}

#[tokio::test]
async fn no_route_answers_who_is_not_known_or_may_not() {
    let guarded = Guarded::start().await;
    guarded.task("t1", "web").await;
    let nobody = guarded.issuer.token("other:scope", json!({}));
    let reader = guarded.issuer.token("miyabi/tasks:read", json!({}));
    let writer = guarded.issuer.token("tasks:write", json!({}));
    for (method, path, operation) in operations() {
        let place = format!("{method} {path}");
        let path =
            path.replace("{task_id}", "t1").replace("{key_id}", "none").replace("{name}", "standard-high");
        let without = guarded.send(method.clone(), &path, None, &Value::Null).await;
        let needs = operation["security"].as_array().unwrap();
        if needs.is_empty() {
            assert_eq!(without.status, 200, "{place}");
            continue;
        }
        without.problem(401, "unauthenticated");
        assert_eq!(without.header("www-authenticate"), "Bearer realm=\"miyabi\"", "{place}");
        for wrong in ["nonsense", "a.b.c", "mky_", "mky_0123456789abcdef_x", "mys_x.y", "mys_", ""] {
            let answer = guarded.send(method.clone(), &path, Some(wrong), &Value::Null).await;
            answer.problem(401, "unauthenticated");
        }
        let Some(scope) = needs[0]["bearer"][0].as_str() else {
            assert_eq!(place, "GET /api/me");
            continue;
        };
        // Who lacks it, from nothing up to the scope below.
        let lacking: &[&String] = match scope {
            "tasks:read" => &[&nobody],
            "tasks:write" => &[&nobody, &reader],
            "tasks:admin" => &[&nobody, &reader, &writer],
            other => panic!("{place}: {other}"),
        };
        for token in lacking {
            let answer = guarded.send(method.clone(), &path, Some(token), &Value::Null).await;
            answer.problem(403, "forbidden");
            assert!(answer.header("www-authenticate").contains(scope), "{place}");
        }
    }
    guarded
        .send(Method::GET, "/api/health?deep=true", None, &Value::Null)
        .await
        .problem(401, "unauthenticated");
    // What is no route tells nothing, and what is no method of one is for who may do everything to learn.
    guarded.send(Method::GET, "/api/nothing", None, &Value::Null).await.problem(404, "unknown-route");
    guarded.send(Method::PUT, "/api/tasks", None, &Value::Null).await.problem(401, "unauthenticated");
}

#[tokio::test]
async fn who_may_report_may_not_have_commands_run() {
    let guarded = Guarded::start().await;
    guarded.api.create_queues().await;
    let writer = guarded.issuer.token("tasks:write", json!({}));
    let runner = guarded.issuer.token("tasks:run", json!({}));
    let job = json!({
        "task_id": "j1", "project_id": "web", "task_type": "command", "name": "a job", "run": {"command": ["true"]}
    });
    let refused = guarded.post("/api/tasks", &writer, job.clone()).await;
    refused.problem(403, "forbidden");
    assert!(refused.header("www-authenticate").contains("tasks:run"));
    guarded.post("/api/tasks", &runner, job).await.ok(202);
    // To end it is anybody's who writes; to begin it again is not.
    guarded.post("/api/tasks/j1/cancel", &writer, Value::Null).await.ok(200);
    guarded.post("/api/tasks/j1/retry", &writer, Value::Null).await.problem(403, "forbidden");
    guarded.post("/api/tasks/j1/retry", &runner, Value::Null).await.ok(200);
    // What a link shows is progress, not the command and its variables.
    guarded.get("/api/tasks/j1/job", &runner).await.ok(200);
    let link = guarded.post("/api/tasks/j1/share", &writer, json!({})).await.ok(201);
    let token = link["token"].as_str().unwrap();
    guarded.get("/api/tasks/j1", token).await.ok(200);
    guarded.get("/api/tasks/j1/job", token).await.problem(403, "forbidden");
}

#[tokio::test]
async fn a_token_is_believed_only_if_everything_about_it_is_right() {
    let guarded = Guarded::start().await;
    let (issuer, stranger) = (&guarded.issuer, Issuer::start().await);
    let me = guarded.get("/api/me", &issuer.token("tasks:read", json!({"username": "ann"}))).await.ok(200);
    assert_eq!(me, json!({"kind": "token", "name": "ann", "scope": "tasks:read"}));
    let hour_ago = Instant::now().elapsed().as_secs() + now() - 3600;
    for (token, what) in [
        (issuer.token("tasks:read", json!({"exp": hour_ago})), "time"),
        (issuer.token("tasks:read", json!({"nbf": now() + 3600})), "time"),
        (issuer.token("tasks:read", json!({"iss": "https://issuer.example"})), "another issuer"),
        (issuer.token("tasks:read", json!({"iss": null})), "another issuer"),
        (issuer.token("tasks:read", json!({"aud": "other"})), "not for this API"),
        (issuer.token("tasks:read", json!({"token_use": "id"})), "no access token"),
        (stranger.signed("one", "tasks:read", json!({"iss": issuer.config().issuer})), "not signed"),
    ] {
        let answer = guarded.get("/api/tasks", &token).await;
        answer.problem(401, "unauthenticated");
        assert!(answer.body["detail"].as_str().unwrap().contains(what), "{what}: {}", answer.body["detail"]);
    }
    // Changed on the way, and without a signature at all.
    let token = issuer.token("tasks:read", json!({}));
    let parts: Vec<&str> = token.split('.').collect();
    let none = "eyJhbGciOiJub25lIiwia2lkIjoib25lIn0";
    for changed in [
        format!("{}.{}.", parts[0], parts[1]),
        format!("{none}.{}.", parts[1]),
        format!("{none}.{}.{}", parts[1], parts[2]),
    ] {
        guarded.get("/api/tasks", &changed).await.problem(401, "unauthenticated");
    }
}

fn now() -> u64 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs()
}

#[tokio::test]
async fn an_issuer_may_change_its_keys_and_is_not_asked_for_every_name_that_somebody_makes_up() {
    let guarded = Guarded::start().await;
    let issuer = &guarded.issuer;
    let old = issuer.token("tasks:read", json!({}));
    guarded.get("/api/tasks", &old).await.ok(200);
    let asked = issuer.asked();
    for number in 0..200 {
        let made_up = issuer.signed(&format!("made-up-{number}"), "tasks:read", json!({}));
        guarded.get("/api/tasks", &made_up).await.problem(401, "unauthenticated");
    }
    // However long that took: once every five seconds at most.
    assert!(issuer.asked() - asked < 100, "{} times", issuer.asked() - asked);
    issuer.rotate("two");
    let new = issuer.token("tasks:read", json!({}));
    let limit = Instant::now() + Duration::from_secs(60);
    while guarded.get("/api/tasks", &new).await.status != 200 {
        assert!(Instant::now() < limit, "the new key is not believed");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    guarded.get("/api/tasks", &old).await.problem(401, "unauthenticated");
}

#[tokio::test]
async fn keys_that_another_function_keeps_are_as_good_as_the_issuers_own() {
    let (mut cloud, issuer) = (Cloud::start().await, Issuer::start().await);
    let tokens = TokenConfig { keys_from: KeysFrom::Table, ..issuer.config() };
    let keeper = IssuerKeysConfig {
        keys_url: tokens.keys_url.clone(),
        credentials_table: cloud.authentication.credentials_table.clone(),
        log_level: "info".to_owned(),
    };
    let keeper = Keeper::new(&keeper, &cloud.aws);
    cloud.authentication.authentication = Authentication::Required;
    cloud.authentication.tokens = Some(tokens);
    let guarded = Guarded { api: Api::on(cloud), issuer };
    let token = guarded.issuer.token("tasks:read", json!({}));
    // Nobody kept any yet: that is no fault of the token.
    guarded.get("/api/tasks", &token).await.problem(503, "unavailable");
    keeper.keep().await.unwrap();
    let believed = async |token: &str| {
        let limit = Instant::now() + Duration::from_secs(60);
        loop {
            let answer = guarded.get("/api/tasks", token).await;
            if answer.status == 200 {
                return;
            }
            assert!(Instant::now() < limit, "the key is not believed: {}", answer.status);
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    };
    believed(&token).await;
    guarded.issuer.rotate("two");
    let new = guarded.issuer.token("tasks:read", json!({}));
    guarded.get("/api/tasks", &new).await.problem(401, "unauthenticated");
    keeper.keep().await.unwrap();
    believed(&new).await;
    guarded.get("/api/tasks", &token).await.problem(401, "unauthenticated");
    // An issuer that is out, or shows nothing, takes nothing away.
    guarded.issuer.forget();
    assert!(keeper.keep().await.unwrap_err().to_string().contains("a document without keys"));
    guarded.get("/api/tasks", &new).await.ok(200);
}

#[tokio::test]
async fn a_key_lets_in_until_it_is_revoked_and_only_its_hash_is_kept() {
    let guarded = Guarded::start().await;
    let key = guarded.key(json!({"name": "CI", "scope": "tasks:write"})).await;
    let me = guarded.get("/api/me", &key).await.ok(200);
    assert_eq!(me, json!({"kind": "key", "name": "CI", "scope": "tasks:write"}));
    guarded.post("/api/tasks", &key, new_task("t1")).await.ok(201);
    guarded.get("/api/keys", &key).await.problem(403, "forbidden");
    let by_header = request(Method::GET, "/api/tasks").header("x-api-key", &key).body(Body::empty()).unwrap();
    guarded.api.send(by_header).await.ok(200);

    let listed = guarded.get("/api/keys", &guarded.admin()).await.ok(200);
    let (id, secret) = key.strip_prefix("mky_").unwrap().split_once('_').unwrap();
    assert_eq!(listed["keys"][0]["key_id"], id);
    assert_eq!(listed["keys"][0]["created_by"], "ann");
    assert!(listed["keys"][0]["last_used_at"].is_string(), "{listed}");
    let kept = aws_sdk_dynamodb::Client::new(&guarded.api.cloud.aws)
        .scan()
        .table_name(&guarded.api.cloud.authentication.credentials_table)
        .send()
        .await
        .unwrap();
    assert!(!format!("{listed}{kept:?}").contains(secret), "the secret is kept");

    // Another secret for a key that is there, and a key with another's secret.
    let changed = format!("mky_{id}_{}", secret.chars().rev().collect::<String>());
    guarded.get("/api/me", &changed).await.problem(401, "unauthenticated");

    let path = format!("/api/keys/{id}");
    let revoked = guarded.send(Method::DELETE, &path, Some(&guarded.admin()), &Value::Null).await;
    assert_eq!(revoked.status, 204);
    guarded.get("/api/me", &key).await.problem(401, "unauthenticated");
    guarded
        .send(Method::DELETE, &path, Some(&guarded.admin()), &Value::Null)
        .await
        .problem(404, "unknown-key");
    let mistakes = guarded
        .post(
            "/api/keys",
            &guarded.admin(),
            json!({"name": "", "scope": "all", "projects": ["a b"], "expires_in_seconds": 1}),
        )
        .await
        .problem(400, "invalid-request");
    assert_eq!(mistakes.len(), 4, "{mistakes:?}");
}

#[tokio::test]
async fn whoever_is_held_to_projects_sees_and_changes_nothing_of_others() {
    let guarded = Guarded::start().await;
    for (task_id, project) in [("w1", "web"), ("a1", "api"), ("x1", "secret")] {
        guarded.task(task_id, project).await;
    }
    let ids = |body: &Value| {
        let mut ids: Vec<String> = body["tasks"]
            .as_array()
            .unwrap()
            .iter()
            .map(|task| task["task_id"].as_str().unwrap().to_owned())
            .collect();
        ids.sort();
        ids
    };
    let web = guarded.key(json!({"name": "web", "scope": "tasks:write", "projects": ["web"]})).await;
    let both = guarded.key(json!({"name": "both", "scope": "tasks:admin", "projects": ["web", "api"]})).await;
    let none = guarded.issuer.token("tasks:admin", json!({"projects": []}));
    for (token, expected) in [(&web, vec!["w1"]), (&both, vec!["a1", "w1"]), (&none, vec![])] {
        assert_eq!(ids(&guarded.get("/api/tasks", token).await.ok(200)), expected);
        assert_eq!(ids(&guarded.get("/api/tasks?status=queued", token).await.ok(200)), expected);
        assert!(ids(&guarded.get("/api/tasks?project=secret", token).await.ok(200)).is_empty());
        let projects = guarded.get("/api/projects", token).await.ok(200);
        assert_eq!(projects["projects"].as_array().unwrap().len(), expected.len(), "{projects}");
        // What is hidden and what is not there are answered alike.
        for hidden in ["x1", "not-there"] {
            for path in ["", "/history", "/logs", "/badge.svg"] {
                let answer = guarded.get(&format!("/api/tasks/{hidden}{path}"), token).await;
                answer.problem(404, "unknown-task");
            }
            for (path, body) in [
                ("/cancel", Value::Null),
                ("/retry", Value::Null),
                ("/share", json!({})),
                (
                    "/events",
                    json!({"events": [{"attempt": 1, "sequence": 1, "time": "2026-11-22T04:30:00Z", "type": "started"}]}),
                ),
            ] {
                let answer = guarded.post(&format!("/api/tasks/{hidden}{path}"), token, body).await;
                answer.problem(404, "unknown-task");
            }
        }
        let mut task = new_task("new");
        task["project_id"] = json!("secret");
        guarded.post("/api/tasks", token, task).await.problem(403, "forbidden");
        let bulk = guarded.post("/api/cancellations", token, json!({"project_id": "secret"})).await.ok(200);
        assert_eq!(bulk["cancelled"], json!([]));
    }
    // Keys are for who is held to nothing: another would make itself one that is not.
    guarded.get("/api/keys", &both).await.problem(403, "forbidden");
    guarded
        .post("/api/keys", &both, json!({"name": "more", "scope": "tasks:admin"}))
        .await
        .problem(403, "forbidden");
    let bulk = guarded.post("/api/cancellations", &both, json!({"status": "queued"})).await.ok(200);
    let mut cancelled: Vec<_> =
        bulk["cancelled"].as_array().unwrap().iter().map(|id| id.as_str().unwrap()).collect();
    cancelled.sort_unstable();
    assert_eq!(cancelled, ["a1", "w1"]);
    let secret = guarded.get("/api/tasks/x1", &guarded.admin()).await.ok(200);
    assert_eq!(secret["status"], "queued");
}

#[tokio::test]
async fn a_share_link_shows_one_task_and_ends_when_it_is_taken_back() {
    let guarded = Guarded::start().await;
    guarded.task("t1", "web").await;
    guarded.task("t2", "web").await;
    let share = guarded.post("/api/tasks/t1/share", &guarded.admin(), json!({})).await.ok(201);
    let token = share["token"].as_str().unwrap();
    assert_eq!(share["path"], format!("/tasks/t1#share={token}"));
    for path in ["", "/history", "/logs"] {
        guarded.get(&format!("/api/tasks/t1{path}"), token).await.ok(200);
        guarded.get(&format!("/api/tasks/t2{path}"), token).await.problem(404, "unknown-task");
    }
    for path in ["/api/tasks", "/api/projects", "/api/keys"] {
        guarded.get(path, token).await.problem(403, "forbidden");
    }
    guarded.post("/api/tasks/t1/cancel", token, Value::Null).await.problem(403, "forbidden");
    guarded.post("/api/tasks/t1/share", token, json!({})).await.problem(403, "forbidden");

    // A picture is asked for without headers; nothing else takes what an address holds.
    let badge =
        guarded.send(Method::GET, share["badge_path"].as_str().unwrap(), None, &Value::Null).await.ok(200);
    assert!(badge.as_str().unwrap().contains("npx cdk deploy: queued"), "{badge}");
    let by_address = format!("/api/tasks/t1?share={token}");
    guarded.send(Method::GET, &by_address, None, &Value::Null).await.problem(401, "unauthenticated");

    // Every letter counts.
    let (rest, last) = token.split_at(token.len() - 2);
    let changed = format!("{rest}{}", if last == "AA" { "BB" } else { "AA" });
    guarded.get("/api/tasks/t1", &changed).await.problem(401, "unauthenticated");

    let taken_back =
        guarded.send(Method::DELETE, "/api/tasks/t1/share", Some(&guarded.admin()), &Value::Null).await;
    assert_eq!(taken_back.status, 204);
    guarded.get("/api/tasks/t1", token).await.problem(401, "unauthenticated");
    let again = guarded
        .post("/api/tasks/t1/share", &guarded.admin(), json!({"expires_in_seconds": 60}))
        .await
        .ok(201);
    guarded.get("/api/tasks/t1", again["token"].as_str().unwrap()).await.ok(200);
    guarded.get("/api/tasks/t1", token).await.problem(401, "unauthenticated");
}

#[tokio::test]
async fn who_tries_keys_is_held_to_a_rate_and_who_is_known_does_not_notice() {
    let guarded = Guarded::start().await;
    let key = guarded.key(json!({"name": "CI", "scope": "tasks:read"})).await;
    guarded.get("/api/me", &key).await.ok(200);
    let mut held = None;
    // Twenty looks a second are let through: two thousand would have to take over a minute and a half to miss it.
    for number in 0..2_000 {
        let tried = format!("mky_{number:016}_{}", "x".repeat(43));
        let answer = guarded.get("/api/me", &tried).await;
        if answer.status == 429 {
            answer.problem(429, "too-many-attempts");
            assert_eq!(answer.header("retry-after"), "1");
            held = Some(number);
            break;
        }
        answer.problem(401, "unauthenticated");
    }
    assert!(held.is_some(), "nobody was held back");
    guarded.get("/api/me", &key).await.ok(200);
    guarded.get("/api/me", &guarded.admin()).await.ok(200);
}

#[tokio::test]
async fn everybody_is_let_in_on_this_machine_alone() {
    let cloud = Cloud::start().await;
    let config = TaskApiConfig {
        store: cloud.store.clone(),
        authentication: cloud.authentication.clone(),
        queues: JobQueues::default(),
        log_level: "info".to_owned(),
    };
    assert!(AppState::with_aws(&config, &cloud.aws).is_ok());
    for endpoint in ["https://dynamodb.us-east-1.amazonaws.com", "http://203.0.113.7:4566"] {
        let refused = AppState::with_aws(&config, &aws_at(endpoint).await);
        let Err(error @ StartError::OpenToOthers) = refused else { panic!("{endpoint}") };
        assert!(error.to_string().contains("MIYABI_AUTHENTICATION"));
    }
    let api = Api::on(cloud);
    assert_eq!(api.get("/api/me").await.ok(200)["kind"], "open");
}

#[tokio::test]
async fn behind_a_gateway_that_asks_its_word_counts_and_no_header_does() {
    let mut cloud = Cloud::start().await;
    cloud.authentication.authentication = Authentication::Gateway;
    let api = Api::on(cloud);
    api.get("/api/tasks").await.problem(401, "unauthenticated");
    let context = |part: Value| {
        let mut context = json!({"httpMethod": "GET", "identity": {}, "requestTimeEpoch": 0});
        context.as_object_mut().unwrap().extend(part.as_object().unwrap().clone());
        serde_json::from_value(context).unwrap()
    };
    let signed = context(json!({"identity": {"userArn": "arn:aws:iam::123456789012:user/ann"}}));
    let with_context = |context| {
        let mut request: Request<Body> = request(Method::GET, "/api/me").body(Body::empty()).unwrap();
        request.extensions_mut().insert(lambda_http::request::RequestContext::ApiGatewayV1(context));
        request
    };
    let me = api.send(with_context(signed)).await.ok(200);
    assert_eq!((&me["kind"], &me["scope"]), (&json!("signature"), &json!("tasks:admin")));
    let held = |groups: &str| {
        context(json!({"authorizer": {"claims": {
            "sub": "1", "username": "ann", "token_use": "access", "client_id": "page", "cognito:groups": groups,
            "scope": "miyabi/tasks:read miyabi/tasks:write miyabi/tasks:admin",
        }}}))
    };
    let me = api.send(with_context(held("tasks:write,project:web"))).await.ok(200);
    assert_eq!((&me["scope"], &me["projects"]), (&json!("tasks:write"), &json!(["web"])));
    let me = api.send(with_context(held("[others tasks:admin]"))).await.ok(200);
    assert_eq!(me["scope"], "tasks:admin");
    let me = api.send(with_context(held(""))).await.ok(200);
    assert_eq!(me["scope"], "tasks:read");
    api.send(with_context(context(json!({})))).await.problem(401, "unauthenticated");
}
