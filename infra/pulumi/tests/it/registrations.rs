//! What a registration puts on the wire, and what it makes of the answer.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use pulumi::mocks::Recorder;
use pulumi::{
    Alias, Archive, Asset, CustomTimeouts, Inputs, Output, Resource, ResourceOptions, ResourceType, RunInfo,
    ToInput, Value, run_with,
};

use crate::monitors::{Given, Special, THING, recorded, thing};

fn urns(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| format!("urn:pulumi:stack::project::test:index:Thing::{name}")).collect()
}

#[tokio::test]
async fn every_sent_property_has_its_dependencies_and_the_resource_has_all_of_them() {
    let (recorder, result) = recorded(|context| async move {
        let a = thing(&context, "a", Inputs::new());
        let b = thing(&context, "b", Inputs::new());
        let c = thing(&context, "c", Inputs::new());
        let inputs = Inputs::new()
            .with("plain", 1_i64)
            .with("nested", vec![pulumi::json!({ "x": a.id() }), pulumi::json!([b.id(), a.id()])])
            .with("none", None::<String>);
        context.custom_resource(&THING, "d", inputs, ResourceOptions::new().depends_on(&c).depends_on(&a));
        Ok(())
    })
    .await;
    result.unwrap();
    let request = recorder.resource("d").unwrap().request;
    assert_eq!(request.dependencies, urns(&["a", "b", "c"]));
    let by_property: BTreeMap<_, _> =
        request.property_dependencies.iter().map(|(key, urns)| (key.as_str(), urns.urns.clone())).collect();
    assert_eq!(by_property, BTreeMap::from([("plain", vec![]), ("nested", urns(&["a", "b"]))]));
    assert_eq!(request.parent, "urn:pulumi:stack::project::pulumi:pulumi:Stack::project-stack");
    assert!(request.accept_secrets && request.accept_resources && request.supports_partial_values);
    assert!(request.supports_result_reporting && request.alias_specs && request.custom);
    assert_eq!(request.version, "1.2.3");
}

#[tokio::test]
async fn absent_is_omitted_in_objects_and_null_in_arrays() {
    let (recorder, result) = recorded(|context| async move {
        let inputs = Inputs::new()
            .with("list", vec![Some("x"), None])
            .with("map", BTreeMap::from([("a", Some(1_i64)), ("b", None)]))
            .with("null", Value::Null);
        thing(&context, "a", inputs);
        Ok(())
    })
    .await;
    result.unwrap();
    let inputs = recorder.resource("a").unwrap().inputs;
    assert_eq!(inputs["list"], Value::Array(vec![Value::String("x".to_owned()), Value::Null]));
    assert_eq!(inputs["map"], Value::object([("a", Value::Number(1.0))]));
    assert_eq!(inputs["null"], Value::Null);
}

#[tokio::test]
async fn secrets_and_unknowns_stay_at_their_leaves() {
    let (recorder, result) = recorded(|context| async move {
        let variables = pulumi::json!({
            "SECRET": Output::secret("s".to_owned()),
            "UNKNOWN": Output::<String>::unknown(),
            "PLAIN": "p",
        });
        thing(&context, "a", Inputs::new().with("variables", variables));
        Ok(())
    })
    .await;
    result.unwrap();
    let variables = Value::object([
        ("SECRET", Value::Secret(Box::new(Value::String("s".to_owned())))),
        ("UNKNOWN", Value::Unknown),
        ("PLAIN", Value::String("p".to_owned())),
    ]);
    assert_eq!(recorder.resource("a").unwrap().inputs["variables"], variables);
}

