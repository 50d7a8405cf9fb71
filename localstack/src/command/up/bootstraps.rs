//! The built programs, where the infrastructure program, AWS and people want them.

use std::fs::File;
use std::path::{Path, PathBuf};

use anyhow::Context;
use miyabi_shared::Function;

use crate::checkout::Checkout;

/// Copies the `miyabi` command: a build in another checkout, with the same folder of builds, must not change it.
pub(super) fn place_command(checkout: &Checkout) -> anyhow::Result<()> {
    let built = checkout.binary("miyabi")?;
    let placed = checkout.folder("bin")?.join("miyabi");
    if !is_copy(&built, &placed) {
        copy(&built, &placed).with_context(|| format!("copy {}", built.display()))?;
    }
    Ok(())
}

/// Copies every function that was built anew since the last time.
pub(super) fn place(checkout: &Checkout) -> anyhow::Result<PathBuf> {
    let folder = checkout.folder("functions")?;
    for function in Function::ALL {
        let built = checkout.binary(&function.binary())?;
        let placed = folder.join(function.bootstrap_path());
        if !is_copy(&built, &placed) {
            copy(&built, &placed).with_context(|| format!("copy {}", built.display()))?;
        }
    }
    Ok(folder)
}

/// A copy has its original's size and time.
fn is_copy(original: &Path, copy: &Path) -> bool {
    // A link to a build is not a copy of it.
    let of = |path| std::fs::symlink_metadata(path).and_then(|file| Ok((file.len(), file.modified()?))).ok();
    of(original).is_some_and(|original| of(copy) == Some(original))
}

fn copy(original: &Path, copy: &Path) -> std::io::Result<()> {
    if let Some(folder) = copy.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let draft = copy.with_extension("draft");
    std::fs::copy(original, &draft)?;
    File::options().write(true).open(&draft)?.set_modified(std::fs::metadata(original)?.modified()?)?;
    std::fs::rename(&draft, copy)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_is_known_until_its_original_changes() {
        let folder = tempfile::tempdir().unwrap();
        let (original, placed) = (folder.path().join("a"), folder.path().join("f/bootstrap"));
        std::fs::write(&original, "1").unwrap();
        assert!(!is_copy(&original, &placed));
        copy(&original, &placed).unwrap();
        assert!(is_copy(&original, &placed));
        std::fs::write(&original, "22").unwrap();
        assert!(!is_copy(&original, &placed));
    }
}
