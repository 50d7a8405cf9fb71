//! Packages that are made by parameters, components of other languages, and methods.

use std::collections::BTreeMap;
use std::sync::Arc;

use pulumi::mocks::{Mocks, NewResource, Recorder};
use pulumi::{
    Context, FunctionType, Inputs, Output, OutputValue, Package, Parameterization, Resource as _,
    ResourceOptions, ResourceType, RunError, RunInfo, Value, run_with,
};

use crate::monitors::{Failed, THING, thing};

const PACKAGE: Package = Package {
    name: "terraform-provider",
    version: "0.8.0",
    download_url: "",
    parameterization: Some(Parameterization { name: "netlify", version: "1.0.0", value: b"{\"remote\":1}" }),
    extension: None,
};
const SITE: ResourceType = ResourceType::new("netlify:index/site:Site", "").package(&PACKAGE);
const GET_SITE: FunctionType = FunctionType::new("netlify:index/getSite:getSite", "").package(&PACKAGE);
const CLUSTER: ResourceType = ResourceType::new("eks:index:Cluster", "4.0.0");
const KUBECONFIG: FunctionType = FunctionType::new("eks:index:Cluster/getKubeconfig", "4.0.0");

struct World;

impl Mocks for World {
    fn new_resource(&self, resource: &NewResource) -> (String, BTreeMap<String, Value>) {
        (format!("{}-id", resource.name), resource.inputs.clone())
    }

    fn read_resource(&self, _token: &str, _id: &str) -> Option<BTreeMap<String, Value>> {
        Some(BTreeMap::new())
    }

    fn invoke(&self, _token: &str, arguments: &BTreeMap<String, Value>) -> Option<BTreeMap<String, Value>> {
        Some(arguments.clone())
    }

    fn call(&self, token: &str, arguments: &BTreeMap<String, Value>) -> Option<BTreeMap<String, Value>> {
        assert!(matches!(arguments["__self__"], Value::Resource(_)), "{arguments:?}");
        Some([("config".to_owned(), Value::String(format!("of {token}")))].into())
    }
}

async fn run<F>(
    program: impl FnOnce(Context) -> F + Send + 'static,
) -> (Arc<Recorder<World>>, Result<(), RunError>)
where
    F: Future<Output = Result<(), Failed>> + Send + 'static,
{
    let recorder = Arc::new(Recorder::new(World));
    let mut info = RunInfo::new("project", "stack");
    info.source_root = Some("/src".into());
    let result = run_with(recorder.clone(), info, program).await;
    (recorder, result)
}

#[tokio::test]
async fn a_parameterised_package_is_registered_once_and_named_by_every_request() {
    let (recorder, result) = run(|context| async move {
        context.custom_resource(&SITE, "a", Inputs::new(), ResourceOptions::new());
        context.custom_resource(&SITE, "b", Inputs::new(), ResourceOptions::new());
        context.remote_component(&SITE, "c", Inputs::new(), ResourceOptions::new());
        context.read_resource(&SITE, "d", "s-1", Inputs::new(), ResourceOptions::new());
        drop(context.invoke::<Value>(&GET_SITE, Inputs::new(), pulumi::InvokeOptions::new()));
        Ok(())
    })
    .await;
    result.unwrap();
    let packages = recorder.packages();
    assert_eq!(packages.len(), 1, "{packages:?}");
    assert_eq!((packages[0].name.as_str(), packages[0].version.as_str()), ("terraform-provider", "0.8.0"));
    let parameterization = packages[0].parameterization.as_ref().unwrap();
    assert_eq!((parameterization.name.as_str(), parameterization.version.as_str()), ("netlify", "1.0.0"));
    assert_eq!(parameterization.value, b"{\"remote\":1}");
    for name in ["a", "b", "c"] {
        let request = recorder.resource(name).unwrap().request;
        assert_eq!(request.package_ref, "netlify@1.0.0", "{name}");
        assert_eq!((request.version.as_str(), request.plugin_download_url.as_str()), ("", ""), "{name}");
    }
    let invocation = &recorder.invocations()[0];
    assert_eq!((invocation.package_ref.as_str(), invocation.version.as_str()), ("netlify@1.0.0", ""));
    let position = invocation.source_position.as_ref().unwrap();
    assert!(position.uri.ends_with("tests/it/remote.rs"), "{}", position.uri);
}

