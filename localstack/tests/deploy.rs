//! The stack in a real emulator: made, left alone, changed, and refused with a reason.
#![cfg(feature = "cloud")]
#![expect(clippy::unwrap_used, reason = "a test ends by panicking")]

use std::path::Path;

use miyabi_local::MiniStack;
use miyabi_local::deploy::{Asset, DeployError, Emulator, StackChange, Synthesis, deploy_stack};

fn synthesis(resources: &str, folder: &Path) -> Synthesis {
    let path = folder.join("code.zip");
    std::fs::write(&path, "not a real archive").unwrap();
    Synthesis {
        template: format!(
            r#"{{"Parameters": {{"AssetBucket": {{"Type": "String"}}}}, "Resources": {{{resources}}},
                "Outputs": {{"ApiId": {{"Value": {{"Ref": "Orders"}}}}}}}}"#
        ),
        assets: vec![Asset { key: "c0de.zip".to_owned(), path, purpose: "task-api".to_owned() }],
    }
}

const QUEUE: &str = r#""Orders": {"Type": "AWS::SQS::Queue"}"#;

#[tokio::test]
async fn a_stack_is_made_left_alone_and_changed() {
    let cloud = MiniStack::options().auth(true).start().await.unwrap();
    let emulator = Emulator::new(&cloud.endpoint());
    assert!(emulator.outputs().await.unwrap().is_none());
    let first = synthesis(QUEUE, cloud.folder());
    let made = deploy_stack(&emulator, &first).await.unwrap();
    assert_eq!(
        (made.change, made.uploaded.as_slice()),
        (StackChange::Created, ["task-api".to_owned()].as_slice())
    );
    assert!(made.outputs.api_id().unwrap().contains("Orders"));

    let same = deploy_stack(&emulator, &first).await.unwrap();
    assert_eq!((same.change, same.uploaded.len(), &same.outputs), (StackChange::None, 0, &made.outputs));

    let topic = format!(r#"{QUEUE}, "News": {{"Type": "AWS::SNS::Topic"}}"#);
    let changed = deploy_stack(&emulator, &synthesis(&topic, cloud.folder())).await.unwrap();
    assert_eq!((changed.change, changed.uploaded.len()), (StackChange::Updated, 0));

    emulator.remove_stack().await.unwrap();
    assert!(emulator.outputs().await.unwrap().is_none());
}

#[tokio::test]
async fn a_stack_that_fails_says_which_resource_and_why_and_can_be_made_afterwards() {
    let cloud = MiniStack::start().await.unwrap();
    let emulator = Emulator::new(&cloud.endpoint());
    let wrong = r#""Orders": {"Type": "AWS::SQS::Queue", "Properties": {"RedrivePolicy": {"deadLetterTargetArn": {"Fn::GetAtt": ["Nothing", "Arn"]}, "maxReceiveCount": 3}}}, "Odd": {"Type": "AWS::Nothing::AtAll"}"#;
    let error = deploy_stack(&emulator, &synthesis(wrong, cloud.folder())).await.unwrap_err();
    let text = match &error {
        DeployError::Stack { .. } => error.to_string(),
        other => format!("{other}: {:?}", std::error::Error::source(other)),
    };
    assert!(text.contains("AWS::Nothing::AtAll") || text.contains("Nothing"), "{text}");
    let made = deploy_stack(&emulator, &synthesis(QUEUE, cloud.folder())).await.unwrap();
    assert_eq!(made.change, StackChange::Created);
}

#[tokio::test]
async fn a_template_that_is_too_large_for_the_call_goes_by_the_bucket() {
    let cloud = MiniStack::options().auth(true).start().await.unwrap();
    let emulator = Emulator::new(&cloud.endpoint());
    let description = "x".repeat(900);
    let topics: Vec<String> = (0..80)
        .map(|number| {
            format!(r#""T{number}": {{"Type": "AWS::SNS::Topic", "Metadata": {{"text": "{description}"}}}}"#)
        })
        .collect();
    let large = synthesis(&format!("{QUEUE}, {}", topics.join(", ")), cloud.folder());
    assert!(large.template.len() > 51_200);
    assert_eq!(deploy_stack(&emulator, &large).await.unwrap().change, StackChange::Created);
}
