//! Programs of the tests: from one file of Rust to a project that the suite can run.
//!
//! A program is `NAME.rs`; or, where a test changes it between its runs, `NAME/0.rs`, `NAME/1.rs` and so on; or a
//! folder with whatever a project has, and its program in a `main.rs`. What it depends on stands in a block of cargo's
//! in the head of the file.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Component, Path, PathBuf};

use anyhow::{Context as _, Result, bail, ensure};

/// The folder, below the suite's own, where the host puts the crates that it packs.
const ARTIFACTS: &str = "artifacts";
/// The SDK's crate, as the host packs it.
const SDK: &str = concat!("miyabi-pulumi-", env!("CARGO_PKG_VERSION"));

/// The program of a test.
#[derive(Debug, Clone)]
pub struct Program {
    /// The test's name.
    pub test: String,
    path: PathBuf,
}

/// What a file's head says.
#[derive(Debug, Default, PartialEq, Eq)]
struct Head {
    /// Crates and their versions.
    dependencies: BTreeMap<String, String>,
    /// How often the suite runs the same program, each time with another configuration.
    runs: usize,
    /// The host that it needs, outside of this machine.
    needs: Option<String>,
}

/// All programs in a folder, by their tests' names.
///
/// # Errors
/// The folder cannot be read.
pub fn all(folder: &Path) -> Result<BTreeMap<String, Program>> {
    let mut programs = BTreeMap::new();
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        let is_program = path.is_dir() || path.extension().is_some_and(|extension| extension == "rs");
        if let (true, Some(stem)) = (is_program, path.file_stem()) {
            let test = stem.to_string_lossy().into_owned();
            programs.insert(test.clone(), Program { test, path });
        }
    }
    Ok(programs)
}

impl Program {
    /// The host outside of this machine that the program needs, where it needs one.
    ///
    /// # Errors
    /// A file cannot be read, or its head is not understood.
    pub fn needs(&self) -> Result<Option<String>> {
        let mut paths = vec![self.path.clone()];
        while let Some(path) = paths.pop() {
            if path.is_dir() {
                for entry in fs::read_dir(&path)? {
                    paths.push(entry?.path());
                }
            } else if path.extension().is_some_and(|extension| extension == "rs")
                && let Some(host) = Head::read(&fs::read_to_string(&path)?)?.needs
            {
                return Ok(Some(host));
            }
        }
        Ok(None)
    }

    /// Makes projects of the program below `folder`, and says where: one for each run of the test.
    ///
    /// # Errors
    /// A file cannot be read or written, or its head is not understood.
    pub fn stage(&self, folder: &Path, lock: &Path) -> Result<Vec<PathBuf>> {
        let target = folder.join(&self.test);
        if target.exists() {
            fs::remove_dir_all(&target).with_context(|| target.display().to_string())?;
        }
        let stage = Stage { test: &self.test, lock };
        if self.path.is_file() {
            let runs = stage.file(&self.path, &target, 0)?;
            return Ok(vec![target; runs]);
        }
        if !self.path.join("0.rs").exists() {
            stage.folder(&self.path, &target)?;
            return Ok(vec![target]);
        }
        let mut paths = Vec::new();
        for run in 0.. {
            let file = self.path.join(format!("{run}.rs"));
            if !file.exists() {
                break;
            }
            let target = target.join(run.to_string());
            stage.file(&file, &target, 1)?;
            paths.push(target);
        }
        Ok(paths)
    }
}

struct Stage<'a> {
    test: &'a str,
    lock: &'a Path,
}

