//! Archives as zip files: the same content gives the same bytes.

use std::collections::BTreeMap;
use std::io::{Cursor, Write as _};
use std::path::{Path, PathBuf};
use std::{fs, io};

use pulumi::{Archive, ArchiveSource, Asset, AssetOrArchive, AssetSource};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

/// Why an archive cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// A file or folder cannot be read.
    #[error("{} cannot be read", path.display())]
    Read {
        /// The path.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// It is kept where this program does not look.
    #[error("{0} is remote, and a template has local files only")]
    Remote(String),
    /// It is no zip file, and no folder.
    #[error("{} is neither a folder nor a .zip or .jar file", .0.display())]
    Kind(PathBuf),
    /// The zip file cannot be written.
    #[error("the zip file cannot be written")]
    Zip(#[source] zip::result::ZipError),
}

/// A file within an archive.
struct Member {
    content: Vec<u8>,
    executable: bool,
}

/// The archive as a zip file. Paths are relative to `base`.
pub(crate) fn zip_bytes(archive: &Archive, base: &Path) -> Result<Vec<u8>, ArchiveError> {
    if let ArchiveSource::Path(path) = &archive.source {
        let path = base.join(path);
        if path.is_file() {
            let extension = path.extension().and_then(|extension| extension.to_str());
            return match extension {
                Some("zip" | "jar") => read(&path),
                _ => Err(ArchiveError::Kind(path)),
            };
        }
    }
    let mut members = BTreeMap::new();
    collect(archive, base, "", &mut members)?;
    write(&members).map_err(ArchiveError::Zip)
}

fn write(members: &BTreeMap<String, Member>) -> Result<Vec<u8>, zip::result::ZipError> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, member) in members {
        // The fastest level: what is packed here travels only over the loopback, or once to a bucket.
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .compression_level(Some(1))
            .last_modified_time(DateTime::default())
            .unix_permissions(if member.executable { 0o755 } else { 0o644 });
        writer.start_file(name, options)?;
        writer.write_all(&member.content)?;
    }
    Ok(writer.finish()?.into_inner())
}

fn collect(
    archive: &Archive,
    base: &Path,
    prefix: &str,
    members: &mut BTreeMap<String, Member>,
) -> Result<(), ArchiveError> {
    match &archive.source {
        ArchiveSource::Uri(uri) => Err(ArchiveError::Remote(uri.clone())),
        ArchiveSource::Path(path) => {
            let path = base.join(path);
            if path.is_dir() { collect_folder(&path, prefix, members) } else { Err(ArchiveError::Kind(path)) }
        }
        ArchiveSource::Assets(assets) => {
            for (name, member) in assets {
                let name = format!("{prefix}{name}");
                match member {
                    AssetOrArchive::Archive(inner) => collect(inner, base, &format!("{name}/"), members)?,
                    AssetOrArchive::Asset(asset) => {
                        let member = asset_member(asset, base, &name)?;
                        members.insert(name, member);
                    }
                }
            }
            Ok(())
        }
    }
}

fn asset_member(asset: &Asset, base: &Path, name: &str) -> Result<Member, ArchiveError> {
    match &asset.source {
        AssetSource::Text(text) => {
            Ok(Member { content: text.clone().into_bytes(), executable: is_bootstrap(name) })
        }
        AssetSource::Uri(uri) => Err(ArchiveError::Remote(uri.clone())),
        AssetSource::Path(path) => file_member(&base.join(path), name),
    }
}

fn file_member(path: &Path, name: &str) -> Result<Member, ArchiveError> {
    Ok(Member { content: read(path)?, executable: is_bootstrap(name) || is_executable(path) })
}

/// Lambda starts the file of this name, whatever mode it has where it was built.
fn is_bootstrap(name: &str) -> bool {
    name == "bootstrap"
}

#[cfg(unix)]
fn is_executable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    fs::metadata(path).is_ok_and(|metadata| metadata.permissions().mode() & 0o100 != 0)
}

