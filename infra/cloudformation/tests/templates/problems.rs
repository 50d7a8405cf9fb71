//! What has no place in a template is an error that names it.

use miyabi_cloudformation::{MINISTACK_LACKS, Settings};
use pulumi::{Input, Inputs, ResourceOptions, ResourceType, Value};
use pulumi_aws::{cloudwatch, dynamodb, iam, lambda, s3};

use crate::{problems, template, template_for};

const CLUSTER: ResourceType = ResourceType::new("aws:ecs/cluster:Cluster", "7.51.1");
const GATEWAY: ResourceType = ResourceType::new("aws:ec2/natGateway:NatGateway", "7.51.1");

#[tokio::test]
async fn a_type_without_a_mapping_is_named_with_its_resource() {
    let problems = problems(|context| {
        let key = context.custom_resource(&CLUSTER, "data", Inputs::new(), ResourceOptions::new());
        // What follows from it is not told as well.
        dynamodb::Table::new(
            context,
            "tasks",
            dynamodb::TableArgs::new().hash_key("id").name(key.output::<String>("arn")),
        );
    })
    .await;
    assert_eq!(problems, ["data (aws:ecs/cluster:Cluster): this type has no mapping to CloudFormation"]);
}

#[tokio::test]
async fn a_property_without_a_mapping_is_named_with_its_place() {
    let problems = problems(|context| {
        dynamodb::Table::new(
            context,
            "tasks",
            dynamodb::TableArgs::new()
                .hash_key("id")
                .restore_source_name("old")
                .replicas([dynamodb::TableReplicaTypeArgs::new().region_name("eu-west-1")]),
        );
        lambda::Function::new(
            context,
            "worker",
            lambda::FunctionArgs::new().role("arn").snap_start(
                lambda::FunctionSnapStartArgs::new().apply_on("PublishedVersions").optimization_status("On"),
            ),
        );
    })
    .await;
    assert_eq!(
        problems,
        [
            "tasks (aws:dynamodb/table:Table): replicas: has no counterpart in this mapping to CloudFormation",
            "tasks (aws:dynamodb/table:Table): restoreSourceName: has no counterpart in this mapping to CloudFormation",
            "worker (aws:lambda/function:Function): snapStart.optimizationStatus: has no counterpart in this mapping to CloudFormation",
        ]
    );
}

#[tokio::test]
async fn a_number_that_only_the_deployment_knows_is_an_error() {
    let problems = problems(|context| {
        let group = cloudwatch::LogGroup::new(context, "logs", cloudwatch::LogGroupArgs::new());
        let mut inputs = Inputs::new();
        inputs.set("role", Input::<String>::from("arn"));
        inputs.set("timeout", Input::<Value>::from(group.arn().map(Value::String)));
        inputs.set("memorySize", Input::<String>::from("512"));
        context.custom_resource(&lambda::Function::TYPE, "worker", inputs, ResourceOptions::new());
    })
    .await;
    assert_eq!(
        problems,
        [
            "worker (aws:lambda/function:Function): memorySize: expected a number, found the text \"512\"",
            "worker (aws:lambda/function:Function): timeout: expected a number, found a value that only the deployment knows",
        ]
    );
}

#[tokio::test]
async fn what_contradicts_itself_is_an_error() {
    let problems = problems(|context| {
        dynamodb::Table::new(
            context,
            "tasks",
            dynamodb::TableArgs::new()
                .hash_key("id")
                .billing_mode("PAY_PER_REQUEST")
                .read_capacity(1)
                .stream_enabled(true),
        );
        iam::Role::new(context, "worker", iam::RoleArgs::new().assume_role_policy("{"));
        s3::BucketPublicAccessBlock::new(
            context,
            "nothing",
            s3::BucketPublicAccessBlockArgs::new().bucket("elsewhere").block_public_acls(true),
        );
    })
    .await;
    insta::assert_snapshot!(problems.join("\n"));
}

#[tokio::test]
async fn a_part_that_says_what_the_whole_says_already_is_an_error() {
    let problems = problems(|context| {
        let bucket = s3::Bucket::new(context, "site", s3::BucketArgs::new());
        for name in ["one", "two"] {
            s3::BucketPublicAccessBlock::new(
                context,
                name,
                s3::BucketPublicAccessBlockArgs::new().bucket(bucket.id()).block_public_acls(true),
            );
        }
    })
    .await;
    assert_eq!(
        problems,
        ["two (aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock): \
          PublicAccessBlockConfiguration is already said of site"]
    );
}