#[tokio::test]
async fn options_are_on_the_wire() {
    let (recorder, result) = recorded(|context| async move {
        let provider = context.custom_resource(
            &ResourceType::new("pulumi:providers:test", "1.2.3"),
            "provider",
            Inputs::new(),
            ResourceOptions::new(),
        );
        let other = thing(&context, "other", Inputs::new());
        let options = ResourceOptions::new()
            .provider(&provider)
            .protect(true)
            .retain_on_delete(false)
            .delete_before_replace(false)
            .ignore_changes(["tags"])
            .replace_on_changes(["rules[*].port"])
            .hide_diffs(["body"])
            .additional_secret_outputs(["token"])
            .alias(Alias::name("old"))
            .alias(Alias::Urn("urn:old".to_owned()))
            .deleted_with(&other)
            .replace_with(&other)
            .replacement_trigger(Value::Number(3.0))
            .import("i-123")
            .version("2.0.0")
            .plugin_download_url("https://example.com")
            .custom_timeouts(CustomTimeouts { create: Some(Duration::from_secs(300)), ..Default::default() });
        context.custom_resource(&THING, "a", Inputs::new(), options);
        Ok(())
    })
    .await;
    result.unwrap();
    let request = recorder.resource("a").unwrap().request;
    let other = urns(&["other"]);
    assert_eq!(request.provider, "urn:pulumi:stack::project::pulumi:providers:test::provider::provider-id");
    assert_eq!((request.protect, request.retain_on_delete), (Some(true), Some(false)));
    assert!(!request.delete_before_replace && request.delete_before_replace_defined);
    assert_eq!(request.ignore_changes, ["tags"]);
    assert_eq!(request.replace_on_changes, ["rules[*].port"]);
    assert_eq!(request.hide_diffs, ["body"]);
    assert_eq!(request.additional_secret_outputs, ["token"]);
    assert_eq!(request.aliases.len(), 2);
    assert_eq!(request.deleted_with, other[0]);
    assert_eq!(request.replace_with, other);
    assert_eq!(request.dependencies, other);
    assert!(request.replacement_trigger.is_some());
    assert_eq!(request.import_id, "i-123");
    assert_eq!(request.version, "2.0.0");
    assert_eq!(request.plugin_download_url, "https://example.com");
    assert_eq!(request.custom_timeouts.unwrap().create, "5m");
}

#[tokio::test]
async fn what_is_not_given_is_left_for_the_engine_to_inherit() {
    let (recorder, result) = recorded(|context| async move {
        thing(&context, "a", Inputs::new());
        Ok(())
    })
    .await;
    result.unwrap();
    let request = recorder.resource("a").unwrap().request;
    assert_eq!((request.protect, request.retain_on_delete), (None, None));
    assert!(!request.delete_before_replace_defined && request.custom_timeouts.is_none());
}

#[tokio::test]
async fn a_dependency_on_a_component_means_what_is_in_it_to_any_depth_and_never_itself() {
    let (recorder, result) = recorded(|context| async move {
        let outer = context.component("test:index:Outer", "outer", ResourceOptions::new());
        let inner = outer.context().component("test:index:Inner", "inner", ResourceOptions::new());
        let a = thing(inner.context(), "a", Inputs::new());
        // What belongs to a resource that a provider makes is not walked into.
        context.custom_resource(&THING, "below-a", Inputs::new(), ResourceOptions::new().parent(&a));
        thing(outer.context(), "b", Inputs::new());
        let options = ResourceOptions::new().depends_on(&outer);
        context.custom_resource(&THING, "c", Inputs::new(), options);
        inner.register_outputs([("id", a.id().to_input())]);
        Ok(())
    })
    .await;
    result.unwrap();
    let a = recorder.resource("a").unwrap();
    let b = recorder.resource("b").unwrap();
    let mut expected = vec![a.urn.clone(), b.urn];
    expected.sort();
    assert_eq!(recorder.resource("c").unwrap().request.dependencies, expected);
    assert_eq!(a.urn, "urn:pulumi:stack::project::test:index:Outer$test:index:Inner$test:index:Thing::a");
    let inner = recorder.resource("inner").unwrap();
    assert!(!inner.request.custom);
    assert_eq!(recorder.outputs_of(&inner.urn).unwrap()["id"], Value::String("a-id".to_owned()));
    let outer = recorder.resource("outer").unwrap();
    assert_eq!(recorder.outputs_of(&outer.urn), Some(BTreeMap::new()), "a component is ended for it");
}

#[tokio::test]
async fn archives_and_resources_are_inputs() {
    let (recorder, result) = recorded(|context| async move {
        let a = thing(&context, "a", Inputs::new());
        let code = Archive::assets([("bootstrap", Asset::file("build/api/bootstrap"))]);
        thing(&context, "b", Inputs::new().with("code", code).with("owner", &a));
        Ok(())
    })
    .await;
    result.unwrap();
    let b = recorder.resource("b").unwrap();
    assert!(matches!(&b.inputs["code"], Value::Archive(_)));
    let Value::Resource(reference) = &b.inputs["owner"] else { panic!("{:?}", b.inputs["owner"]) };
    assert_eq!(reference.id, Some(Some("a-id".to_owned())));
    assert_eq!(b.request.dependencies, urns(&["a"]));
}

