//! What a schema says about a type of resources, and about a function.

/// A type of resources, as generated code declares it.
#[derive(Debug, Clone, Copy)]
pub struct ResourceType {
    pub(crate) token: &'static str,
    pub(crate) version: &'static str,
    pub(crate) plugin_download_url: &'static str,
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
}

impl FunctionType {
    /// A function with its token, and the version of its package's plugin (empty where there is none).
    pub const fn new(token: &'static str, version: &'static str) -> Self {
        Self { token, version, plugin_download_url: "" }
    }

    /// Where the plugin is downloaded from, for packages outside Pulumi's registry.
    #[must_use]
    pub const fn plugin_download_url(mut self, url: &'static str) -> Self {
        self.plugin_download_url = url;
        self
    }
}
