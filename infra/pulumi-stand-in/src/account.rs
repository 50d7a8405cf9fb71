//! The account that resources are made in: a folder with a file for each, which outlives the provider's process.
//!
//! It knows what AWS knows and a schema does not: which names are taken, whether what is referred to exists, and what
//! cannot be deleted because something else is still in it.

mod demands;
mod json;

use std::fs::File;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io;
use std::path::{Path, PathBuf};

use pulumi::Value;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::facts::{self, Facts, target};
use crate::inputs::{Entries, Inputs, shown};

/// A resource that was made.
#[derive(Debug, Clone, PartialEq)]
pub struct Made {
    /// Its type.
    pub token: String,
    /// Its identifier.
    pub id: String,
    /// What its program calls it.
    pub name: String,
    /// Where it is.
    pub region: String,
    /// What it was made of.
    pub inputs: Entries,
    /// What AWS tells of it.
    pub outputs: Entries,
}

#[derive(Serialize, Deserialize)]
struct Written {
    token: String,
    id: String,
    name: String,
    region: String,
    inputs: Json,
    outputs: Json,
}

/// The account.
#[derive(Debug, Clone)]
pub struct Account {
    folder: PathBuf,
}

/// Keeps other providers away while something is made or deleted.
#[derive(Debug)]
pub struct Lock(#[expect(dead_code, reason = "dropping the file opens the lock")] File);

impl Account {
    /// The account in a folder, which is made.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn open(folder: impl Into<PathBuf>) -> io::Result<Self> {
        let account = Self { folder: folder.into() };
        std::fs::create_dir_all(&account.folder)?;
        Ok(account)
    }

    /// Keeps other providers away: one instance runs for each region.
    ///
    /// # Errors
    /// When the lock's file cannot be made.
    pub fn lock(&self) -> io::Result<Lock> {
        let file = File::create(self.folder.join(".lock"))?;
        file.lock()?;
        Ok(Lock(file))
    }

    /// A number that was never given before.
    ///
    /// # Errors
    /// When it cannot be written down.
    pub fn number(&self) -> io::Result<u64> {
        let path = self.folder.join(".numbers");
        let number = std::fs::read_to_string(&path).ok().and_then(|text| text.parse().ok()).unwrap_or(0) + 1;
        std::fs::write(path, u64::to_string(&number))?;
        Ok(number)
    }

    /// A resource.
    ///
    /// # Errors
    /// When its file cannot be read.
    pub fn get(&self, token: &str, id: &str) -> io::Result<Option<Made>> {
        read(&self.path(token, id))
    }

    /// Every resource of a type.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn of_type(&self, token: &str) -> io::Result<Vec<Made>> {
        all_in(&self.folder.join(folder_name(token)))
    }

    /// Every resource.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn all(&self) -> io::Result<Vec<Made>> {
        let mut all = Vec::new();
        for entry in std::fs::read_dir(&self.folder)? {
            let path = entry?.path();
            if path.is_dir() {
                all.extend(all_in(&path)?);
            }
        }
        Ok(all)
    }

    /// Writes a resource down, new or changed.
    ///
    /// # Errors
    /// When its file cannot be written.
    pub fn put(&self, made: &Made) -> io::Result<()> {
        let path = self.path(&made.token, &made.id);
        std::fs::create_dir_all(path.parent().unwrap_or(&self.folder))?;
        let written = Written {
            token: made.token.clone(),
            id: made.id.clone(),
            name: made.name.clone(),
            region: made.region.clone(),
            inputs: json::from_entries(&made.inputs)?,
            outputs: json::from_entries(&made.outputs)?,
        };
        // Never half a file, whatever ends this process.
        let draft = path.with_extension("draft");
        std::fs::write(&draft, serde_json::to_vec(&written)?)?;
        std::fs::rename(draft, path)
    }

    /// Forgets a resource.
    ///
    /// # Errors
    /// When its file cannot be removed.
    pub fn remove(&self, token: &str, id: &str) -> io::Result<()> {
        match std::fs::remove_file(self.path(token, id)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// Where a provider tells that it waits, for a drill.
    pub fn marker(&self, name: &str) -> PathBuf {
        self.folder.join(format!(".{name}"))
    }

    fn path(&self, token: &str, id: &str) -> PathBuf {
        // An identifier may be any text, and a file's name may not.
        let mut hasher = DefaultHasher::new();
        id.hash(&mut hasher);
        self.folder.join(folder_name(token)).join(format!("{:016x}.json", hasher.finish()))
    }

    /// Why AWS would not make this resource, or change the one with this identifier into it.
    ///
    /// # Errors
    /// When the account cannot be read.
    pub(crate) fn refuses(&self, wanted: &Made, own_id: Option<&str>) -> io::Result<Option<String>> {
        let facts = facts::of(&wanted.token);
        let others = self.of_type(&wanted.token)?;
        let others: Vec<&Made> = others.iter().filter(|other| Some(other.id.as_str()) != own_id).collect();
        if let Some(reason) = taken(facts, wanted, &others) {
            return Ok(Some(reason));
        }
        for (path, referred) in facts.needs.iter().chain(&facts.holds) {
            for value in Inputs(&wanted.inputs).texts(path) {
                if self.find(referred, value)?.is_none() && self.is_ours(referred, value) {
                    let (token, output) = target(referred);
                    return Ok(Some(format!("{path} is {value:?}: there is no {token} with this {output}")));
                }
            }
        }
        demands::refused(self, wanted, &others)
    }

    /// The resource that an input names, as `Type` or `Type.output` says.
    fn find(&self, referred: &str, value: &str) -> io::Result<Option<Made>> {
        let (token, output) = target(referred);
        let is = |made: &Made| match output {
            "id" => made.id == value,
            output => Inputs(&made.outputs).text(output) == Some(value),
        };
        Ok(self.of_type(token)?.into_iter().find(is))
    }

    /// Whether what is named would be in this account: AWS's own policies and headers are not.
    fn is_ours(&self, referred: &str, value: &str) -> bool {
        let (token, _) = target(referred);
        let of_aws = value.contains(":aws:policy/")
            || token.starts_with("aws:cloudfront/") && token.contains("Policy");
        !of_aws && !value.is_empty()
    }

    /// Why AWS would not delete this resource.
    ///
    /// # Errors
    /// When the account cannot be read.
    pub(crate) fn keeps(&self, made: &Made) -> io::Result<Option<String>> {
        let facts = facts::of(&made.token);
        for (path, value) in &facts.protected_by {
            let set = Inputs(&made.inputs).at(path).iter().any(|found| match found.value {
                Value::Bool(flag) => value.as_bool() == Some(*flag),
                Value::String(text) => value.as_str() == Some(text),
                _ => false,
            });
            if set {
                return Ok(Some(format!("{} is protected from being deleted by {path}", made.id)));
            }
        }
        let emptied = Inputs(&made.inputs).is_true("forceDestroy");
        for (token, other) in facts::all().into_iter().flatten() {
            let paths: Vec<&String> = other
                .holds
                .iter()
                .filter(|(_, referred)| target(referred).0 == made.token)
                .map(|(path, _)| path)
                .collect();
            if paths.is_empty() || emptied {
                continue;
            }
            for holder in self.of_type(token)? {
                for path in &paths {
                    let (_, output) = target(&other.holds[*path]);
                    let named = if output == "id" {
                        Some(made.id.as_str())
                    } else {
                        Inputs(&made.outputs).text(output)
                    };
                    if Inputs(&holder.inputs).texts(path).into_iter().any(|value| Some(value) == named) {
                        return Ok(Some(format!(
                            "DependencyViolation: {} has a dependent object: {token} {} ({})",
                            made.id, holder.name, holder.id
                        )));
                    }
                }
            }
        }
        demands::kept(self, made)
    }
}

/// A name that another resource has.
fn taken(facts: &Facts, wanted: &Made, others: &[&Made]) -> Option<String> {
    let key = |made: &Made| -> Vec<Option<String>> {
        let value = |path: &String| Inputs(&made.inputs).at(path).first().map(|found| shown(found.value));
        facts.unique.iter().map(value).collect()
    };
    if facts.unique.is_empty() {
        return None;
    }
    let own = key(wanted);
    let same = others.iter().find(|other| other.region == wanted.region && key(other) == own)?;
    let shown: Vec<_> = facts
        .unique
        .iter()
        .zip(&own)
        .filter_map(|(path, value)| Some(format!("{path} {}", value.as_ref()?)))
        .collect();
    Some(format!("there is one with {} already: {} ({})", shown.join(", "), same.name, same.id))
}

fn folder_name(token: &str) -> String {
    token.replace([':', '/'], "_")
}

fn read(path: &Path) -> io::Result<Option<Made>> {
    let text = match std::fs::read(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let written: Written = serde_json::from_slice(&text)?;
    let (inputs, outputs) = (json::to_entries(&written.inputs)?, json::to_entries(&written.outputs)?);
    let Written { token, id, name, region, .. } = written;
    Ok(Some(Made { token, id, name, region, inputs, outputs }))
}

fn all_in(folder: &Path) -> io::Result<Vec<Made>> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut all = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "json") {
            all.extend(read(&path)?);
        }
    }
    all.sort_by(|one, other| one.id.cmp(&other.id));
    Ok(all)
}

#[cfg(test)]
mod tests;
