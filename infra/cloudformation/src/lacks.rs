//! What the target of a template lacks: declared here, left out there, and reported.

/// Something that the target of a template does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lack {
    /// Pulumi's type.
    pub resource_type: &'static str,
    /// What of it is left out.
    pub extent: Extent,
    /// Why it can be left out.
    pub reason: &'static str,
}

/// What of a type is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// Every resource of the type.
    Type,
    /// A resource of the type that has this input.
    TypeWith(&'static str),
    /// This input.
    Input(&'static str),
}

impl Lack {
    /// Every resource of a type.
    pub const fn of_type(resource_type: &'static str, reason: &'static str) -> Self {
        Self { resource_type, extent: Extent::Type, reason }
    }

    /// Resources of a type that have an input.
    pub const fn of_type_with(
        resource_type: &'static str,
        input: &'static str,
        reason: &'static str,
    ) -> Self {
        Self { resource_type, extent: Extent::TypeWith(input), reason }
    }

    /// An input of a type.
    pub const fn of_input(resource_type: &'static str, input: &'static str, reason: &'static str) -> Self {
        Self { resource_type, extent: Extent::Input(input), reason }
    }
}

/// What CloudFormation itself lacks, however it is written.
pub(crate) const CLOUDFORMATION_LACKS: &[Lack] = &[
    Lack::of_type(
        "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
        "CloudFormation cannot take over what a network comes with",
    ),
    Lack::of_type(
        "aws:s3/bucketObjectv2:BucketObjectv2",
        "CloudFormation has no type for objects: whoever deploys a template uploads them",
    ),
];

/// What MiniStack lacks. Everything else that a program registers must have its place in the template.
pub const MINISTACK_LACKS: &[Lack] = &[
    Lack::of_type("aws:appautoscaling/policy:Policy", "the emulator scales nothing"),
    Lack::of_type("aws:appautoscaling/scheduledAction:ScheduledAction", "the emulator scales nothing"),
    Lack::of_type("aws:appautoscaling/target:Target", "the emulator scales nothing"),
    Lack::of_type("aws:budgets/budget:Budget", "the emulator costs nothing"),
    Lack::of_type("aws:cloudwatch/compositeAlarm:CompositeAlarm", "the emulator has no composite alarms"),
    Lack::of_type_with(
        "aws:cloudwatch/metricAlarm:MetricAlarm",
        "metricQueries",
        "the emulator has no alarms on metric math",
    ),
    Lack::of_input("aws:dynamodb/table:Table", "ttl", "the emulator's templates expire no items"),
    Lack::of_type("aws:ec2/eip:Eip", "the emulator has no addresses of its own"),
    Lack::of_type("aws:ec2/flowLog:FlowLog", "the emulator has no network"),
    Lack::of_type("aws:ec2/natGateway:NatGateway", "the emulator has no network"),
    Lack::of_input(
        "aws:lambda/function:Function",
        "reservedConcurrentExecutions",
        "the emulator does not limit concurrency",
    ),
    Lack::of_input("aws:lambda/function:Function", "tracingConfig", "the emulator keeps no traces"),
    Lack::of_type("aws:xray/group:Group", "the emulator keeps no traces"),
    Lack::of_type("aws:xray/samplingRule:SamplingRule", "the emulator keeps no traces"),
];
