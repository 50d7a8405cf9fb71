//! What the world sees: the API, CloudFront, the wall before both, certificates.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use super::super::Place;
use super::Problems;
use crate::inputs::Inputs;

/// Where certificates and walls of CloudFront have to be.
const OF_CLOUDFRONT: &str = "us-east-1";

pub(super) fn check(token: &str, inputs: Inputs<'_>, place: &Place, problems: &mut Problems) {
    match token {
        "aws:apigateway/method:Method" => {
            let needs_one = matches!(inputs.text("authorization"), Some("CUSTOM" | "COGNITO_USER_POOLS"));
            if needs_one {
                problems.required(inputs, &["authorizerId"], "for this authorization");
            }
        }
        "aws:apigateway/integration:Integration" => integration(inputs, problems),
        "aws:apigateway/authorizer:Authorizer" => match inputs.text("type") {
            Some("COGNITO_USER_POOLS") => problems.required(inputs, &["providerArns"], "for user pools"),
            Some(_) => problems.required(inputs, &["authorizerUri"], "for a function that authorizes"),
            None => {}
        },
        "aws:apigatewayv2/api:Api" => {
            let expression = inputs.text("routeSelectionExpression").unwrap_or_default();
            if inputs.text("protocolType") == Some("WEBSOCKET") && !expression.starts_with("$request.body.") {
                problems.add(
                    "routeSelectionExpression",
                    format!("is {expression:?}, expected one such as $request.body.action for WEBSOCKET"),
                );
            }
        }
        "aws:apigatewayv2/integration:Integration" => {
            let web_socket = inputs.text("integrationType").is_some_and(|kind| kind != "MOCK");
            if web_socket && !inputs.has("integrationSubtype") {
                problems.required(inputs, &["integrationUri"], "for an integration that calls something");
            }
        }
        "aws:cloudfront/distribution:Distribution" => distribution(inputs, problems),
        "aws:wafv2/webAcl:WebAcl" => web_acl(inputs, place, problems),
        "aws:wafv2/webAclAssociation:WebAclAssociation" => {
            for arn in inputs.texts("resourceArn").into_iter().filter(|arn| arn.contains(":cloudfront:")) {
                problems.add(
                    "resourceArn",
                    format!(
                        "is {arn:?}, expected no distribution: a distribution names its wall in webAclId"
                    ),
                );
            }
        }
        "aws:acm/certificate:Certificate" if !inputs.has("privateKey") => {
            problems.required(inputs, &["domainName"], "for a certificate of AWS");
        }
        _ => {}
    }
}

fn integration(inputs: Inputs<'_>, problems: &mut Problems) {
    let Some(kind) = inputs.text("type") else { return };
    if kind == "MOCK" {
        problems.not_with(inputs, &["uri", "integrationHttpMethod"], "for MOCK");
    } else {
        problems.required(inputs, &["uri", "integrationHttpMethod"], &format!("for {kind}"));
    }
    let of_function = inputs.text("uri").is_some_and(|uri| uri.contains(":lambda:path/"));
    if kind == "AWS_PROXY"
        && of_function
        && inputs.text("integrationHttpMethod").is_some_and(|method| method != "POST")
    {
        problems.add("integrationHttpMethod", "is another than POST, expected POST for a function");
    }
    if kind == "AWS_PROXY"
        && inputs.has("uri")
        && inputs.text("uri").is_some_and(|uri| !uri.starts_with("arn:aws:apigateway:"))
    {
        problems.add("uri", "expected arn:aws:apigateway:… of a function's invokeArn");
    }
}

fn distribution(inputs: Inputs<'_>, problems: &mut Problems) {
    let mut origins: BTreeSet<&str> = inputs.texts("origins[].originId").into_iter().collect();
    let named = inputs.at("origins[].originId").len();
    if origins.len() < named
        && !inputs.at("origins[].originId").iter().any(|found| *found.value == pulumi::Value::Unknown)
    {
        problems.add("origins", "has an originId twice, expected one of its own for each origin");
    }
    origins.extend(inputs.texts("originGroups[].originId"));
    let behaviors =
        inputs.objects("defaultCacheBehavior").into_iter().chain(inputs.objects("orderedCacheBehaviors[]"));
    for (path, behavior) in behaviors {
        if let Some(target) = behavior.text("targetOriginId").filter(|target| !origins.contains(target)) {
            problems.add(
                format!("{path}.targetOriginId"),
                format!("is {target:?}, expected one of the origins {origins:?}"),
            );
        }
        self::behavior(&path, behavior, problems);
    }
    for (path, origin) in inputs.objects("origins[]") {
        if origin.has("customOriginConfig") && (origin.has("s3OriginConfig") || origin.has("vpcOriginConfig"))
        {
            problems.add(
                format!("{path}.customOriginConfig"),
                "is given with another kind of origin, expected one",
            );
        }
    }
    for (path, response) in inputs.objects("customErrorResponses[]") {
        if response.has("responseCode") != response.has("responsePagePath") {
            problems.add(path, "expected responseCode and responsePagePath together");
        }
    }
    certificate(inputs, problems);
    let restriction = inputs.text("restrictions.geoRestriction.restrictionType");
    if restriction == Some("none") && !inputs.at("restrictions.geoRestriction.locations[]").is_empty() {
        problems.add("restrictions.geoRestriction.locations", "is given, expected none with the type none");
    }
}

