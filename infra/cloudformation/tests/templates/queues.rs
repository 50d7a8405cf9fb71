//! Queues, topics and what is delivered from them.

use pulumi_aws::{iam, lambda, sns, sqs};

use crate::{pretty, template};

#[tokio::test]
async fn queues_and_topics() {
    let synthesis = template(|context| {
        let dead = sqs::Queue::new(context, "dead-letters", sqs::QueueArgs::new().message_retention_seconds(1_209_600));
        let queue = sqs::Queue::new(
            context,
            "jobs",
            sqs::QueueArgs::new().name("miyabi-jobs").visibility_timeout_seconds(180).redrive_policy(
                pulumi::interpolate!(r#"{{"deadLetterTargetArn":"{}","maxReceiveCount":3}}"#, dead.arn()),
            ),
        );
        let topic = sns::Topic::new(context, "notices", sns::TopicArgs::new().signature_version(2));
        sqs::QueuePolicy::new(
            context,
            "jobs",
            sqs::QueuePolicyArgs::new().queue_url(queue.url()).policy(pulumi::interpolate!(
                r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{{"Service":"sns.amazonaws.com"}},"Action":"sqs:SendMessage","Resource":"{}","Condition":{{"ArnEquals":{{"aws:SourceArn":"{}"}}}}}}]}}"#,
                queue.arn(),
                topic.arn()
            )),
        );
        sns::TopicSubscription::new(
            context,
            "jobs",
            sns::TopicSubscriptionArgs::new()
                .topic(topic.arn())
                .protocol("sqs")
                .endpoint(queue.arn())
                .raw_message_delivery(true),
        );
        sns::TopicPolicy::new(
            context,
            "notices",
            sns::TopicPolicyArgs::new().arn(topic.arn()).policy(r#"{"Version":"2012-10-17","Statement":[]}"#),
        );
        let policy = iam::Policy::new(
            context,
            "send",
            iam::PolicyArgs::new().policy(pulumi::interpolate!(
                r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":"sqs:SendMessage","Resource":"{}"}}]}}"#,
                queue.arn()
            )),
        );
        iam::Role::new(
            context,
            "worker",
            iam::RoleArgs::new()
                .assume_role_policy(r#"{"Version":"2012-10-17","Statement":[]}"#)
                .managed_policy_arns([policy.arn()]),
        );
        lambda::EventSourceMapping::new(
            context,
            "jobs",
            lambda::EventSourceMappingArgs::new()
                .function_name("worker")
                .event_source_arn(queue.arn())
                .batch_size(10)
                .function_response_types(["ReportBatchItemFailures"])
                .filter_criteria(lambda::EventSourceMappingFilterCriteriaArgs::new().filters([
                    lambda::EventSourceMappingFilterCriteriaFilterArgs::new().pattern(r#"{"body":{"kind":["job"]}}"#),
                ])),
        );
    })
    .await;
    insta::assert_snapshot!(pretty(&synthesis));
}
