use super::*;
use serde_json::json;

const VPC: &str = "aws:ec2/vpc:Vpc";
const SUBNET: &str = "aws:ec2/subnet:Subnet";
const FUNCTION: &str = "aws:lambda/function:Function";

fn made(token: &str, id: &str, inputs: Json) -> Made {
    let inputs = json::to_entries(&inputs).unwrap();
    let outputs = inputs.clone();
    Made {
        token: token.to_owned(),
        id: id.to_owned(),
        name: format!("the-{id}"),
        region: "eu-west-1".to_owned(),
        inputs,
        outputs,
    }
}

/// An account that has these, each of which AWS would have made.
fn account(all: &[Made]) -> (tempfile::TempDir, Account) {
    let folder = tempfile::tempdir().unwrap();
    let account = Account::open(folder.path()).unwrap();
    for made in all {
        assert_eq!(account.refuses(made, None).unwrap(), None, "{made:?}");
        account.put(made).unwrap();
    }
    (folder, account)
}

fn refusal(account: &Account, wanted: &Made) -> String {
    account.refuses(wanted, None).unwrap().unwrap_or_default()
}

#[test]
fn what_is_put_is_found_again_until_it_is_removed() {
    let mut vpc = made(VPC, "vpc-1", json!({ "cidrBlock": "10.0.0.0/16" }));
    vpc.outputs.insert("secret".to_owned(), Value::Secret(Box::new(Value::String("x".to_owned()))));
    let (_folder, account) = account(std::slice::from_ref(&vpc));
    assert_eq!(account.get(VPC, "vpc-1").unwrap(), Some(vpc.clone()));
    assert_eq!(account.all().unwrap(), [vpc]);
    account.remove(VPC, "vpc-1").unwrap();
    assert_eq!(account.all().unwrap(), []);
    assert!(account.number().unwrap() < account.number().unwrap());
}

#[test]
fn a_name_is_given_once() {
    let (_folder, account) = account(&[made(FUNCTION, "api", json!({ "name": "api" }))]);
    let wanted = made(FUNCTION, "other", json!({ "name": "api" }));
    assert_eq!(refusal(&account, &wanted), "there is one with name \"api\" already: the-api (api)");
    let elsewhere = Made { region: "us-east-1".to_owned(), ..wanted };
    assert_eq!(refusal(&account, &elsewhere), "");
    // The same resource, changed.
    assert_eq!(account.refuses(&made(FUNCTION, "api", json!({ "name": "api" })), Some("api")).unwrap(), None);
}

#[test]
fn what_is_referred_to_exists_and_stays() {
    let (_folder, account) = account(&[
        made(VPC, "vpc-1", json!({ "cidrBlock": "10.0.0.0/16" })),
        made(SUBNET, "subnet-1", json!({ "vpcId": "vpc-1", "cidrBlock": "10.0.0.0/24" })),
        made(FUNCTION, "api", json!({ "name": "api", "vpcConfig": { "subnetIds": ["subnet-1"] } })),
    ]);
    let lost = made(SUBNET, "subnet-2", json!({ "vpcId": "vpc-2" }));
    assert_eq!(refusal(&account, &lost), "vpcId is \"vpc-2\": there is no aws:ec2/vpc:Vpc with this id");
    let kept = |token, id| account.keeps(&account.get(token, id).unwrap().unwrap()).unwrap();
    assert_eq!(
        kept(VPC, "vpc-1").unwrap(),
        "DependencyViolation: vpc-1 has a dependent object: aws:ec2/subnet:Subnet the-subnet-1 (subnet-1)"
    );
    assert!(kept(SUBNET, "subnet-1").unwrap().contains("aws:lambda/function:Function the-api"));
    account.remove(FUNCTION, "api").unwrap();
    assert_eq!(kept(SUBNET, "subnet-1"), None);
}

#[test]
fn subnets_are_parts_of_their_network_and_do_not_overlap() {
    let (_folder, account) = account(&[
        made(VPC, "vpc-1", json!({ "cidrBlock": "10.0.0.0/16" })),
        made(SUBNET, "subnet-1", json!({ "vpcId": "vpc-1", "cidrBlock": "10.0.0.0/24" })),
    ]);
    let subnet = |cidr: &str| {
        refusal(&account, &made(SUBNET, "subnet-2", json!({ "vpcId": "vpc-1", "cidrBlock": cidr })))
    };
    assert_eq!(subnet("10.0.1.0/24"), "");
    assert_eq!(
        subnet("10.1.0.0/24"),
        "cidrBlock is \"10.1.0.0/24\", expected a part of its VPC's 10.0.0.0/16"
    );
    assert_eq!(
        subnet("10.0.0.128/25"),
        "cidrBlock is \"10.0.0.128/25\", which overlaps 10.0.0.0/24 of the-subnet-1"
    );
}

