//! Identities and what they may do.

use super::TypeMapping;
use crate::fields::Fields;

pub(super) const TYPES: &[TypeMapping] = &[
    TypeMapping::new("aws:iam/role:Role", "AWS::IAM::Role", role).outputs(&[
        ("arn", "<.Arn>"),
        ("name", "<Ref>"),
        ("uniqueId", "<.RoleId>"),
    ]),
    TypeMapping::new("aws:iam/rolePolicy:RolePolicy", "AWS::IAM::Policy", role_policy),
    TypeMapping::new("aws:iam/policy:Policy", "AWS::IAM::ManagedPolicy", policy).outputs(&[("arn", "<Ref>")]),
    TypeMapping::new("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "AWS::IAM::Role", attachment)
        .part_of("aws:iam/role:Role", &[("role", "name")]),
];

fn role(fields: &mut Fields) {
    fields.text("name", "RoleName");
    fields.made_by_cloudformation("namePrefix");
    fields.text("path", "Path");
    fields.text("description", "Description");
    fields.document("assumeRolePolicy", "AssumeRolePolicyDocument");
    fields.texts("managedPolicyArns", "ManagedPolicyArns");
    fields.number("maxSessionDuration", "MaxSessionDuration");
    fields.text("permissionsBoundary", "PermissionsBoundary");
    fields.objects("inlinePolicies", "Policies", |policy| {
        policy.text("name", "PolicyName");
        policy.document("policy", "PolicyDocument");
    });
    // CloudFormation always detaches the policies that it attached.
    fields.made_by_cloudformation("forceDetachPolicies");
    fields.tags();
}

fn role_policy(fields: &mut Fields) {
    fields.made_by_cloudformation("namePrefix");
    // CloudFormation makes no name for it.
    let name = fields.take_text("name").unwrap_or_else(|| fields.resource().to_owned());
    fields.put("PolicyName", name);
    fields.document("policy", "PolicyDocument");
    fields.text_as_list("role", "Roles");
}

fn policy(fields: &mut Fields) {
    fields.text("name", "ManagedPolicyName");
    fields.made_by_cloudformation("namePrefix");
    fields.text("path", "Path");
    fields.text("description", "Description");
    fields.document("policy", "PolicyDocument");
    fields.leave_out("tags", "CloudFormation has no tags on policies");
}

fn attachment(fields: &mut Fields) {
    fields.text_as_list("policyArn", "ManagedPolicyArns");
}
