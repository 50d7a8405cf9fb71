//! Options as they are on the wire, one by one.

use std::sync::Arc;
use std::time::Duration;

use pulumi::mocks::{Echo, Recorder};
use pulumi::wire::alias::{Alias as Sent, Spec, spec::Parent};
use pulumi::wire::register_resource_request::CustomTimeouts as Timeouts;
use pulumi::{
    Alias, AliasParent, AliasSpec, Context, CustomResource, CustomTimeouts, Inputs, Monitor, Output,
    Resource, ResourceOptions, ResourceType, RunInfo, Stash, Value, async_trait, run_with, tonic, wire,
};

use crate::monitors::{Failed, THING, recorded, thing};

const STACK: &str = "urn:pulumi:stack::project::pulumi:pulumi:Stack::project-stack";
const PROVIDER: ResourceType = ResourceType::new("pulumi:providers:test", "1.2.3");

/// The request of a thing that is registered with options which the program makes.
async fn sent(
    options: impl FnOnce(&Context) -> ResourceOptions + Send + 'static,
) -> (wire::RegisterResourceRequest, Arc<Recorder>) {
    let (recorder, result) = recorded(|context| async move {
        let options = options(&context);
        context.custom_resource(&THING, "a", Inputs::new().with("x", 1_i64), options);
        Ok(())
    })
    .await;
    let Some(resource) = recorder.resource("a") else { panic!("not registered: {result:?}") };
    (resource.request, recorder)
}

fn provider(context: &Context, name: &str) -> CustomResource {
    context.custom_resource(&PROVIDER, name, Inputs::new(), ResourceOptions::new())
}

#[tokio::test]
async fn without_options_everything_is_left_to_the_engine() {
    let (request, _) = sent(|_| ResourceOptions::new()).await;
    let expected = wire::RegisterResourceRequest {
        r#type: "test:index:Thing".to_owned(),
        name: "a".to_owned(),
        parent: STACK.to_owned(),
        custom: true,
        object: Some(wire::encode_struct(&[("x".to_owned(), Value::Number(1.0))].into()).unwrap()),
        property_dependencies: [(
            "x".to_owned(),
            wire::register_resource_request::PropertyDependencies::default(),
        )]
        .into(),
        version: "1.2.3".to_owned(),
        accept_secrets: true,
        accept_resources: true,
        accepts_byte_string: true,
        supports_partial_values: true,
        supports_result_reporting: true,
        alias_specs: true,
        ..wire::RegisterResourceRequest::default()
    };
    assert_eq!(request, expected);
}

