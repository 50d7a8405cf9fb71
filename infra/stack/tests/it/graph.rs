//! What each stage registers, as snapshots.

use miyabi_infra::graph::graph;
use miyabi_infra::settings::{Architecture, Choice as _};
use miyabi_shared::Stage;

use crate::program::settings;

#[tokio::test]
async fn what_each_stage_registers_is_what_was_reviewed() {
    for stage in Stage::ALL {
        let graph = serde_json::to_string_pretty(&graph(&settings(stage)).await.unwrap()).unwrap();
        // The local stage runs on the CPU of the machine, whichever that is.
        let graph = match stage {
            Stage::Local => graph.replace(&format!("{:?}", Architecture::host().word()), "\"HOST\""),
            Stage::Dev | Stage::Stg | Stage::Prod => graph,
        };
        insta::assert_snapshot!(stage.name(), graph);
    }
}

#[tokio::test]
async fn the_graph_is_the_same_every_time() {
    let first = graph(&settings(Stage::Prod)).await.unwrap().to_string();
    for _ in 0..5 {
        assert_eq!(graph(&settings(Stage::Prod)).await.unwrap().to_string(), first);
    }
}
