//! The pages in `docs` that are written from the program. `./just gen` sets `MIYABI_UPDATE_DOCS`, and they are written
//! instead of compared.

use std::path::Path;

use miyabi_infra::graph::graph;
use miyabi_infra::{cost, diagram, rules};
use miyabi_shared::Stage;
use miyabi_shared::config::{Environment as _, ProcessEnvironment};

use crate::program::settings;

fn check(name: &str, page: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs").join(name);
    if ProcessEnvironment.get("MIYABI_UPDATE_DOCS").is_some() {
        std::fs::write(&path, page).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(written == page, "docs/{name} is out of date: run ./just gen");
}

#[test]
fn the_page_of_policies_is_current() {
    check("POLICIES.md", &rules::page());
}

#[tokio::test]
async fn the_page_of_diagrams_is_current() {
    let mut page = String::from(
        "# What each stage is made of\n\nGenerated from `infra/stack` by `./just gen`; a test keeps it true. `infra diagram --stage STAGE` \
         draws one with settings of\nyour own. An arrow leads from what calls, reads or writes to what is called, read or written; \
         what only joins others (permissions,\npolicies, integrations, subscriptions) is an arrow itself. `infra graph` has everything.\n",
    );
    for stage in Stage::ALL {
        let graph = graph(&settings(stage)).await.unwrap();
        let number =
            graph["resources"].as_array().unwrap().iter().filter(|one| one.get("inputs").is_some()).count();
        page.push_str(&format!(
            "\n## {stage}\n\n{number} resources.\n\n```mermaid\n{}```\n",
            diagram::mermaid(&graph)
        ));
    }
    check("DIAGRAMS.md", &page);
}

#[tokio::test]
async fn the_page_of_costs_is_current() {
    let mut stages = Vec::new();
    for stage in [Stage::Dev, Stage::Stg, Stage::Prod] {
        let costs = cost::idle(&graph(&settings(stage)).await.unwrap());
        stages.push((stage, settings(stage), costs));
    }
    let stages: Vec<_> =
        stages.iter().map(|(stage, settings, costs)| (stage.name(), settings, costs.clone())).collect();
    let page = format!(
        "# What each stage costs\n\nGenerated from `infra/stack/src/cost.rs` by `./just gen`; a test keeps it true. US dollars without tax, \
         by AWS's list prices in us-east-1.\n`infra cost --stage STAGE --config KEY=VALUE` says it for settings of your own.\n\n\
         Not in it, because it depends on use alone: what is stored (tables 0.25 a GB and month, logs 0.03, backups 0.10), what leaves AWS\n\
         (0.09 a GB), what CloudFront brings (0.085 a GB after the first TB), a metric for each route that is used (0.30 a month), and reading.\n\n{}",
        cost::page_of(&stages)
    );
    check("COSTS.md", &page);
}

/// By hand, from the price list: a NAT gateway is 0.045 and its address 0.005 an hour, a node of production 0.1264.
#[tokio::test]
async fn a_month_without_use_is_what_the_price_list_says() {
    let of = |costs: &[cost::Cost], what: &str| costs.iter().find(|cost| cost.what == what).cloned().unwrap();
    let prod = cost::idle(&graph(&settings(Stage::Prod)).await.unwrap());
    let gateways = of(&prod, "NAT gateways");
    assert_eq!((gateways.number, (gateways.dollars * 100.0).round()), (Some(3.0), 9855.0));
    assert_eq!((of(&prod, "public addresses").dollars * 100.0).round(), 1095.0);
    assert_eq!((of(&prod, "cache nodes").dollars * 100.0).round(), 27682.0);
    let dev = cost::idle(&graph(&settings(Stage::Dev)).await.unwrap());
    assert!(dev.iter().all(|cost| cost.what != "NAT gateways"), "a stage to try things in has none");
    assert_eq!((of(&dev, "cache nodes").dollars * 100.0).round(), 934.0);
    let ready = crate::program::configured(
        Stage::Prod,
        &[("compute.provisionedConcurrency.task-api", "2"), ("data.billing", "provisioned")],
    );
    let ready = cost::idle(&graph(&ready).await.unwrap());
    // 2 of 512 MB for 730 hours.
    assert_eq!((of(&ready, "copies kept ready").dollars * 100.0).round(), 876.0);
    assert!(of(&ready, "tables with capacity by the hour").dollars > 0.0);
}
