//! ElastiCache.

use super::TypeMapping;
use crate::fields::Fields;

pub(super) const TYPES: &[TypeMapping] = &[
    TypeMapping::new(
        "aws:elasticache/replicationGroup:ReplicationGroup",
        "AWS::ElastiCache::ReplicationGroup",
        replication_group,
    )
    .outputs(&[
        ("arn", "arn:<AWS::Partition>:elasticache:<AWS::Region>:<AWS::AccountId>:replicationgroup:<Ref>"),
        ("primaryEndpointAddress", "<.PrimaryEndPoint.Address>"),
        ("readerEndpointAddress", "<.ReaderEndPoint.Address>"),
        ("replicationGroupId", "<Ref>"),
    ]),
    TypeMapping::new(
        "aws:elasticache/parameterGroup:ParameterGroup",
        "AWS::ElastiCache::ParameterGroup",
        parameter_group,
    )
    .outputs(&[("name", "<Ref>")]),
    TypeMapping::new(
        "aws:elasticache/subnetGroup:SubnetGroup",
        "AWS::ElastiCache::SubnetGroup",
        subnet_group,
    )
    .outputs(&[("name", "<Ref>")]),
    TypeMapping::new("aws:elasticache/user:User", "AWS::ElastiCache::User", user).outputs(&[
        ("arn", "<.Arn>"),
        ("userId", "<Ref>"),
        ("userName", "<userName>"),
    ]),
    TypeMapping::new("aws:elasticache/userGroup:UserGroup", "AWS::ElastiCache::UserGroup", user_group)
        .outputs(&[("arn", "<.Arn>"), ("userGroupId", "<Ref>")]),
];

fn replication_group(fields: &mut Fields) {
    fields.text("replicationGroupId", "ReplicationGroupId");
    fields.text("description", "ReplicationGroupDescription");
    fields.text("engine", "Engine");
    fields.text("engineVersion", "EngineVersion");
    fields.text("nodeType", "CacheNodeType");
    fields.number("numCacheClusters", "NumCacheClusters");
    fields.boolean("automaticFailoverEnabled", "AutomaticFailoverEnabled");
    fields.boolean("multiAzEnabled", "MultiAZEnabled");
    fields.number("port", "Port");
    fields.text("subnetGroupName", "CacheSubnetGroupName");
    fields.texts("securityGroupIds", "SecurityGroupIds");
    fields.text("parameterGroupName", "CacheParameterGroupName");
    fields.texts("userGroupIds", "UserGroupIds");
    fields.boolean("transitEncryptionEnabled", "TransitEncryptionEnabled");
    fields.text("transitEncryptionMode", "TransitEncryptionMode");
    fields.boolean("atRestEncryptionEnabled", "AtRestEncryptionEnabled");
    fields.text("kmsKeyId", "KmsKeyId");
    fields.boolean("autoMinorVersionUpgrade", "AutoMinorVersionUpgrade");
    fields.text("maintenanceWindow", "PreferredMaintenanceWindow");
    fields.number("snapshotRetentionLimit", "SnapshotRetentionLimit");
    fields.text("snapshotWindow", "SnapshotWindow");
    fields.text("notificationTopicArn", "NotificationTopicArn");
    fields.leave_out("applyImmediately", "CloudFormation always applies changes at once");
    fields.tags();
}

fn parameter_group(fields: &mut Fields) {
    fields.made_by_cloudformation("name");
    fields.text("family", "CacheParameterGroupFamily");
    fields.text("description", "Description");
    let parameters = fields.take_objects("parameters", |parameter| {
        parameter.text("name", "name");
        parameter.text("value", "value");
    });
    let parameters: serde_json::Map<String, serde_json::Value> = parameters
        .into_iter()
        .flatten()
        .filter_map(|parameter| Some((parameter["name"].as_str()?.to_owned(), parameter["value"].clone())))
        .collect();
    fields.put("Properties", parameters);
    fields.tags();
}

fn subnet_group(fields: &mut Fields) {
    fields.text("name", "CacheSubnetGroupName");
    fields.text("description", "Description");
    fields.texts("subnetIds", "SubnetIds");
    fields.tags();
}

fn user(fields: &mut Fields) {
    fields.text("userId", "UserId");
    fields.text("userName", "UserName");
    fields.text("engine", "Engine");
    fields.text("accessString", "AccessString");
    fields.object("authenticationMode", "AuthenticationMode", |mode| {
        mode.text("type", "Type");
        mode.texts("passwords", "Passwords");
    });
    fields.boolean("noPasswordRequired", "NoPasswordRequired");
    fields.tags();
}

fn user_group(fields: &mut Fields) {
    fields.text("userGroupId", "UserGroupId");
    fields.text("engine", "Engine");
    fields.texts("userIds", "UserIds");
    fields.tags();
}
