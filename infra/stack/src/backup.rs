//! Backups apart from the tables: what is deleted or spoilt with a table is still there.

use pulumi::{Component, Context, ResourceOptions, ToInput as _, json};
use pulumi_aws::{GetCallerIdentityArgs, backup, get_caller_identity, iam};

use crate::data::{Tables, protection};
use crate::rules::{Rule, Waiver};
use crate::settings::Settings;
use crate::tags::Tags;
use miyabi_shared::Stage;

/// The policy that AWS documents for making backups.
const BACKUP_POLICY: &str = "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup";
/// When the fewest people write, in UTC.
const EVERY_NIGHT: &str = "cron(0 3 * * ? *)";

/// What the vault is called.
pub(crate) fn vault_name(settings: &Settings) -> String {
    format!("miyabi-{}", settings.stage)
}

/// Declares them, in a stage that has some.
pub fn declare(context: &Context, settings: &Settings, tags: &Tags, tables: &Tables) -> Option<Component> {
    let days = settings.operation.backup_days?;
    let component = context.component("miyabi:backup:Backup", "backup", ResourceOptions::new());
    let context = component.context();
    let tags = tags.of("backup");
    let vault = backup::Vault::with_options(
        context,
        "vault",
        backup::VaultArgs::new().name(vault_name(settings)).tags(&tags),
        // One that holds something cannot be deleted.
        protection(settings),
    );
    let rule = backup::PlanRuleArgs::new()
        .rule_name("nightly")
        .target_vault_name(vault.name())
        .schedule(EVERY_NIGHT)
        .start_window(60)
        .completion_window(180)
        .lifecycle(backup::PlanRuleLifecycleArgs::new().delete_after(days));
    let plan = backup::Plan::new(
        context,
        "nightly",
        backup::PlanArgs::new().name(format!("miyabi-{}", settings.stage)).rules([rule]).tags(&tags),
    );
    let account =
        get_caller_identity(context, GetCallerIdentityArgs::new()).map(|identity| identity.account_id);
    let role = iam::Role::new(
        context,
        "backup",
        iam::RoleArgs::new()
            .description("AWS Backup copies the tables by it")
            .assume_role_policy(json!({
                "Version": "2012-10-17",
                "Statement": [{
                    "Effect": "Allow",
                    "Action": "sts:AssumeRole",
                    "Principal": { "Service": "backup.amazonaws.com" },
                    "Condition": { "StringEquals": { "aws:SourceAccount": account } },
                }],
            }))
            .tags(&tags),
    );
    let attachment = iam::RolePolicyAttachment::new(
        context,
        "backup",
        iam::RolePolicyAttachmentArgs::new().role(role.name()).policy_arn(BACKUP_POLICY),
    );
    backup::Selection::with_options(
        context,
        "tables",
        backup::SelectionArgs::new()
            .name("tables")
            .plan_id(plan.id())
            .iam_role_arn(role.arn())
            .resources(settings.tables().map(|table| tables.table(table).arn()).collect::<Vec<_>>()),
        ResourceOptions::new().depends_on(&attachment),
    );
    component.register_outputs([("vault", vault.arn().to_input())]);
    Some(component)
}

/// Where a rule does not hold, and why.
pub const WAIVERS: &[Waiver] = &[Waiver::of(
    Rule::ManagedPolicies,
    "iam.RolePolicyAttachment",
    &["backup"],
    &[Stage::Prod],
    "What a backup needs changes with what AWS Backup can do; AWS keeps this policy true, and it deletes nothing.",
)];