#[test]
fn gateways_come_and_go_in_order() {
    let gateway = "aws:ec2/internetGateway:InternetGateway";
    let nat = made("aws:ec2/natGateway:NatGateway", "nat-1", json!({ "subnetId": "subnet-1" }));
    let (_folder, account) = account(&[
        made(VPC, "vpc-1", json!({ "cidrBlock": "10.0.0.0/16" })),
        made(SUBNET, "subnet-1", json!({ "vpcId": "vpc-1", "cidrBlock": "10.0.0.0/24" })),
    ]);
    assert!(refusal(&account, &nat).contains("has no internet gateway attached"));
    let internet = made(gateway, "igw-1", json!({ "vpcId": "vpc-1" }));
    account.put(&internet).unwrap();
    assert_eq!(refusal(&account, &nat), "");
    account.put(&nat).unwrap();
    assert!(account.keeps(&internet).unwrap().unwrap().contains("mapped public addresses"));
}

#[test]
fn limits_of_an_account_hold() {
    let (_folder, account) = account(&[
        made(FUNCTION, "one", json!({ "name": "one", "reservedConcurrentExecutions": 800 })),
        made("aws:cloudwatch/logGroup:LogGroup", "log", json!({ "name": "log" })),
        made(
            "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter",
            "1",
            json!({ "name": "1", "logGroup": "log" }),
        ),
        made(
            "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter",
            "2",
            json!({ "name": "2", "logGroup": "log" }),
        ),
    ]);
    let two = made(FUNCTION, "two", json!({ "name": "two", "reservedConcurrentExecutions": 101 }));
    assert!(refusal(&account, &two).contains("expected at most 100"));
    let third = made(
        "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter",
        "3",
        json!({ "name": "3", "logGroup": "log" }),
    );
    assert_eq!(refusal(&account, &third), "log has 2 subscription filters already");
    let warm = made(
        "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig",
        "p",
        json!({ "functionName": "one", "provisionedConcurrentExecutions": 801 }),
    );
    assert!(refusal(&account, &warm).contains("expected at most what the function reserves, 800"));
}

#[test]
fn an_api_logs_only_with_the_accounts_role_and_a_cache_has_parameters_of_its_version() {
    let (_folder, account) = account(&[
        made("aws:apigateway/restApi:RestApi", "a", json!({})),
        made("aws:apigateway/deployment:Deployment", "d", json!({ "restApi": "a" })),
        made(
            "aws:elasticache/parameterGroup:ParameterGroup",
            "p",
            json!({ "name": "p", "family": "valkey8" }),
        ),
    ]);
    let stage = made(
        "aws:apigateway/stage:Stage",
        "s",
        json!({ "restApi": "a", "deployment": "d", "stageName": "s", "accessLogSettings": {} }),
    );
    assert!(refusal(&account, &stage).contains("CloudWatch Logs role ARN must be set"));
    account.put(&made("aws:apigateway/account:Account", "x", json!({ "cloudwatchRoleArn": "r" }))).unwrap();
    assert_eq!(refusal(&account, &stage), "");
    let cache = |version: &str| {
        made(
            "aws:elasticache/replicationGroup:ReplicationGroup",
            "c",
            json!({ "engine": "valkey", "engineVersion": version, "parameterGroupName": "p" }),
        )
    };
    assert_eq!(refusal(&account, &cache("8.0")), "");
    assert!(refusal(&account, &cache("7.2")).contains("expected valkey7 for valkey 7.2"));
}

#[test]
fn a_distribution_logs_only_to_a_bucket_that_takes_access_lists() {
    let bucket = |name: &str| made("aws:s3/bucket:Bucket", name, json!({ "bucket": name }));
    let controls = |bucket: &str, rule: &str| {
        let inputs = json!({ "bucket": bucket, "rule": { "objectOwnership": rule } });
        made("aws:s3/bucketOwnershipControls:BucketOwnershipControls", bucket, inputs)
    };
    let (_folder, account) =
        account(&[bucket("logs"), bucket("page"), controls("page", "BucketOwnerPreferred")]);
    let logging = json!({ "loggingConfig": { "bucket": "logs.s3.amazonaws.com" } });
    let distribution = made("aws:cloudfront/distribution:Distribution", "d", logging);
    assert!(refusal(&account, &distribution).contains("does not enable ACL access"));
    account.put(&controls("logs", "BucketOwnerEnforced")).unwrap();
    assert!(refusal(&account, &distribution).contains("does not enable ACL access"));
    account.put(&controls("logs", "BucketOwnerPreferred")).unwrap();
    assert_eq!(refusal(&account, &distribution), "");
}

#[test]
fn what_is_protected_or_not_empty_is_not_deleted() {
    let table = made(
        "aws:dynamodb/table:Table",
        "tasks",
        json!({ "name": "tasks", "deletionProtectionEnabled": true }),
    );
    let object = made(
        "aws:s3/bucketObjectv2:BucketObjectv2",
        "index.html",
        json!({ "bucket": "page", "key": "index.html" }),
    );
    let bucket = |force: bool| {
        made("aws:s3/bucket:Bucket", "page", json!({ "bucket": "page", "forceDestroy": force }))
    };
    let (_folder, account) = account(&[table.clone(), bucket(false), object]);
    assert_eq!(
        account.keeps(&table).unwrap().unwrap(),
        "tasks is protected from being deleted by deletionProtectionEnabled"
    );
    assert!(account.keeps(&bucket(false)).unwrap().is_some());
    assert_eq!(account.keeps(&bucket(true)).unwrap(), None);
}
