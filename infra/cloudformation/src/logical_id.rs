//! Names within the template: stable, and readable in the emulator's and CloudFormation's lists.

use sha2::{Digest as _, Sha256};

/// What a resource would like to be called: its name and its type's last word.
pub(crate) fn candidate(name: &str, cloudformation_type: &str) -> String {
    let mut text = String::new();
    for word in name.split(|c: char| !c.is_ascii_alphanumeric()) {
        let mut characters = word.chars();
        text.extend(characters.next().map(|first| first.to_ascii_uppercase()));
        text.push_str(characters.as_str());
    }
    let kind = cloudformation_type.rsplit("::").next().unwrap_or_default();
    if !text.to_ascii_lowercase().ends_with(&kind.to_ascii_lowercase()) {
        // At most 255 characters, with room for a hash.
        text.truncate(180);
        text.push_str(kind);
    }
    text
}

/// What stands for a resource while the program runs: unique, and readable in messages.
pub(crate) fn key(candidate: &str, urn: &str) -> String {
    format!("{candidate}~{}", hash(&[urn]))
}

/// The name of one of several resources that would like to be called the same.
pub(crate) fn distinct(candidate: &str, urn: &str) -> String {
    format!("{candidate}{}", hash(&[urn]).to_ascii_uppercase())
}

/// The first digits of a hash over texts.
pub(crate) fn hash(texts: &[&str]) -> String {
    let mut digest = Sha256::new();
    for text in texts {
        digest.update(text.as_bytes());
        digest.update([0]);
    }
    digest.finalize().iter().take(4).map(|byte| format!("{byte:02x}")).collect()
}

/// The key of an output: the program's key with a capital.
pub(crate) fn output_key(key: &str) -> String {
    let mut characters = key.chars();
    characters
        .next()
        .map_or_else(String::new, |first| first.to_ascii_uppercase().to_string() + characters.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_readable() {
        assert_eq!(candidate("task-api", "AWS::Lambda::Function"), "TaskApiFunction");
        assert_eq!(candidate("tasks-table", "AWS::DynamoDB::Table"), "TasksTable");
        assert_eq!(candidate("/miyabi/cdk-deploy", "AWS::Logs::LogGroup"), "MiyabiCdkDeployLogGroup");
        assert_eq!(candidate("", "AWS::S3::Bucket"), "Bucket");
        assert!(candidate(&"x".repeat(300), "AWS::S3::Bucket").len() < 240);
    }

    #[test]
    fn resources_of_one_name_are_told_apart_by_their_urns() {
        assert_ne!(key("A", "urn:1"), key("A", "urn:2"));
        assert_ne!(distinct("A", "urn:1"), distinct("A", "urn:2"));
        assert!(distinct("A", "urn:1").chars().all(|c| c.is_ascii_alphanumeric()));
    }

    #[test]
    fn output_keys_begin_with_a_capital() {
        assert_eq!(output_key("apiId"), "ApiId");
    }
}
