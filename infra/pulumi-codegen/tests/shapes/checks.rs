//! What generated types do.

use std::collections::BTreeMap;
use std::sync::Arc;

use pulumi::mocks::{Mocks, NewResource, Recorder};
use pulumi::{Args as _, Asset, Context, FromValue as _, RunInfo, Value};
use pulumi_codegen::{Files, Options, generate, schema};

use crate::draw;

/// Answers with outputs of every shape.
struct Provider;

impl Mocks for Provider {
    fn new_resource(&self, resource: &NewResource) -> (String, BTreeMap<String, Value>) {
        let mut outputs = resource.inputs.clone();
        let leaf = Value::object([("name", Value::String("leaf".to_owned()))]);
        let tree = [
            ("name", Value::String("root".to_owned())),
            ("left", leaf.clone()),
            ("children", Value::Array(vec![leaf])),
        ];
        outputs.insert("tree".to_owned(), Value::object(tree));
        outputs.insert("color".to_owned(), Value::String("mauve".to_owned()));
        outputs.insert("secretKey".to_owned(), Value::String("s3cr3t".to_owned()).into_secret());
        ("circle-1".to_owned(), outputs)
    }

    fn invoke(&self, token: &str, arguments: &BTreeMap<String, Value>) -> Option<BTreeMap<String, Value>> {
        assert_eq!(token, "shapes:index/getCanvas:getCanvas");
        let id = arguments.get("name")?.clone();
        Some(BTreeMap::from([("id".to_owned(), id), ("size".to_owned(), Value::Number(3.0))]))
    }
}

async fn run(program: fn(&Context)) -> Arc<Recorder<Provider>> {
    let recorder = Arc::new(Recorder::new(Provider));
    let result =
        pulumi::run_with(recorder.clone(), RunInfo::new("shapes", "test"), move |context| async move {
            program(&context);
            Ok::<_, pulumi::Error>(())
        });
    result.await.unwrap();
    recorder
}

fn text(value: &str) -> Value {
    Value::String(value.to_owned())
}

#[tokio::test]
async fn inputs_of_every_shape_reach_the_wire_as_the_schema_spells_them() {
    let recorder = run(|context| {
        let canvas = crate::get_canvas(context, crate::GetCanvasArgs::new().name("big"));
        draw::Circle::new(
            context,
            "circle",
            draw::CircleArgs::new()
                .type_("round")
                .string(canvas.map(|canvas| canvas.id))
                .color(draw::Color::DarkRed)
                .width(draw::Width::_0_5)
                .layer(draw::Layer::Top)
                .plain_name("plain")
                .password("hidden")
                .tree(draw::NodeArgs::new().name("a").left(draw::NodeArgs::new().name("b")))
                .parts([draw::CircleTypeArgs::new().radius(0.5)])
                .labels([("one", "1")])
                .picture(Asset::text("<svg/>"))
                .optional(Some("{}"), |args, document| args.document(document))
                .optional(None::<&str>, |args, elsewhere| args.elsewhere(elsewhere)),
        );
    })
    .await;
    let circle = recorder.resource("circle").unwrap();
    let expected = BTreeMap::from(
        [
            ("type", text("round")),
            ("String", text("big")),
            // Defaults of the schema.
            ("new", Value::Bool(true)),
            ("radius", Value::Number(3.0)),
            ("color", text("dark-red")),
            ("width", Value::Number(0.5)),
            ("layer", Value::Number(2.0)),
            ("plainName", text("plain")),
            ("password", text("hidden").into_secret()),
            ("tree", Value::object([("name", text("a")), ("left", Value::object([("name", text("b"))]))])),
            (
                "parts",
                Value::Array(vec![Value::object([("kind", text("circle")), ("radius", Value::Number(0.5))])]),
            ),
            ("labels", Value::object([("one", text("1"))])),
            ("picture", Value::Asset(Asset::text("<svg/>"))),
            ("document", text("{}")),
        ]
        .map(|(key, value)| (key.to_owned(), value)),
    );
    assert_eq!(circle.inputs, expected);
    assert_eq!(circle.request.version, "1.2.3");
    assert_eq!(circle.request.additional_secret_outputs, ["secretKey"]);
    assert_eq!(circle.request.replace_on_changes, ["parts[*].radius"]);
}

#[tokio::test]
async fn outputs_of_every_shape_are_read_with_their_types() {
    let recorder = run(|context| {
        let circle = draw::Circle::new(context, "circle", draw::CircleArgs::new().type_("round").string("s"));
        context.export(
            "tree",
            circle.tree().map(|tree| {
                let tree = tree.unwrap();
                format!("{}-{}-{}", tree.name, tree.left.unwrap().name, tree.children.unwrap().len())
            }),
        );
        // A value that the schema does not list is no error where the schema allows others.
        context.export("color", circle.color().map(|color| color.unwrap().value().to_owned()));
        context.export("id", circle.id());
        context.export("secret", circle.secret_key());
    })
    .await;
    let outputs = recorder.stack_outputs();
    assert_eq!(outputs["tree"], text("root-leaf-1"));
    assert_eq!(outputs["color"], text("mauve"));
    assert_eq!(outputs["id"], text("circle-1"));
    assert_eq!(outputs["secret"], text("s3cr3t").into_secret());
}

#[test]
fn a_closed_enum_takes_its_own_values_alone() {
    assert_eq!(draw::Layer::from_value(Value::Number(1.0)).unwrap(), draw::Layer::Bottom);
    assert_eq!(draw::Width::from_value(Value::Number(1.0)).unwrap(), draw::Width::_1);
    let error = draw::Layer::from_value(Value::Number(3.0)).unwrap_err().to_string();
    assert!(error.contains("one of 1, 2"), "{error}");
}

#[test]
fn the_sources_are_what_the_generator_writes() {
    let package = schema::parse(include_str!("../data/shapes.json")).unwrap();
    let files = generate(&package, &Options { files: Files::Source, ..Options::default() }).unwrap();
    let kept = [include_str!("draw.rs"), include_str!("root.rs")];
    for (file, kept) in files.iter().zip(kept) {
        assert!(file.text == kept, "{} is not current: see main.rs for how it is written anew", file.path);
    }
    assert_eq!(files.len(), 2);
}
