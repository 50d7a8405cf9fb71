//! Tables and log groups.

use pulumi::{Args as _, ResourceOptions};
use pulumi_aws::{cloudwatch, dynamodb};

use crate::{pretty, template};

fn attribute(name: &str, kind: &str) -> dynamodb::TableAttributeArgs {
    dynamodb::TableAttributeArgs::new().name(name).type_(kind)
}

#[tokio::test]
async fn a_table_with_everything() {
    let synthesis = template(|context| {
        let table = dynamodb::Table::with_options(
            context,
            "tasks",
            dynamodb::TableArgs::new()
                .name("miyabi-tasks")
                .billing_mode("PAY_PER_REQUEST")
                .hash_key("task_id")
                .range_key("timestamp")
                .attributes([
                    attribute("task_id", "S"),
                    attribute("timestamp", "N"),
                    attribute("project_id", "S"),
                ])
                .global_secondary_indexes([dynamodb::TableGlobalSecondaryIndexArgs::new()
                    .name("ProjectIndex")
                    .hash_key("project_id")
                    .range_key("timestamp")
                    .projection_type("KEYS_ONLY")])
                .local_secondary_indexes([dynamodb::TableLocalSecondaryIndexArgs::new()
                    .name("LocalIndex")
                    .range_key("project_id")
                    .projection_type("INCLUDE")
                    .non_key_attributes(["name"])])
                .ttl(dynamodb::TableTtlArgs::new().attribute_name("expires_at").enabled(true))
                .stream_enabled(true)
                .stream_view_type("NEW_AND_OLD_IMAGES")
                .point_in_time_recovery(dynamodb::TablePointInTimeRecoveryArgs::new().enabled(true))
                .server_side_encryption(dynamodb::TableServerSideEncryptionArgs::new().enabled(true))
                .deletion_protection_enabled(true)
                .tags([("Project", "miyabi")]),
            ResourceOptions::new().retain_on_delete(true),
        );
        context.export("tasksTable", table.name());
        context.export("streamArn", table.stream_arn());
        context.export("indexes", pulumi::interpolate!("{}/index/*", table.arn()));
    })
    .await;
    insta::assert_snapshot!(pretty(&synthesis));
    assert_eq!(synthesis.report, miyabi_cloudformation::Report::default());
}

#[tokio::test]
async fn a_table_with_provisioned_throughput() {
    let synthesis = template(|context| {
        dynamodb::Table::new(
            context,
            "orders",
            dynamodb::TableArgs::new()
                .billing_mode("PROVISIONED")
                .read_capacity(5)
                .write_capacity(2)
                .hash_key("id")
                .attributes([attribute("id", "S")])
                .optional(Some("STANDARD_INFREQUENT_ACCESS"), |args, class| args.table_class(class)),
        );
    })
    .await;
    insta::assert_snapshot!(pretty(&synthesis));
}

#[tokio::test]
async fn log_groups_metrics_alarms_and_a_dashboard() {
    let synthesis = template(|context| {
        let group = cloudwatch::LogGroup::new(
            context,
            "cdk-deploy",
            cloudwatch::LogGroupArgs::new()
                .name("/miyabi/cdk-deploy")
                .retention_in_days(30)
                .skip_destroy(true),
        );
        cloudwatch::LogMetricFilter::new(
            context,
            "errors",
            cloudwatch::LogMetricFilterArgs::new()
                .log_group_name(group.name())
                .pattern("ERROR")
                .metric_transformation(
                    cloudwatch::LogMetricFilterMetricTransformationArgs::new()
                        .name("Errors")
                        .namespace("Miyabi")
                        .value("1")
                        .default_value("0"),
                ),
        );
        let alarm = cloudwatch::MetricAlarm::new(
            context,
            "errors",
            cloudwatch::MetricAlarmArgs::new()
                .comparison_operator("GreaterThanThreshold")
                .evaluation_periods(1)
                .threshold(0.5)
                .metric_queries([
                    cloudwatch::MetricAlarmMetricQueryArgs::new()
                        .id("rate")
                        .expression("errors / 60")
                        .return_data(true),
                    cloudwatch::MetricAlarmMetricQueryArgs::new().id("errors").metric(
                        cloudwatch::MetricAlarmMetricQueryMetricArgs::new()
                            .metric_name("Errors")
                            .namespace("Miyabi")
                            .period(60)
                            .stat("Sum")
                            .dimensions([("Group", group.name())]),
                    ),
                ]),
        );
        cloudwatch::Dashboard::new(
            context,
            "overview",
            cloudwatch::DashboardArgs::new()
                .dashboard_name("miyabi")
                .dashboard_body(pulumi::interpolate!("{{\"widgets\":[],\"alarm\":\"{}\"}}", alarm.arn())),
        );
    })
    .await;
    insta::assert_snapshot!(pretty(&synthesis));
}
