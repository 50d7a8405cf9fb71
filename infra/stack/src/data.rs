//! The tables.

mod capacity;

use std::collections::{BTreeMap, BTreeSet};

use miyabi_shared::table::{Index, Key, Table, TableDeclaration};
use pulumi::{Args as _, Component, Context, Output, ResourceOptions, ToInput as _, interpolate};
use pulumi_aws::{dynamodb, kms};

use crate::rules::{LOCAL, NOT_PRODUCTION, Rule, Waiver};
use crate::settings::{Capacity, Settings};
use crate::tags::{ComponentTags, Tags};
use capacity::Follows;

/// What the tables need.
#[derive(Debug)]
pub struct DataArgs<'args> {
    /// What differs in this stage.
    pub settings: &'args Settings,
    /// The tags of what is made.
    pub tags: &'args Tags,
    /// What encrypts them, where that is a key of this stack.
    pub key: Option<&'args kms::Key>,
}

/// The tables.
#[derive(Debug)]
pub struct Data {
    /// Each of them.
    pub tables: Tables,
    _component: Component,
}

impl Data {
    /// Declares them.
    pub fn new(context: &Context, name: &str, args: DataArgs<'_>) -> Self {
        let component = context.component("miyabi:data:Data", name, ResourceOptions::new());
        let tags = args.tags.of(name);
        let declare = |table: Table| (table, declare(component.context(), table.declaration(), &args, &tags));
        let tables = Tables(args.settings.tables().map(declare).collect());
        component.register_outputs(
            tables.0.iter().map(|(table, resource)| (table.declaration().name, resource.arn().to_input())),
        );
        Self { tables, _component: component }
    }
}

/// Every table of the platform.
#[derive(Debug)]
pub struct Tables(BTreeMap<Table, dynamodb::Table>);

impl Tables {
    /// The resource of a table.
    pub fn table(&self, table: Table) -> &dynamodb::Table {
        // `Data::new` declares every table that the stage has, and only such are asked for.
        &self.0[&table]
    }

    /// The ARN of a table, and of each of its indexes.
    pub fn arns(&self, table: Table) -> Vec<Output<String>> {
        let arn = self.table(table).arn();
        let index = |index: &Index| interpolate!("{}/index/{}", &arn, index.name);
        let indexes: Vec<_> = table.declaration().indexes.iter().map(index).collect();
        std::iter::once(arn.clone()).chain(indexes).collect()
    }
}

fn declare(
    context: &Context,
    table: &TableDeclaration,
    args: &DataArgs<'_>,
    tags: &ComponentTags,
) -> dynamodb::Table {
    let data = &args.settings.data;
    let attribute =
        |key: &Key| dynamodb::TableAttributeArgs::new().name(key.name).type_(key.key_type.as_str());
    // Where capacity begins; from there it follows the load.
    let units = match data.capacity {
        Capacity::OnDemand => None,
        Capacity::Provisioned { read, write, .. } => Some((read.least, write.least)),
    };
    let index = |index: &Index| {
        dynamodb::TableGlobalSecondaryIndexArgs::new()
            .name(index.name)
            .hash_key(index.partition_key.name)
            .range_key(index.sort_key.name)
            .projection_type("KEYS_ONLY")
            .optional(units, |args, (read, write)| args.read_capacity(read).write_capacity(write))
    };
    let recovery = dynamodb::TablePointInTimeRecoveryArgs::new().enabled(data.recovery_days > 0);
    let encryption = dynamodb::TableServerSideEncryptionArgs::new().enabled(true);
    let table_args = dynamodb::TableArgs::new()
        .name(table.name)
        .billing_mode(if units.is_none() { "PAY_PER_REQUEST" } else { "PROVISIONED" })
        .optional(units, |args, (read, write)| args.read_capacity(read).write_capacity(write))
        .hash_key(table.partition_key.name)
        .optional(table.sort_key, |args, key| args.range_key(key.name))
        .attributes(key_attributes(table).iter().map(attribute).collect::<Vec<_>>())
        .when(!table.indexes.is_empty(), |args| {
            args.global_secondary_indexes(table.indexes.iter().map(index).collect::<Vec<_>>())
        })
        .optional(table.time_to_live_attribute, |args, attribute| {
            args.ttl(dynamodb::TableTtlArgs::new().attribute_name(attribute).enabled(true))
        })
        .when(table.stream, |args| args.stream_enabled(true).stream_view_type("NEW_AND_OLD_IMAGES"))
        .server_side_encryption(encryption.optional(args.key, |args, key| args.kms_key_arn(key.arn())))
        .point_in_time_recovery(
            recovery.when(data.recovery_days > 0, |args| args.recovery_period_in_days(data.recovery_days)),
        )
        .deletion_protection_enabled(data.protect)
        .tags(tags);
    let options = protection(args.settings);
    let Capacity::Provisioned { read, write, utilization_percent } = data.capacity else {
        return dynamodb::Table::with_options(context, table.name, table_args, options);
    };
    // The next deployment must not set back what has followed the load since.
    let options = options.ignore_changes([
        "readCapacity",
        "writeCapacity",
        "globalSecondaryIndexes[*].readCapacity",
        "globalSecondaryIndexes[*].writeCapacity",
    ]);
    let resource = dynamodb::Table::with_options(context, table.name, table_args, options);
    let follows = Follows { context, utilization_percent, tags };
    follows.declare(&resource, table, (read, write));
    resource
}

/// Every attribute that is a key of the table or of an index, once; a table declares no others.
fn key_attributes(table: &TableDeclaration) -> BTreeSet<Key> {
    let of_indexes = table.indexes.iter().flat_map(|index| [index.partition_key, index.sort_key]);
    std::iter::once(table.partition_key).chain(table.sort_key).chain(of_indexes).collect()
}

/// How data is kept from being lost with its stack, three times over: `protect` stops a person who runs `destroy` or
/// takes the table out of the program, `retain_on_delete` keeps it where `protect` was taken back too soon, and DynamoDB's own
/// deletion protection stops everybody else.
pub(crate) fn protection(settings: &Settings) -> ResourceOptions {
    if settings.data.protect {
        ResourceOptions::new().protect(true).retain_on_delete(true)
    } else {
        ResourceOptions::new()
    }
}

/// Where a rule does not hold, and why.
pub const WAIVERS: &[Waiver] = &[
    Waiver::of_all(
        Rule::TableRecovery,
        "dynamodb.Table",
        LOCAL,
        "The emulator's tables are for trying things, and are gone with it.",
    ),
    Waiver::of_all(
        Rule::TableDeletionProtection,
        "dynamodb.Table",
        NOT_PRODUCTION,
        "Such a stage goes and comes again as a whole; only production keeps what people rely on.",
    ),
    Waiver::of_all(
        Rule::TableKey,
        "dynamodb.Table",
        NOT_PRODUCTION,
        "DynamoDB encrypts it with a key of AWS's in this account; one of our own would be paid for with every request.",
    ),
];