#[tokio::test]
async fn a_circle_that_only_the_template_has_is_an_error() {
    let problems = problems(|context| {
        let rule = cloudwatch::EventRule::new(
            context,
            "failed",
            cloudwatch::EventRuleArgs::new().event_pattern(r#"{"source":["miyabi"]}"#),
        );
        cloudwatch::EventTarget::new(
            context,
            "itself",
            cloudwatch::EventTargetArgs::new().rule(rule.name()).arn(rule.arn()),
        );
    })
    .await;
    assert_eq!(
        problems,
        ["failed (aws:cloudwatch/eventRule:EventRule): waits for itself in the template, \
          with all that is a part of it: FailedRule -> FailedRule"]
    );
}

#[tokio::test]
async fn what_the_emulator_lacks_is_left_out_and_reported_and_cannot_be_referred_to() {
    let synthesis = template_for(Settings::new(".").lacking(MINISTACK_LACKS), |context| {
        context.custom_resource(&GATEWAY, "egress", Inputs::new(), ResourceOptions::new());
        s3::Bucket::with_options(
            context,
            "site",
            s3::BucketArgs::new(),
            ResourceOptions::new().protect(true),
        );
        cloudwatch::MetricAlarm::new(
            context,
            "rate",
            cloudwatch::MetricAlarmArgs::new()
                .comparison_operator("GreaterThanThreshold")
                .evaluation_periods(1)
                .metric_queries([cloudwatch::MetricAlarmMetricQueryArgs::new()
                    .id("rate")
                    .expression("a / b")]),
        );
        lambda::Function::new(
            context,
            "worker",
            lambda::FunctionArgs::new().role("arn").reserved_concurrent_executions(5),
        );
        pulumi_aws::Provider::new(context, "elsewhere", pulumi_aws::ProviderArgs::new().region("eu-west-1"));
    })
    .await;
    assert_eq!(
        synthesis.report.lines().collect::<Vec<_>>(),
        [
            "left out: egress (aws:ec2/natGateway:NatGateway): the emulator has no network",
            "left out: elsewhere (pulumi:providers:aws): who deploys a template configures the provider",
            "left out: rate (aws:cloudwatch/metricAlarm:MetricAlarm): the emulator has no alarms on metric math",
            "left out: site (aws:s3/bucket:Bucket): protect: CloudFormation protects stacks, not resources",
            "left out: worker (aws:lambda/function:Function): reservedConcurrentExecutions: the emulator does not limit concurrency",
        ]
    );
    assert_eq!(synthesis.template["Resources"].as_object().unwrap().len(), 2);

    let problems = problems(|context| {
        let gateway = context.custom_resource(&GATEWAY, "egress", Inputs::new(), ResourceOptions::new());
        cloudwatch::LogGroup::new(context, "logs", cloudwatch::LogGroupArgs::new().name(gateway.id()));
    })
    .await;
    assert_eq!(
        problems,
        ["logs (aws:cloudwatch/logGroup:LogGroup): LogGroupName: refers to egress, which was left out"]
    );
}

#[tokio::test]
async fn a_secret_in_the_clear_is_reported() {
    let synthesis = template(|context| {
        let secret = pulumi::Output::secret("s3cr3t".to_owned());
        lambda::Function::new(
            context,
            "worker",
            lambda::FunctionArgs::new()
                .role("arn")
                .environment(lambda::FunctionEnvironmentArgs::new().variables([("PASSWORD", secret)])),
        );
    })
    .await;
    assert_eq!(
        synthesis.report.lines().collect::<Vec<_>>(),
        ["in the clear: worker: environment.variables.PASSWORD is a secret"]
    );
}

#[tokio::test]
async fn resources_of_one_name_and_type_are_told_apart() {
    let synthesis = template(|context| {
        s3::Bucket::new(context, "site-one", s3::BucketArgs::new());
        s3::Bucket::new(context, "site.one", s3::BucketArgs::new());
        s3::Bucket::new(context, "other", s3::BucketArgs::new());
    })
    .await;
    let names: Vec<&String> = synthesis.template["Resources"].as_object().unwrap().keys().collect();
    assert_eq!(names.len(), 3);
    assert_eq!(names[0], "OtherBucket");
    assert!(names[1..].iter().all(|name| name.starts_with("SiteOneBucket") && name.len() == 21), "{names:?}");
}
