//! Topics.

use super::TypeMapping;
use crate::fields::Fields;

pub(super) const TYPES: &[TypeMapping] = &[
    TypeMapping::new("aws:sns/topic:Topic", "AWS::SNS::Topic", topic)
        .outputs(&[("arn", "<Ref>"), ("name", "<.TopicName>")]),
    TypeMapping::new("aws:sns/topicPolicy:TopicPolicy", "AWS::SNS::TopicPolicy", policy),
    TypeMapping::new("aws:sns/topicSubscription:TopicSubscription", "AWS::SNS::Subscription", subscription)
        .outputs(&[("arn", "<Ref>")]),
];

fn topic(fields: &mut Fields) {
    fields.text("name", "TopicName");
    fields.made_by_cloudformation("namePrefix");
    fields.text("displayName", "DisplayName");
    fields.boolean("fifoTopic", "FifoTopic");
    fields.boolean("contentBasedDeduplication", "ContentBasedDeduplication");
    fields.text("kmsMasterKeyId", "KmsMasterKeyId");
    fields.text("tracingConfig", "TracingConfig");
    if let Some(version) = fields.take_number("signatureVersion") {
        fields.put("SignatureVersion", version.to_string());
    }
    fields.tags();
}

fn policy(fields: &mut Fields) {
    fields.text_as_list("arn", "Topics");
    fields.document("policy", "PolicyDocument");
}

fn subscription(fields: &mut Fields) {
    fields.text("topic", "TopicArn");
    fields.text("protocol", "Protocol");
    fields.text("endpoint", "Endpoint");
    fields.document("filterPolicy", "FilterPolicy");
    fields.text("filterPolicyScope", "FilterPolicyScope");
    fields.boolean("rawMessageDelivery", "RawMessageDelivery");
    fields.document("redrivePolicy", "RedrivePolicy");
    fields.document("deliveryPolicy", "DeliveryPolicy");
    fields.text("subscriptionRoleArn", "SubscriptionRoleArn");
}
