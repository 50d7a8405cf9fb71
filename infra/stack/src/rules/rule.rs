//! The catalogue of rules, each with the identifiers that others know it by.
//!
//! Identifiers: AWS Foundational Security Best Practices (`Lambda.1`), checkov (`CKV_AWS_301`), cdk-nag (`APIG1`, without
//! its prefix) and AWS Guard rules (`lambda_dlq_check`).

macro_rules! rules {
    ($($name:ident $number:literal $says:literal [$($id:literal)*])*) => {
        /// A rule.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Rule {
            $(#[doc = $says] $name,)*
        }

        impl Rule {
            /// Every rule.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// Its number; a letter tells apart what may be waived apart.
            pub const fn number(self) -> &'static str {
                match self { $(Self::$name => $number,)* }
            }

            /// What it says.
            pub const fn says(self) -> &'static str {
                match self { $(Self::$name => $says,)* }
            }

            /// What others call it.
            pub const fn ids(self) -> &'static [&'static str] {
                match self { $(Self::$name => &[$($id),*],)* }
            }
        }
    };
}

rules! {
    FunctionCallers "1" "A function is called by exact services, each named by its source." ["Lambda.1" "CKV_AWS_301" "lambda_function_public_access_prohibited"]
    FunctionRuntime "2" "A function runs on provided.al2023 and arm64." ["Lambda.2" "CKV_AWS_363" "L1"]
    NoSecretsInEnvironment "3" "No environment holds a secret as text." ["CKV_AWS_45" "ECS.8"]
    EnvironmentKey "4" "A function's environment is encrypted with a key of our own." ["CKV_AWS_173"]
    ReservedConcurrency "5" "A function has reserved concurrency." ["CKV_AWS_115" "lambda_concurrency_check"]
    FailedEventsAreKept "6" "What a function failed on is kept: by a dead-letter queue or a destination." ["CKV_AWS_116" "lambda_dlq_check"]
    FunctionTracing "7" "A function is traced." ["CKV_AWS_50"]
    FunctionZones "8a" "A function in the VPC is in at least two zones." ["Lambda.5"]
    FunctionInVpc "8b" "A function is in the VPC, or listed." ["Lambda.3" "CKV_AWS_117"]
    NoOpenFunctionUrl "9" "No function has an address that anyone may call." ["CKV_AWS_258"]
    CodeSigning "10" "A function's code is signed." ["CKV_AWS_272"]
    ApiExecutionLogs "11" "An API's stage logs its executions." ["APIGateway.1" "CKV2_AWS_4" "APIG6"]
    ApiAccessLogs "12" "An API's stage logs every request." ["APIGateway.9" "CKV_AWS_76" "APIG1" "api_gwv2_access_logs_enabled"]
    ApiAuthorizer "13" "Every route has an authorizer, except the health check and what ends a connection." ["APIGateway.8" "CKV_AWS_309" "CKV_AWS_59" "APIG4"]
    ApiTracing "14" "A REST API is traced." ["APIGateway.3" "CKV_AWS_73"]
    Firewall "15" "A firewall stands before the API and the page." ["APIGateway.4" "CKV2_AWS_29" "APIG3" "CloudFront.6" "CKV_AWS_68" "CFR2"]
    RequestValidation "16" "A REST API validates requests." ["CKV2_AWS_53" "APIG2"]
    NoDataTrace "17" "Execution logs hold no bodies." ["CKV_AWS_276"]
    NoOpenCors "18" "Other origins are named, never all of them." ["CKV2_AWS_75"]
    DomainTls "19" "An API's own domain takes TLS 1.2 and later." ["CKV_AWS_206"]
    TableRecovery "20" "A table can be set back to any second." ["DynamoDB.2" "CKV_AWS_28" "DDB3"]
    TableDeletionProtection "21" "A table cannot be deleted by mistake." ["DynamoDB.6"]
    TableScaling "22" "A table is on demand, or it and all of its indexes scale." ["DynamoDB.1" "CKV2_AWS_16" "dynamodb_autoscaling_enabled"]
    TableKey "23" "A table is encrypted with a key of our own." ["CKV_AWS_119"]
    CacheAtRest "24" "The cache is encrypted at rest." ["ElastiCache.4" "CKV_AWS_29" "AEC3"]
    CacheInTransit "25" "The cache is encrypted in transit." ["ElastiCache.5" "CKV_AWS_30" "AEC3"]
    CacheAuthentication "26" "The cache asks who is there." ["ElastiCache.6" "CKV_AWS_31" "AEC6"]
    CacheFailover "27" "The cache survives a zone." ["ElastiCache.3" "CKV2_AWS_50" "AEC4"]
    CacheUpgrades "28" "The cache takes minor upgrades by itself." ["ElastiCache.2" "CKV_AWS_322"]
    CacheSubnets "29" "The cache is in subnets of its own choice." ["ElastiCache.7" "CKV_AWS_323" "AEC1"]
    CacheSnapshots "30" "The cache is backed up." ["ElastiCache.1" "CKV_AWS_134"]
    QueueEncryption "31" "A queue is encrypted." ["SQS.1" "CKV_AWS_27" "SQS2"]
    QueueRedrive "32" "A queue has a dead-letter queue, unless it is one." ["SQS3"]
    QueuePolicy "33" "A queue is not public and takes TLS alone." ["CKV_AWS_168" "CKV_AWS_72" "CKV_AWS_387" "SQS4"]
    BucketPublicAccess "34" "A bucket is closed to the public in all four ways." ["S3.8" "CKV_AWS_53" "CKV_AWS_54" "CKV_AWS_55" "CKV_AWS_56" "CKV2_AWS_6" "S2"]
    BucketTls "35" "A bucket takes TLS alone." ["S3.5" "S10" "s3_bucket_ssl_requests_only"]
    BucketVersions "36a" "A bucket keeps versions." ["S3.14" "CKV_AWS_21"]
    BucketLifecycle "36b" "A bucket drops old versions and broken uploads." ["S3.13" "CKV2_AWS_61" "CKV_AWS_300"]
    BucketOwnership "37" "A bucket has no access lists." ["S3.12" "CKV2_AWS_65"]
    OriginAccess "38" "A distribution reads its bucket as itself." ["CloudFront.13" "CKV2_AWS_46" "CFR7"]
    DistributionHttps "39a" "A distribution and its origins speak HTTPS alone." ["CloudFront.3" "CKV_AWS_34" "CFR4"]
    DistributionTls "39b" "A distribution takes TLS 1.2 and later." ["CKV_AWS_174" "CKV2_AWS_54"]
    SecurityHeaders "40" "Every answer of a distribution says HSTS." ["CKV2_AWS_32" "CKV_AWS_259"]
    DistributionRoot "41a" "A distribution has a root object." ["CloudFront.1" "CKV_AWS_305"]
    DistributionLogs "41b" "A distribution logs every request." ["CloudFront.5" "CKV_AWS_86" "CFR3"]
    NoWildcardActions "42a" "No policy allows every action." ["IAM.1" "IAM.21" "CKV_AWS_62" "CKV_AWS_63" "IAM5"]
    NoWildcardResources "42b" "No policy allows a change of every resource, or to pass every role." ["CKV_AWS_355" "CKV_AWS_290" "CKV_AWS_289" "CKV_AWS_288" "iam_policy_no_wildcard_resource_on_passrole"]
    TrustedService "43a" "A role is for one exact service." ["CKV_AWS_60" "CKV_AWS_61"]
    TrustedAccount "43b" "A role is for a service that acts for this account." ["CKV_AWS_60" "CKV_AWS_61"]
    ManagedPolicies "44" "A role has no policies of AWS's making." ["IAM4"]
    SecurityGroups "45" "Security groups are closed, described, and only functions reach the cache." ["EC2.2" "EC2.18" "EC2.19" "CKV2_AWS_12" "EC23" "EC27"]
    NetworkLogs "46" "A VPC logs its flows, and nothing in it gets a public address by itself." ["EC2.6" "CKV2_AWS_11" "VPC7" "EC2.15" "CKV_AWS_130"]
    LogRetention "47a" "A log group has a retention." ["CKV_AWS_66" "CKV_AWS_338" "cw_loggroup_retention_period_check"]
    LogKey "47b" "A log group is encrypted with a key of our own." ["CKV_AWS_158"]
    Containers "48" "A container is unprivileged, read-only, logged, private, on the latest platform, with roles apart." ["ECS.2" "ECS.4" "ECS.5" "ECS.9" "ECS.10" "CKV_AWS_333" "CKV_AWS_334" "CKV_AWS_336" "CKV_AWS_332" "CKV_AWS_249" "ECS7"]
    ContainerInsights "49" "A cluster measures its containers." ["ECS.12" "CKV_AWS_65" "ECS4"]
    KeyRotation "50a" "A key rotates and is not for everyone." ["KMS.4" "KMS.5" "CKV_AWS_7" "CKV_AWS_33"]
    SecretRotation "50b" "A secret rotates." ["SecretsManager.1" "CKV2_AWS_57"]
    DynamoDbEndpoint "51" "Functions in the VPC reach DynamoDB by a gateway endpoint." []
    Throttle "52" "An API's stage is throttled." []
    Visibility "53" "A message stays hidden for at least six times the function's timeout." []
    StreamFailures "54" "A stream's poison record is halved, retried so often, and then put aside." []
    DeadLetterAlarm "55" "Every dead-letter queue has an alarm." []
    IteratorAgeAlarm "56" "Every function on a stream has an alarm on how far it is behind." []
    ThrottleAlarm "57" "Every function has an alarm on calls that were refused." []
    IndexThroughput "58" "An index is given as many writes as its table." []
    Tags "59" "Whatever can have tags says what it belongs to and who pays for it." ["REQUIRED_TAGS"]
    Watched "60" "What the platform depends on has an alarm." []
}

impl std::fmt::Display for Rule {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "rule {}: {}", self.number(), self.says())?;
        if !self.ids().is_empty() {
            write!(formatter, " [{}]", self.ids().join(", "))?;
        }
        Ok(())
    }
}