#[tokio::test]
async fn a_remote_component_gets_output_values_and_is_itself_a_dependency() {
    let (recorder, result) = run(|context| async move {
        let a = thing(&context, "a", Inputs::new());
        let inputs = Inputs::new()
            .with("plain", "p")
            .with("nested", pulumi::json!({ "id": a.id(), "secret": Output::secret("s".to_owned()) }))
            .with("unknown", Output::<String>::unknown())
            .with("owner", &a);
        let options = ResourceOptions::new().protect(true);
        let cluster = context.remote_component(&CLUSTER, "cluster", inputs, options);
        thing(&context, "b", Inputs::new().with("plain", cluster.output::<String>("plain")));
        context.custom_resource(&THING, "c", Inputs::new(), ResourceOptions::new().depends_on(&cluster));
        context.custom_resource(&THING, "d", Inputs::new(), ResourceOptions::new().parent(&cluster));
        Ok(())
    })
    .await;
    result.unwrap();
    let cluster = recorder.resource("cluster").unwrap();
    assert!(cluster.request.remote && !cluster.request.custom);
    assert_eq!((cluster.request.version.as_str(), cluster.request.protect), ("4.0.0", Some(true)));
    let a = recorder.resource("a").unwrap().urn;
    let output = |value: Option<&str>, secret: bool, dependencies: &[&String]| {
        let value = value.map(|value| Value::String(value.to_owned()));
        let dependencies = dependencies.iter().map(|urn| (*urn).clone()).collect();
        Value::Output(Box::new(OutputValue { value, secret, dependencies }))
    };
    assert_eq!(cluster.inputs["plain"], Value::String("p".to_owned()));
    let nested = [("id", output(Some("a-id"), false, &[&a])), ("secret", output(Some("s"), true, &[]))];
    assert_eq!(cluster.inputs["nested"], Value::object(nested));
    assert_eq!(cluster.inputs["unknown"], output(None, false, &[]));
    assert!(matches!(cluster.inputs["owner"], Value::Resource(_)));
    assert_eq!(cluster.request.property_dependencies["nested"].urns, std::slice::from_ref(&a));
    assert!(
        cluster.request.property_dependencies["owner"].urns.is_empty(),
        "a reference is no dependency here"
    );
    assert_eq!(cluster.request.dependencies, [a]);
    for name in ["b", "c"] {
        let request = recorder.resource(name).unwrap().request;
        assert_eq!(request.dependencies, std::slice::from_ref(&cluster.urn), "{name}");
    }
    assert_eq!(recorder.resource("d").unwrap().request.parent, cluster.urn);
}

#[tokio::test]
async fn a_method_is_called_with_its_resource_and_the_dependencies_of_its_arguments() {
    let (recorder, result) = run(|context| async move {
        let a = thing(&context, "a", Inputs::new());
        let cluster = context.remote_component(&CLUSTER, "cluster", Inputs::new(), ResourceOptions::new());
        let arguments = Inputs::new().with("profile", a.id()).with("secret", Output::secret(1_i64));
        let config: Output<BTreeMap<String, String>> = context.call(&KUBECONFIG, &cluster, arguments);
        let config = config.value().await?.unwrap_or_default();
        assert_eq!(config["config"], "of eks:index:Cluster/getKubeconfig");
        let error =
            context.call::<i64>(&KUBECONFIG, cluster.handle(), Inputs::new()).value().await.unwrap_err();
        assert!(error.chain().contains("getKubeconfig"), "{}", error.chain());
        Err("expected".into())
    })
    .await;
    result.unwrap_err();
    let call = &recorder.calls()[0];
    assert_eq!((call.tok.as_str(), call.version.as_str()), ("eks:index:Cluster/getKubeconfig", "4.0.0"));
    assert_eq!(call.arg_dependencies["profile"].urns, [recorder.resource("a").unwrap().urn]);
    assert!(
        call.arg_dependencies["secret"].urns.is_empty() && call.arg_dependencies["__self__"].urns.is_empty()
    );
    assert!(call.source_position.is_some());
}
