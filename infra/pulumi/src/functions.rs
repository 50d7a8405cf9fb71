//! What Pulumi programs everywhere have at hand, and Rust's own library does not: Base64, digests, and characters as
//! people count them.
//!
//! Everything else is Rust: `std::fs::read_to_string` reads a file, `?` and `ok()` try, `max` and `join` do as they say.

use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha1::Sha1;
use sha2::{Digest as _, Sha256};
use unicode_segmentation::UnicodeSegmentation as _;

/// Why a function has no answer.
#[derive(Debug, thiserror::Error)]
pub enum FunctionError {
    /// The text is no Base64.
    #[error("the text is no Base64")]
    Base64(#[source] base64::DecodeError),
    /// The bytes are no UTF-8.
    #[error("the bytes are no UTF-8")]
    Text(#[source] std::string::FromUtf8Error),
    /// A file cannot be read.
    #[error("reading {path}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
}

/// Bytes, or the bytes of a text, in Base64.
///
/// ```
/// assert_eq!(pulumi::functions::to_base64("hello"), "aGVsbG8=");
/// ```
pub fn to_base64(bytes: impl AsRef<[u8]>) -> String {
    STANDARD.encode(bytes)
}

/// The text whose bytes are in Base64.
///
/// # Errors
/// It is no Base64, or not of a text.
///
/// ```
/// assert_eq!(pulumi::functions::from_base64("aGVsbG8=").unwrap(), "hello");
/// assert!(pulumi::functions::from_base64("aGVsbG8").is_err());
/// ```
pub fn from_base64(text: &str) -> Result<String, FunctionError> {
    String::from_utf8(STANDARD.decode(text).map_err(FunctionError::Base64)?).map_err(FunctionError::Text)
}

/// The SHA-1 of bytes, or of the bytes of a text, in hexadecimal digits.
///
/// ```
/// assert_eq!(pulumi::functions::sha1("abc"), "a9993e364706816aba3e25717850c26c9cd0d89d");
/// ```
pub fn sha1(bytes: impl AsRef<[u8]>) -> String {
    Sha1::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// How many characters a text has, as people count them: what is shown as one is one.
///
/// ```
/// assert_eq!(pulumi::functions::text_length("thé 👨‍👩‍👧‍👦"), 5);
/// ```
pub fn text_length(text: &str) -> usize {
    text.graphemes(true).count()
}

/// A file's content in Base64.
///
/// # Errors
/// It cannot be read.
pub fn file_base64(path: impl AsRef<Path>) -> Result<String, FunctionError> {
    Ok(to_base64(read(path.as_ref())?))
}

/// The SHA-256 of a file's content in Base64, as Lambda has it of its code.
///
/// # Errors
/// It cannot be read.
pub fn file_base64_sha256(path: impl AsRef<Path>) -> Result<String, FunctionError> {
    Ok(to_base64(Sha256::digest(read(path.as_ref())?)))
}

fn read(path: &Path) -> Result<Vec<u8>, FunctionError> {
    fs::read(path).map_err(|source| FunctionError::File { path: path.to_owned(), source })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_whole_and_one_that_is_not_there_is_named() {
        let folder = std::env::temp_dir().join(format!("pulumi-functions-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let path = folder.join("file.bin");
        fs::write(&path, [0, 0xff, b'a']).unwrap();
        let (text, digest) = (file_base64(&path), file_base64_sha256(&path));
        fs::remove_dir_all(&folder).unwrap();
        assert_eq!(text.unwrap(), "AP9h");
        assert_eq!(digest.unwrap(), "2oUJVVrSfawFk8aVLZR+/5YFjLboE3b4UvVO+cr35lI=");
        let error = file_base64(&path).unwrap_err();
        assert_eq!(error.to_string(), format!("reading {}", path.display()));
    }
}
