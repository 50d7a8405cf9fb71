//! What the target of a template lacks: declared here, left out there, and reported.

/// Something that the target of a template does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lack {
    /// Pulumi's type.
    pub resource_type: &'static str,
    /// The property; `None` for the whole type.
    pub property: Option<&'static str>,
    /// Why it can be left out.
    pub reason: &'static str,
}

const fn lack(resource_type: &'static str, reason: &'static str) -> Lack {
    Lack { resource_type, property: None, reason }
}

/// What MiniStack lacks. Everything else that a program registers must have its place in the template.
pub const MINISTACK_LACKS: &[Lack] = &[
    lack("aws:appautoscaling/policy:Policy", "the emulator scales nothing"),
    lack("aws:appautoscaling/scheduledAction:ScheduledAction", "the emulator scales nothing"),
    lack("aws:appautoscaling/target:Target", "the emulator scales nothing"),
    lack("aws:budgets/budget:Budget", "the emulator costs nothing"),
    lack("aws:cloudwatch/compositeAlarm:CompositeAlarm", "the emulator has no composite alarms"),
    lack("aws:ec2/eip:Eip", "the emulator has no addresses of its own"),
    lack("aws:ec2/flowLog:FlowLog", "the emulator has no network"),
    lack("aws:ec2/natGateway:NatGateway", "the emulator has no network"),
    lack("aws:xray/group:Group", "the emulator keeps no traces"),
    lack("aws:xray/samplingRule:SamplingRule", "the emulator keeps no traces"),
];