#[tokio::test]
async fn every_form_of_an_alias_is_sent_as_it_is_meant() {
    let (request, recorder) = sent(|context| {
        let old = thing(context, "old-parent", Inputs::new());
        ResourceOptions::new()
            .alias(Alias::Urn("urn:pulumi:stack::project::test:index:Old::a".to_owned()))
            .alias(Alias::name("b"))
            .alias(Alias::token("test:index:Old"))
            .alias(Alias::no_parent())
            .alias(Alias::parent(&old))
            .alias(Alias::Spec(AliasSpec {
                name: Some("c".to_owned()),
                token: Some("test:index:Old".to_owned()),
                stack: Some("dev".to_owned()),
                project: Some("shop".to_owned()),
                parent: Some(AliasParent::Urn("urn:parent".to_owned())),
            }))
    })
    .await;
    let aliases: Vec<_> = request.aliases.into_iter().map(|alias| alias.alias.unwrap()).collect();
    let of = |name: &str, r#type: &str, parent: Option<Parent>| {
        Sent::Spec(Spec { name: name.to_owned(), r#type: r#type.to_owned(), parent, ..Spec::default() })
    };
    let old = recorder.resource("old-parent").unwrap().urn;
    let expected = [
        Sent::Urn("urn:pulumi:stack::project::test:index:Old::a".to_owned()),
        of("b", "", None),
        of("", "test:index:Old", None),
        of("", "", Some(Parent::NoParent(true))),
        of("", "", Some(Parent::ParentUrn(old))),
        Sent::Spec(Spec {
            name: "c".to_owned(),
            r#type: "test:index:Old".to_owned(),
            stack: "dev".to_owned(),
            project: "shop".to_owned(),
            parent: Some(Parent::ParentUrn("urn:parent".to_owned())),
        }),
    ];
    assert_eq!(aliases, expected);
}

#[tokio::test]
async fn timeouts_are_gos_durations() {
    let seconds = |seconds| Some(Duration::from_secs(seconds));
    let timeouts =
        CustomTimeouts { create: seconds(300), update: seconds(5400), delete: seconds(90), read: None };
    let (request, _) = sent(move |_| ResourceOptions::new().custom_timeouts(timeouts)).await;
    let expected = Timeouts {
        create: "5m".to_owned(),
        update: "1h30m".to_owned(),
        delete: "1m30s".to_owned(),
        read: String::new(),
    };
    assert_eq!(request.custom_timeouts, Some(expected));
}

#[tokio::test]
async fn what_is_false_is_sent_as_false_and_not_left_out() {
    let (request, _) =
        sent(|_| ResourceOptions::new().protect(false).retain_on_delete(false).delete_before_replace(false))
            .await;
    assert_eq!((request.protect, request.retain_on_delete), (Some(false), Some(false)));
    assert!(request.delete_before_replace_defined && !request.delete_before_replace);
    let (request, _) = sent(|_| ResourceOptions::new().delete_before_replace(true)).await;
    assert!(request.delete_before_replace_defined && request.delete_before_replace);
}

#[tokio::test]
async fn a_trigger_and_what_replaces_with_are_dependencies_and_what_deletes_with_is_none() {
    let (request, recorder) = sent(|context| {
        let [one, two, three] = ["one", "two", "three"].map(|name| thing(context, name, Inputs::new()));
        let trigger = one.id().map(|id| Value::object([("id", Value::String(id))]));
        ResourceOptions::new().replacement_trigger(trigger).replace_with(&two).deleted_with(&three)
    })
    .await;
    let urn = |name: &str| recorder.resource(name).unwrap().urn;
    let trigger = wire::decode_value(&request.replacement_trigger.unwrap()).unwrap();
    assert_eq!(trigger, Value::object([("id", Value::String("one-id".to_owned()))]));
    assert_eq!(request.replace_with, [urn("two")]);
    assert_eq!(request.deleted_with, urn("three"));
    assert_eq!(request.dependencies, [urn("one"), urn("two")]);
}

#[tokio::test]
async fn neither_parent_nor_provider_is_a_dependency() {
    let (request, recorder) = sent(|context| {
        let parent = thing(context, "parent", Inputs::new());
        ResourceOptions::new().parent(&parent).provider(&provider(context, "west"))
    })
    .await;
    assert!(request.dependencies.is_empty(), "{:?}", request.dependencies);
    assert_eq!(request.parent, recorder.resource("parent").unwrap().urn);
    assert_eq!(request.provider, format!("{}::west-id", recorder.resource("west").unwrap().urn));
    assert!(request.providers.is_empty());
}

#[tokio::test]
async fn a_component_gives_its_providers_to_what_is_in_it() {
    let (recorder, result) = recorded(|context| async move {
        let (west, other) = (provider(&context, "west"), provider(&context, "other"));
        let options = ResourceOptions::new().provider(&west).provider_of("random", &other).protect(true);
        let part = context.component("test:index:Part", "part", options);
        let inner = part.context().component("test:index:Part", "inner", ResourceOptions::new());
        thing(inner.context(), "a", Inputs::new());
        Ok(())
    })
    .await;
    result.unwrap();
    let reference = |name: &str| format!("{}::{name}-id", recorder.resource(name).unwrap().urn);
    let part = recorder.resource("part").unwrap().request;
    let expected = [("test".to_owned(), reference("west")), ("random".to_owned(), reference("other"))];
    assert_eq!(part.providers, expected.into());
    assert_eq!(part.protect, Some(true));
    // The engine inherits from there.
    for name in ["inner", "a"] {
        let request = recorder.resource(name).unwrap().request;
        assert!(
            request.provider.is_empty() && request.providers.is_empty() && request.protect.is_none(),
            "{name}"
        );
    }
}

#[tokio::test]
async fn a_provider_takes_variables_of_the_environment_by_other_names() {
    let (recorder, result) = recorded(|context| async move {
        let options = ResourceOptions::new().env_var_mapping("MINE", "THEIRS").env_var_mapping("A", "B");
        context.custom_resource(&PROVIDER, "west", Inputs::new(), options);
        Ok(())
    })
    .await;
    result.unwrap();
    let mappings = recorder.resource("west").unwrap().request.env_var_mappings;
    assert_eq!(mappings, [("MINE".to_owned(), "THEIRS".to_owned()), ("A".to_owned(), "B".to_owned())].into());
}

#[tokio::test]
async fn what_the_schema_says_of_a_type_comes_before_nothing_but_after_what_the_program_says() {
    const TYPE: ResourceType = ResourceType::new("test:index:Thing", "1.2.3")
        .plugin_download_url("https://example.com/ours")
        .aliases(&["test:old:Thing"])
        .secret_inputs(&["password"])
        .secret_outputs(&["token"])
        .replace_on_changes(&["engine"]);
    let (recorder, result) = recorded(|context| async move {
        let inputs = || Inputs::new().with("password", "hunter2");
        context.custom_resource(&TYPE, "a", inputs(), ResourceOptions::new());
        let options = ResourceOptions::new()
            .version("9.9.9")
            .plugin_download_url("https://example.com/theirs")
            .additional_secret_outputs(["arn"])
            .replace_on_changes(["zone"]);
        context.custom_resource(&TYPE, "b", inputs(), options);
        Ok(())
    })
    .await;
    result.unwrap();
    let a = recorder.resource("a").unwrap();
    assert_eq!(a.inputs["password"], Value::Secret(Box::new(Value::String("hunter2".to_owned()))));
    assert_eq!(
        (a.request.version.as_str(), a.request.plugin_download_url.as_str()),
        ("1.2.3", "https://example.com/ours")
    );
    assert_eq!(
        (a.request.additional_secret_outputs, a.request.replace_on_changes),
        (vec!["token".to_owned()], vec!["engine".to_owned()])
    );
    let alias = Sent::Spec(Spec { r#type: "test:old:Thing".to_owned(), ..Spec::default() });
    assert_eq!(a.request.aliases, [wire::Alias { alias: Some(alias) }]);
    let b = recorder.resource("b").unwrap().request;
    assert_eq!((b.version.as_str(), b.plugin_download_url.as_str()), ("9.9.9", "https://example.com/theirs"));
    assert_eq!(b.additional_secret_outputs, ["arn", "token"]);
    assert_eq!(b.replace_on_changes, ["zone", "engine"]);
}

/// An engine that does not know one feature.
struct Without(&'static str, Recorder);

#[async_trait]
impl Monitor for Without {
    async fn register_resource(
        &self,
        request: wire::RegisterResourceRequest,
    ) -> Result<wire::RegisterResourceResponse, tonic::Status> {
        self.1.register_resource(request).await
    }

    async fn register_resource_outputs(
        &self,
        request: wire::RegisterResourceOutputsRequest,
    ) -> Result<(), tonic::Status> {
        self.1.register_resource_outputs(request).await
    }

    async fn supports_feature(&self, id: &str) -> Result<bool, tonic::Status> {
        Ok(id != self.0)
    }
}

#[tokio::test]
async fn an_option_that_the_engine_does_not_know_is_an_error_and_not_left_out() {
    type Options = fn(&CustomResource) -> ResourceOptions;
    let cases: [(&str, Options); 4] = [
        ("deletedWith", |other| ResourceOptions::new().deleted_with(other)),
        ("replaceWith", |other| ResourceOptions::new().replace_with(other)),
        ("replacementTrigger", |_| ResourceOptions::new().replacement_trigger(Value::Null)),
        ("transforms", |_| ResourceOptions::new().transform(|_| Ok(()))),
    ];
    for (feature, options) in cases {
        let monitor = Arc::new(Without(feature, Recorder::new(Echo)));
        let result = run_with(monitor, RunInfo::new("project", "stack"), move |context| async move {
            let other = thing(&context, "other", Inputs::new());
            context.custom_resource(&THING, "a", Inputs::new(), options(&other));
            Ok::<_, Failed>(())
        })
        .await;
        let expected = format!(
            "resource a [test:index:Thing] failed to register: the engine does not support {feature}; update the Pulumi CLI"
        );
        assert_eq!(result.unwrap_err().to_string(), expected);
    }
}

#[tokio::test]
async fn a_resource_that_is_only_a_value_is_looked_up() {
    let (_, result) = recorded(|context| async move {
        let a = thing(&context, "a", Inputs::new().with("size", 3_i64));
        let b = thing(&context, "b", Inputs::new().with("owner", &a));
        let found: CustomResource = b.output("owner").value().await?.ok_or("unknown")?;
        assert_eq!(found.id().value().await?.as_deref(), Some("a-id"));
        assert_eq!(found.output::<i64>("size").value().await?, Some(3));
        assert_eq!((found.handle().name(), found.handle().token()), ("a", "test:index:Thing"));
        Ok(())
    })
    .await;
    result.unwrap();
}

#[tokio::test]
async fn a_stash_keeps_a_value_and_messages_and_versions_reach_the_engine() {
    let (recorder, result) = recorded(|context| async move {
        let stash = Stash::new(&context, "stash", Output::secret("s".to_owned()), ResourceOptions::new());
        assert!(stash.input::<String>().is_secret().await?);
        context.log(pulumi::LogLevel::Info, "half way");
        context.log_about(&stash, pulumi::LogLevel::Warning, "nearly there");
        context.require_pulumi_version(">=3.240.0");
        Ok(())
    })
    .await;
    result.unwrap();
    let stash = recorder.resource("stash").unwrap();
    assert_eq!((stash.token.as_str(), stash.request.version.as_str()), ("pulumi:index:Stash", ""));
    let mut messages = recorder.messages();
    messages.sort();
    assert_eq!(messages, ["half way", "nearly there"]);
    assert_eq!(recorder.required_versions(), [">=3.240.0"]);
}
