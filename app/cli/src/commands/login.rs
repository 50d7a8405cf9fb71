//! `miyabi login` and `miyabi logout`.

use std::process::ExitCode;

use anyhow::Context as _;
use miyabi_client::Client;
use miyabi_shared::config::Environment;
use miyabi_shared::credential::{CallerKind, Identity};
use miyabi_shared::scope::{AUDIENCE, Scope};
use miyabi_shared::sign_in::SignIn;

use super::block_on;
use crate::arguments::LoginArguments;
use crate::configuration::{self, Configuration};
use crate::credential::Shown;
use crate::sign_in::browser::{self, Listener};
use crate::sign_in::issuer::{Asker, authorization_address};
use crate::sign_in::proof::Proof;
use crate::sign_in::store::{Session, Store};

/// Where there is no place for a sign-in.
const NO_HOME: &str = "there is no home directory to keep the sign-in in; set HOME or XDG_CONFIG_HOME";

/// `miyabi login`.
pub(crate) fn login(
    arguments: &LoginArguments,
    api_url: Option<&str>,
    environment: &dyn Environment,
) -> anyhow::Result<ExitCode> {
    let (configuration, url) = place(api_url, environment)?;
    // An address that cannot be one, or in the clear, is said before anybody signs in.
    Client::new(&url)?;
    let store = Store::of(environment).context(NO_HOME)?;
    block_on(async {
        let asker = Asker::new()?;
        let sign_in = match named(arguments) {
            Some(sign_in) => sign_in,
            None => asker.public_config(&url).await?.sign_in.with_context(|| {
                format!("{url} says that nobody has to sign in, or takes keys alone; `miyabi doctor` tells")
            })?,
        };
        let ends = asker.ends(&sign_in.issuer).await?;
        let proof = Proof::new()?;
        let listener = Listener::open().await?;
        let address = authorization_address(&ends, &sign_in, &listener.address, &proof);
        let opened = !arguments.no_browser && browser::open(&address);
        eprintln!(
            "miyabi: {} here:\n\n  {address}\n",
            if opened { "a browser opens; sign in" } else { "sign in" }
        );
        eprintln!("miyabi: where the browser is on another machine, paste the address at which it ends:");
        let code = listener.code(&proof.state).await?;
        let came_back = (code.as_str(), listener.address.as_str());
        let tokens = asker.tokens_for_code(&ends, &sign_in.client_id, came_back, &proof).await?;
        let session = Session {
            expires_at: tokens.expires_at(),
            client_id: sign_in.client_id,
            ends,
            access_token: tokens.access_token,
            refresh_token: tokens.refresh_token,
        };
        store.set(&url, Some(session))?;
        if let Shown::Variable(name) = configuration.credentials.api.shown(&url)? {
            eprintln!("miyabi: signed in, but what {name} holds goes before it; unset it to be yourself");
        }
        let identity = configuration.credentials.api.client(&url)?.me().await?;
        eprintln!("miyabi: {}", describe(&identity));
        Ok(ExitCode::SUCCESS)
    })
}

/// `miyabi logout`.
pub(crate) fn logout(api_url: Option<&str>, environment: &dyn Environment) -> anyhow::Result<ExitCode> {
    let (_, url) = place(api_url, environment)?;
    let store = Store::of(environment).context(NO_HOME)?;
    let Some(session) = store.get(&url)? else {
        eprintln!("miyabi: nobody is signed in to {url}");
        return Ok(ExitCode::SUCCESS);
    };
    store.set(&url, None)?;
    block_on(async {
        if let Some(refresh_token) = &session.refresh_token {
            let revoked = Asker::new()?.revoke(&session.ends, &session.client_id, refresh_token).await;
            revoked.context("signed out on this machine, but the issuer did not take the token back")?;
        }
        eprintln!("miyabi: signed out of {url}");
        Ok(ExitCode::SUCCESS)
    })
}

fn place(api_url: Option<&str>, environment: &dyn Environment) -> anyhow::Result<(Configuration, String)> {
    let configuration = Configuration::find(api_url, environment, &configuration::places(environment));
    let url = configuration.api_url.clone().ok_or_else(|| anyhow::anyhow!(configuration::NOT_CONFIGURED))?;
    Ok((configuration, url))
}

/// The issuer that the command line names.
fn named(arguments: &LoginArguments) -> Option<SignIn> {
    let (issuer, client_id) = (arguments.issuer.clone()?, arguments.client_id.clone()?);
    let scopes = if arguments.scopes.is_empty() {
        let ours = Scope::ALL.map(|scope| format!("{AUDIENCE}/{}", scope.name()));
        ["openid".to_owned()].into_iter().chain(ours).collect()
    } else {
        arguments.scopes.clone()
    };
    Some(SignIn { issuer, client_id, scopes, audience: arguments.audience.clone() })
}

/// Who somebody is for the API, in words.
pub(crate) fn describe(identity: &Identity) -> String {
    let by = match identity.kind {
        CallerKind::Open => return "the API asks nobody who they are".to_owned(),
        CallerKind::Key => "by a key",
        CallerKind::Token => "by a token",
        CallerKind::Signature => "by a signature",
        CallerKind::Share => "by a share link",
    };
    let may = identity.scope.map_or("nothing", Scope::name);
    let mut text = format!("you are {} ({by}), and may do {may}", identity.name);
    match (&identity.task_id, &identity.projects) {
        (Some(task_id), _) => text.push_str(&format!(", for the task {task_id}")),
        (None, Some(projects)) if projects.is_empty() => text.push_str(", in no project"),
        (None, Some(projects)) => {
            let names: Vec<_> = projects.iter().map(|project| project.as_str()).collect();
            text.push_str(&format!(", in {}", names.join(", ")));
        }
        (None, None) => text.push_str(", in every project"),
    }
    text
}
