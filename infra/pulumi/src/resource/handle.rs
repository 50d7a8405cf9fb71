//! A registered resource, by which others refer to it.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Arc, Mutex};

use futures::FutureExt as _;
use futures::future::{BoxFuture, Shared};
use tokio::sync::watch;

use super::{Dependencies, Identifier, Registered};
use crate::error::{Error, Failure};
use crate::input::{Property, Resolved};
use crate::tracker::lock;
use crate::value::{ResourceReference, Value, ValueError};

/// A registration that is waited for.
pub(crate) type Registration = Shared<BoxFuture<'static, Result<Arc<Registered>, Error>>>;

/// A registered resource, by which options and values refer to it.
#[derive(Clone)]
pub struct ResourceHandle {
    pub(crate) node: Arc<Node>,
}

/// What kind of resource it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A provider makes it.
    Custom,
    /// It holds others, and this program makes them.
    Component,
    /// It holds others, and its provider makes them.
    Remote,
}

pub(crate) struct Node {
    /// Counts up by the order of registration.
    pub(crate) number: u64,
    pub(crate) token: String,
    pub(crate) name: String,
    pub(crate) kind: Kind,
    /// The version of the package, for references.
    pub(crate) version: String,
    /// The outputs that are secret, also while they are not known.
    pub(crate) secret_outputs: Vec<String>,
    /// The numbers of the parent and its parents.
    pub(crate) ancestors: BTreeSet<u64>,
    pub(crate) children: Mutex<Vec<ResourceHandle>>,
    pub(crate) registration: Registration,
    /// Whether a component has all of its children.
    pub(crate) complete: watch::Sender<bool>,
}

impl ResourceHandle {
    /// The resource's name in the program.
    pub fn name(&self) -> &str {
        &self.node.name
    }

    /// The resource's type.
    pub fn token(&self) -> &str {
        &self.node.token
    }

    pub(crate) async fn registered(&self) -> Result<Arc<Registered>, Error> {
        self.node.registration.clone().await
    }

    pub(crate) fn registration_error(&self, source: Error) -> Error {
        Failure::Registration { name: self.node.name.clone(), token: self.node.token.clone(), source }.into()
    }

    pub(crate) fn property_error(&self, property: &str, source: ValueError) -> Error {
        Failure::Property {
            property: property.to_owned(),
            name: self.node.name.clone(),
            token: self.node.token.clone(),
            source,
        }
        .into()
    }

    /// The resource as a value.
    pub(crate) fn reference(&self) -> Property {
        let handle = self.clone();
        Property::pending(async move {
            let registered = handle.registered().await?;
            let id = match &registered.id {
                Identifier::Known(id) => Some(Some(id.clone())),
                Identifier::Unknown => Some(None),
                Identifier::None => None,
            };
            let reference = ResourceReference {
                urn: registered.urn.clone(),
                id,
                package_version: handle.node.version.clone(),
            };
            let dependencies = Dependencies::of(&handle);
            Ok(Resolved { value: Some(Value::Resource(reference)), dependencies })
        })
    }

    /// The resources that a dependency on this one means for the resource with the number `dependent`: itself, or
    /// for a component all resources in it.
    pub(crate) fn expanded(&self, dependent: Option<u64>) -> BoxFuture<'_, Result<Vec<Self>, Error>> {
        async move {
            if Some(self.node.number) == dependent {
                return Ok(Vec::new());
            }
            if self.node.kind != Kind::Component {
                self.registered().await?;
                return Ok(vec![self.clone()]);
            }
            let mut complete = self.node.complete.subscribe();
            // The sender lives in the node that this borrows.
            let _ = complete.wait_for(|complete| *complete).await;
            let children = lock(&self.node.children).clone();
            let mut resources = Vec::new();
            for child in children {
                resources.extend(child.expanded(dependent).await?);
            }
            Ok(resources)
        }
        .boxed()
    }
}

impl PartialEq for ResourceHandle {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.node, &other.node)
    }
}

impl Eq for ResourceHandle {}

impl fmt::Debug for ResourceHandle {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} [{}]", self.node.name, self.node.token)
    }
}