#[tokio::test]
async fn outputs_are_read_by_their_types_and_fall_back_on_inputs() {
    let state = Value::object([
        ("count", Value::Number(3.0)),
        ("password", Value::Secret(Box::new(Value::String("x".to_owned())))),
        ("tags", Value::object([("a", Value::String("1".to_owned()))])),
        ("__meta", Value::String("ignored".to_owned())),
    ]);
    let Value::Object(state) = state else { unreachable!() };
    let recorder = Arc::new(Recorder::new(Given(BTreeMap::from([("a", state)]))));
    run_with(recorder.clone(), RunInfo::new("project", "stack"), |context| async move {
        let a = thing(&context, "a", Inputs::new().with("name", "given"));
        assert_eq!(a.output::<i64>("count").value().await?, Some(3));
        assert_eq!(a.output::<String>("name").value().await?.as_deref(), Some("given"));
        assert_eq!(a.output::<Option<String>>("none").value().await?, Some(None));
        assert!(a.output::<String>("password").is_secret().await?);
        let tags = a.output::<BTreeMap<String, String>>("tags").value().await?.unwrap_or_default();
        assert_eq!(tags["a"], "1");
        context.export("password", a.output::<String>("password"));
        Ok::<_, pulumi::Error>(())
    })
    .await
    .unwrap();
    let password = Value::Secret(Box::new(Value::String("x".to_owned())));
    assert_eq!(recorder.stack_outputs()["password"], password);
}

#[tokio::test]
async fn an_output_of_the_wrong_type_names_resource_and_property_but_only_where_it_is_used() {
    let (_, result) = recorded(|context| async move {
        let a = thing(&context, "a", Inputs::new());
        drop(a.output::<String>("arn"));
        Ok(())
    })
    .await;
    result.unwrap();
    let (_, result) = recorded(|context| async move {
        let a = thing(&context, "a", Inputs::new());
        thing(&context, "b", Inputs::new().with("x", a.output::<String>("arn")));
        Ok(())
    })
    .await;
    let message = result.unwrap_err().to_string();
    assert!(
        message.contains("output arn of resource a [test:index:Thing]: expected a string, found null"),
        "{message}"
    );
}

#[tokio::test]
async fn in_a_preview_what_the_answer_lacks_is_unknown() {
    let monitor = Arc::new(Special { nothing_known: true, ..Special::new() });
    run_with(monitor.clone(), RunInfo::new("project", "stack").preview(), |context| async move {
        assert!(context.is_dry_run());
        let a = thing(&context, "a", Inputs::new().with("name", "given"));
        assert_eq!(a.output::<String>("arn").value().await?, None);
        assert_eq!(a.id().value().await?, None);
        thing(&context, "b", Inputs::new().with("id", a.id()).with("name", "b"));
        Ok::<_, pulumi::Error>(())
    })
    .await
    .unwrap();
    let b = monitor.inner.resource("b").unwrap();
    assert_eq!(b.inputs["id"], Value::Unknown);
    assert_eq!(b.request.dependencies, urns(&["a"]));
}

#[tokio::test]
async fn source_positions_are_those_of_the_program() {
    let recorder = Arc::new(Recorder::new(pulumi::mocks::Echo));
    let mut info = RunInfo::new("project", "stack");
    info.source_root = Some("/src".into());
    let line = line!() + 2;
    run_with(recorder.clone(), info, |context| async move {
        thing(&context, "a", Inputs::new());
        Ok::<_, pulumi::Error>(())
    })
    .await
    .unwrap();
    let position = recorder.resource("a").unwrap().request.source_position.unwrap();
    assert!(position.uri.starts_with("file:///src/"), "{}", position.uri);
    assert!(position.uri.ends_with("tests/it/registrations.rs"), "{}", position.uri);
    assert_eq!(position.line, i32::try_from(line).unwrap());
}

#[tokio::test]
async fn a_handle_says_what_it_is() {
    let (_, result) = recorded(|context| async move {
        let a = thing(&context, "a", Inputs::new());
        assert_eq!((a.handle().name(), a.handle().token()), ("a", "test:index:Thing"));
        Ok(())
    })
    .await;
    result.unwrap();
}

#[tokio::test]
async fn the_inputs_of_a_component_are_sent_with_what_they_depend_on() {
    let (recorder, result) = recorded(|context| async move {
        let a = thing(&context, "a", Inputs::new());
        let inputs = Inputs::new().with("size", 3_i64).with("from", a.id());
        context.component_with_inputs("test:index:Group", "group", inputs, ResourceOptions::new());
        Ok(())
    })
    .await;
    result.unwrap();
    let group = recorder.resource("group").unwrap();
    assert_eq!(group.inputs["size"], Value::Number(3.0));
    assert_eq!(group.inputs["from"], Value::String("a-id".to_owned()));
    assert_eq!(group.request.dependencies, urns(&["a"]));
    assert!(!group.request.custom && !group.request.remote);
}

