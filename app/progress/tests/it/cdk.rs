//! CDK's ways that the captures do not show: every layout, overshoot, roll-back, clean-up, nested and many stacks.
//!
//! The lines follow aws-cdk's own printer: status cut at 23 (once 20) characters, the counter padded.

use miyabi_progress::Change;
use miyabi_shared::event::StepEvent;
use miyabi_shared::task::StepStatus;

use crate::support::{changes, report_values};

/// `phase current/total percentage` of each change, without repetitions, and the result.
fn read(text: &str) -> Vec<String> {
    let mut seen: Vec<String> = Vec::new();
    for line in report_values(text.as_bytes(), None) {
        let short = if line["type"] == "result" {
            format!("{} {}", line["status"].as_str().unwrap(), line["percentage"])
        } else {
            format!(
                "{} {}/{} {}",
                line["phase"].as_str().unwrap_or("-"),
                line["current"],
                line["total"],
                line["percentage"]
            )
        };
        if seen.last() != Some(&short) {
            seen.push(short);
        }
    }
    seen
}

fn steps(text: &str) -> Vec<StepEvent> {
    let step = |change| if let Change::Step(step) = change { Some(step) } else { None };
    changes(text.as_bytes(), None).into_iter().filter_map(step).collect()
}

#[test]
fn the_line_of_the_documents_is_52_percent() {
    assert_eq!(read("MiyabiWebUIStack | 15/29 | …\n"), ["deploy 15/29 52", "unknown 52"]);
    assert_eq!(
        read("MiyabiWebUIStack | 15/29 | 3:04:05 PM | CREATE_COMPLETE | AWS::DynamoDB::Table | Tasks\n"),
        ["deploy 15/29 52", "unknown 52"]
    );
}

#[test]
fn layouts_of_all_versions_are_read() {
    // Without the stack's column, with the status cut at 20, with a date in the time, in another locale.
    for line in [
        "  3/7 | 1:33:58 AM | CREATE_COMPLETE      | AWS::SQS::Queue | Q1 (Q1276D0889)",
        " 3/7 | Sun Nov 22 2026 01:33:58 GMT+0000 (Coordinated Universal Time) | CREATE_COMPLETE      | AWS::SQS::Queue | Q1 (Q1276D0889) ",
        "Demo | 3/7 | 13:33:58 | UPDATE_COMPLETE_CLEA | AWS::CloudFormation::Stack | Other",
        "Demo | 3/7 | 1:33:58 | CREATE_COMPLETE | Custom::Thing | A/B (AB12) done | and more",
        "  [████▌······] (3/7)",
    ] {
        let seen = read(&format!("{line}\n"));
        assert_eq!(seen, ["deploy 3/7 43", "unknown 43"], "{line}");
    }
    let read = steps("Demo | 3/7 | 1:33:58 | CREATE_FAILED | Custom::Thing | A/B (AB12) not done | at all\n");
    let step = &read[0];
    assert_eq!(
        (step.step_id.as_str(), step.name.as_str(), step.kind.as_str()),
        ("Demo:AB12", "A/B", "Custom::Thing")
    );
    assert_eq!((step.status, step.message.as_deref()), (StepStatus::Failed, Some("not done | at all")));
    assert_eq!(step.parent_id.as_ref().unwrap().as_str(), "Demo");
}

#[test]
fn direct_creation_has_a_count_and_no_percentage() {
    let text = "Demo: deploying... [1/1]\n\
        Demo |   0 | 1:00:00 AM | CREATE_IN_PROGRESS | AWS::CloudFormation::Stack | Demo \n\
        Demo |   1 | 1:00:01 AM | CREATE_COMPLETE | AWS::SQS::Queue | Q (Q1) \n\
        Demo |   2 | 1:00:02 AM | CREATE_COMPLETE | AWS::CloudFormation::Stack | Demo \n\n ✅  Demo\n";
    assert_eq!(
        read(text),
        [
            "deploy null/null null",
            "deploy 0/null null",
            "deploy 1/null null",
            "deploy 2/null null",
            "deploy 2/2 99",
            "succeeded 100"
        ]
    );
}

#[test]
fn overshoot_rebases_the_total_and_never_shows_more_than_there_is() {
    let text = "Demo | 7/8 | 1:00:00 AM | CREATE_COMPLETE | AWS::SQS::Queue | A (A1)\n\
        Demo | 8/8 | 1:00:00 AM | CREATE_COMPLETE | AWS::SQS::Queue | B (B1)\n\
        Demo | 50/8 | 1:00:00 AM | CREATE_COMPLETE | AWS::SQS::Queue | C (C1)\n";
    assert_eq!(read(text), ["deploy 7/8 88", "deploy 8/8 99", "deploy 50/50 99", "unknown 99"]);
}

