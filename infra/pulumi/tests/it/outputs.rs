//! Outputs by themselves: knownness, secretness, dependencies, errors.

use pulumi::{Json, Output, ToInput, Value, all, interpolate, json};

#[tokio::test]
async fn what_is_made_of_an_unknown_is_unknown_and_its_callback_never_runs() {
    let unknown = Output::<i64>::unknown();
    let mapped = unknown.map(|_| -> i64 { panic!("called") });
    assert_eq!(mapped.value().await.unwrap(), None);
    assert_eq!(all((Output::known(1), unknown)).value().await.unwrap(), None);
}

#[tokio::test]
async fn what_is_made_of_a_secret_is_secret() {
    let secret = Output::secret("hunter2".to_owned());
    assert!(secret.map(|text| text.len() as i64).is_secret().await.unwrap());
    assert!(interpolate!("{}:{}", "user", &secret).is_secret().await.unwrap());
    assert!(all((Output::known(1), secret.clone())).is_secret().await.unwrap());
    assert!(json!({ "password": &secret }).to_text().is_secret().await.unwrap());
    let inner = secret.clone();
    assert!(Output::known(1).and_then(move |_| inner).is_secret().await.unwrap());
    assert!(!secret.unsecret().is_secret().await.unwrap());
    assert!(Output::known(1).to_secret().is_secret().await.unwrap());
}

#[tokio::test]
async fn an_error_in_a_callback_rejects_everything_that_is_made_of_it() {
    let failed = Output::known(1).try_map(|_| Err::<i64, _>("no such zone"));
    let error = failed.map(|value| value + 1).value().await.unwrap_err();
    assert_eq!(error.chain(), "a callback of an output failed: no such zone");
    let error = all((Output::known(1), failed)).value().await.unwrap_err();
    assert_eq!(error.chain(), "a callback of an output failed: no such zone");
}

#[tokio::test]
async fn a_panic_in_a_callback_is_an_error() {
    let error = Output::known(1).map(|_| -> i64 { panic!("out of zones") }).value().await.unwrap_err();
    assert_eq!(error.chain(), "a callback of an output panicked: out of zones");
}

#[tokio::test]
async fn a_vector_of_outputs_is_an_output_of_a_vector_in_the_same_order() {
    let outputs = vec![Output::known(3), Output::known(1), Output::known(2)];
    assert_eq!(all(outputs).value().await.unwrap(), Some(vec![3, 1, 2]));
    assert_eq!(all(Vec::<Output<i64>>::new()).value().await.unwrap(), Some(vec![]));
}

#[tokio::test]
async fn json_takes_values_outputs_lists_and_nesting_and_keeps_numbers_whole() {
    let bucket = Output::known("arn:aws:s3:::b".to_owned());
    let actions = vec!["s3:GetObject", "s3:PutObject"];
    let text = json!({
        "Statement": [
            { "Action": actions, "Resource": [&bucket, interpolate!("{}/x", &bucket)], "Null": null, "Empty": {} },
            [],
            1 + 1,
            1.5,
            true,
        ],
        ("computed".to_owned()): "key",
    })
    .to_text();
    assert_eq!(
        text.value().await.unwrap().unwrap(),
        r#"{"Statement":[{"Action":["s3:GetObject","s3:PutObject"],"Empty":{},"Null":null,"Resource":["arn:aws:s3:::b","arn:aws:s3:::b/x"]},[],2,1.5,true],"computed":"key"}"#
    );
}

#[tokio::test]
async fn json_text_is_unknown_while_anything_in_it_is() {
    let json: Json = json!({ "known": 1, "unknown": Output::<String>::unknown() });
    assert_eq!(json.to_text().value().await.unwrap(), None);
}

#[tokio::test]
async fn a_field_is_known_as_soon_as_it_is_there_even_while_others_are_not() {
    let output =
        Output::known(Value::object([("arn", Value::String("arn:x".to_owned())), ("id", Value::Unknown)]));
    assert_eq!(output.field::<String>("arn").value().await.unwrap().as_deref(), Some("arn:x"));
    assert_eq!(output.field::<String>("id").value().await.unwrap(), None);
    assert_eq!(output.field::<Option<String>>("none").value().await.unwrap(), Some(None));
}

#[test]
fn an_integer_beyond_what_the_wire_carries_is_no_property() {
    assert!(matches!(((1_i64 << 53) + 1).to_input(), pulumi::Property::Invalid(_)));
}

#[tokio::test]
async fn futures_become_outputs() {
    let output = Output::from_future(async { Ok::<_, std::io::Error>(7) });
    assert_eq!(output.value().await.unwrap(), Some(7));
    let error = Output::<i64>::from_future(async { Err("gone") }).value().await.unwrap_err();
    assert_eq!(error.chain(), "a future of an output failed: gone");
}

#[tokio::test]
async fn json_goes_both_ways_and_what_is_secret_is_not_quoted() {
    let value =
        Output::known(Value::object([("ports", Value::Array(vec![Value::Number(80.0)]))])).to_secret();
    let text = value.to_json();
    assert!(text.is_secret().await.unwrap());
    assert_eq!(text.from_json::<Value>().value().await.unwrap(), value.value().await.unwrap());
    let error = Output::secret("hunter2".to_owned()).from_json::<Value>().value().await.unwrap_err();
    assert_eq!(error.chain(), "a callback of an output failed: no JSON: line 1, column 1");
    assert_eq!(Output::<String>::unknown().from_json::<Value>().value().await.unwrap(), None);
}

#[tokio::test]
async fn an_error_that_is_recovered_from_no_longer_fails_the_run_unless_a_resource_is_missing() {
    let (recorder, result) = crate::monitors::recorded(|context| async move {
        let port = Output::known("many".to_owned()).try_map(|text| text.parse::<i64>());
        let port = port.recover(|error| {
            assert!(error.chain().contains("invalid digit"), "{}", error.chain());
            80
        });
        context.export("port", port);
        Ok(())
    })
    .await;
    result.unwrap();
    assert_eq!(recorder.stack_outputs()["port"], Value::Number(80.0));

    let (recorder, result) = crate::monitors::recorded(|context| async move {
        let none = pulumi::Inputs::new().with("bad", f64::NAN);
        let failing = crate::monitors::thing(&context, "failing", none);
        let id = failing.id().recover(|error| error.to_string());
        crate::monitors::thing(&context, "next", pulumi::Inputs::new().with("id", id));
        Ok(())
    })
    .await;
    assert!(result.unwrap_err().to_string().starts_with("resource failing"));
    let next = recorder.resource("next").unwrap();
    assert_eq!(
        next.inputs["id"],
        Value::String("resource failing [test:index:Thing] failed to register".to_owned())
    );
}
