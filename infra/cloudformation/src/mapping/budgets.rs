//! Budgets.

use serde_json::{Map, Value as Json, json};

use super::TypeMapping;
use crate::fields::Fields;

pub(super) const TYPES: &[TypeMapping] =
    &[TypeMapping::new("aws:budgets/budget:Budget", "AWS::Budgets::Budget", budget)];

fn budget(fields: &mut Fields) {
    fields.pairs("tags", "ResourceTags", "Key", "Value");
    let notifications = fields.take_objects("notifications", notification);
    if let Some(notifications) = notifications {
        fields.put("NotificationsWithSubscribers", notifications);
    }
    let mut budget = fields.part();
    budget.text("name", "BudgetName");
    budget.text("budgetType", "BudgetType");
    budget.text("timeUnit", "TimeUnit");
    let mut limit = Map::new();
    for (from, to) in [("limitAmount", "Amount"), ("limitUnit", "Unit")] {
        if let Some(text) = budget.take_text(from) {
            limit.insert(to.to_owned(), text.into());
        }
    }
    if !limit.is_empty() {
        budget.put("BudgetLimit", limit);
    }
    let filters = budget.take_objects("costFilters", |filter| {
        filter.text("name", "Name");
        filter.texts("values", "Values");
    });
    // A list in Pulumi, an object by name in CloudFormation.
    let filters: Map<String, Json> = filters
        .into_iter()
        .flatten()
        .filter_map(|filter| Some((filter.get("Name")?.as_str()?.to_owned(), filter.get("Values")?.clone())))
        .collect();
    if !filters.is_empty() {
        budget.put("CostFilters", filters);
    }
    let budget = fields.end_part(budget);
    fields.put("Budget", budget);
}

/// One object in Pulumi; in CloudFormation the notification, and who is told.
fn notification(notification: &mut Fields) {
    let mut told: Vec<Json> = Vec::new();
    for (from, kind) in [("subscriberEmailAddresses", "EMAIL"), ("subscriberSnsTopicArns", "SNS")] {
        for address in notification.take_texts(from).into_iter().flatten() {
            told.push(json!({ "SubscriptionType": kind, "Address": address }));
        }
    }
    let mut when = notification.part();
    when.text("comparisonOperator", "ComparisonOperator");
    when.text("notificationType", "NotificationType");
    when.number("threshold", "Threshold");
    when.text("thresholdType", "ThresholdType");
    let when = notification.end_part(when);
    notification.put("Notification", when);
    notification.put("Subscribers", told);
}
