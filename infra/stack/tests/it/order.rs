//! What AWS refuses, or quietly does without, unless something else is there first, although nothing of it is an input.

use miyabi_shared::Stage;

use crate::program::recorded;

/// A resource, by type and name; what it has to wait for; and why.
const FIRST: [(&str, &str, &str); 3] = [
    (
        "aws:cloudfront/distribution:Distribution::edge",
        "aws:s3/bucketOwnershipControls:BucketOwnershipControls::miyabi-logs",
        "CloudFront hands logs over by an access list, and asks whether the bucket takes them when it is told of the bucket",
    ),
    (
        "aws:s3/bucketLogging:BucketLogging::miyabi-dashboard",
        "aws:s3/bucketPolicy:BucketPolicy::miyabi-logs",
        "logs that may not be written yet are dropped",
    ),
    (
        "aws:budgets/budget:Budget::monthly",
        "aws:sns/topicPolicy:TopicPolicy::alarms",
        "a budget that may not send yet tells nobody",
    ),
];

#[tokio::test]
async fn what_has_to_be_there_first_is_waited_for() {
    for stage in [Stage::Dev, Stage::Stg, Stage::Prod] {
        let resources = recorded(stage).await.resources();
        for (later, first, why) in FIRST {
            let found = |wanted: &str| resources.iter().find(|resource| is(&resource.urn, wanted));
            let found = |wanted: &str| found(wanted).unwrap_or_else(|| panic!("{stage:?} has no {wanted}"));
            let (later_one, first_one) = (found(later), found(first));
            let waits = later_one.request.dependencies.contains(&first_one.urn);
            assert!(waits, "{later} of {stage:?} does not wait for {first}: {why}");
        }
    }
}

/// Whether a URN is of this type and name: before the type are those of its parents.
fn is(urn: &str, wanted: &str) -> bool {
    let kind = format!("{}::{}", pulumi::urn::type_of(urn), pulumi::urn::name_of(urn));
    kind == wanted
}