fn behavior(path: &str, behavior: Inputs<'_>, problems: &mut Problems) {
    let given = |name: &str| behavior.has(name);
    if given("cachePolicyId") == given("forwardedValues") {
        problems.add(
            format!("{path}.cachePolicyId"),
            "expected exactly one of cachePolicyId and forwardedValues",
        );
    }
    for name in
        ["defaultTtl", "maxTtl", "minTtl"].into_iter().filter(|name| given("cachePolicyId") && given(name))
    {
        problems.add(format!("{path}.{name}"), "is given, expected none with cachePolicyId");
    }
    let set = |name: &str| -> Option<BTreeSet<&str>> {
        Some(behavior.texts(&format!("{name}[]")).into_iter().collect()).filter(|_| given(name))
    };
    let allowed: [&[&str]; 3] = [
        &["GET", "HEAD"],
        &["GET", "HEAD", "OPTIONS"],
        &["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"],
    ];
    let is_one_of = |set: &BTreeSet<&str>, sets: &[&[&str]]| {
        sets.iter().any(|one| one.iter().copied().collect::<BTreeSet<_>>() == *set)
    };
    if let Some(methods) = set("allowedMethods").filter(|methods| !is_one_of(methods, &allowed)) {
        problems.add(
            format!("{path}.allowedMethods"),
            format!("is {methods:?}, expected GET and HEAD, these and OPTIONS, or all seven"),
        );
    }
    if let Some(methods) = set("cachedMethods").filter(|methods| !is_one_of(methods, &allowed[..2])) {
        problems.add(
            format!("{path}.cachedMethods"),
            format!("is {methods:?}, expected GET and HEAD, or these and OPTIONS"),
        );
    }
    for (place, function) in behavior.objects("functionAssociations[]") {
        if let Some(kind) =
            function.text("eventType").filter(|kind| !["viewer-request", "viewer-response"].contains(kind))
        {
            problems.add(
                format!("{path}.{place}.eventType"),
                format!("is {kind:?}, expected viewer-request or viewer-response"),
            );
        }
    }
}

fn certificate(inputs: Inputs<'_>, problems: &mut Problems) {
    let own =
        inputs.has("viewerCertificate.acmCertificateArn") || inputs.has("viewerCertificate.iamCertificateId");
    let default = inputs.is_true("viewerCertificate.cloudfrontDefaultCertificate");
    if own == default {
        problems.add(
            "viewerCertificate",
            "expected either cloudfrontDefaultCertificate or a certificate of one's own",
        );
    }
    if own {
        problems.required(inputs, &["viewerCertificate.sslSupportMethod"], "with a certificate of one's own");
    } else if inputs
        .text("viewerCertificate.minimumProtocolVersion")
        .is_some_and(|version| version != "TLSv1")
    {
        problems.add(
            "viewerCertificate.minimumProtocolVersion",
            "expected TLSv1 or nothing with cloudfrontDefaultCertificate, which CloudFront sets itself",
        );
    }
    if !own && !inputs.at("aliases[]").is_empty() {
        problems.add("aliases", "is given, expected with a certificate of one's own alone");
    }
    for arn in inputs.texts("viewerCertificate.acmCertificateArn") {
        if !arn.starts_with(&format!("arn:aws:acm:{OF_CLOUDFRONT}:")) {
            problems.add(
                "viewerCertificate.acmCertificateArn",
                format!("is {arn:?}, expected a certificate in {OF_CLOUDFRONT}"),
            );
        }
    }
}

fn web_acl(inputs: Inputs<'_>, place: &Place, problems: &mut Problems) {
    let region = inputs.text("region").unwrap_or(&place.region);
    if inputs.text("scope") == Some("CLOUDFRONT") && region != OF_CLOUDFRONT {
        problems.add("scope", format!("is CLOUDFRONT in {region}, expected to be made in {OF_CLOUDFRONT}"));
    }
    if inputs.has("defaultAction.allow") == inputs.has("defaultAction.block") {
        problems.add("defaultAction", "expected exactly one of allow and block");
    }
    for text in inputs.texts("ruleJson") {
        match serde_json::from_str::<Vec<Json>>(text) {
            Ok(rules) => wall_rules(&rules, problems),
            Err(error) => problems.add("ruleJson", format!("is no list of rules, expected JSON: {error}")),
        }
    }
}

