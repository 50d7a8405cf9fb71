//! Roles, policies, keys and secrets.

use serde_json::Value as Json;

use super::model::{Findings, Graph, Resource, document, items, lets_anyone_in, statements, texts};

const ROLE: &str = "iam.Role";

/// Every statement of a policy about what somebody may do, with the resource that holds it.
fn grants(graph: &Graph) -> Vec<(&Resource, &Json)> {
    let mut grants = Vec::new();
    for resource in graph.of_any(&["iam.RolePolicy", "iam.Policy", "iam.UserPolicy", "iam.GroupPolicy", ROLE])
    {
        let inline = items(resource.at("/inlinePolicies")).into_iter().map(|inline| &inline["policy"]);
        for policy in inline.chain(items(resource.at("/policy"))) {
            let allowed = statements(policy).into_iter().filter(|statement| statement["Effect"] == "Allow");
            grants.extend(allowed.map(|statement| (resource, statement)));
        }
    }
    grants
}

pub(super) fn no_wildcard_actions(graph: &Graph, found: &mut Findings) {
    for (resource, statement) in grants(graph) {
        for action in texts(&statement["Action"]) {
            found.expect(!action.contains('*'), resource, format!("{action} is allowed"));
        }
        let exact = statement.get("NotAction").is_none() && statement.get("Action").is_some();
        found.expect(exact, resource, "everything but some actions is allowed");
    }
}

/// Whether an action changes nothing.
fn only_reads(action: &str) -> bool {
    let verb = action.rsplit(':').next().unwrap_or_default();
    ["BatchGet", "Describe", "Get", "Head", "List", "Lookup", "Query", "Search"]
        .iter()
        .any(|start| verb.starts_with(start))
}

pub(super) fn no_wildcard_resources(graph: &Graph, found: &mut Findings) {
    for (resource, statement) in grants(graph) {
        let everything =
            texts(&statement["Resource"]).contains(&"*") || statement.get("NotResource").is_some();
        let actions = texts(&statement["Action"]);
        for action in actions.iter().filter(|action| everything && !only_reads(action)) {
            found.add(resource, format!("{action} is allowed on every resource"));
        }
        let passes = actions.iter().any(|action| action.eq_ignore_ascii_case("iam:PassRole"));
        let loosely = texts(&statement["Resource"]).iter().any(|role| role.contains('*'))
            || statement["Condition"]["StringEquals"]["iam:PassedToService"].is_null();
        found.expect(!(passes && loosely), resource, "any role can be passed, or to any service");
    }
}

fn trusted(role: &Resource) -> Vec<&Json> {
    statements(role.at("/assumeRolePolicy"))
        .into_iter()
        .filter(|statement| statement["Effect"] == "Allow")
        .collect()
}

pub(super) fn trusted_service(graph: &Graph, found: &mut Findings) {
    for role in graph.of(ROLE) {
        let trusted = trusted(role);
        found.expect(!trusted.is_empty(), role, "nobody may take it");
        for statement in trusted {
            let services = texts(&statement["Principal"]["Service"]);
            let only = statement["Principal"].as_object().is_some_and(|principal| principal.len() == 1);
            let exact = only
                && services.len() == 1
                && services
                    .iter()
                    .all(|service| service.ends_with(".amazonaws.com") && !service.contains('*'));
            found.expect(exact, role, format!("{} may take it", statement["Principal"]));
        }
    }
}

pub(super) fn trusted_account(graph: &Graph, found: &mut Findings) {
    for role in graph.of(ROLE) {
        for statement in trusted(role) {
            let account = &statement["Condition"]["StringEquals"]["aws:SourceAccount"];
            let named = texts(account).iter().any(|account| !account.is_empty() && !account.contains('*'));
            found.expect(named, role, "a service may take it for another account");
        }
    }
}

pub(super) fn managed_policies(graph: &Graph, found: &mut Findings) {
    let of_aws = |policy: &&str| policy.contains(":iam::aws:policy/");
    for attachment in graph.of("iam.RolePolicyAttachment") {
        let policy = attachment.text("/policyArn");
        found.expect(!of_aws(&policy), attachment, format!("{policy} is AWS's"));
    }
    for role in graph.of(ROLE) {
        for policy in texts(role.at("/managedPolicyArns")).into_iter().filter(of_aws) {
            found.add(role, format!("{policy} is AWS's"));
        }
    }
}

pub(super) fn key_rotation(graph: &Graph, found: &mut Findings) {
    for key in graph.of("kms.Key") {
        let can_rotate = matches!(key.text("/customerMasterKeySpec"), "" | "SYMMETRIC_DEFAULT");
        found.expect(!can_rotate || key.is_true("/enableKeyRotation"), key, "it never changes");
        found.expect(!lets_anyone_in(document(key.at("/policy"))), key, "it is for everyone");
    }
}

pub(super) fn secret_rotation(graph: &Graph, found: &mut Findings) {
    for secret in graph.of("secretsmanager.Secret") {
        let rotates = graph.about("secretsmanager.SecretRotation", "secretId", secret).is_some();
        found.expect(rotates, secret, "it never changes");
    }
}