impl Stage<'_> {
    /// A project of a single file.
    fn file(&self, file: &Path, target: &Path, depth: usize) -> Result<usize> {
        let runs = self.package(file, target, depth)?;
        self.project(target)?;
        Ok(runs)
    }

    /// A project of a folder, whose program is wherever its `main.rs` is.
    fn folder(&self, from: &Path, target: &Path) -> Result<()> {
        let mut folders = vec![from.to_owned()];
        while let Some(folder) = folders.pop() {
            let below = folder.strip_prefix(from)?;
            let depth = below.components().filter(|part| matches!(part, Component::Normal(_))).count();
            fs::create_dir_all(target.join(below))?;
            for entry in fs::read_dir(&folder)? {
                let path = entry?.path();
                let name = path.file_name().unwrap_or_default();
                if path.is_dir() {
                    folders.push(path);
                } else if name == "main.rs" {
                    self.package(&path, &target.join(below), depth)?;
                } else {
                    fs::copy(&path, target.join(below).join(name))?;
                }
            }
        }
        self.project(target)
    }

    fn project(&self, target: &Path) -> Result<()> {
        let path = target.join("Pulumi.yaml");
        if path.exists() {
            return Ok(());
        }
        write(&path, &format!("name: {}\nruntime: rust\n", self.test))
    }

    fn package(&self, file: &Path, target: &Path, depth: usize) -> Result<usize> {
        let text = fs::read_to_string(file).with_context(|| file.display().to_string())?;
        let head = Head::read(&text).with_context(|| file.display().to_string())?;
        write(&target.join("src/main.rs"), &text)?;
        write(&target.join("Cargo.toml"), &head.manifest(self.test, depth))?;
        fs::copy(self.lock, target.join("Cargo.lock")).with_context(|| self.lock.display().to_string())?;
        Ok(head.runs)
    }
}

impl Head {
    fn read(text: &str) -> Result<Self> {
        let mut head = Self { runs: 1, ..Self::default() };
        let mut inside = false;
        for line in text.lines() {
            let Some(line) = line.strip_prefix("//!") else { break };
            let line = line.trim();
            match line {
                "```cargo" => inside = true,
                "```" => inside = false,
                _ if inside => {
                    if line == "[dependencies]" || line.is_empty() {
                        continue;
                    }
                    let Some((name, version)) = line.split_once(" = ") else {
                        bail!("expected NAME = \"VERSION\", found {line}");
                    };
                    head.dependencies.insert(name.to_owned(), version.trim_matches('"').to_owned());
                }
                _ => {
                    if let Some(runs) = line.strip_prefix("Runs: ") {
                        head.runs = runs.parse().with_context(|| format!("Runs: {runs}"))?;
                    }
                    if let Some(host) = line.strip_prefix("Needs: ") {
                        head.needs = Some(host.to_owned());
                    }
                }
            }
        }
        ensure!(!inside, "the block of cargo's does not end");
        Ok(head)
    }

    /// The manifest of a project that lies `depth` folders deeper than a test's.
    fn manifest(&self, test: &str, depth: usize) -> String {
        let artifacts = format!("{}{ARTIFACTS}", "../".repeat(2 + depth));
        let mut text = format!(
            "[package]\nname = \"{test}\"\nedition = \"2024\"\n\n[dependencies]\n\
             pulumi = {{ package = \"miyabi-pulumi\", path = \"{artifacts}/{SDK}\" }}\n"
        );
        for (name, version) in &self.dependencies {
            // Cargo's names may say less than the folder's.
            text.push_str(&format!("{name} = {{ path = \"{artifacts}/{name}-{version}\" }}\n"));
        }
        text.push_str("\n[workspace]\n");
        text
    }
}

fn write(path: &Path, text: &str) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    }
    fs::write(path, text).with_context(|| path.display().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_says_what_a_program_needs() {
        let text = "//! Two of them.\n//!\n//! ```cargo\n//! [dependencies]\n//! pulumi-simple = \"2.0.0\"\n//! ```\n\
                    //! Runs: 3\n\nfn main() {}\n//! [dependencies]\n";
        let head = Head::read(text).unwrap();
        assert_eq!(head.runs, 3);
        assert_eq!(head.dependencies, BTreeMap::from([("pulumi-simple".to_owned(), "2.0.0".to_owned())]));
        let manifest = head.manifest("l2-x", 1);
        assert!(
            manifest.contains("pulumi-simple = { path = \"../../../artifacts/pulumi-simple-2.0.0\" }"),
            "{manifest}"
        );
        assert!(Head::read("//! ```cargo\n//! pulumi-simple\n//! ```").is_err());
        assert!(Head::read("//! ```cargo\n").is_err());
    }
}
