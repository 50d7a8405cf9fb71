//! The topic that somebody is told by.

use pulumi::{Context, Output};
use pulumi_aws::sns;

use crate::place::Place;
use crate::policy::{Statement, document};
use crate::settings::Settings;
use crate::tags::ComponentTags;

/// The topic.
#[derive(Debug)]
pub(crate) struct AlarmTopic {
    pub(crate) arn: Output<String>,
    /// Who may send to it: until it is there, nobody.
    pub(crate) policy: sns::TopicPolicy,
}

/// Declares the topic, which only this account's alarms and budgets may send to, and by TLS alone.
pub(super) fn declare(
    context: &Context,
    settings: &Settings,
    place: &Place,
    tags: &ComponentTags,
) -> AlarmTopic {
    let topic = sns::Topic::new(
        context,
        "alarms",
        sns::TopicArgs::new()
            .name(format!("miyabi-{}-alarms", settings.stage))
            .display_name("Miyabi")
            .tags(tags),
    );
    let encrypted = Output::known("false".to_owned());
    let policy = document([
        Statement::allow("Alarms")
            .services(["budgets.amazonaws.com", "cloudwatch.amazonaws.com"])
            .actions(["sns:Publish"])
            .on([topic.arn()])
            .when("StringEquals", "aws:SourceAccount", &place.account),
        Statement::deny("OnlyEncrypted").anyone().actions(["sns:Publish"]).on([topic.arn()]).when(
            "Bool",
            "aws:SecureTransport",
            &encrypted,
        ),
    ]);
    let policy =
        sns::TopicPolicy::new(context, "alarms", sns::TopicPolicyArgs::new().arn(topic.arn()).policy(policy));
    if let Some(email) = &settings.operation.email {
        sns::TopicSubscription::new(
            context,
            "alarms",
            sns::TopicSubscriptionArgs::new().topic(topic.arn()).protocol("email").endpoint(email.as_str()),
        );
    }
    AlarmTopic { arn: topic.arn(), policy }
}
