//! What a schema says about a type of resources, and about a function.

/// A type of resources, as generated code declares it.
#[derive(Debug, Clone, Copy)]
pub struct ResourceType {
    pub(crate) token: &'static str,
    pub(crate) version: &'static str,
    pub(crate) plugin_download_url: &'static str,
    pub(crate) package: Option<&'static Package>,
    pub(crate) aliases: &'static [&'static str],
    pub(crate) secret_inputs: &'static [&'static str],
    pub(crate) secret_outputs: &'static [&'static str],
    pub(crate) replace_on_changes: &'static [&'static str],
}

impl ResourceType {
    /// A type with its token, and the version of its package's plugin (empty where there is none).
    pub const fn new(token: &'static str, version: &'static str) -> Self {
        Self {
            token,
            version,
            plugin_download_url: "",
            package: None,
            aliases: &[],
            secret_inputs: &[],
            secret_outputs: &[],
            replace_on_changes: &[],
        }
    }

    /// Where the plugin is downloaded from, for packages outside Pulumi's registry.
    #[must_use]
    pub const fn plugin_download_url(mut self, url: &'static str) -> Self {
        self.plugin_download_url = url;
        self
    }

    /// The package that it belongs to, where that is parameterized: then requests name the package, and no version.
    #[must_use]
    pub const fn package(mut self, package: &'static Package) -> Self {
        self.package = Some(package);
        self
    }

    /// The type's former tokens.
    #[must_use]
    pub const fn aliases(mut self, tokens: &'static [&'static str]) -> Self {
        self.aliases = tokens;
        self
    }

    /// Inputs that are always secret.
    #[must_use]
    pub const fn secret_inputs(mut self, keys: &'static [&'static str]) -> Self {
        self.secret_inputs = keys;
        self
    }

    /// Outputs that are always secret.
    #[must_use]
    pub const fn secret_outputs(mut self, keys: &'static [&'static str]) -> Self {
        self.secret_outputs = keys;
        self
    }

    /// Properties whose changes always replace the resource.
    #[must_use]
    pub const fn replace_on_changes(mut self, paths: &'static [&'static str]) -> Self {
        self.replace_on_changes = paths;
        self
    }

    /// The type's token.
    pub const fn token(&self) -> &'static str {
        self.token
    }
}

/// A function of a provider, as generated code declares it.
#[derive(Debug, Clone, Copy)]
pub struct FunctionType {
    pub(crate) token: &'static str,
    pub(crate) version: &'static str,
    pub(crate) plugin_download_url: &'static str,
    pub(crate) package: Option<&'static Package>,
}

impl FunctionType {
    /// A function with its token, and the version of its package's plugin (empty where there is none).
    pub const fn new(token: &'static str, version: &'static str) -> Self {
        Self { token, version, plugin_download_url: "", package: None }
    }

    /// Where the plugin is downloaded from, for packages outside Pulumi's registry.
    #[must_use]
    pub const fn plugin_download_url(mut self, url: &'static str) -> Self {
        self.plugin_download_url = url;
        self
    }

    /// The package that it belongs to, where that is parameterized: then requests name the package, and no version.
    #[must_use]
    pub const fn package(mut self, package: &'static Package) -> Self {
        self.package = Some(package);
        self
    }
}

/// A package that is made of another one by parameters, or extends it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Package {
    /// The name of the plugin's own package.
    pub name: &'static str,
    /// The version of the plugin.
    pub version: &'static str,
    /// Where the plugin is downloaded from; empty for Pulumi's registry.
    pub download_url: &'static str,
    /// The package that takes its place.
    pub parameterization: Option<Parameterization>,
    /// The package that is added to it.
    pub extension: Option<Parameterization>,
}

/// What parameters make of a plugin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Parameterization {
    /// The package's name.
    pub name: &'static str,
    /// The package's version.
    pub version: &'static str,
    /// What the plugin is given.
    pub value: &'static [u8],
}
