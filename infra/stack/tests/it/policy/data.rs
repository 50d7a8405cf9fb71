//! Tables.

use serde_json::Value as Json;

use super::model::{Findings, Graph, Resource, items};

const TABLE: &str = "dynamodb.Table";

pub(super) fn recovery(graph: &Graph, found: &mut Findings) {
    for table in graph.of(TABLE) {
        found.expect(table.is_true("/pointInTimeRecovery/enabled"), table, "it cannot be set back");
    }
}

pub(super) fn deletion_protection(graph: &Graph, found: &mut Findings) {
    for table in graph.of(TABLE) {
        found.expect(table.is_true("/deletionProtectionEnabled"), table, "it can be deleted by mistake");
    }
}

pub(super) fn key(graph: &Graph, found: &mut Findings) {
    for table in graph.of(TABLE) {
        found.expect(
            table.has("/serverSideEncryption/kmsKeyArn"),
            table,
            "it is encrypted with a key of AWS's",
        );
    }
}

fn is_on_demand(table: &Resource) -> bool {
    table.text("/billingMode") == "PAY_PER_REQUEST"
}

fn indexes(table: &Resource) -> Vec<&Json> {
    items(table.at("/globalSecondaryIndexes"))
}

pub(super) fn scaling(graph: &Graph, found: &mut Findings) {
    let scales = |resource: &str, dimension: &str| {
        graph.of("appautoscaling.Target").iter().any(|target| {
            target.text("/resourceId") == resource && target.text("/scalableDimension") == dimension
        })
    };
    for table in graph.of(TABLE).into_iter().filter(|table| !is_on_demand(table)) {
        let name = table.text("/name");
        for way in ["Read", "Write"] {
            found.expect(
                scales(&format!("table/{name}"), &format!("dynamodb:table:{way}CapacityUnits")),
                table,
                format!("its capacity to {} is fixed", way.to_ascii_lowercase()),
            );
            for index in indexes(table) {
                let index = index["name"].as_str().unwrap_or_default();
                found.expect(
                    scales(
                        &format!("table/{name}/index/{index}"),
                        &format!("dynamodb:index:{way}CapacityUnits"),
                    ),
                    table,
                    format!("the capacity of {index} to {} is fixed", way.to_ascii_lowercase()),
                );
            }
        }
    }
}

pub(super) fn index_throughput(graph: &Graph, found: &mut Findings) {
    for table in graph.of(TABLE).into_iter().filter(|table| !is_on_demand(table)) {
        let writes = table.at("/writeCapacity").as_f64().unwrap_or_default();
        for index in indexes(table) {
            let own = index["writeCapacity"].as_f64().unwrap_or_default();
            found.expect(own >= writes, table, format!("{} takes {own} writes of {writes}", index["name"]));
        }
    }
}
