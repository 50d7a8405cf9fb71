//! Keys.

use super::TypeMapping;
use crate::fields::Fields;

pub(super) const TYPES: &[TypeMapping] = &[
    TypeMapping::new("aws:kms/key:Key", "AWS::KMS::Key", key)
        .outputs(&[("arn", "<.Arn>"), ("keyId", "<Ref>")]),
    TypeMapping::new("aws:kms/alias:Alias", "AWS::KMS::Alias", alias).outputs(&[("name", "<Ref>")]),
];

fn key(fields: &mut Fields) {
    fields.text("description", "Description");
    fields.boolean("enableKeyRotation", "EnableKeyRotation");
    fields.number("rotationPeriodInDays", "RotationPeriodInDays");
    fields.number("deletionWindowInDays", "PendingWindowInDays");
    fields.boolean("isEnabled", "Enabled");
    fields.boolean("multiRegion", "MultiRegion");
    fields.text("keyUsage", "KeyUsage");
    fields.document("policy", "KeyPolicy");
    fields.tags();
}

fn alias(fields: &mut Fields) {
    fields.text("name", "AliasName");
    fields.text("targetKeyId", "TargetKeyId");
}
