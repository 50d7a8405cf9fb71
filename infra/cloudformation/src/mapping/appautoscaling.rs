//! Capacity that follows the load.

use super::TypeMapping;
use crate::fields::Fields;

pub(super) const TYPES: &[TypeMapping] = &[
    TypeMapping::new(
        "aws:appautoscaling/target:Target",
        "AWS::ApplicationAutoScaling::ScalableTarget",
        target,
    )
    .outputs(&[
        ("resourceId", "<resourceId>"),
        ("scalableDimension", "<scalableDimension>"),
        ("serviceNamespace", "<serviceNamespace>"),
    ]),
    TypeMapping::new(
        "aws:appautoscaling/policy:Policy",
        "AWS::ApplicationAutoScaling::ScalingPolicy",
        policy,
    ),
];

fn whose(fields: &mut Fields) {
    fields.text("serviceNamespace", "ServiceNamespace");
    fields.text("resourceId", "ResourceId");
    fields.text("scalableDimension", "ScalableDimension");
}

fn target(fields: &mut Fields) {
    whose(fields);
    fields.number("minCapacity", "MinCapacity");
    fields.number("maxCapacity", "MaxCapacity");
    fields.text("roleArn", "RoleARN");
    fields.leave_out("tags", "CloudFormation has no tags on what is scaled");
}

fn policy(fields: &mut Fields) {
    whose(fields);
    fields.text("name", "PolicyName");
    fields.text("policyType", "PolicyType");
    fields.object(
        "targetTrackingScalingPolicyConfiguration",
        "TargetTrackingScalingPolicyConfiguration",
        |configuration| {
            configuration.number("targetValue", "TargetValue");
            configuration.number("scaleInCooldown", "ScaleInCooldown");
            configuration.number("scaleOutCooldown", "ScaleOutCooldown");
            configuration.boolean("disableScaleIn", "DisableScaleIn");
            configuration.object(
                "predefinedMetricSpecification",
                "PredefinedMetricSpecification",
                |metric| {
                    metric.text("predefinedMetricType", "PredefinedMetricType");
                },
            );
        },
    );
}
