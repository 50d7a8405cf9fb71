//! Resources that wait for each other in a circle.
//!
//! A program cannot register such, but CloudFormation's resources are larger than Pulumi's: what a part waits for, its
//! whole waits for as well.

use std::collections::{BTreeMap, BTreeSet};

use crate::monitor::Registration;
use crate::problem::Problem;

/// What each resource waits for.
pub(super) type Waits<'r> = BTreeMap<String, (&'r Registration, BTreeSet<String>)>;

/// The first circle, if there is one.
pub(super) fn problem(waits: &Waits<'_>) -> Option<Problem> {
    let mut done = BTreeSet::new();
    let circle = waits.keys().find_map(|name| find(waits, name, &mut Vec::new(), &mut done))?;
    let (registration, _) = waits.get(circle.first()?)?;
    Some(super::problem(
        registration,
        None,
        format!("waits for itself in the template, with all that is a part of it: {}", circle.join(" -> ")),
    ))
}

fn find(
    waits: &Waits<'_>,
    name: &str,
    path: &mut Vec<String>,
    done: &mut BTreeSet<String>,
) -> Option<Vec<String>> {
    if let Some(start) = path.iter().position(|earlier| earlier == name) {
        let mut circle = path.split_off(start);
        circle.push(name.to_owned());
        return Some(circle);
    }
    if !done.insert(name.to_owned()) {
        return None;
    }
    path.push(name.to_owned());
    let (_, waits_for) = waits.get(name)?;
    let circle = waits_for.iter().find_map(|other| find(waits, other, path, done));
    path.pop();
    circle
}
