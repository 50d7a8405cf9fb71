//! Documents within a text: JSON, dashboards, schedules.

use serde_json::Value as Json;

use super::rule::Reason;

pub(super) fn json(text: &str) -> Vec<Reason> {
    match serde_json::from_str::<Json>(text) {
        Ok(_) => Vec::new(),
        Err(error) => vec![Reason::Expected(format!("JSON: {error}"))],
    }
}

/// The width of a dashboard.
const COLUMNS: u64 = 24;
const WIDGETS: usize = 500;

pub(super) fn dashboard(text: &str) -> Vec<Reason> {
    let body: Json = match serde_json::from_str(text) {
        Ok(body) => body,
        Err(error) => return vec![Reason::Expected(format!("JSON: {error}"))],
    };
    let Some(widgets) = body["widgets"].as_array().filter(|widgets| widgets.len() <= WIDGETS) else {
        return vec![Reason::Expected(format!("a list `widgets` of at most {WIDGETS}"))];
    };
    let mut reasons = Vec::new();
    for (index, widget) in widgets.iter().enumerate() {
        let mut wrong = |what: String| reasons.push(Reason::Within(format!("widgets[{index}] {what}")));
        let kind = widget["type"].as_str().unwrap_or_default();
        if !["alarm", "custom", "explorer", "log", "metric", "text"].contains(&kind) {
            wrong(format!("has the type {kind:?}, expected alarm, custom, explorer, log, metric or text"));
        }
        let (x, width) = (widget["x"].as_u64().unwrap_or(0), widget["width"].as_u64().unwrap_or(6));
        if width == 0 || x + width > COLUMNS {
            wrong(format!("is {width} columns wide at column {x}, expected to end within {COLUMNS}"));
        }
        if !widget["properties"].is_object() {
            wrong("has no properties, expected an object".to_owned());
        } else if kind == "metric" && !widget["properties"]["region"].is_string() {
            wrong("has no properties.region, expected the region of its metrics".to_owned());
        }
    }
    reasons
}

/// Whether EventBridge and Backup take it as a schedule.
pub(super) fn is_schedule(text: &str) -> bool {
    let within = |name: &str| text.strip_prefix(name)?.strip_prefix('(')?.strip_suffix(')');
    if let Some(rate) = within("rate") {
        let Some((count, unit)) = rate.split_once(' ') else { return false };
        let Ok(count) = count.parse::<u32>() else { return false };
        // One minute, two minutes.
        return count > 0
            && ["minute", "hour", "day"].iter().any(|one| match count {
                1 => unit == *one,
                _ => unit.strip_suffix('s') == Some(one),
            });
    }
    if let Some(cron) = within("cron") {
        let fields: Vec<&str> = cron.split_whitespace().collect();
        // Six fields, and one of the two kinds of days is left open.
        return fields.len() == 6 && (fields[2] == "?") != (fields[4] == "?");
    }
    within("at").is_some_and(|at| at.len() == "2030-01-01T00:00:00".len() && at.contains('T'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schedules_are_those_of_eventbridge() {
        for right in [
            "rate(1 minute)",
            "rate(5 minutes)",
            "cron(0 3 * * ? *)",
            "cron(0 3 ? * MON *)",
            "at(2030-01-01T00:00:00)",
        ] {
            assert!(is_schedule(right), "{right}");
        }
        for wrong in [
            "rate(1 minutes)",
            "rate(5 minute)",
            "rate(0 minutes)",
            "cron(0 3 * * * *)",
            "cron(0 3 * * ?)",
            "@daily",
            "5 minutes",
        ] {
            assert!(!is_schedule(wrong), "{wrong}");
        }
    }

    #[test]
    fn dashboards_have_widgets_within_their_columns() {
        let widget = |x: u64, kind: &str| serde_json::json!({ "type": kind, "x": x, "width": 12, "properties": { "region": "eu-west-1" } });
        let body = |widget: Json| serde_json::json!({ "widgets": [widget] }).to_string();
        assert_eq!(dashboard(&body(widget(12, "metric"))), []);
        assert_eq!(dashboard(&body(widget(13, "metric"))).len(), 1);
        assert_eq!(dashboard(&body(widget(0, "graph"))).len(), 1);
        assert_eq!(dashboard("{}").len(), 1);
        assert_eq!(dashboard("{").len(), 1);
    }
}
