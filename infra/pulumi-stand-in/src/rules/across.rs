//! Which inputs go together, as the facts say.

use crate::facts::Facts;
use crate::inputs::Inputs;
use crate::schema::Problem;

pub(super) fn problems(facts: &Facts, inputs: Inputs<'_>) -> Vec<Problem> {
    let mut problems = Vec::new();
    let given =
        |names: &[String]| -> Vec<String> { names.iter().filter(|name| inputs.has(name)).cloned().collect() };
    let mut add = |path: String, reason: String| problems.push(Problem { path, reason });
    for names in &facts.exactly_one {
        let given = given(names);
        match given.len() {
            1 => {}
            0 => add(String::new(), format!("none of {} is given, expected exactly one", names.join(", "))),
            _ => add(
                given[1].clone(),
                format!("is given with {}, expected exactly one of {}", given[0], names.join(", ")),
            ),
        }
    }
    for names in &facts.at_most_one {
        if let [first, second, ..] = given(names).as_slice() {
            add(
                second.clone(),
                format!("is given with {first}, expected at most one of {}", names.join(", ")),
            );
        }
    }
    for names in &facts.at_least_one {
        if given(names).is_empty() {
            add(String::new(), format!("none of {} is given, expected at least one", names.join(", ")));
        }
    }
    for names in &facts.together {
        let given = given(names);
        if !given.is_empty() && given.len() < names.len() {
            add(given[0].clone(), format!("is given alone, expected {} together", names.join(" and ")));
        }
    }
    for [one, other] in &facts.conflicts {
        if inputs.has(one) && inputs.has(other) {
            add(other.clone(), format!("is given with {one}, expected one of the two"));
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts;
    use crate::inputs::Entries;
    use pulumi::Value;

    /// Inputs that have something at these paths.
    fn given(paths: &[&String]) -> Entries {
        let mut entries = Entries::new();
        for path in paths {
            let (outer, inner) =
                path.split_once('.').map_or((path.as_str(), None), |(outer, inner)| (outer, Some(inner)));
            let value = Value::String("x".to_owned());
            match inner {
                None => entries.insert(outer.to_owned(), value),
                Some(inner) => {
                    let mut object = match entries.remove(outer) {
                        Some(Value::Object(object)) => object,
                        _ => Entries::new(),
                    };
                    object.insert(inner.to_owned(), value);
                    entries.insert(outer.to_owned(), Value::Object(object))
                }
            };
        }
        entries
    }

    #[test]
    fn every_fact_about_inputs_that_go_together_refuses_what_does_not() {
        let mut tried = 0;
        let mut refused = |token: &str, facts: &Facts, paths: &[&String], words: &str| {
            let entries = given(paths);
            let problems = problems(facts, Inputs(&entries));
            let told = problems.iter().any(|problem| problem.reason.contains(words));
            assert!(told, "{token} takes {paths:?}: {problems:?}");
            tried += 1;
        };
        for (token, facts) in facts::all().unwrap() {
            for names in &facts.exactly_one {
                refused(token, facts, &[&names[0], &names[1]], "expected exactly one of");
                refused(token, facts, &[], "expected exactly one");
            }
            for names in &facts.at_most_one {
                refused(token, facts, &[&names[0], &names[1]], "expected at most one");
            }
            for names in &facts.at_least_one {
                assert!(names.len() > 1);
                refused(token, facts, &[], "expected at least one");
            }
            for names in &facts.together {
                refused(token, facts, &[&names[0]], "together");
            }
            for [one, other] in &facts.conflicts {
                refused(token, facts, &[one, other], "expected one of the two");
            }
        }
        assert!(tried > 40, "{tried} were tried");
    }
}
