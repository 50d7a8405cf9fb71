//! What generated types do.

use std::collections::BTreeMap;
use std::sync::Arc;

use pulumi::mocks::{Mocks, NewResource, Recorder};
use pulumi::{Args as _, Asset, Context, FromValue as _, Output, RunInfo, Value};
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
        let entry = |key: &str, value: Value| (key.to_owned(), value);
        match token {
            "shapes:index/getCanvas:getCanvas" => {
                let id = arguments.get("name")?.clone();
                Some(BTreeMap::from([entry("id", id), entry("size", Value::Number(3.0))]))
            }
            "shapes:draw/count:count" => {
                let Some(Value::Array(labels)) = arguments.get("labels") else { return None };
                Some(BTreeMap::from([entry("result", Value::Number(labels.len() as f64))]))
            }
            "shapes:draw/secretly:secretly" => {
                Some(BTreeMap::from([entry("result", Value::object([("word", text("hush").into_secret())]))]))
            }
            _ => None,
        }
    }

    fn call(&self, token: &str, arguments: &BTreeMap<String, Value>) -> Option<BTreeMap<String, Value>> {
        let Some(Value::Resource(receiver)) = arguments.get("__self__") else { return None };
        let result = |key: &str, value: Value| Some(BTreeMap::from([(key.to_owned(), value)]));
        match token {
            "pulumi:providers:shapes/describe" => result("result", text(pulumi::urn::name_of(&receiver.urn))),
            "shapes:draw/gallery:Gallery/rename" => result("title", arguments.get("title")?.clone()),
            "shapes:draw/gallery:Gallery/size" => result("result", Value::Number(7.0)),
            _ => None,
        }
    }

    fn read_resource(&self, token: &str, id: &str) -> Option<BTreeMap<String, Value>> {
        let known = token == "shapes:missing/result:Result" && id == "r-1";
        known.then(|| BTreeMap::from([("vec".to_owned(), text("found"))]))
    }
}

