//! Backups.

use super::TypeMapping;
use crate::fields::Fields;

pub(super) const TYPES: &[TypeMapping] = &[
    TypeMapping::new("aws:backup/vault:Vault", "AWS::Backup::BackupVault", vault)
        .outputs(&[("arn", "<.BackupVaultArn>"), ("name", "<Ref>")]),
    TypeMapping::new("aws:backup/plan:Plan", "AWS::Backup::BackupPlan", plan)
        .outputs(&[("arn", "<.BackupPlanArn>")]),
    TypeMapping::new("aws:backup/selection:Selection", "AWS::Backup::BackupSelection", selection),
];

fn vault(fields: &mut Fields) {
    fields.text("name", "BackupVaultName");
    fields.text("kmsKeyArn", "EncryptionKeyArn");
    fields.leave_out("forceDestroy", "CloudFormation deletes no vault that holds something");
    fields.map("tags", "BackupVaultTags");
}

fn plan(fields: &mut Fields) {
    fields.map("tags", "BackupPlanTags");
    let mut plan = fields.part();
    plan.text("name", "BackupPlanName");
    plan.objects("rules", "BackupPlanRule", |rule| {
        rule.text("ruleName", "RuleName");
        rule.text("targetVaultName", "TargetBackupVault");
        rule.text("schedule", "ScheduleExpression");
        rule.text("scheduleExpressionTimezone", "ScheduleExpressionTimezone");
        rule.number("startWindow", "StartWindowMinutes");
        rule.number("completionWindow", "CompletionWindowMinutes");
        rule.boolean("enableContinuousBackup", "EnableContinuousBackup");
        rule.map("recoveryPointTags", "RecoveryPointTags");
        rule.object("lifecycle", "Lifecycle", |lifecycle| {
            lifecycle.number("coldStorageAfter", "MoveToColdStorageAfterDays");
            lifecycle.number("deleteAfter", "DeleteAfterDays");
        });
    });
    let plan = fields.end_part(plan);
    fields.put("BackupPlan", plan);
}

fn selection(fields: &mut Fields) {
    fields.text("planId", "BackupPlanId");
    let mut selection = fields.part();
    selection.text("name", "SelectionName");
    selection.text("iamRoleArn", "IamRoleArn");
    selection.texts("resources", "Resources");
    selection.texts("notResources", "NotResources");
    let selection = fields.end_part(selection);
    fields.put("BackupSelection", selection);
}
