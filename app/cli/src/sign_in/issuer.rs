//! An issuer of OpenID Connect: where its ends are, and what it gives for a code or a refresh token.

use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use miyabi_client::encode;
use miyabi_shared::Timestamp;
use miyabi_shared::sign_in::{FILE, PublicConfig, SignIn};
use serde::{Deserialize, Serialize};

use super::proof::Proof;

const CONNECT: Duration = Duration::from_secs(5);
const REQUEST: Duration = Duration::from_secs(15);
/// How long a token is good for where the issuer does not say.
const LIFE: u64 = 300;

/// Where an issuer's ends are, as it describes them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Ends {
    pub(crate) issuer: String,
    pub(crate) authorization_endpoint: String,
    pub(crate) token_endpoint: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) revocation_endpoint: Option<String>,
}

/// What an issuer gives.
#[derive(Deserialize)]
pub(crate) struct Tokens {
    pub(crate) access_token: String,
    pub(crate) refresh_token: Option<String>,
    expires_in: Option<u64>,
}

impl Tokens {
    /// When the access token ends, if it was given just now.
    pub(crate) fn expires_at(&self) -> Timestamp {
        Timestamp::now().plus(Duration::from_secs(self.expires_in.unwrap_or(LIFE)))
    }
}

/// Why an issuer gives nothing.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TokenError {
    /// It cannot be asked now.
    #[error("the issuer at {0} does not answer")]
    Unreachable(String, #[source] reqwest::Error),
    /// It refuses, and will go on to.
    #[error("the issuer refused: {0}")]
    Refused(String),
}

/// Asks issuers, and deployments about them.
#[derive(Debug, Clone)]
pub(crate) struct Asker {
    http: reqwest::Client,
}

