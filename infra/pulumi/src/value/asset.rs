//! Assets and archives: files that a resource takes.

use std::collections::BTreeMap;

/// A file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asset {
    /// Where its content comes from.
    pub source: AssetSource,
    /// SHA-256 of the content in lower-case hexadecimal digits. The engine computes it; an SDK sends none.
    pub hash: Option<String>,
}

/// Where a file's content comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AssetSource {
    /// The content itself.
    Text(String),
    /// A file, relative to the program's folder.
    Path(String),
    /// An address with the scheme http, https or file.
    Uri(String),
}

impl Asset {
    /// A file with this content.
    pub fn text(text: impl Into<String>) -> Self {
        Self { source: AssetSource::Text(text.into()), hash: None }
    }

    /// The file at this path.
    pub fn file(path: impl Into<String>) -> Self {
        Self { source: AssetSource::Path(path.into()), hash: None }
    }

    /// The file at this address.
    pub fn remote(uri: impl Into<String>) -> Self {
        Self { source: AssetSource::Uri(uri.into()), hash: None }
    }
}

/// A collection of files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Archive {
    /// Where its files come from.
    pub source: ArchiveSource,
    /// The content's hash. The engine computes it; an SDK sends none.
    pub hash: Option<String>,
}

/// Where an archive's files come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ArchiveSource {
    /// These members, by their names; an archive's files lie below its name.
    Assets(BTreeMap<String, AssetOrArchive>),
    /// A folder, or a .tar, .tgz, .tar.gz, .zip or .jar file, relative to the program's folder.
    Path(String),
    /// An address of such a file with the scheme http, https or file.
    Uri(String),
}

impl Archive {
    /// An archive of these members.
    pub fn assets<K: Into<String>, A: Into<AssetOrArchive>>(
        members: impl IntoIterator<Item = (K, A)>,
    ) -> Self {
        let members = members.into_iter().map(|(name, member)| (name.into(), member.into())).collect();
        Self { source: ArchiveSource::Assets(members), hash: None }
    }

    /// The folder or archive file at this path.
    pub fn file(path: impl Into<String>) -> Self {
        Self { source: ArchiveSource::Path(path.into()), hash: None }
    }

    /// The archive file at this address.
    pub fn remote(uri: impl Into<String>) -> Self {
        Self { source: ArchiveSource::Uri(uri.into()), hash: None }
    }
}

/// An asset or an archive: where a schema says `Asset`, either is taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AssetOrArchive {
    /// A file.
    Asset(Asset),
    /// Files.
    Archive(Archive),
}

impl From<Asset> for AssetOrArchive {
    fn from(asset: Asset) -> Self {
        Self::Asset(asset)
    }
}

impl From<Archive> for AssetOrArchive {
    fn from(archive: Archive) -> Self {
        Self::Archive(archive)
    }
}
