//! What every route needs of its caller. A route that is not here answers nobody; a test holds the list against the router.

use axum::http::Method;
use miyabi_shared::scope::Scope;

/// What a route needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    /// Nothing: anybody may ask.
    Nothing,
    /// A scope, or one that holds it.
    Scope(Scope),
    /// The scope of readers, or a share link of the task in the path.
    ReadOrShare,
    /// Any caller that is known.
    Known,
}

const READ: Need = Need::Scope(Scope::Read);
const WRITE: Need = Need::Scope(Scope::Write);
const ADMIN: Need = Need::Scope(Scope::Admin);

/// Every route with what it needs.
pub(crate) const RULES: &[(Method, &str, Need)] = &[
    (Method::GET, "/api/health", Need::Nothing),
    (Method::GET, "/api/openapi.json", Need::Nothing),
    (Method::GET, "/api/me", Need::Known),
    (Method::GET, "/api/tasks", READ),
    (Method::POST, "/api/tasks", WRITE),
    (Method::GET, "/api/tasks/{task_id}", Need::ReadOrShare),
    (Method::GET, "/api/tasks/{task_id}/history", Need::ReadOrShare),
    (Method::GET, "/api/tasks/{task_id}/logs", Need::ReadOrShare),
    (Method::GET, "/api/tasks/{task_id}/badge.svg", Need::ReadOrShare),
    // It shows the command and its variables, which a link to look at progress should not.
    (Method::GET, "/api/tasks/{task_id}/job", READ),
    (Method::POST, "/api/tasks/{task_id}/events", WRITE),
    (Method::POST, "/api/tasks/{task_id}/cancel", WRITE),
    (Method::POST, "/api/tasks/{task_id}/retry", WRITE),
    (Method::POST, "/api/tasks/{task_id}/share", WRITE),
    (Method::DELETE, "/api/tasks/{task_id}/share", WRITE),
    (Method::POST, "/api/cancellations", WRITE),
    (Method::GET, "/api/projects", READ),
    (Method::GET, "/api/queues", READ),
    // What is sent again are jobs of every project.
    (Method::POST, "/api/queues/{name}/redrive", ADMIN),
    (Method::GET, "/api/keys", ADMIN),
    (Method::POST, "/api/keys", ADMIN),
    (Method::DELETE, "/api/keys/{key_id}", ADMIN),
];

/// What a request of that method needs on the route with that path; `None` where nobody has said.
pub(crate) fn need(method: &Method, route: &str, query: Option<&str>) -> Option<Need> {
    let method = if method == Method::HEAD { &Method::GET } else { method };
    let (_, _, need) = RULES.iter().find(|(known, path, _)| known == method && *path == route)?;
    // What watches from outside learns that the API answers. What is behind it costs a look at the tables.
    let deep = route == "/api/health" && query.is_some_and(|query| query.contains("deep"));
    Some(if deep { READ } else { *need })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::router::documented;

    #[test]
    fn every_route_says_what_it_needs_and_nothing_else_does() {
        let (_, document) = documented().split_for_parts();
        let mut routes = BTreeSet::new();
        for (path, item) in &document.paths.paths {
            for (method, operation) in [
                ("GET", &item.get),
                ("POST", &item.post),
                ("PUT", &item.put),
                ("PATCH", &item.patch),
                ("DELETE", &item.delete),
            ] {
                if operation.is_some() {
                    routes.insert(format!("{method} {path}"));
                }
            }
        }
        let ruled: BTreeSet<_> = RULES.iter().map(|(method, path, _)| format!("{method} {path}")).collect();
        assert_eq!(ruled.len(), RULES.len(), "a route is there twice");
        assert_eq!(routes, ruled, "routes of the document, and routes with a rule");
    }

    #[test]
    fn only_what_tells_nothing_is_for_everybody() {
        let open: Vec<_> =
            RULES.iter().filter(|(.., need)| *need == Need::Nothing).map(|(_, path, _)| *path).collect();
        assert_eq!(open, ["/api/health", "/api/openapi.json"]);
        assert_eq!(need(&Method::HEAD, "/api/health", None), Some(Need::Nothing));
        assert_eq!(need(&Method::GET, "/api/health", Some("deep=true")), Some(READ));
        assert_eq!(need(&Method::PUT, "/api/health", None), None);
    }
}
