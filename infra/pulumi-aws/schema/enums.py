"""Writes enums.json: which texts of the AWS provider's schema are values of an enumeration.

    pip download --no-deps botocore && python3 enums.py botocore-*.whl > enums.json

The values are those of AWS's own service models, which botocore carries; where no model lists them, or the provider
spells them otherwise, they are given here.
"""

import gzip
import json
import re
import sys
import zipfile

# Name of the enumeration (module/Name), where its values come from, and the properties that take it.
# A source is "service:Shape" of a model, or the values themselves; a pair is a value and the name of its variant.
# A property is "module/Type.property" of an object type, or "module/file:Resource.property".
ENUMS = {
    "lambda/Runtime": ("lambda:Runtime", ["lambda/function:Function.runtime", "lambda/layerVersion:LayerVersion.compatibleRuntimes"]),
    "lambda/Architecture": ("lambda:Architecture", ["lambda/function:Function.architectures", "lambda/layerVersion:LayerVersion.compatibleArchitectures"]),
    "lambda/PackageType": ("lambda:PackageType", ["lambda/function:Function.packageType"]),
    "lambda/TracingMode": ("lambda:TracingMode", ["lambda/FunctionTracingConfig.mode"]),
    "lambda/LogFormat": ("lambda:LogFormat", ["lambda/FunctionLoggingConfig.logFormat"]),
    "lambda/ApplicationLogLevel": ("lambda:ApplicationLogLevel", ["lambda/FunctionLoggingConfig.applicationLogLevel"]),
    "lambda/SystemLogLevel": ("lambda:SystemLogLevel", ["lambda/FunctionLoggingConfig.systemLogLevel"]),
    "lambda/SnapStartApplyOn": ("lambda:SnapStartApplyOn", ["lambda/FunctionSnapStart.applyOn"]),
    "lambda/StartingPosition": ("lambda:EventSourcePosition", ["lambda/eventSourceMapping:EventSourceMapping.startingPosition"]),
    "lambda/FunctionResponseType": ("lambda:FunctionResponseType", ["lambda/eventSourceMapping:EventSourceMapping.functionResponseTypes"]),
    "lambda/FunctionUrlAuthType": ("lambda:FunctionUrlAuthType", ["lambda/permission:Permission.functionUrlAuthType"]),
    "dynamodb/BillingMode": ("dynamodb:BillingMode", ["dynamodb/table:Table.billingMode"]),
    "dynamodb/StreamViewType": ("dynamodb:StreamViewType", ["dynamodb/table:Table.streamViewType"]),
    "dynamodb/TableClass": ("dynamodb:TableClass", ["dynamodb/table:Table.tableClass", "dynamodb/tableReplica:TableReplica.tableClassOverride"]),
    "dynamodb/AttributeType": ([("S", "String"), ("N", "Number"), ("B", "Binary")], ["dynamodb/TableAttribute.type"]),
    "dynamodb/KeyType": ("dynamodb:KeyType", ["dynamodb/TableGlobalSecondaryIndexKeySchema.keyType"]),
    "dynamodb/ProjectionType": ("dynamodb:ProjectionType", ["dynamodb/TableGlobalSecondaryIndex.projectionType", "dynamodb/TableLocalSecondaryIndex.projectionType"]),
    "dynamodb/ConsistencyMode": (["EVENTUAL", "STRONG"], ["dynamodb/TableReplica.consistencyMode"]),
    "apigateway/EndpointType": ("apigateway:EndpointType", ["apigateway/RestApiEndpointConfiguration.types", "apigateway/DomainNameEndpointConfiguration.types"]),
    "apigateway/IpAddressType": ("apigateway:IpAddressType", ["apigateway/RestApiEndpointConfiguration.ipAddressType", "apigateway/DomainNameEndpointConfiguration.ipAddressType"]),
    "apigateway/AuthorizerType": ("apigateway:AuthorizerType", ["apigateway/authorizer:Authorizer.type"]),
    "apigateway/Authorization": (["NONE", "AWS_IAM", "CUSTOM", "COGNITO_USER_POOLS"], ["apigateway/method:Method.authorization"]),
    "apigateway/HttpMethod": (["ANY", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"], ["apigateway/method:Method.httpMethod", "apigateway/integration:Integration.httpMethod", "apigateway/integration:Integration.integrationHttpMethod"]),
    "apigateway/IntegrationType": ("apigateway:IntegrationType", ["apigateway/integration:Integration.type"]),
    "apigateway/ConnectionType": ("apigateway:ConnectionType", ["apigateway/integration:Integration.connectionType"]),
    "apigateway/ContentHandling": ("apigateway:ContentHandlingStrategy", ["apigateway/integration:Integration.contentHandling"]),
    "apigateway/PassthroughBehavior": (["WHEN_NO_MATCH", "WHEN_NO_TEMPLATES", "NEVER"], ["apigateway/integration:Integration.passthroughBehavior"]),
    "apigateway/ResponseTransferMode": ("apigateway:ResponseTransferMode", ["apigateway/integration:Integration.responseTransferMode"]),
    "apigateway/GatewayResponseType": ("apigateway:GatewayResponseType", ["apigateway/response:Response.responseType"]),
    "apigateway/ApiKeySource": ("apigateway:ApiKeySourceType", ["apigateway/restApi:RestApi.apiKeySource"]),
    "apigateway/PutRestApiMode": ("apigateway:PutMode", ["apigateway/restApi:RestApi.putRestApiMode"]),
    "apigateway/SecurityPolicy": ("apigateway:SecurityPolicy", ["apigateway/domainName:DomainName.securityPolicy", "apigateway/restApi:RestApi.securityPolicy"]),
    "apigateway/EndpointAccessMode": ("apigateway:EndpointAccessMode", ["apigateway/domainName:DomainName.endpointAccessMode", "apigateway/restApi:RestApi.endpointAccessMode"]),
    "apigateway/CacheClusterSize": ([("0.5", "Gigabytes0_5"), ("1.6", "Gigabytes1_6"), ("6.1", "Gigabytes6_1"), ("13.5", "Gigabytes13_5"), ("28.4", "Gigabytes28_4"), ("58.2", "Gigabytes58_2"), ("118", "Gigabytes118"), ("237", "Gigabytes237")], ["apigateway/stage:Stage.cacheClusterSize"]),
    "apigateway/LoggingLevel": (["OFF", "ERROR", "INFO"], ["apigateway/MethodSettingsSettings.loggingLevel"]),
    "apigateway/QuotaPeriod": ("apigateway:QuotaPeriodType", ["apigateway/UsagePlanQuotaSettings.period"]),
    "apigateway/UsagePlanKeyType": (["API_KEY"], ["apigateway/usagePlanKey:UsagePlanKey.keyType"]),
    "apigatewayv2/ProtocolType": ("apigatewayv2:ProtocolType", ["apigatewayv2/api:Api.protocolType"]),
    "apigatewayv2/IpAddressType": (["ipv4", "dualstack"], ["apigatewayv2/api:Api.ipAddressType"]),
    "apigatewayv2/AuthorizerType": ("apigatewayv2:AuthorizerType", ["apigatewayv2/authorizer:Authorizer.authorizerType"]),
    "apigatewayv2/AuthorizationType": ("apigatewayv2:AuthorizationType", ["apigatewayv2/route:Route.authorizationType"]),
    "apigatewayv2/IntegrationType": ("apigatewayv2:IntegrationType", ["apigatewayv2/integration:Integration.integrationType"]),
    "apigatewayv2/ConnectionType": ("apigatewayv2:ConnectionType", ["apigatewayv2/integration:Integration.connectionType"]),
    "apigatewayv2/ContentHandlingStrategy": ("apigatewayv2:ContentHandlingStrategy", ["apigatewayv2/integration:Integration.contentHandlingStrategy"]),
    "apigatewayv2/PassthroughBehavior": ("apigatewayv2:PassthroughBehavior", ["apigatewayv2/integration:Integration.passthroughBehavior"]),
    "apigatewayv2/LoggingLevel": ("apigatewayv2:LoggingLevel", ["apigatewayv2/StageDefaultRouteSettings.loggingLevel", "apigatewayv2/StageRouteSetting.loggingLevel"]),
    "appautoscaling/PolicyType": ("application-autoscaling:PolicyType", ["appautoscaling/policy:Policy.policyType"]),
    "appautoscaling/ScalableDimension": ("application-autoscaling:ScalableDimension", ["appautoscaling/policy:Policy.scalableDimension", "appautoscaling/target:Target.scalableDimension", "appautoscaling/scheduledAction:ScheduledAction.scalableDimension"]),
    "appautoscaling/ServiceNamespace": ("application-autoscaling:ServiceNamespace", ["appautoscaling/policy:Policy.serviceNamespace", "appautoscaling/target:Target.serviceNamespace", "appautoscaling/scheduledAction:ScheduledAction.serviceNamespace"]),
    "appautoscaling/AdjustmentType": ("application-autoscaling:AdjustmentType", ["appautoscaling/PolicyStepScalingPolicyConfiguration.adjustmentType"]),
    "appautoscaling/MetricType": ("application-autoscaling:MetricType", ["appautoscaling/PolicyTargetTrackingScalingPolicyConfigurationPredefinedMetricSpecification.predefinedMetricType"]),
    "budgets/BudgetType": ("budgets:BudgetType", ["budgets/budget:Budget.budgetType"]),
    "budgets/TimeUnit": ("budgets:TimeUnit", ["budgets/budget:Budget.timeUnit"]),
    "budgets/LimitUnit": ([("USD", "Usd"), ("PERCENTAGE", "Percentage")], ["budgets/budget:Budget.limitUnit"]),
    "budgets/ComparisonOperator": ("budgets:ComparisonOperator", ["budgets/BudgetNotification.comparisonOperator"]),
    "budgets/NotificationType": ("budgets:NotificationType", ["budgets/BudgetNotification.notificationType"]),
    "budgets/ThresholdType": ("budgets:ThresholdType", ["budgets/BudgetNotification.thresholdType"]),
    "cloudfront/PriceClass": ([("PriceClass_100", "NorthAmericaAndEurope"), ("PriceClass_200", "WithoutSouthAmericaAndOceania"), ("PriceClass_All", "All")], ["cloudfront/distribution:Distribution.priceClass"]),
    "cloudfront/HttpVersion": ("cloudfront:HttpVersion", ["cloudfront/distribution:Distribution.httpVersion"]),
    "cloudfront/FunctionRuntime": ("cloudfront:FunctionRuntime", ["cloudfront/function:Function.runtime"]),
    "cloudfront/OriginType": ("cloudfront:OriginAccessControlOriginTypes", ["cloudfront/originAccessControl:OriginAccessControl.originAccessControlOriginType"]),
    "cloudfront/SigningBehavior": ("cloudfront:OriginAccessControlSigningBehaviors", ["cloudfront/originAccessControl:OriginAccessControl.signingBehavior"]),
    "cloudfront/SigningProtocol": ("cloudfront:OriginAccessControlSigningProtocols", ["cloudfront/originAccessControl:OriginAccessControl.signingProtocol"]),
    "cloudfront/ViewerProtocolPolicy": ("cloudfront:ViewerProtocolPolicy", ["cloudfront/DistributionDefaultCacheBehavior.viewerProtocolPolicy", "cloudfront/DistributionOrderedCacheBehavior.viewerProtocolPolicy"]),
    "cloudfront/Method": ("cloudfront:Method", ["cloudfront/DistributionDefaultCacheBehavior.allowedMethods", "cloudfront/DistributionDefaultCacheBehavior.cachedMethods", "cloudfront/DistributionOrderedCacheBehavior.allowedMethods", "cloudfront/DistributionOrderedCacheBehavior.cachedMethods"]),
    "cloudfront/EventType": ("cloudfront:EventType", ["cloudfront/DistributionDefaultCacheBehaviorFunctionAssociation.eventType", "cloudfront/DistributionDefaultCacheBehaviorLambdaFunctionAssociation.eventType", "cloudfront/DistributionOrderedCacheBehaviorFunctionAssociation.eventType", "cloudfront/DistributionOrderedCacheBehaviorLambdaFunctionAssociation.eventType"]),
    "cloudfront/OriginProtocolPolicy": ("cloudfront:OriginProtocolPolicy", ["cloudfront/DistributionOriginCustomOriginConfig.originProtocolPolicy"]),
    "cloudfront/OriginSslProtocol": ("cloudfront:SslProtocol", ["cloudfront/DistributionOriginCustomOriginConfig.originSslProtocols"]),
    "cloudfront/GeoRestrictionType": ("cloudfront:GeoRestrictionType", ["cloudfront/DistributionRestrictionsGeoRestriction.restrictionType"]),
    "cloudfront/SslSupportMethod": ("cloudfront:SSLSupportMethod", ["cloudfront/DistributionViewerCertificate.sslSupportMethod"]),
    "cloudfront/MinimumProtocolVersion": ("cloudfront:MinimumProtocolVersion", ["cloudfront/DistributionViewerCertificate.minimumProtocolVersion"]),
    "cloudfront/ReferrerPolicy": ("cloudfront:ReferrerPolicyList", ["cloudfront/ResponseHeadersPolicySecurityHeadersConfigReferrerPolicy.referrerPolicy"]),
    "cloudfront/FrameOption": ("cloudfront:FrameOptionsList", ["cloudfront/ResponseHeadersPolicySecurityHeadersConfigFrameOptions.frameOption"]),
    "cloudfront/CookieBehavior": ("cloudfront:CachePolicyCookieBehavior", ["cloudfront/CachePolicyParametersInCacheKeyAndForwardedToOriginCookiesConfig.cookieBehavior"]),
    "cloudfront/HeaderBehavior": ("cloudfront:CachePolicyHeaderBehavior", ["cloudfront/CachePolicyParametersInCacheKeyAndForwardedToOriginHeadersConfig.headerBehavior"]),
    "cloudfront/QueryStringBehavior": ("cloudfront:CachePolicyQueryStringBehavior", ["cloudfront/CachePolicyParametersInCacheKeyAndForwardedToOriginQueryStringsConfig.queryStringBehavior"]),
    "cloudwatch/ComparisonOperator": ("cloudwatch:ComparisonOperator", ["cloudwatch/metricAlarm:MetricAlarm.comparisonOperator"]),
    "cloudwatch/Statistic": ("cloudwatch:Statistic", ["cloudwatch/metricAlarm:MetricAlarm.statistic"]),
    "cloudwatch/Unit": ("cloudwatch:StandardUnit", ["cloudwatch/metricAlarm:MetricAlarm.unit", "cloudwatch/MetricAlarmMetricQueryMetric.unit", "cloudwatch/LogMetricFilterMetricTransformation.unit"]),
    "cloudwatch/TreatMissingData": (["missing", "ignore", "breaching", "notBreaching"], ["cloudwatch/metricAlarm:MetricAlarm.treatMissingData"]),
    "cloudwatch/LogGroupClass": ("logs:LogGroupClass", ["cloudwatch/logGroup:LogGroup.logGroupClass"]),
    "cloudwatch/RuleState": ("events:RuleState", ["cloudwatch/eventRule:EventRule.state"]),
    "cloudwatch/LaunchType": ("events:LaunchType", ["cloudwatch/EventTargetEcsTarget.launchType"]),
    "cognito/MfaConfiguration": ("cognito-idp:UserPoolMfaType", ["cognito/userPool:UserPool.mfaConfiguration"]),
    "cognito/UserPoolTier": ("cognito-idp:UserPoolTierType", ["cognito/userPool:UserPool.userPoolTier"]),
    "cognito/OauthFlow": ("cognito-idp:OAuthFlowType", ["cognito/userPoolClient:UserPoolClient.allowedOauthFlows"]),
    "cognito/ExplicitAuthFlow": ("cognito-idp:ExplicitAuthFlowsType", ["cognito/userPoolClient:UserPoolClient.explicitAuthFlows"]),
    "cognito/AttributeDataType": ("cognito-idp:AttributeDataType", ["cognito/UserPoolSchema.attributeDataType"]),
    "ec2/InstanceTenancy": ("ec2:Tenancy", ["ec2/vpc:Vpc.instanceTenancy"]),
    "ec2/TrafficType": ("ec2:TrafficType", ["ec2/flowLog:FlowLog.trafficType"]),
    "ec2/LogDestinationType": ("ec2:LogDestinationType", ["ec2/flowLog:FlowLog.logDestinationType"]),
    "ec2/FlowLogFileFormat": ("ec2:DestinationFileFormat", ["ec2/FlowLogDestinationOptions.fileFormat"]),
    "ec2/VpcEndpointType": ("ec2:VpcEndpointType", ["ec2/vpcEndpoint:VpcEndpoint.vpcEndpointType"]),
    "ec2/VpcEndpointIpAddressType": ("ec2:IpAddressType", ["ec2/vpcEndpoint:VpcEndpoint.ipAddressType"]),
    "ec2/ConnectivityType": ("ec2:ConnectivityType", ["ec2/natGateway:NatGateway.connectivityType"]),
    "ec2/AvailabilityMode": ("ec2:AvailabilityMode", ["ec2/natGateway:NatGateway.availabilityMode"]),
    "ec2/EipDomain": ("ec2:DomainType", ["ec2/eip:Eip.domain"]),
    "ec2/Protocol": ([("-1", "All"), ("tcp", "Tcp"), ("udp", "Udp"), ("icmp", "Icmp"), ("icmpv6", "Icmpv6")], ["ec2/DefaultSecurityGroupEgress.protocol", "ec2/DefaultSecurityGroupIngress.protocol", "ec2/SecurityGroupEgress.protocol", "ec2/SecurityGroupIngress.protocol"]),
    "vpc/IpProtocol": ([("-1", "All"), ("tcp", "Tcp"), ("udp", "Udp"), ("icmp", "Icmp"), ("icmpv6", "Icmpv6")], ["vpc/securityGroupEgressRule:SecurityGroupEgressRule.ipProtocol", "vpc/securityGroupIngressRule:SecurityGroupIngressRule.ipProtocol"]),
    "ecr/ImageTagMutability": ("ecr:ImageTagMutability", ["ecr/repository:Repository.imageTagMutability"]),
    "ecr/EncryptionType": ("ecr:EncryptionType", ["ecr/RepositoryEncryptionConfiguration.encryptionType"]),
    "ecs/LaunchType": ("ecs:LaunchType", ["ecs/service:Service.launchType"]),
    "ecs/SchedulingStrategy": ("ecs:SchedulingStrategy", ["ecs/service:Service.schedulingStrategy"]),
    "ecs/PropagateTags": ("ecs:PropagateTags", ["ecs/service:Service.propagateTags"]),
    "ecs/DeploymentControllerType": ("ecs:DeploymentControllerType", ["ecs/ServiceDeploymentController.type"]),
    "ecs/Compatibility": ("ecs:Compatibility", ["ecs/taskDefinition:TaskDefinition.requiresCompatibilities"]),
    "ecs/NetworkMode": ("ecs:NetworkMode", ["ecs/taskDefinition:TaskDefinition.networkMode"]),
    "ecs/TaskCpu": ([("256", "Units256"), ("512", "Units512"), ("1024", "Units1024"), ("2048", "Units2048"), ("4096", "Units4096"), ("8192", "Units8192"), ("16384", "Units16384")], ["ecs/taskDefinition:TaskDefinition.cpu"]),
    "ecs/CpuArchitecture": ("ecs:CPUArchitecture", ["ecs/TaskDefinitionRuntimePlatform.cpuArchitecture"]),
    "ecs/OperatingSystemFamily": ("ecs:OSFamily", ["ecs/TaskDefinitionRuntimePlatform.operatingSystemFamily"]),
    "elasticache/Engine": ([("redis", "Redis"), ("valkey", "Valkey")], ["elasticache/replicationGroup:ReplicationGroup.engine", "elasticache/user:User.engine", "elasticache/userGroup:UserGroup.engine", "elasticache/globalReplicationGroup:GlobalReplicationGroup.engine"]),
    "elasticache/ServerlessEngine": (["memcached", "redis", "valkey"], ["elasticache/serverlessCache:ServerlessCache.engine"]),
    "elasticache/NetworkType": ("elasticache:NetworkType", ["elasticache/replicationGroup:ReplicationGroup.networkType", "elasticache/serverlessCache:ServerlessCache.networkType"]),
    "elasticache/IpDiscovery": ("elasticache:IpDiscovery", ["elasticache/replicationGroup:ReplicationGroup.ipDiscovery"]),
    "elasticache/TransitEncryptionMode": ("elasticache:TransitEncryptionMode", ["elasticache/replicationGroup:ReplicationGroup.transitEncryptionMode"]),
    "elasticache/ClusterMode": ("elasticache:ClusterMode", ["elasticache/replicationGroup:ReplicationGroup.clusterMode"]),
    "elasticache/AuthTokenUpdateStrategy": ("elasticache:AuthTokenUpdateStrategyType", ["elasticache/replicationGroup:ReplicationGroup.authTokenUpdateStrategy"]),
    "elasticache/AuthenticationType": ("elasticache:InputAuthenticationType", ["elasticache/UserAuthenticationMode.type"]),
    "elasticache/LogDestinationType": ("elasticache:DestinationType", ["elasticache/ReplicationGroupLogDeliveryConfiguration.destinationType"]),
    "elasticache/LogFormat": ("elasticache:LogFormat", ["elasticache/ReplicationGroupLogDeliveryConfiguration.logFormat"]),
    "elasticache/LogType": ("elasticache:LogType", ["elasticache/ReplicationGroupLogDeliveryConfiguration.logType"]),
    "kms/KeySpec": ("kms:KeySpec", ["kms/key:Key.customerMasterKeySpec"]),
    "kms/KeyUsage": ("kms:KeyUsageType", ["kms/key:Key.keyUsage"]),
    "acm/ValidationMethod": ("acm:ValidationMethod", ["acm/certificate:Certificate.validationMethod"]),
    "acm/KeyAlgorithm": ("acm:KeyAlgorithm", ["acm/certificate:Certificate.keyAlgorithm"]),
    "route53/RecordType": ("route53:RRType", ["route53/record:Record.type"]),
    "route53/HealthCheckType": ("route53:HealthCheckType", ["route53/healthCheck:HealthCheck.type"]),
    "s3/CannedAcl": ("s3:ObjectCannedACL", ["s3/bucket:Bucket.acl", "s3/bucketObjectv2:BucketObjectv2.acl"]),
    "s3/ObjectOwnership": ("s3:ObjectOwnership", ["s3/BucketOwnershipControlsRule.objectOwnership"]),
    "s3/SseAlgorithm": ("s3:ServerSideEncryption", ["s3/BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefault.sseAlgorithm"]),
    "s3/StorageClass": ("s3:StorageClass", ["s3/bucketObjectv2:BucketObjectv2.storageClass"]),
    "s3/TransitionStorageClass": ("s3:TransitionStorageClass", ["s3/BucketLifecycleConfigurationRuleTransition.storageClass", "s3/BucketLifecycleConfigurationRuleNoncurrentVersionTransition.storageClass"]),
    "s3/LifecycleRuleStatus": ("s3:ExpirationStatus", ["s3/BucketLifecycleConfigurationRule.status"]),
    "s3/VersioningStatus": (["Enabled", "Suspended", "Disabled"], ["s3/BucketVersioningVersioningConfiguration.status"]),
    "scheduler/ScheduleState": ("scheduler:ScheduleState", ["scheduler/schedule:Schedule.state"]),
    "scheduler/ActionAfterCompletion": ("scheduler:ActionAfterCompletion", ["scheduler/schedule:Schedule.actionAfterCompletion"]),
    "scheduler/FlexibleTimeWindowMode": ("scheduler:FlexibleTimeWindowMode", ["scheduler/ScheduleFlexibleTimeWindow.mode"]),
    "scheduler/LaunchType": ("scheduler:LaunchType", ["scheduler/ScheduleTargetEcsParameters.launchType"]),
    "sfn/StateMachineType": ("stepfunctions:StateMachineType", ["sfn/stateMachine:StateMachine.type"]),
    "sfn/LogLevel": ("stepfunctions:LogLevel", ["sfn/StateMachineLoggingConfiguration.level"]),
    "sns/Protocol": (["application", "email", "email-json", "firehose", "http", "https", "lambda", "sms", "sqs"], ["sns/topicSubscription:TopicSubscription.protocol"]),
    "sns/FilterPolicyScope": (["MessageAttributes", "MessageBody"], ["sns/topicSubscription:TopicSubscription.filterPolicyScope"]),
    "sns/FifoThroughputScope": (["MessageGroup", "Topic"], ["sns/topic:Topic.fifoThroughputScope"]),
    "sqs/DeduplicationScope": (["messageGroup", "queue"], ["sqs/queue:Queue.deduplicationScope"]),
    "sqs/FifoThroughputLimit": (["perMessageGroupId", "perQueue"], ["sqs/queue:Queue.fifoThroughputLimit"]),
    "ssm/ParameterType": ("ssm:ParameterType", ["ssm/parameter:Parameter.type"]),
    "ssm/ParameterTier": ("ssm:ParameterTier", ["ssm/parameter:Parameter.tier"]),
    "wafv2/Scope": ("wafv2:Scope", ["wafv2/webAcl:WebAcl.scope"]),
    "wafv2/ResponseContentType": ("wafv2:ResponseContentType", ["wafv2/WebAclCustomResponseBody.contentType"]),
}


def variant_of(value):
    """The variant's name, where that made of the value's words would not read well."""
    protocol = re.fullmatch(r"(SSL|TLS)v([\d.]+)(_\d+)?", value)
    if protocol:
        return protocol.group(1).capitalize() + protocol.group(2).replace(".", "_") + (protocol.group(3) or "")
    return None


def values_of(wheel, source):
    if not isinstance(source, str):
        return [value if isinstance(value, tuple) else (value, None) for value in source]
    service, shape = source.split(":")
    folder = f"botocore/data/{service}/"
    model = max(name for name in wheel.namelist() if name.startswith(folder) and name.endswith("/service-2.json.gz"))
    return [(value, variant_of(value)) for value in json.loads(gzip.decompress(wheel.read(model)))["shapes"][shape]["enum"]]


def main():
    wheel = zipfile.ZipFile(sys.argv[1])
    enums = {}
    for name, (source, properties) in ENUMS.items():
        values = [{"value": value} | ({"name": variant} if variant else {}) for value, variant in values_of(wheel, source)]
        enums[name] = {"values": values, "properties": properties}
    # A line for each value would be thousands; one for each enumeration shows a change as well.
    lines = [f" {json.dumps(name)}: {json.dumps(enum)}" for name, enum in sorted(enums.items())]
    print("{\n" + ",\n".join(lines) + "\n}")


if __name__ == "__main__":
    main()
