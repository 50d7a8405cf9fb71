//! An issuer elsewhere whose tokens the API believes.

use miyabi_shared::config::{KeysFrom, PROJECTS_CLAIM, TokenConfig};
use miyabi_shared::scope::AUDIENCE;

use super::section::Section;

/// An issuer elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OidcSettings {
    /// What a token's `iss` is, to the letter.
    pub issuer: String,
    /// The public client of page and command there.
    pub client_id: String,
    /// What a token's `aud` holds.
    pub audience: String,
    /// Whether the issuer wants to be told the audience when somebody signs in.
    pub ask_for_audience: bool,
    /// Where its keys are (JWKS).
    pub keys_url: String,
    /// Origins that a browser asks while somebody signs in, besides those of `issuer` and `keys_url`: that of the token
    /// endpoint, where it is another one.
    pub origins: Vec<String>,
    /// What people ask for; without, `openid` and the API's three scopes behind the audience.
    pub scopes: Vec<String>,
    /// The claim with the groups of a person.
    pub groups_claim: Option<String>,
    /// The claim with the projects that a caller is held to.
    pub projects_claim: String,
}

impl OidcSettings {
    /// Reads `oidc`.
    pub(super) fn read(oidc: &mut Option<Self>, section: &mut Section<'_>) {
        let mut read = Self {
            issuer: String::new(),
            client_id: String::new(),
            audience: AUDIENCE.to_owned(),
            ask_for_audience: false,
            keys_url: String::new(),
            origins: Vec::new(),
            scopes: Vec::new(),
            groups_claim: None,
            projects_claim: PROJECTS_CLAIM.to_owned(),
        };
        let given = section.has("oidc");
        section.section("oidc", |section| {
            for (key, expected) in [
                ("issuer", "expected what a token's iss is, such as https://login.example.com"),
                ("clientId", "expected the public client of page and command at that issuer"),
                ("keysUrl", "expected where its keys are: jwks_uri in its /.well-known/openid-configuration"),
            ] {
                if !section.has(key) {
                    section.missing(key, expected);
                }
            }
            section.text("issuer", &mut read.issuer, address);
            section.text("keysUrl", &mut read.keys_url, address);
            section.text("clientId", &mut read.client_id, name);
            section.text("audience", &mut read.audience, name);
            section.flag("askForAudience", &mut read.ask_for_audience);
            section.texts("origins", &mut read.origins, address);
            section.texts("scopes", &mut read.scopes, name);
            section.text("groupsClaim", &mut read.groups_claim, |text| name(text).map(Some));
            section.text("projectsClaim", &mut read.projects_claim, name);
        });
        if given {
            *oidc = Some(read);
        }
    }

    /// What the page may ask while somebody signs in.
    pub fn browser_origins(&self) -> Vec<String> {
        let mut origins: Vec<String> =
            [&self.issuer, &self.keys_url].into_iter().chain(&self.origins).map(|url| origin(url)).collect();
        origins.sort();
        origins.dedup();
        origins
    }

    /// What the API is told of it.
    pub fn tokens(&self) -> TokenConfig {
        TokenConfig {
            issuer: self.issuer.clone(),
            audience: self.audience.clone(),
            keys_url: self.keys_url.clone(),
            keys_from: KeysFrom::Table,
            groups_claim: self.groups_claim.clone(),
            projects_claim: self.projects_claim.clone(),
        }
    }
}

/// Scheme, name and port of an address that [`address`] let through.
fn origin(url: &str) -> String {
    url.splitn(4, '/').take(3).collect::<Vec<_>>().join("/")
}

fn address(text: &str) -> Result<String, String> {
    let rest = text.strip_prefix("https://").unwrap_or_default();
    let is_one = !rest.is_empty() && !rest.starts_with('/') && !text.contains(char::is_whitespace);
    if is_one { Ok(text.to_owned()) } else { Err("expected https://…".to_owned()) }
}

fn name(text: &str) -> Result<String, String> {
    let is_one = !text.is_empty() && !text.contains(char::is_whitespace);
    if is_one { Ok(text.to_owned()) } else { Err("expected a text without spaces".to_owned()) }
}
