//! The dashboard: the state of every alarm, a graph for each kind of alarm with its limits, and how much is going on.

use std::collections::BTreeSet;

use pulumi::{Context, Output, Property, ToInput as _, json};
use pulumi_aws::cloudwatch;

use super::alarm::Alarm;
use super::anchor::{Anchor, Section};
use super::metric::Metric;

/// How wide it is: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
const WIDTH: u32 = 24;
/// Three graphs in a row.
const GRAPH: (u32, u32) = (8, 6);
const HEADING: u32 = 1;
const STATES: u32 = 4;

/// A graph that no alarm has a limit for.
#[derive(Debug, Clone)]
pub(super) struct Graph {
    pub(super) section: Section,
    pub(super) title: &'static str,
    pub(super) metrics: Vec<Metric>,
}

/// What a dashboard is made of.
pub(super) struct Dashboard<'parts> {
    pub(super) region: &'parts Output<String>,
    pub(super) alarms: &'parts [Alarm],
    pub(super) graphs: &'parts [Graph],
    /// The alarms themselves, the one over all of what people notice first.
    pub(super) arns: Vec<Output<String>>,
}

impl Dashboard<'_> {
    pub(super) fn declare(self, context: &Context, name: &str) -> cloudwatch::Dashboard {
        let body = json!({ "widgets": self.widgets() });
        cloudwatch::Dashboard::new(
            context,
            "dashboard",
            cloudwatch::DashboardArgs::new().dashboard_name(name).dashboard_body(body),
        )
    }

    fn widgets(&self) -> Vec<Property> {
        let mut page = Page::default();
        let alarms = json!({ "title": "Alarms", "alarms": self.arns.clone() }).to_input();
        page.row(STATES, vec![("alarm", alarms)], WIDTH);
        for section in Section::ALL {
            let graphs = self.graphs_of(section);
            if graphs.is_empty() {
                continue;
            }
            let heading = json!({ "markdown": format!("## {}", section.title()) }).to_input();
            page.row(HEADING, vec![("text", heading)], WIDTH);
            for row in graphs.chunks((WIDTH / GRAPH.0) as usize) {
                page.row(GRAPH.1, row.iter().map(|graph| ("metric", graph.clone())).collect(), GRAPH.0);
            }
        }
        page.widgets
    }

    fn graphs_of(&self, section: Section) -> Vec<Property> {
        let watched = Anchor::ALL.iter().filter(|anchor| anchor.section() == section);
        let of_alarms = watched.filter_map(|anchor| {
            let alarms: Vec<_> = self.alarms.iter().filter(|alarm| alarm.anchor == *anchor).collect();
            let metrics: Vec<_> = alarms.iter().map(|alarm| alarm.metric.listed()).collect();
            // Alarms of a kind may have limits of their own, such as the part of a function's time.
            let mut seen = BTreeSet::new();
            let limits = alarms.iter().filter(|alarm| seen.insert(alarm.limit.value().to_bits()));
            let lines: Vec<_> = limits
                .map(|alarm| json!({ "label": anchor.name(), "value": alarm.limit.value() }).to_input())
                .collect();
            (!metrics.is_empty()).then(|| self.graph(anchor.title(), metrics, lines))
        });
        let others = self.graphs.iter().filter(|graph| graph.section == section).map(|graph| {
            self.graph(graph.title, graph.metrics.iter().map(Metric::listed).collect(), Vec::new())
        });
        of_alarms.chain(others).collect()
    }

    fn graph(&self, title: &str, metrics: Vec<Property>, lines: Vec<Property>) -> Property {
        json!({
            "title": title,
            "region": self.region,
            "view": "timeSeries",
            "period": 60,
            "metrics": metrics,
            "annotations": { "horizontal": lines },
            // Most of what is counted here is 0 most of the time.
            "yAxis": { "left": { "min": 0 } },
        })
        .to_input()
    }
}

/// Widgets, placed from the top.
#[derive(Default)]
struct Page {
    widgets: Vec<Property>,
    below: u32,
}

impl Page {
    fn row(&mut self, height: u32, widgets: Vec<(&str, Property)>, width: u32) {
        let mut left = 0;
        for (kind, properties) in widgets {
            self.widgets.push(
                json!({
                    "type": kind, "x": left, "y": self.below, "width": width, "height": height,
                    "properties": properties,
                })
                .to_input(),
            );
            left += width;
        }
        self.below += height;
    }
}