impl Asker {
    pub(crate) fn new() -> anyhow::Result<Self> {
        let http = reqwest::Client::builder()
            .connect_timeout(CONNECT)
            .timeout(REQUEST)
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("miyabi/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(Self { http })
    }

    /// What the deployment at `url` says about signing in.
    pub(crate) async fn public_config(&self, url: &str) -> anyhow::Result<PublicConfig> {
        let address = format!("{url}/{FILE}");
        self.read(&address).await.with_context(|| {
            format!(
                "{url} does not say how to sign in; is it the address of the page? \
                 With --issuer and --client-id nobody is asked"
            )
        })
    }

    /// What the issuer says about itself.
    pub(crate) async fn ends(&self, issuer: &str) -> anyhow::Result<Ends> {
        let issuer = issuer.trim_end_matches('/');
        let address = format!("{issuer}/.well-known/openid-configuration");
        let ends: Ends = self.read(&address).await.context("the issuer does not describe itself")?;
        ensure!(
            ends.issuer.trim_end_matches('/') == issuer,
            "{address} describes the issuer {:?}, and not the one that was asked",
            ends.issuer
        );
        for end in
            [&ends.authorization_endpoint, &ends.token_endpoint].into_iter().chain(&ends.revocation_endpoint)
        {
            safe(end)?;
        }
        Ok(ends)
    }

    async fn read<T: serde::de::DeserializeOwned>(&self, address: &str) -> anyhow::Result<T> {
        safe(address)?;
        let response = self.http.get(address).send().await.map_err(reqwest::Error::without_url);
        let response = response.with_context(|| format!("asking {address}"))?;
        ensure!(response.status().is_success(), "{address} answered {}", response.status());
        response.json().await.with_context(|| format!("{address} answered something else"))
    }

    /// Tokens for a code.
    pub(crate) async fn tokens_for_code(
        &self,
        ends: &Ends,
        client_id: &str,
        (code, came_back_to): (&str, &str),
        proof: &Proof,
    ) -> Result<Tokens, TokenError> {
        let form = [
            ("grant_type", "authorization_code".to_owned()),
            ("client_id", client_id.to_owned()),
            ("code", code.to_owned()),
            ("redirect_uri", came_back_to.to_owned()),
            ("code_verifier", proof.verifier.clone()),
        ];
        self.tokens(ends, &form).await
    }

    /// Tokens for a refresh token.
    pub(crate) async fn renewed(
        &self,
        ends: &Ends,
        client_id: &str,
        refresh_token: &str,
    ) -> Result<Tokens, TokenError> {
        let form = [
            ("grant_type", "refresh_token".to_owned()),
            ("client_id", client_id.to_owned()),
            ("refresh_token", refresh_token.to_owned()),
        ];
        self.tokens(ends, &form).await
    }

    async fn tokens(&self, ends: &Ends, form: &[(&str, String)]) -> Result<Tokens, TokenError> {
        let unreachable =
            |error: reqwest::Error| TokenError::Unreachable(ends.token_endpoint.clone(), error.without_url());
        let response = self.form(&ends.token_endpoint, form).send().await.map_err(unreachable)?;
        let status = response.status();
        if status.is_server_error() || status == reqwest::StatusCode::TOO_MANY_REQUESTS {
            return Err(response
                .error_for_status()
                .err()
                .map_or_else(|| TokenError::Refused(status.to_string()), unreachable));
        }
        if !status.is_success() {
            let body = response.text().await.unwrap_or_default();
            return Err(TokenError::Refused(reason(&body).unwrap_or_else(|| status.to_string())));
        }
        response.json().await.map_err(unreachable)
    }

    /// Tells the issuer that a refresh token is good for nothing any more.
    pub(crate) async fn revoke(
        &self,
        ends: &Ends,
        client_id: &str,
        refresh_token: &str,
    ) -> anyhow::Result<()> {
        let Some(address) = &ends.revocation_endpoint else { return Ok(()) };
        let form = [("client_id", client_id.to_owned()), ("token", refresh_token.to_owned())];
        let response = self.form(address, &form).send().await.map_err(reqwest::Error::without_url)?;
        ensure!(response.status().is_success(), "the issuer answered {}", response.status());
        Ok(())
    }

    fn form(&self, address: &str, form: &[(&str, String)]) -> reqwest::RequestBuilder {
        self.http
            .post(address)
            .header("content-type", "application/x-www-form-urlencoded")
            .header("accept", "application/json")
            .body(encode(form))
    }
}

/// The address at which a person signs in.
pub(crate) fn authorization_address(
    ends: &Ends,
    sign_in: &SignIn,
    come_back_to: &str,
    proof: &Proof,
) -> String {
    let mut query = vec![
        ("response_type", "code".to_owned()),
        ("client_id", sign_in.client_id.clone()),
        ("redirect_uri", come_back_to.to_owned()),
        ("scope", sign_in.scopes.join(" ")),
        ("state", proof.state.clone()),
        ("code_challenge", proof.challenge.clone()),
        ("code_challenge_method", "S256".to_owned()),
    ];
    query.extend(sign_in.audience.clone().map(|audience| ("audience", audience)));
    let mark = if ends.authorization_endpoint.contains('?') { '&' } else { '?' };
    format!("{}{mark}{}", ends.authorization_endpoint, encode(&query))
}

/// What an issuer says is wrong (RFC 6749, section 5.2).
fn reason(body: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Reason {
        error: String,
        error_description: Option<String>,
    }
    let reason: Reason = serde_json::from_str(body).ok()?;
    Some(match reason.error_description {
        Some(description) => format!("{} ({description})", reason.error),
        None => reason.error,
    })
}

/// What is secret goes by https, or stays on this machine.
fn safe(address: &str) -> anyhow::Result<()> {
    let Ok(url) = reqwest::Url::parse(address) else { bail!("{address:?} is no address") };
    let local = url.host_str().is_some_and(|host| {
        let host = host.trim_start_matches('[').trim_end_matches(']');
        host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
    });
    let safe = url.scheme() == "https" || (url.scheme() == "http" && local);
    ensure!(safe, "{address} is reached in the clear: expected https://…");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_in_the_clear_is_refused() {
        for good in ["https://issuer.example/x", "http://127.0.0.1:1/", "http://localhost:1"] {
            safe(good).unwrap();
        }
        for bad in ["http://issuer.example", "ftp://x", "x", "http://localhost.example"] {
            assert!(safe(bad).is_err(), "{bad}");
        }
    }
}
