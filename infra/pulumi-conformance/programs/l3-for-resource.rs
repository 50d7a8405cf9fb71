//! Inputs made of the list that a resource gives.
//!
//! ```cargo
//! [dependencies]
//! pulumi-nestedobject = "1.42.0"
//! ```

use std::process::ExitCode;

use pulumi::{Context, Input, ToInput};
use pulumi_nestedobject::{Container, ContainerArgs, MapContainer, MapContainerArgs, Receiver, ReceiverArgs};
use std::collections::BTreeMap;

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let source = Container::new(&context, "source", ContainerArgs::new().inputs(["a", "b", "c"]));

    let details = source.details().map(|details| {
        let received = details.into_iter().map(|detail| {
            BTreeMap::from([("key".to_owned(), detail.key), ("value".to_owned(), detail.value)])
        });
        received.collect::<Vec<_>>()
    });
    let details = Input::from_property(details.to_input());
    Receiver::new(&context, "receiver", ReceiverArgs::new().details(details));

    let values =
        source.details().map(|details| details.into_iter().map(|detail| detail.value).collect::<Vec<_>>());
    Container::new(&context, "fromSimple", ContainerArgs::new().inputs(values));

    let tags = source.details().map(|details| {
        details.into_iter().map(|detail| (detail.key, detail.value)).collect::<BTreeMap<_, _>>()
    });
    MapContainer::new(&context, "mapped", MapContainerArgs::new().tags(tags));
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
