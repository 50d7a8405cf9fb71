//! Containers.

use serde_json::Value as Json;

use super::model::{Findings, Graph, Resource, items};

/// The containers of a task definition. The definitions are JSON in a text, and a list at that.
pub(super) fn definitions(task: &Resource) -> Vec<Json> {
    match task.at("/containerDefinitions") {
        Json::String(text) => serde_json::from_str::<Vec<Json>>(text).unwrap_or_default(),
        other => items(other).into_iter().cloned().collect(),
    }
}

pub(super) fn containers(graph: &Graph, found: &mut Findings) {
    for service in graph.of("ecs.Service") {
        found.expect(
            !service.is_true("/networkConfiguration/assignPublicIp"),
            service,
            "its tasks have public addresses",
        );
        found.expect(
            matches!(service.text("/platformVersion"), "" | "LATEST"),
            service,
            "its platform is not the latest",
        );
    }
    for task in graph.of("ecs.TaskDefinition") {
        let (own, pull) = (task.at("/taskRoleArn"), task.at("/executionRoleArn"));
        found.expect(!own.is_null() && own != pull, task, "what it runs may do what starts it may");
        let containers = definitions(task);
        found.expect(!containers.is_empty(), task, "it has no containers that can be read");
        for container in &containers {
            let name = &container["name"];
            found.expect(container["privileged"] != Json::Bool(true), task, format!("{name} is privileged"));
            let user = container["user"].as_str().unwrap_or_default();
            let root = matches!(user.split(':').next().unwrap_or_default(), "" | "0" | "root");
            found.expect(!root, task, format!("{name} runs as root"));
            let read_only = container["readonlyRootFilesystem"] == Json::Bool(true);
            found.expect(read_only, task, format!("{name} writes to its root"));
            found.expect(container["logConfiguration"].is_object(), task, format!("{name} logs nothing"));
        }
    }
}

pub(super) fn insights(graph: &Graph, found: &mut Findings) {
    for cluster in graph.of("ecs.Cluster") {
        let measured = items(cluster.at("/settings")).iter().any(|setting| {
            setting["name"] == "containerInsights"
                && (setting["value"] == "enabled" || setting["value"] == "enhanced")
        });
        found.expect(measured, cluster, "nothing is measured");
    }
}
