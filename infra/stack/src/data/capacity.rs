//! Capacity that is paid by the hour and follows the load: of a table, and of each of its indexes as much.

use miyabi_shared::table::TableDeclaration;
use pulumi::{Context, Output, interpolate};
use pulumi_aws::{appautoscaling, dynamodb};

use crate::settings::Range;
use crate::tags::ComponentTags;

/// What grows and shrinks.
struct Dimension {
    kind: &'static str,
    units: &'static str,
    metric: &'static str,
}

const READ: Dimension =
    Dimension { kind: "read", units: "ReadCapacityUnits", metric: "DynamoDBReadCapacityUtilization" };
const WRITE: Dimension =
    Dimension { kind: "write", units: "WriteCapacityUnits", metric: "DynamoDBWriteCapacityUtilization" };

/// How capacity follows.
pub(super) struct Follows<'args> {
    pub(super) context: &'args Context,
    /// So much of it is used when there is enough of it.
    pub(super) utilization_percent: u32,
    pub(super) tags: &'args ComponentTags,
}

impl Follows<'_> {
    /// Lets the capacity of a table and of its indexes follow their use. An index that took fewer writes than its table
    /// would hold up the table's own, so they have the same limits.
    pub(super) fn declare(
        &self,
        table: &dynamodb::Table,
        declaration: &TableDeclaration,
        (read, write): (Range, Range),
    ) {
        let of_table = (declaration.name.to_owned(), "table", interpolate!("table/{}", table.name()));
        let of_indexes = declaration.indexes.iter().map(|index| {
            let resource = interpolate!("table/{}/index/{}", table.name(), index.name);
            (format!("{}-{}", declaration.name, index.name), "index", resource)
        });
        for (name, part, resource) in std::iter::once(of_table).chain(of_indexes) {
            for (dimension, range) in [(READ, read), (WRITE, write)] {
                self.follow(&format!("{name}-{}", dimension.kind), part, &resource, &dimension, range);
            }
        }
    }

    fn follow(&self, name: &str, part: &str, resource: &Output<String>, dimension: &Dimension, range: Range) {
        let target = appautoscaling::Target::new(
            self.context,
            name,
            appautoscaling::TargetArgs::new()
                .service_namespace("dynamodb")
                .resource_id(resource)
                .scalable_dimension(format!("dynamodb:{part}:{}", dimension.units))
                .min_capacity(range.least)
                .max_capacity(range.most)
                .tags(self.tags),
        );
        let metric =
        appautoscaling::PolicyTargetTrackingScalingPolicyConfigurationPredefinedMetricSpecificationArgs::new(
        )
        .predefined_metric_type(dimension.metric);
        appautoscaling::Policy::new(
            self.context,
            name,
            appautoscaling::PolicyArgs::new()
                .name(format!("miyabi-{name}"))
                .policy_type("TargetTrackingScaling")
                // From the target, so that it is there before and goes after.
                .service_namespace(target.service_namespace())
                .resource_id(target.resource_id())
                .scalable_dimension(target.scalable_dimension())
                .target_tracking_scaling_policy_configuration(
                    appautoscaling::PolicyTargetTrackingScalingPolicyConfigurationArgs::new()
                        .target_value(f64::from(self.utilization_percent))
                        .predefined_metric_specification(metric),
                ),
        );
    }
}
