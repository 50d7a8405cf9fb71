//! Queues.

use super::TypeMapping;
use crate::fields::Fields;

pub(super) const TYPES: &[TypeMapping] = &[
    TypeMapping::new("aws:sqs/queue:Queue", "AWS::SQS::Queue", queue).outputs(&[
        ("arn", "<.Arn>"),
        ("name", "<.QueueName>"),
        ("url", "<Ref>"),
    ]),
    TypeMapping::new("aws:sqs/queuePolicy:QueuePolicy", "AWS::SQS::QueuePolicy", policy),
];

fn queue(fields: &mut Fields) {
    fields.text("name", "QueueName");
    fields.made_by_cloudformation("namePrefix");
    fields.number("delaySeconds", "DelaySeconds");
    fields.number("maxMessageSize", "MaximumMessageSize");
    fields.number("messageRetentionSeconds", "MessageRetentionPeriod");
    fields.number("receiveWaitTimeSeconds", "ReceiveMessageWaitTimeSeconds");
    fields.number("visibilityTimeoutSeconds", "VisibilityTimeout");
    fields.document("redrivePolicy", "RedrivePolicy");
    fields.document("redriveAllowPolicy", "RedriveAllowPolicy");
    fields.boolean("fifoQueue", "FifoQueue");
    fields.boolean("contentBasedDeduplication", "ContentBasedDeduplication");
    fields.text("deduplicationScope", "DeduplicationScope");
    fields.text("fifoThroughputLimit", "FifoThroughputLimit");
    fields.text("kmsMasterKeyId", "KmsMasterKeyId");
    fields.number("kmsDataKeyReusePeriodSeconds", "KmsDataKeyReusePeriodSeconds");
    fields.boolean("sqsManagedSseEnabled", "SqsManagedSseEnabled");
    fields.tags();
}

fn policy(fields: &mut Fields) {
    fields.text_as_list("queueUrl", "Queues");
    fields.document("policy", "PolicyDocument");
}
