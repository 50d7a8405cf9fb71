//! The page's files, each an object of the bucket: the engine sends what changed and removes what is gone.

use std::path::{Path, PathBuf};

use miyabi_shared::page::{DOCUMENT, cache_control, content_type};
use pulumi::{Asset, ResourceOptions};
use pulumi_aws::s3;

use super::Parts;

/// A file of the built page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageFile {
    /// Its path within the page, with slashes.
    pub key: String,
    /// Where it lies.
    pub path: PathBuf,
}

/// The files below a folder, in the order of their keys; none where there is no such folder.
pub fn page_files(folder: &Path) -> Vec<PageFile> {
    let mut files = Vec::new();
    collect(folder, folder, &mut files);
    files.sort_by(|one, other| one.key.cmp(&other.key));
    files
}

fn collect(root: &Path, folder: &Path, files: &mut Vec<PageFile>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            collect(root, &path, files);
        } else if let Ok(relative) = path.strip_prefix(root) {
            files.push(PageFile { key: relative.to_string_lossy().replace('\\', "/"), path });
        }
    }
}

/// What is wrong with a folder of the built page, before anything is declared with it.
pub fn missing_page(folder: &Path) -> Option<String> {
    let document = folder.join(DOCUMENT);
    (!document.is_file()).then(|| {
        format!(
            "the page was not built: expected a file at {}; `npm run build` in app/dashboard makes it",
            document.display()
        )
    })
}

/// Declares them. The document names all others, so it comes last.
pub(super) fn declare(parts: &Parts<'_>, bucket: &s3::Bucket) {
    let (document, others): (Vec<_>, Vec<_>) =
        page_files(Path::new(&parts.args.settings.page)).into_iter().partition(|file| file.key == DOCUMENT);
    let mut options = ResourceOptions::new();
    for file in &others {
        options = options.depends_on(&object(parts, bucket, file, ResourceOptions::new()));
    }
    for file in &document {
        object(parts, bucket, file, options.clone());
    }
}

fn object(
    parts: &Parts<'_>,
    bucket: &s3::Bucket,
    file: &PageFile,
    options: ResourceOptions,
) -> s3::BucketObjectv2 {
    s3::BucketObjectv2::with_options(
        parts.context,
        format!("page/{}", file.key),
        s3::BucketObjectv2Args::new()
            .bucket(bucket.id())
            .key(file.key.as_str())
            .source(Asset::file(file.path.to_string_lossy()))
            .content_type(content_type(&file.key))
            .cache_control(cache_control(&file.key))
            // An object takes ten tags, and is paid for by its bucket.
            .tags(&parts.tags),
        options,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_found_by_their_path_within_the_page() {
        let folder = tempfile::tempdir().unwrap();
        assert!(missing_page(folder.path()).unwrap().contains("index.html"));
        std::fs::create_dir(folder.path().join("assets")).unwrap();
        for name in ["index.html", "assets/b.js", "assets/a.css"] {
            std::fs::write(folder.path().join(name), name).unwrap();
        }
        let keys: Vec<_> = page_files(folder.path()).into_iter().map(|file| file.key).collect();
        assert_eq!(keys, ["assets/a.css", "assets/b.js", "index.html"]);
        assert_eq!(missing_page(folder.path()), None);
        assert!(page_files(&folder.path().join("nowhere")).is_empty());
    }
}
