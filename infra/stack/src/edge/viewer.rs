//! The small programs that run where a request arrives.
//!
//! Places in the page are told from files here, and not by answering errors with the document: error answers hold for
//! every origin of a distribution, and would turn the API's own 404 into a page.

use miyabi_shared::page::{ASSETS, DOCUMENT, ENDINGS};
use pulumi::Input;
use pulumi_aws::cloudfront;

use super::headers::{CORS_HEADERS, CORS_METHODS, PREFLIGHT_SECONDS};
use super::{Origin, Parts};

const ROUTER: &str = include_str!("router.js");
const SOCKET: &str = include_str!("socket.js");
const PREFLIGHT: &str = include_str!("preflight.js");
const RUNTIME: &str = "cloudfront-js-2.0";

/// The program that answers a place in the page with the document.
pub fn router_code() -> String {
    ROUTER.replace("ENDINGS", &list(&ENDINGS)).replace("ASSETS", ASSETS).replace("DOCUMENT", DOCUMENT)
}

/// The program that leads to the socket, whose only path is its stage.
pub fn socket_code(stage: &str) -> String {
    SOCKET.replace("STAGE", stage)
}

/// The program that tells browsers which other origins' pages may call the API.
pub fn preflight_code(origins: &[String]) -> String {
    PREFLIGHT
        .replace("ORIGINS", &list(origins))
        .replace("METHODS", &CORS_METHODS.join(", "))
        .replace("HEADERS", &CORS_HEADERS.join(", "))
        .replace("SECONDS", &PREFLIGHT_SECONDS.to_string())
}

/// Texts as JavaScript; none of them holds a quote, which the checks of the configuration see to.
fn list<T: AsRef<str>>(texts: &[T]) -> String {
    let quoted: Vec<_> = texts.iter().map(|text| format!("'{}'", text.as_ref())).collect();
    format!("[{}]", quoted.join(", "))
}

/// Declares the router.
pub(super) fn router(parts: &Parts<'_>) -> cloudfront::Function {
    function(parts, "router", "Places in the page are the document", router_code())
}

/// Declares the way to the socket.
pub(super) fn socket(parts: &Parts<'_>, socket: &Origin) -> cloudfront::Function {
    let code = socket.stage.map(|stage| socket_code(&stage));
    function(parts, "socket", "The socket has one path", code)
}

/// Declares the answer to other origins, where there are some.
pub(super) fn preflight(parts: &Parts<'_>) -> Option<cloudfront::Function> {
    let origins = &parts.args.settings.edge.cors_origins;
    (!origins.is_empty())
        .then(|| function(parts, "preflight", "Which origins may call the API", preflight_code(origins)))
}

fn function(
    parts: &Parts<'_>,
    name: &str,
    comment: &str,
    code: impl Into<Input<String>>,
) -> cloudfront::Function {
    cloudfront::Function::new(
        parts.context,
        name,
        cloudfront::FunctionArgs::new()
            .name(format!("miyabi-{}-{name}", parts.args.settings.stage))
            .runtime(RUNTIME)
            .comment(comment)
            .publish(true)
            .code(code)
            .tags(&parts.tags),
    )
}
