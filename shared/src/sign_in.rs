//! How people sign in: what a deployment tells its page and the command before it knows who they are. No secret is in it.

use serde::{Deserialize, Serialize};

/// The file beside the page that tells it.
pub const FILE: &str = "config.json";
/// The ports at which the command waits for a browser that comes back from signing in. An issuer compares addresses to
/// the letter, so there are few, and each is registered.
pub const COMMAND_PORTS: [u16; 3] = [8791, 8792, 8793];

/// The address of the command on this machine, as it is registered with an issuer. Of this machine's names Cognito takes
/// `localhost` alone.
pub fn command_address(port: u16) -> String {
    format!("http://localhost:{port}/")
}

/// What a deployment tells whoever asks.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct PublicConfig {
    /// How people sign in; nothing where nobody has to, or where the deployment has no way for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sign_in: Option<SignIn>,
}

/// Where people get their tokens: an issuer of OpenID Connect, and what we are called there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignIn {
    /// The issuer; its own description is below it, at `/.well-known/openid-configuration`.
    pub issuer: String,
    /// The public client of page and command: it has no secret, and proves itself by PKCE.
    pub client_id: String,
    /// The scopes to ask for.
    pub scopes: Vec<String>,
    /// The audience to ask for, where the issuer wants to be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audience: Option<String>,
}
