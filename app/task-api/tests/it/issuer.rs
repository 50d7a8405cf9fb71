//! An issuer of tokens on this machine: it signs what a test wants, and its keys change when a test says so.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use axum::routing::get;
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use miyabi_shared::config::{KeysFrom, TokenConfig};
use serde_json::{Value, json};
use std::sync::Mutex;

/// A key with its name.
#[derive(Clone)]
struct SigningKey {
    name: String,
    secret: Vec<u8>,
    public: Value,
}

impl SigningKey {
    fn new(name: &str) -> Self {
        let secret =
            EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new()).unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, secret.as_ref()).unwrap();
        let point = pair.public_key().as_ref();
        let part = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let public = json!({
            "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": name,
            "x": part(&point[1..33]), "y": part(&point[33..65]),
        });
        Self { name: name.to_owned(), secret: secret.as_ref().to_vec(), public }
    }
}

/// The issuer.
pub(crate) struct Issuer {
    address: String,
    keys: Arc<Mutex<Vec<SigningKey>>>,
    asked: Arc<AtomicUsize>,
}

impl Issuer {
    /// Listens until the test ends.
    pub(crate) async fn start() -> Self {
        let keys = Arc::new(Mutex::new(vec![SigningKey::new("one")]));
        let asked = Arc::new(AtomicUsize::new(0));
        let (shown, count) = (keys.clone(), asked.clone());
        let router = Router::new().route(
            "/keys",
            get(move || async move {
                count.fetch_add(1, Ordering::Relaxed);
                let keys: Vec<_> = shown.lock().unwrap().iter().map(|key| key.public.clone()).collect();
                Json(json!({ "keys": keys }))
            }),
        );
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { address, keys, asked }
    }

    pub(crate) fn config(&self) -> TokenConfig {
        TokenConfig {
            issuer: self.address.clone(),
            audience: "miyabi".to_owned(),
            keys_url: format!("{}/keys", self.address),
            keys_from: KeysFrom::Issuer,
            groups_claim: None,
            projects_claim: "projects".to_owned(),
        }
    }

    /// Signs with a new key from now on, and shows no other.
    pub(crate) fn rotate(&self, name: &str) {
        *self.keys.lock().unwrap() = vec![SigningKey::new(name)];
    }

    /// Shows no key any more.
    pub(crate) fn forget(&self) {
        self.keys.lock().unwrap().clear();
    }

    /// How often it was asked for its keys.
    pub(crate) fn asked(&self) -> usize {
        self.asked.load(Ordering::Relaxed)
    }

    /// A token with these scopes, and with what `changes` says otherwise.
    pub(crate) fn token(&self, scopes: &str, changes: Value) -> String {
        let key = self.keys.lock().unwrap()[0].clone();
        self.signed(&key.name, scopes, changes)
    }

    /// A token that says it was signed with the key of that name.
    pub(crate) fn signed(&self, name: &str, scopes: &str, changes: Value) -> String {
        let key = self.keys.lock().unwrap()[0].clone();
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        let mut claims = json!({
            "iss": self.address, "aud": "miyabi", "sub": "ann", "scope": scopes, "exp": now + 600,
        });
        claims.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        let header = Header { kid: Some(name.to_owned()), ..Header::new(Algorithm::ES256) };
        encode(&header, &claims, &EncodingKey::from_ec_der(&key.secret)).unwrap()
    }
}