async fn run(program: impl FnOnce(&Context) + Send + 'static) -> Arc<Recorder<Provider>> {
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
            ("canvas", text("plain")),
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

fn circle() -> draw::CircleArgs {
    draw::CircleArgs::new().type_("round").string("s")
}

#[tokio::test]
async fn a_union_takes_each_of_its_members_as_it_is() {
    let recorder = run(|context| {
        let cat = || draw::CatArgs::new().purrs(true);
        let dog = || draw::DogArgs::new().chip("c-1");
        draw::Circle::new(
            context,
            "members",
            circle()
                .size("large")
                .color_or_level(3)
                .mixed(["a", "b"])
                .pet(cat().friend(dog()))
                .pets([draw::CatOrDogArgs::from(cat()), dog().into()])
                .nested([("outer", [("text", "t")])]),
        );
        draw::Circle::new(
            context,
            "others",
            circle()
                .size(Output::known(3))
                .color_or_level("dark-red")
                .mixed(Output::known("a".to_owned()))
                .pet(dog())
                .nested([("outer", [("list", draw::StringOrStringListArgs::from(["a", "b"]))])]),
        );
        draw::Circle::new(context, "enum", circle().color_or_level(draw::Color::White));
    })
    .await;
    let input = |name: &str, key: &str| recorder.resource(name).unwrap().inputs[key].clone();
    let dog = Value::object([("kind", text("dog")), ("chip", text("c-1").into_secret())]);
    let cat = [("kind", text("cat")), ("purrs", Value::Bool(true))];
    assert_eq!(input("members", "size"), text("large"));
    assert_eq!(input("members", "colorOrLevel"), Value::Number(3.0));
    assert_eq!(input("members", "mixed"), Value::Array(vec![text("a"), text("b")]));
    assert_eq!(input("members", "pets"), Value::Array(vec![Value::object(cat.clone()), dog.clone()]));
    let friends = cat.into_iter().chain([("friend", dog.clone())]);
    assert_eq!(input("members", "pet"), Value::object(friends));
    assert_eq!(input("members", "nested"), Value::object([("outer", Value::object([("text", text("t"))]))]));
    assert_eq!(input("others", "size"), Value::Number(3.0));
    assert_eq!(input("others", "colorOrLevel"), text("dark-red"));
    assert_eq!(input("others", "mixed"), text("a"));
    assert_eq!(input("others", "pet"), dog);
    let list = Value::Array(vec![text("a"), text("b")]);
    assert_eq!(input("others", "nested"), Value::object([("outer", Value::object([("list", list)]))]));
    assert_eq!(input("enum", "colorOrLevel"), text("#fff"));
}

#[tokio::test]
async fn a_union_is_read_as_the_member_that_it_says_it_is() {
    let recorder = run(|context| {
        let pets = [draw::CatOrDogArgs::from(draw::CatArgs::new()), draw::DogArgs::new().age(3).into()];
        let circle = draw::Circle::new(context, "circle", circle().pets(pets).size(7));
        context.export(
            "pets",
            circle.pets().map(|pets| {
                let described = pets.unwrap().into_iter().map(|pet| match pet {
                    draw::CatOrDog::Cat(cat) => format!("cat {:?}", cat.purrs),
                    draw::CatOrDog::Dog(dog) => format!("dog {:?}", dog.age),
                });
                described.collect::<Vec<_>>()
            }),
        );
        context.export("size", circle.size().map(|size| size == Some(draw::StringOrInteger::Integer(7))));
        // What was received can be sent again.
        context.export("again", circle.pets());
    })
    .await;
    let outputs = recorder.stack_outputs();
    assert_eq!(outputs["pets"], Value::Array(vec![text("cat None"), text("dog Some(3)")]));
    assert_eq!(outputs["size"], Value::Bool(true));
    let cat = Value::object([("kind", text("cat"))]);
    let dog = Value::object([("kind", text("dog")), ("age", Value::Number(3.0))]);
    assert_eq!(outputs["again"], Value::Array(vec![cat, dog]));
}

#[test]
fn a_value_that_is_no_member_of_a_union_is_an_error_that_lists_them() {
    let error = draw::StringOrInteger::from_value(Value::Bool(true)).unwrap_err().to_string();
    assert_eq!(error, "expected one of String, Integer, found a boolean");
    // The discriminator decides, also where another member would fit.
    let error = draw::CatOrDog::from_value(Value::object([("kind", text("dog")), ("age", text("old"))]));
    assert_eq!(error.unwrap_err().to_string(), "age: expected an integer, found a string");
}

#[tokio::test]
async fn what_is_plain_takes_values_known_at_once_however_nested() {
    let recorder = run(|context| {
        let option = draw::OptionTypeArgs::new().self_(true).some_kebab_name("n");
        let args = circle()
            .options([option.clone(), option.type_(0.5)])
            .plain_labels(BTreeMap::from([("a", "1")]))
            .plain_node(draw::NodeArgs::new().name("n"));
        draw::Circle::new(context, "circle", args);
    })
    .await;
    let circle = recorder.resource("circle").unwrap();
    let option = [("self", Value::Bool(true)), ("some-kebab_name", text("n"))];
    let more = Value::object(option.clone().into_iter().chain([("type", Value::Number(0.5))]));
    assert_eq!(circle.inputs["options"], Value::Array(vec![Value::object(option), more]));
    assert_eq!(circle.inputs["plainLabels"], Value::object([("a", text("1"))]));
    assert_eq!(circle.inputs["plainNode"], Value::object([("name", text("n"))]));
}

#[tokio::test]
async fn what_exists_is_read_with_the_state_that_finding_it_needs() {
    let recorder = run(|context| {
        let state = crate::missing_::ResultResourceState::new().vec("v");
        let read = crate::missing_::ResultResource::get(context, "read", "r-1", state);
        context.export("vec", read.vec());
    })
    .await;
    assert_eq!(recorder.stack_outputs()["vec"], text("found"));
}

#[tokio::test]
async fn an_answer_that_is_no_object_is_its_only_entry() {
    let recorder = run(|context| {
        let count = draw::count(context, draw::CountArgs::new().labels(["a", "b"]));
        context.export("count", count);
        context.export("secretly", draw::secretly(context).map(|words| words["word"].clone()));
    })
    .await;
    assert_eq!(recorder.stack_outputs()["count"], Value::Number(2.0));
    assert_eq!(recorder.stack_outputs()["secretly"], text("hush").into_secret());
}

#[tokio::test]
async fn a_component_of_another_language_takes_resources_gives_resources_and_has_methods() {
    let recorder = Arc::new(Recorder::new(Provider));
    let program = |context: Context| async move {
        let frame = draw::Frame::new(&context, "frame", draw::FrameArgs::new().width(3));
        let args = draw::GalleryArgs::new().best(&frame).others([&frame, &frame]);
        let gallery = draw::Gallery::new(&context, "gallery", args);
        // What comes back is a resource again, whose outputs the engine knows.
        context.export("width", gallery.best().and_then(|frame| frame.width()));
        let renamed = gallery.rename(&context, draw::GalleryRenameArgs::new().title("New"));
        context.export("title", renamed.map(|renamed| renamed.title));
        context.export("size", gallery.size(&context).await?);
        let provider = crate::Provider::new(&context, "mine", crate::ProviderArgs::new());
        context.export("provider", provider.describe(&context).map(|described| described.result));
        Ok::<_, pulumi::Error>(())
    };
    pulumi::run_with(recorder.clone(), RunInfo::new("shapes", "test"), program).await.unwrap();

    let gallery = recorder.resource("gallery").unwrap();
    let frame = recorder.resource("frame").unwrap();
    assert!(gallery.request.remote && !gallery.request.custom);
    let is_frame = |value: &Value| matches!(value, Value::Resource(reference) if reference.urn == frame.urn);
    assert!(is_frame(&gallery.inputs["best"]), "{gallery:?}");
    let Value::Array(others) = &gallery.inputs["others"] else { panic!("{gallery:?}") };
    assert!(others.len() == 2 && others.iter().all(is_frame), "{others:?}");
    let outputs = recorder.stack_outputs();
    assert_eq!(outputs["width"], Value::Number(3.0));
    assert_eq!(outputs["title"], text("New"));
    assert_eq!(outputs["size"], Value::Number(7.0));
    assert_eq!(outputs["provider"], text("mine"));
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
    let kept = [include_str!("draw.rs"), include_str!("missing_.rs"), include_str!("root.rs")];
    for (file, kept) in files.iter().zip(kept) {
        assert!(file.text == kept, "{} is not current: see main.rs for how it is written anew", file.path);
    }
    assert_eq!(files.len(), 3);
}