#[test]
fn a_rollback_is_a_phase_of_its_own_and_the_bar_stays() {
    let text = "Demo: deploying... [1/1]\n\
        Demo | 3/9 | 1:00:00 AM | CREATE_COMPLETE | AWS::SQS::Queue | A (A1)\n\
        Demo | 3/9 | 1:00:00 AM | CREATE_FAILED | AWS::SQS::Queue | B (B1) Resource handler returned message: \"denied\"\n\
        Demo | 3/9 | 1:00:00 AM | ROLLBACK_IN_PROGRESS | AWS::CloudFormation::Stack | Demo The following resource(s) failed to create: [B1].\n\
        Demo | 3/9 | 1:00:01 AM | DELETE_IN_PROGRESS | AWS::SQS::Queue | A (A1)\n\
        Demo | 2/9 | 1:00:02 AM | DELETE_COMPLETE | AWS::SQS::Queue | A (A1)\n\
        Demo | 1/9 | 1:00:02 AM | DELETE_COMPLETE | AWS::SQS::Queue | C (C1)\n\
        Demo | 2/9 | 1:00:03 AM | ROLLBACK_COMPLETE | AWS::CloudFormation::Stack | Demo \n\
        \nFailed resources:\n\
        Demo | 1:00:00 AM | CREATE_FAILED | AWS::SQS::Queue | B (B1) Resource handler returned message: \"denied\"\n\
        \n❌  Demo failed: ToolkitError: The stack named Demo failed creation\n";
    assert_eq!(
        read(text),
        [
            "deploy null/null null",
            "deploy 3/9 33",
            "rollback 0/3 33",
            "rollback 1/3 33",
            "rollback 2/3 33",
            "failed 33"
        ]
    );
    let failed: Vec<_> = steps(text).into_iter().filter(|step| step.status == StepStatus::Failed).collect();
    assert!(failed.iter().any(|step| step.step_id.as_str() == "Demo:B1"
        && step.message.as_ref().is_some_and(|why| why.contains("denied"))));
    assert!(failed.iter().any(|step| step.step_id.as_str() == "Demo"
        && step.message.as_ref().is_some_and(|why| why.contains("failed creation"))));
}

#[test]
fn a_cleanup_counts_for_itself_and_the_bar_stays() {
    let text = "Demo: deploying... [1/1]\n\
        Demo | 41/42 | 1:00:00 AM | UPDATE_COMPLETE | AWS::SQS::Queue | A (A1)\n\
        Demo | 42/42 | 1:00:00 AM | UPDATE_COMPLETE_CLEANUP | AWS::CloudFormation::Stack | Demo \n\
        Demo | 43/42 | 1:00:00 AM | DELETE_COMPLETE | AWS::SQS::Queue | B (B1)\n\
        Demo | 44/42 | 1:00:00 AM | UPDATE_COMPLETE | AWS::CloudFormation::Stack | Demo \n\
        \n ✅  Demo\n\n✨  Total time: 3s\n";
    assert_eq!(
        read(text),
        [
            "deploy null/null null",
            "deploy 41/42 98",
            "cleanup 1/null 98",
            "cleanup 2/null 98",
            "cleanup 3/null 98",
            "deploy 42/42 99",
            "succeeded 100"
        ]
    );
}

#[test]
fn nested_stacks_share_their_parents_counter() {
    let text = "Demo: deploying... [1/1]\n\
        Demo | 1/4 | 1:00:00 AM | CREATE_COMPLETE | AWS::SQS::Queue | A (A1)\n\
        Demo | 1/4 | 1:00:00 AM | CREATE_IN_PROGRESS | AWS::CloudFormation::Stack | Inner.NestedStack/Inner.NestedStackResource (InnerNestedStack) \n\
        Demo-InnerNestedStack-1ABCDEF | 1/4 | 1:00:00 AM | CREATE_COMPLETE | AWS::SQS::Queue | Inner/B (B1)\n\
        Demo | 2/4 | 1:00:00 AM | CREATE_COMPLETE | AWS::CloudFormation::Stack | Inner.NestedStack/Inner.NestedStackResource (InnerNestedStack) \n\
        Demo | 4/4 | 1:00:00 AM | CREATE_COMPLETE | AWS::CloudFormation::Stack | Demo \n";
    assert_eq!(
        read(text),
        ["deploy null/null null", "deploy 1/4 25", "deploy 2/4 50", "deploy 4/4 99", "unknown 99"]
    );
}

