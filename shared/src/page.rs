//! The page: what its files are, how long they may be kept, and what a browser may do with them.
//!
//! The network in front of it in AWS and the local edge take both from here, so that what works on a laptop works there.

/// The document that names all other files, and the answer for every place in the page.
pub const DOCUMENT: &str = "index.html";

/// Below it lie the files with a digest in their name.
pub const ASSETS: &str = "assets/";

/// How long a file may be kept whose name changes with its content.
pub const KEEP_FOR_EVER: &str = "public, max-age=31536000, immutable";

/// A file that must be asked for each time.
pub const ASK_EACH_TIME: &str = "no-cache";

/// Endings of the page's files: a path that ends so is never a place in the page.
pub const ENDINGS: [&str; 12] =
    ["css", "html", "ico", "js", "json", "map", "mjs", "png", "svg", "txt", "webmanifest", "woff2"];

/// What the page may load, and from where: itself alone.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; \
     connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The same for a page that also asks other origins: those where people sign in.
pub fn content_security_policy<T: AsRef<str>>(origins: &[T]) -> String {
    let all = origins.iter().fold("connect-src 'self'".to_owned(), |all, origin| all + " " + origin.as_ref());
    CONTENT_SECURITY_POLICY.replacen("connect-src 'self'", &all, 1)
}

/// What the page tells others about where a visitor comes from.
pub const REFERRER_POLICY: &str = "no-referrer";

/// Further headers of every answer, in lower case.
pub const HEADERS: [(&str, &str); 3] = [
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=()"),
];

/// What a file of the page is, by its name's ending.
pub fn content_type(key: &str) -> &'static str {
    match key.rsplit_once('.').map(|(_, ending)| ending) {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json" | "map") => "application/json",
        Some("webmanifest") => "application/manifest+json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("webp") => "image/webp",
        Some("ico") => "image/x-icon",
        Some("woff2") => "font/woff2",
        Some("woff") => "font/woff",
        Some("txt") => "text/plain; charset=utf-8",
        Some("wasm") => "application/wasm",
        _ => "application/octet-stream",
    }
}

/// How long a file may be kept: one with a digest in its name for ever, any other must be asked for each time.
pub fn cache_control(key: &str) -> &'static str {
    if key.starts_with(ASSETS) { KEEP_FOR_EVER } else { ASK_EACH_TIME }
}

/// Whether a path may be one of the page's own: a missing script or picture must not be answered with a document.
pub fn is_a_place_in_the_page(path: &str) -> bool {
    let in_assets = path.strip_prefix('/').is_some_and(|path| path.starts_with(ASSETS));
    let last = path.rsplit('/').next().unwrap_or_default();
    !in_assets && last.rsplit_once('.').is_none_or(|(_, ending)| !ENDINGS.contains(&ending))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_file_of_the_page_has_its_type() {
        assert_eq!(content_type("index.html"), "text/html; charset=utf-8");
        assert_eq!(content_type("assets/index-D3f.js"), "text/javascript; charset=utf-8");
        assert_eq!(content_type("assets/inter.woff2"), "font/woff2");
        assert_eq!(content_type("LICENSE"), "application/octet-stream");
    }

    #[test]
    fn a_page_asks_itself_and_the_origins_that_are_named() {
        assert_eq!(content_security_policy::<&str>(&[]), CONTENT_SECURITY_POLICY);
        let policy = content_security_policy(&["https://a.example", "https://b.example"]);
        assert!(policy.contains("; connect-src 'self' https://a.example https://b.example; "), "{policy}");
    }

    #[test]
    fn only_files_with_a_digest_in_their_name_are_kept_for_ever() {
        assert!(cache_control("assets/index-D3f.js").contains("immutable"));
        assert_eq!(cache_control("index.html"), "no-cache");
        assert_eq!(cache_control("theme.js"), "no-cache");
    }

    #[test]
    fn a_path_is_a_file_or_a_place_in_the_page() {
        assert!(is_a_place_in_the_page("/"));
        assert!(is_a_place_in_the_page("/tasks/0199a7b2-1"));
        assert!(is_a_place_in_the_page("/tasks/build.v1:2"));
        assert!(!is_a_place_in_the_page("/assets/gone-123"));
        assert!(!is_a_place_in_the_page("/theme.js"));
    }
}