fn wall_rules(rules: &[Json], problems: &mut Problems) {
    let (mut names, mut priorities) = (BTreeSet::new(), BTreeSet::new());
    for (index, rule) in rules.iter().enumerate() {
        let mut wrong = |what: &str| problems.add(format!("ruleJson[{index}]"), what);
        if !rule["Name"].as_str().is_some_and(|name| names.insert(name)) {
            wrong("has no Name of its own, expected one that no other rule has");
        }
        if !rule["Priority"].as_u64().is_some_and(|priority| priorities.insert(priority)) {
            wrong("has no Priority of its own, expected a number that no other rule has");
        }
        if rule["Statement"].as_object().is_none_or(|statement| statement.len() != 1) {
            wrong("expected a Statement with exactly one kind");
        }
        let group = rule["Statement"]
            .get("ManagedRuleGroupStatement")
            .or_else(|| rule["Statement"].get("RuleGroupReferenceStatement"));
        let (expected, other) =
            if group.is_some() { ("OverrideAction", "Action") } else { ("Action", "OverrideAction") };
        if !rule[expected].is_object() || rule.get(other).is_some() {
            wrong(&format!("expected {expected} and no {other} with this statement"));
        }
        let visibility = &rule["VisibilityConfig"];
        if !visibility["MetricName"].is_string()
            || !visibility["SampledRequestsEnabled"].is_boolean()
            || !visibility["CloudWatchMetricsEnabled"].is_boolean()
        {
            wrong(
                "expected a VisibilityConfig of MetricName, SampledRequestsEnabled and CloudWatchMetricsEnabled",
            );
        }
        if let Some(limit) = rule["Statement"]["RateBasedStatement"]["Limit"]
            .as_u64()
            .filter(|limit| !(10..=2_000_000_000).contains(limit))
        {
            wrong(&format!("has the limit {limit}, expected 10 to 2000000000"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::reasons;
    use serde_json::{Value as Json, json};

    fn distribution(change: impl FnOnce(&mut Json)) -> Vec<String> {
        let mut distribution = json!({
            "origins": [{ "originId": "page", "domainName": "page.s3.eu-west-1.amazonaws.com" }],
            "defaultCacheBehavior": { "targetOriginId": "page", "cachePolicyId": "c", "viewerProtocolPolicy": "https-only",
                "allowedMethods": ["GET", "HEAD"], "cachedMethods": ["HEAD", "GET"] },
            "restrictions": { "geoRestriction": { "restrictionType": "none" } },
            "viewerCertificate": { "cloudfrontDefaultCertificate": true },
        });
        change(&mut distribution);
        reasons("aws:cloudfront/distribution:Distribution", distribution)
    }

    #[test]
    fn distributions() {
        assert_eq!(distribution(|_| {}), Vec::<String>::new());
        let behavior = |key: &'static str, value: Json| {
            distribution(move |all| all["defaultCacheBehavior"][key] = value)
        };
        assert_eq!(
            behavior("targetOriginId", "api".into()),
            ["defaultCacheBehavior.targetOriginId is \"api\", expected one of the origins {\"page\"}"]
        );
        assert_eq!(
            behavior("defaultTtl", 5.into()),
            ["defaultCacheBehavior.defaultTtl is given, expected none with cachePolicyId"]
        );
        assert_eq!(behavior("allowedMethods", json!(["GET", "POST"])).len(), 1);
        assert_eq!(behavior("cachedMethods", json!(["GET", "HEAD", "POST"])).len(), 1);
        assert_eq!(behavior("cachePolicyId", Json::Null).len(), 1);
        assert_eq!(
            behavior("functionAssociations", json!([{ "eventType": "origin-request", "functionArn": "a" }]))
                .len(),
            1
        );
        assert_eq!(distribution(|all| all["aliases"] = json!(["x.example.com"])).len(), 1);
        assert_eq!(
            distribution(
                |all| all["viewerCertificate"] = json!({ "acmCertificateArn": "arn:aws:acm:eu-west-1:123456789012:certificate/x", "sslSupportMethod": "sni-only" })
            ),
            [
                "viewerCertificate.acmCertificateArn is \"arn:aws:acm:eu-west-1:123456789012:certificate/x\", expected a certificate in us-east-1"
            ]
        );
        assert_eq!(distribution(|all| all["viewerCertificate"] = json!({})).len(), 1);
        assert_eq!(
            distribution(|all| all["viewerCertificate"]["minimumProtocolVersion"] = "TLSv1.2_2021".into())
                .len(),
            1
        );
        assert_eq!(
            distribution(
                |all| all["customErrorResponses"] = json!([{ "errorCode": 404, "responseCode": 200 }])
            )
            .len(),
            1
        );
        assert_eq!(
            distribution(|all| all["restrictions"]["geoRestriction"]["locations"] = json!(["DE"])).len(),
            1
        );
        assert_eq!(
            distribution(|all| all["origins"] = json!([{ "originId": "page" }, { "originId": "page" }]))
                .len(),
            1
        );
        assert_eq!(
            distribution(|all| {
                all["origins"][0]["customOriginConfig"] = json!({});
                all["origins"][0]["s3OriginConfig"] = json!({});
            })
            .len(),
            1
        );
    }

    #[test]
    fn walls() {
        let wall = |scope: &str, rules: Json| {
            reasons(
                "aws:wafv2/webAcl:WebAcl",
                json!({ "scope": scope, "defaultAction": { "allow": {} }, "ruleJson": rules.to_string() }),
            )
        };
        let rule = |name: &str, priority: u64| {
            json!({ "Name": name, "Priority": priority, "Action": { "Block": {} },
            "Statement": { "RateBasedStatement": { "Limit": 1000, "AggregateKeyType": "IP" } },
            "VisibilityConfig": { "MetricName": name, "SampledRequestsEnabled": true, "CloudWatchMetricsEnabled": true } })
        };
        assert!(wall("REGIONAL", json!([rule("a", 0), rule("b", 1)])).is_empty());
        assert_eq!(
            wall("CLOUDFRONT", json!([])),
            ["scope is CLOUDFRONT in eu-west-1, expected to be made in us-east-1"]
        );
        assert_eq!(wall("REGIONAL", json!([rule("a", 0), rule("a", 0)])).len(), 2);
        let mut managed = rule("m", 2);
        managed["Statement"] = json!({ "ManagedRuleGroupStatement": {} });
        assert_eq!(
            wall("REGIONAL", json!([managed])),
            ["ruleJson[0] expected OverrideAction and no Action with this statement"]
        );
        let mut limit = rule("l", 3);
        limit["Statement"]["RateBasedStatement"]["Limit"] = 5.into();
        assert_eq!(wall("REGIONAL", json!([limit])).len(), 1);
        assert_eq!(wall("REGIONAL", json!([{}])).len(), 5);
        assert_eq!(wall("REGIONAL", json!("x")).len(), 1);
        assert_eq!(
            reasons("aws:wafv2/webAcl:WebAcl", json!({ "scope": "REGIONAL", "defaultAction": {} })).len(),
            1
        );
        assert_eq!(
            reasons(
                "aws:wafv2/webAclAssociation:WebAclAssociation",
                json!({ "resourceArn": "arn:aws:cloudfront::123456789012:distribution/E1" })
            )
            .len(),
            1
        );
    }

    #[test]
    fn apis() {
        let uri = "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/f/invocations";
        let token = "aws:apigateway/integration:Integration";
        assert!(
            reasons(token, json!({ "type": "AWS_PROXY", "integrationHttpMethod": "POST", "uri": uri }))
                .is_empty()
        );
        assert_eq!(
            reasons(token, json!({ "type": "AWS_PROXY", "integrationHttpMethod": "GET", "uri": uri })).len(),
            1
        );
        assert_eq!(
            reasons(
                token,
                json!({ "type": "AWS_PROXY", "integrationHttpMethod": "POST", "uri": "arn:aws:lambda:f" })
            )
            .len(),
            1
        );
        assert_eq!(reasons(token, json!({ "type": "AWS_PROXY" })).len(), 2);
        assert_eq!(reasons(token, json!({ "type": "MOCK", "uri": uri })).len(), 1);
        assert_eq!(reasons("aws:apigateway/method:Method", json!({ "authorization": "CUSTOM" })).len(), 1);
        assert_eq!(
            reasons("aws:apigateway/authorizer:Authorizer", json!({ "type": "COGNITO_USER_POOLS" })).len(),
            1
        );
        assert_eq!(reasons("aws:apigateway/authorizer:Authorizer", json!({ "type": "TOKEN" })).len(), 1);
        assert_eq!(
            reasons("aws:apigatewayv2/api:Api", json!({ "protocolType": "WEBSOCKET", "routeSelectionExpression": "$request.method $request.path" })).len(),
            1
        );
        assert_eq!(
            reasons("aws:apigatewayv2/integration:Integration", json!({ "integrationType": "AWS_PROXY" }))
                .len(),
            1
        );
        assert_eq!(reasons("aws:acm/certificate:Certificate", json!({})).len(), 1);
    }
}
