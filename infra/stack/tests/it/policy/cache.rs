//! The cache.

use super::model::{Findings, Graph, Resource, items};

const GROUP: &str = "elasticache.ReplicationGroup";
const SERVERLESS: &str = "elasticache.ServerlessCache";
/// The older type, which can be neither encrypted nor asked for a password.
const CLUSTER: &str = "elasticache.Cluster";

fn each(graph: &Graph, kind: &str, found: &mut Findings, message: &str, holds: impl Fn(&Resource) -> bool) {
    for cache in graph.of(kind) {
        found.expect(holds(cache), cache, message);
    }
}

pub(super) fn at_rest(graph: &Graph, found: &mut Findings) {
    // A serverless cache always is.
    each(graph, GROUP, found, "it is kept in the clear", |cache| cache.is_true("/atRestEncryptionEnabled"));
    each(graph, CLUSTER, found, "it is kept in the clear", |_| false);
}

pub(super) fn in_transit(graph: &Graph, found: &mut Findings) {
    let message = "it is spoken to in the clear";
    each(graph, GROUP, found, message, |cache| {
        cache.is_true("/transitEncryptionEnabled") && cache.text("/transitEncryptionMode") != "preferred"
    });
    each(graph, CLUSTER, found, message, |cache| cache.is_true("/transitEncryptionEnabled"));
}

pub(super) fn authentication(graph: &Graph, found: &mut Findings) {
    let message = "it lets everyone in";
    each(graph, GROUP, found, message, |cache| {
        cache.has("/authToken") || !items(cache.at("/userGroupIds")).is_empty()
    });
    each(graph, SERVERLESS, found, message, |cache| cache.has("/userGroupId"));
    each(graph, CLUSTER, found, message, |_| false);
}

pub(super) fn failover(graph: &Graph, found: &mut Findings) {
    each(graph, GROUP, found, "it is gone with its zone", |cache| {
        cache.is_true("/automaticFailoverEnabled") && cache.is_true("/multiAzEnabled")
    });
    each(graph, SERVERLESS, found, "it is gone with its zone", |cache| {
        items(cache.at("/subnetIds")).len() >= 2
    });
}

pub(super) fn upgrades(graph: &Graph, found: &mut Findings) {
    let message = "it stays as old as it is";
    each(graph, GROUP, found, message, |cache| cache.is_true("/autoMinorVersionUpgrade"));
    each(graph, CLUSTER, found, message, |cache| cache.text("/autoMinorVersionUpgrade") == "true");
}

pub(super) fn subnets(graph: &Graph, found: &mut Findings) {
    let message = "it is wherever AWS puts it";
    each(graph, GROUP, found, message, |cache| !matches!(cache.text("/subnetGroupName"), "" | "default"));
    each(graph, CLUSTER, found, message, |cache| !matches!(cache.text("/subnetGroupName"), "" | "default"));
    each(graph, SERVERLESS, found, message, |cache| !items(cache.at("/subnetIds")).is_empty());
}

pub(super) fn snapshots(graph: &Graph, found: &mut Findings) {
    let keeps = |cache: &Resource| {
        ["/snapshotRetentionLimit", "/snapshotRetentionLimitInDays"]
            .iter()
            .any(|path| cache.at(path).as_f64().is_some_and(|days| days >= 1.0))
    };
    for kind in [GROUP, SERVERLESS, CLUSTER] {
        each(graph, kind, found, "no snapshot is taken", keeps);
    }
}
