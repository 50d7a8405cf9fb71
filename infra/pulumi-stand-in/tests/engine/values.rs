//! Values that the schema allows and AWS does not fail the preview, each with resource, property, value, expectation.

use crate::project::Project;

/// What is made, and what is said against it.
const MISTAKES: [(&str, &[&str]); 3] = [
    (
        "log",
        &[
            "aws:cloudwatch/logGroup:LogGroup resource 'mistaken' has a problem: retentionInDays is 42, expected one of 0, 1, 3",
        ],
    ),
    (
        "alarm",
        &[
            "aws:cloudwatch/metricAlarm:MetricAlarm resource 'mistaken' has a problem: metricQueries is given with metricName, expected exactly one of",
            "aws:cloudwatch/metricAlarm:MetricAlarm resource 'mistaken' has a problem: comparisonOperator is required for an alarm",
        ],
    ),
    (
        "role",
        &[
            "aws:iam/role:Role resource 'mistaken' has a problem: assumeRolePolicy Statement[0].Effect is \"allow\", expected \"Allow\" or \"Deny\"",
            "aws:iam/role:Role resource 'mistaken' has a problem: assumeRolePolicy Statement[0].Principal is missing",
        ],
    ),
];

#[test]
fn every_mistake_of_a_resource_is_told_before_it_is_made() {
    let project = Project::drill("whole");
    for (of, why) in MISTAKES {
        project.set_how(of);
        project.fails(&["preview", "--stack=drill"], why);
    }
}