#[tokio::test]
async fn a_text_that_is_no_text_is_passed_on_as_it_is_and_an_error_where_it_is_read() {
    let bytes = Value::Bytes(vec![0, 0xff, 0x80]);
    let state = BTreeMap::from([("bytes".to_owned(), bytes.clone())]);
    let recorder = Arc::new(Recorder::new(Given(BTreeMap::from([("a", state.clone())]))));
    run_with(recorder.clone(), RunInfo::new("project", "stack"), |context| async move {
        let a = thing(&context, "a", Inputs::new());
        thing(&context, "b", Inputs::new().with("bytes", a.output::<String>("bytes")));
        Ok::<_, pulumi::Error>(())
    })
    .await
    .unwrap();
    let b = recorder.resource("b").unwrap();
    assert_eq!(b.inputs["bytes"], bytes);
    assert_eq!(b.request.dependencies, urns(&["a"]));

    let recorder = Arc::new(Recorder::new(Given(BTreeMap::from([("a", state)]))));
    let result = run_with(recorder, RunInfo::new("project", "stack"), |context| async move {
        let a = thing(&context, "a", Inputs::new());
        context.export("length", a.output::<String>("bytes").map(|text| text.len() as i64));
        Ok::<_, pulumi::Error>(())
    })
    .await;
    let error = result.unwrap_err().to_string();
    assert!(error.contains("expected a string, found bytes that are no text"), "{error}");
}

#[tokio::test]
async fn a_list_or_a_map_that_is_not_there_is_left_out() {
    let (recorder, result) = recorded(|context| async move {
        let list: Output<Option<Vec<i64>>> = Output::known(None);
        let map: Output<Option<BTreeMap<String, bool>>> = Output::known(Some(BTreeMap::new()));
        let mut inputs = Inputs::new();
        inputs.set("list", pulumi::List::<i64>::from(list));
        inputs.set("map", pulumi::Map::<bool>::from(map));
        thing(&context, "a", inputs);
        Ok(())
    })
    .await;
    result.unwrap();
    let inputs = recorder.resource("a").unwrap().inputs;
    assert_eq!(inputs, BTreeMap::from([("map".to_owned(), Value::Object(BTreeMap::new()))]));
}

#[tokio::test]
async fn an_output_that_is_secret_by_its_schema_is_so_while_it_is_unknown() {
    const SECRET: ResourceType = ResourceType::new("test:index:Thing", "1.2.3").secret_outputs(&["password"]);
    let recorder = Arc::new(Recorder::new(Given(BTreeMap::new())));
    run_with(recorder.clone(), RunInfo::new("project", "stack").preview(), |context| async move {
        let a = context.custom_resource(&SECRET, "a", Inputs::new(), ResourceOptions::new());
        assert!(a.output::<String>("password").is_secret().await?);
        assert!(!a.output::<String>("name").is_secret().await?);
        let length = a.output::<String>("password").map(|text| text.len() as i64);
        assert!(length.is_secret().await?, "what is made of it is secret as well");
        context.export("password", a.output::<String>("password"));
        let options = ResourceOptions::new().additional_secret_outputs(["name"]);
        let b = context.custom_resource(&THING, "b", Inputs::new(), options);
        assert!(b.output::<String>("name").is_secret().await?);
        Ok::<_, pulumi::Error>(())
    })
    .await
    .unwrap();
    assert_eq!(recorder.stack_outputs()["password"], Value::Unknown.into_secret());
}

#[tokio::test]
async fn a_secret_in_a_secret_is_one_secret() {
    let (recorder, result) = recorded(|context| async move {
        let mut inner = Inputs::new();
        inner.set_secret("key", pulumi::Input::<String>::from("closed"));
        let mut inputs = Inputs::new()
            .with("open", pulumi::Property::Object([("data".to_owned(), inner.to_input())].into()));
        inputs.set_secret("data", pulumi::Input::<Value>::from_property(inner.to_input()));
        thing(&context, "a", inputs);
        Ok(())
    })
    .await;
    result.unwrap();
    let inputs = recorder.resource("a").unwrap().inputs;
    let closed = Value::String("closed".to_owned());
    assert_eq!(inputs["data"], Value::object([("key", closed.clone())]).into_secret());
    assert_eq!(inputs["open"], Value::object([("data", Value::object([("key", closed.into_secret())]))]));
}