#[cfg(not(unix))]
fn is_executable(_path: &Path) -> bool {
    false
}

/// As Pulumi does: what a link leads to is taken for a file, links to folders and Pulumi's own folder are not.
fn collect_folder(
    folder: &Path,
    prefix: &str,
    members: &mut BTreeMap<String, Member>,
) -> Result<(), ArchiveError> {
    let failed = |source| ArchiveError::Read { path: folder.to_owned(), source };
    for entry in fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        let kind = entry.file_type().map_err(failed)?;
        let path = entry.path();
        if kind.is_dir() {
            if entry.file_name() != ".pulumi" {
                collect_folder(&path, &format!("{name}/"), members)?;
            }
        } else if path.is_file() {
            let member = file_member(&path, &name)?;
            members.insert(name, member);
        }
    }
    Ok(())
}

fn read(path: &Path) -> Result<Vec<u8>, ArchiveError> {
    fs::read(path).map_err(|source| ArchiveError::Read { path: path.to_owned(), source })
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    fn entries(bytes: Vec<u8>) -> Vec<(String, u32, String)> {
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        (0..archive.len())
            .map(|index| {
                let mut file = archive.by_index(index).unwrap();
                let mut text = String::new();
                file.read_to_string(&mut text).unwrap();
                (file.name().unwrap().into_owned(), file.unix_mode().unwrap() & 0o777, text)
            })
            .collect()
    }

    #[test]
    fn a_bootstrap_can_be_run_and_the_bytes_depend_on_the_content_alone() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("built"), "code").unwrap();
        let archive =
            Archive::assets([("bootstrap", Asset::file("built")), ("notes.txt", Asset::text("hello"))]);
        let bytes = zip_bytes(&archive, folder.path()).unwrap();
        assert_eq!(
            entries(bytes.clone()),
            [
                ("bootstrap".to_owned(), 0o755, "code".to_owned()),
                ("notes.txt".to_owned(), 0o644, "hello".to_owned()),
            ]
        );
        fs::remove_file(folder.path().join("built")).unwrap();
        fs::write(folder.path().join("built"), "code").unwrap();
        assert_eq!(zip_bytes(&archive, folder.path()).unwrap(), bytes);
    }

    #[test]
    fn a_folder_is_packed_with_its_folders_but_not_pulumis() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("site");
        fs::create_dir_all(root.join("css")).unwrap();
        fs::create_dir_all(root.join(".pulumi")).unwrap();
        for (name, text) in [("index.html", "i"), ("css/page.css", "c"), (".pulumi/state", "s")] {
            fs::write(root.join(name), text).unwrap();
        }
        let names = |bytes| entries(bytes).into_iter().map(|(name, _, _)| name).collect::<Vec<_>>();
        let bytes = zip_bytes(&Archive::file("site"), folder.path()).unwrap();
        assert_eq!(names(bytes.clone()), ["css/page.css", "index.html"]);
        fs::write(folder.path().join("ready.zip"), &bytes).unwrap();
        assert_eq!(zip_bytes(&Archive::file("ready.zip"), folder.path()).unwrap(), bytes);
        let nested = Archive::assets([("site", Archive::file("site"))]);
        assert_eq!(
            names(zip_bytes(&nested, folder.path()).unwrap()),
            ["site/css/page.css", "site/index.html"]
        );
    }

    #[test]
    fn what_cannot_be_packed_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let message = |archive| zip_bytes(&archive, folder.path()).unwrap_err().to_string();
        let missing = message(Archive::assets([("bootstrap", Asset::file("none"))]));
        assert!(missing.ends_with("none cannot be read"), "{missing}");
        assert!(message(Archive::file("none")).ends_with("none is neither a folder nor a .zip or .jar file"));
        assert_eq!(
            message(Archive::remote("https://example.org/a.zip")),
            "https://example.org/a.zip is remote, and a template has local files only"
        );
    }
}
