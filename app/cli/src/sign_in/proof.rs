//! PKCE: whoever brings the code proves to be who asked for it (RFC 7636).

use aws_lc_rs::{digest, rand};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// What is random in one sign-in.
#[derive(Debug)]
pub(crate) struct Proof {
    /// Shown with the code.
    pub(crate) verifier: String,
    /// Shown when the code is asked for.
    pub(crate) challenge: String,
    /// Comes back with the code: an answer to another question is refused.
    pub(crate) state: String,
}

impl Proof {
    pub(crate) fn new() -> anyhow::Result<Self> {
        let verifier = random()?;
        let challenge = challenge_of(&verifier);
        Ok(Self { verifier, challenge, state: random()? })
    }
}

fn challenge_of(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, verifier.as_bytes()))
}

fn random() -> anyhow::Result<String> {
    let mut bytes = [0_u8; 32];
    rand::fill(&mut bytes).map_err(|_| anyhow::anyhow!("the system gives no random bytes"))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_challenge_is_as_the_standard_has_it() {
        // RFC 7636, appendix B.
        let challenge = challenge_of("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
        assert_eq!(challenge, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }

    #[test]
    fn no_two_sign_ins_share_anything() {
        let (one, other) = (Proof::new().unwrap(), Proof::new().unwrap());
        assert!(one.verifier != other.verifier && one.state != other.state && one.verifier != one.state);
    }
}
