//! Packages that are made by parameters, which the engine gives a name for each run.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use futures::FutureExt as _;
use futures::future::{BoxFuture, Shared as SharedFuture};

use super::Shared;
use crate::error::{Error, Failure};
use crate::resource::{Package, Parameterization};
use crate::tracker::lock;
use crate::wire;

type Reference = SharedFuture<BoxFuture<'static, Result<String, Error>>>;

/// The packages that this run has registered, or is about to.
#[derive(Default)]
pub(super) struct Packages(Mutex<BTreeMap<Package, Reference>>);

impl Shared {
    /// What requests name a package by; empty where it is named by its type's token alone.
    pub(super) async fn package_reference(
        self: &Arc<Self>,
        package: Option<&'static Package>,
    ) -> Result<String, Error> {
        let Some(package) = package else { return Ok(String::new()) };
        let reference = lock(&self.packages.0)
            .entry(*package)
            .or_insert_with(|| {
                let shared = Arc::clone(self);
                let failed = |source| Failure::Package { name: package.name.to_owned(), source }.into();
                async move { shared.register_package(package).await.map_err(failed) }.boxed().shared()
            })
            .clone();
        reference.await
    }

    async fn register_package(&self, package: &Package) -> Result<String, Error> {
        self.require("parameterization").await?;
        let of = |parameterization: Parameterization| wire::Parameterization {
            name: parameterization.name.to_owned(),
            version: parameterization.version.to_owned(),
            value: parameterization.value.to_vec(),
        };
        let request = wire::RegisterPackageRequest {
            name: package.name.to_owned(),
            version: package.version.to_owned(),
            download_url: package.download_url.to_owned(),
            parameterization: package.parameterization.map(of),
            extension: package.extension.map(of),
            ..wire::RegisterPackageRequest::default()
        };
        Ok(self.call(|monitor| async move { monitor.register_package(request).await }).await?.r#ref)
    }
}
