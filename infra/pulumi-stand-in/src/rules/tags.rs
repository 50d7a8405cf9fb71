//! What AWS takes as tags, whatever they are on.

use pulumi::Value;

use crate::inputs::Inputs;
use crate::schema::Problem;

const MOST: usize = 50;
const MOST_ON_OBJECTS: usize = 10;
const OBJECT: &str = "aws:s3/bucketObjectv2:BucketObjectv2";

pub(super) fn problems(token: &str, inputs: Inputs<'_>) -> Vec<Problem> {
    let mut problems = Vec::new();
    for found in inputs.at("tags") {
        let Value::Object(tags) = found.value else { continue };
        let mut add = |reason: String| problems.push(Problem { path: found.path.clone(), reason });
        let most = if token == OBJECT { MOST_ON_OBJECTS } else { MOST };
        if tags.len() > most {
            add(format!("has {}, expected at most {most}", tags.len()));
        }
        for (key, value) in tags {
            if !(1..=128).contains(&key.chars().count()) || !is_plain(key) || key.starts_with("aws:") {
                add(format!(
                    "has {key:?}, expected at most 128 letters, digits, spaces and _.:/=+-@, and not aws: first"
                ));
            }
            if let Value::String(value) = value
                && (value.chars().count() > 256 || !is_plain(value))
            {
                add(format!(
                    "has {value:?} for {key:?}, expected at most 256 letters, digits, spaces and _.:/=+-@"
                ));
            }
        }
    }
    problems
}

fn is_plain(text: &str) -> bool {
    text.chars().all(|letter| letter.is_alphanumeric() || " _.:/=+-@".contains(letter))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inputs::Entries;

    fn reasons(token: &str, tags: impl IntoIterator<Item = (String, String)>) -> Vec<String> {
        let tags = tags.into_iter().map(|(key, value)| (key, Value::String(value))).collect();
        let entries = Entries::from([("tags".to_owned(), Value::Object(tags))]);
        let found = problems(token, Inputs(&entries)).into_iter();
        found.map(|problem| format!("{} {}", problem.path, problem.reason)).collect()
    }

    fn tag(key: &str, value: &str) -> (String, String) {
        (key.to_owned(), value.to_owned())
    }

    #[test]
    fn tags_are_few_and_plain() {
        const QUEUE: &str = "aws:sqs/queue:Queue";
        let plain = [tag("miyabi:cost-owner", "team@example.com"), tag("Name", "Größe 1")];
        assert_eq!(reasons(QUEUE, plain), Vec::<String>::new());
        assert_eq!(reasons(QUEUE, [tag("aws:name", "x")]).len(), 1);
        assert_eq!(reasons(QUEUE, [tag("a", "b;c"), tag("", "x"), tag("d", &"x".repeat(257))]).len(), 3);
        let many = |number: u32| (0..number).map(|key| tag(&key.to_string(), "x"));
        assert!(reasons(QUEUE, many(50)).is_empty());
        assert_eq!(reasons(QUEUE, many(51)), ["tags has 51, expected at most 50"]);
        assert_eq!(reasons(OBJECT, many(11)), ["tags has 11, expected at most 10"]);
    }
}
