//! The functions' roles, which come before everything that a function uses and go after it.
//!
//! What a function may do is said of its role where that is known ([`crate::compute`]). Only what Lambda itself needs to
//! put a function into the network is said here, because it must outlive the network: Lambda takes a function's
//! interfaces out of the network with the function's own role, up to 20 minutes after the function has gone. A role that
//! went with its function would leave them there for ever, and with them their subnets and security group.

use std::collections::BTreeMap;

use miyabi_shared::Function;
use pulumi::{Component, Context, ResourceOptions, ToInput as _};
use pulumi_aws::iam;

use crate::place::Place;
use crate::policy::{Statement, document, trust};
use crate::rules::{IN_AWS, Rule, Waiver};
use crate::settings::Settings;
use crate::tags::{ComponentTags, Tags};

/// What the roles need.
#[derive(Debug)]
pub struct RolesArgs<'args> {
    /// What differs in this stage.
    pub settings: &'args Settings,
    /// The tags of what is made.
    pub tags: &'args Tags,
    /// Where the stack is.
    pub place: &'args Place,
}

/// The functions' roles.
#[derive(Debug)]
pub struct Roles {
    roles: BTreeMap<Function, iam::Role>,
    /// What lets Lambda put functions into the network and take them out of it.
    in_network: Vec<iam::RolePolicy>,
    _component: Component,
}

impl Roles {
    /// Declares them.
    pub fn new(context: &Context, name: &str, args: RolesArgs<'_>) -> Self {
        let component = context.component("miyabi:roles:Roles", name, ResourceOptions::new());
        let tags = args.tags.of(name);
        let mut roles = BTreeMap::new();
        let mut in_network = Vec::new();
        for function in args.settings.functions() {
            let role = role(component.context(), function, &tags);
            if args.settings.in_network(function) {
                in_network.push(interfaces(component.context(), function, &role, args.place));
            }
            roles.insert(function, role);
        }
        component.register_outputs(
            roles
                .iter()
                .map(|(function, role): (&Function, &iam::Role)| (function.name(), role.arn().to_input())),
        );
        Self { roles, in_network, _component: component }
    }

    /// The role of a function.
    pub fn role(&self, function: Function) -> &iam::Role {
        // `Roles::new` declares one for every function that the stage has.
        &self.roles[&function]
    }

    /// Options of what cannot be deleted while a function's interfaces are in it: the roles that take them out go later.
    pub(crate) fn outlive(&self, mut options: ResourceOptions) -> ResourceOptions {
        for policy in &self.in_network {
            options = options.depends_on(policy);
        }
        options
    }
}

fn role(context: &Context, function: Function, tags: &ComponentTags) -> iam::Role {
    iam::Role::new(
        context,
        format!("{}-role", function.name()),
        iam::RoleArgs::new()
            .description(format!("What the function {} may do", function.binary()))
            .assume_role_policy(document([trust("lambda.amazonaws.com")]))
            .tags(tags),
    )
}

/// Every action that Lambda uses to put a function into a network, and no more.
pub const INTERFACE_ACTIONS: &[&str] = &[
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:UnassignPrivateIpAddresses",
];

/// Interfaces have no names before they are made, and descriptions of them belong to none: Lambda tries these on all
/// resources when it makes a function, and refuses the function where they are not allowed on them. The function itself
/// runs with the same role and needs none of it, so what comes from its code is denied.
fn interfaces(context: &Context, function: Function, role: &iam::Role, place: &Place) -> iam::RolePolicy {
    let own = place.arn("lambda", format!("function:{}", function.binary()));
    let policy = document([
        Statement::allow("Interfaces").actions(INTERFACE_ACTIONS.iter().copied()).on_everything(),
        Statement::deny("InterfacesByTheFunctionItself")
            .actions(INTERFACE_ACTIONS.iter().copied())
            .on_everything()
            .when("ArnEquals", "lambda:SourceFunctionArn", &own),
    ]);
    iam::RolePolicy::new(
        context,
        format!("{}-network", function.name()),
        iam::RolePolicyArgs::new().role(role.name()).policy(policy),
    )
}

/// Where a rule does not hold, and why.
pub const WAIVERS: &[Waiver] = &[Waiver::of(
    Rule::NoWildcardResources,
    "iam.RolePolicy",
    &["progress-collector-network", "stream-processor-network", "task-api-network"],
    IN_AWS,
    "Interfaces have no names before they are made, and Lambda refuses a function that may not make any; what comes from \
     the function's own code is denied.",
)];
