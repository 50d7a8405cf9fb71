//! Builds the page, when its sources have changed since the last time.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, SystemTime};

use anyhow::{Context, bail};
use sha2::{Digest, Sha256};
use tokio::process::Command;

use crate::checkout::Checkout;
use crate::console::Step;

const LIMIT: Duration = Duration::from_secs(900);
const LINES_IN_ERRORS: usize = 30;
/// What is not a source of the page.
const NOT_SOURCES: [&str; 6] = ["node_modules", "dist", "e2e", "tests", "test-results", "playwright-report"];

/// The folder of the built page, built where it is not.
pub(crate) async fn build(checkout: &Checkout) -> anyhow::Result<PathBuf> {
    let folder = checkout.root().join("app/dashboard");
    let built = folder.join("dist");
    let digest = digest(&folder).context("read the page's sources")?;
    let mark = checkout.state().join("page-built");
    let is_built = built.join("index.html").is_file();
    if is_built && std::fs::read_to_string(&mark).is_ok_and(|last| last == digest) {
        return Ok(built);
    }
    if must_install(&folder) {
        npm(checkout, &folder, &["ci", "--no-audit", "--no-fund"], "installing the page's packages").await?;
    }
    npm(checkout, &folder, &["run", "build"], "building the page").await?;
    if !built.join("index.html").is_file() {
        bail!("`npm run build` made no {}", built.join("index.html").display());
    }
    std::fs::write(&mark, digest).with_context(|| format!("write {}", mark.display()))?;
    Ok(built)
}

/// Whether the packages are older than the list of them; npm writes its own copy of it when it has finished.
fn must_install(folder: &Path) -> bool {
    let changed = |path: PathBuf| std::fs::metadata(path).and_then(|file| file.modified()).ok();
    let installed: Option<SystemTime> = changed(folder.join("node_modules/.package-lock.json"));
    installed.is_none() || installed < changed(folder.join("package-lock.json"))
}

async fn npm(checkout: &Checkout, folder: &Path, arguments: &[&str], what: &str) -> anyhow::Result<()> {
    let step = Step::begin(what);
    checkout.folder("log")?;
    let log = checkout.log("page");
    let run = Command::new("npm")
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output();
    let output = tokio::time::timeout(LIMIT, run)
        .await
        .with_context(|| format!("npm {} did not end within {LIMIT:?}", arguments.join(" ")))?
        .context("run npm; `./just up` finds or installs it")?;
    let text = [output.stdout, output.stderr].concat();
    std::fs::write(&log, &text).with_context(|| format!("write {}", log.display()))?;
    if !output.status.success() {
        step.failed(what);
        let text = String::from_utf8_lossy(&text).into_owned();
        let lines: Vec<&str> = text.lines().collect();
        let end = lines[lines.len().saturating_sub(LINES_IN_ERRORS)..].join("\n    ");
        bail!(
            "npm {} failed ({}); its log is {}\n    {end}",
            arguments.join(" "),
            output.status,
            log.display()
        );
    }
    step.done(what);
    Ok(())
}

/// The digest of everything that the page is built from.
fn digest(folder: &Path) -> std::io::Result<String> {
    let mut files = BTreeMap::new();
    collect(folder, folder, &mut files)?;
    let mut hasher = Sha256::new();
    for (name, path) in files {
        let content = std::fs::read(path)?;
        hasher.update(format!("{name}\0{}\0", content.len()));
        hasher.update(content);
    }
    Ok(hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

fn collect(root: &Path, folder: &Path, files: &mut BTreeMap<String, PathBuf>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().into_owned();
        if NOT_SOURCES.contains(&name.as_str()) || name.ends_with(".tsbuildinfo") {
            continue;
        }
        if path.is_dir() {
            collect(root, &path, files)?;
        } else {
            files.insert(name, path);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_change_of_a_source_means_a_build() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        };
        write("src/main.tsx", "1");
        let before = digest(folder.path()).unwrap();
        write("dist/index.html", "x");
        write("node_modules/a/index.js", "x");
        assert_eq!(digest(folder.path()).unwrap(), before);
        write("src/main.tsx", "2");
        assert_ne!(digest(folder.path()).unwrap(), before);
    }
}