#[test]
fn stacks_that_deploy_at_once_add_up_and_the_rest_is_guessed_by_their_average() {
    let text = "A: deploying... [1/3]\nB: deploying... [2/3]\n\
        A | 2/10 | 1:00:00 AM | CREATE_COMPLETE | AWS::SQS::Queue | A (A1)\n\
        B | 1/4 | 1:00:00 AM | CREATE_COMPLETE | AWS::SQS::Queue | B (B1)\n\
        A | 5/10 | 1:00:00 AM | CREATE_COMPLETE | AWS::SQS::Queue | C (C1)\n\
        ✅  A\n ✅  B\nC: deploying... [3/3]\n\
        C | 1/2 | 1:00:00 AM | CREATE_COMPLETE | AWS::SQS::Queue | D (D1)\n\
        ✅  C (no changes)\n";
    let seen = read(text);
    assert_eq!(seen.first().unwrap(), "deploy null/null null");
    assert!(seen.contains(&"deploy 6/21 29".to_owned()), "{seen:?}");
    assert!(seen.contains(&"deploy 15/16 94".to_owned()), "{seen:?}");
    assert_eq!(&seen[seen.len() - 2..], ["deploy 16/16 99", "succeeded 100"]);
}

#[test]
fn one_failed_stack_fails_the_job_even_where_another_ends_well() {
    let seen = read(
        "A: deploying... [1/2]\n❌  A failed: Error: no\nB: deploying... [2/2]\n ✅  B\n\n✨  Total time: 3s\n",
    );
    assert_eq!(seen.last().unwrap(), "failed null");
}

#[test]
fn a_hotswap_and_a_stack_without_changes_succeed() {
    let seen = read(
        "✨  Synthesis time: 1s\n\nDemo: deploying... [1/1]\n✨ hotswap deployment skipped - no changes were detected\n\n ✅  Demo (no changes)\n\n✨  Total time: 2s\n",
    );
    assert_eq!(seen.last().unwrap(), "succeeded 100");
}

#[test]
fn a_destroy_has_its_phase_and_its_end() {
    let text = "Demo: destroying... [1/1]\n\
        Demo |   0 | 1:00:00 AM | DELETE_IN_PROGRESS | AWS::CloudFormation::Stack | Demo \n\
        Demo |   1 | 1:00:00 AM | DELETE_COMPLETE | AWS::SQS::Queue | A (A1)\n\n ✅  Demo: destroyed\n";
    assert_eq!(
        read(text),
        [
            "destroy null/null null",
            "destroy 0/null null",
            "destroy 1/null null",
            "destroy 1/1 99",
            "succeeded 100"
        ]
    );
}

#[test]
fn an_operation_that_is_said_to_start_after_its_end_has_ended() {
    let seen = steps(
        "Demo | 1/3 | 1:29:49 AM | CREATE_COMPLETE    | AWS::SQS::Queue | Q1 (Q1276D0889)\n\
         Demo | 1/3 | 1:29:49 AM | CREATE_IN_PROGRESS | AWS::SQS::Queue | Q1 (Q1276D0889)\n\
         Demo | 1/3 | 1:29:49 AM | CREATE_IN_PROGRESS | AWS::SQS::Queue | Q2 (Q2276D0889)\n\
         Demo | 2/3 | 1:29:50 AM | DELETE_IN_PROGRESS | AWS::SQS::Queue | Q1 (Q1276D0889)\n",
    );
    let seen: Vec<_> = seen.iter().map(|step| (step.step_id.as_str(), step.status)).collect();
    let (first, second) = ("Demo:Q1276D0889", "Demo:Q2276D0889");
    let expected =
        [(first, StepStatus::Succeeded), (second, StepStatus::Running), (first, StepStatus::Running)];
    let seen: Vec<_> = seen.into_iter().filter(|(id, _)| id.contains(':')).collect();
    assert_eq!(seen, expected);
}

#[test]
fn a_row_without_a_name_is_no_step_and_a_long_name_is_cut_to_what_the_api_takes() {
    let row =
        |name: &str| format!("Demo | 3/7 | 1:33:58 AM | CREATE_IN_PROGRESS | AWS::SQS::Queue | {name}\n");
    assert_eq!(steps(&row(" ")), []);
    let long = steps(&row(&"q".repeat(2000)));
    assert_eq!(long.len(), 1);
    assert_eq!(long[0].name.chars().count(), 256);
}
