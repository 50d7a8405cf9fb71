// Generated from the package's schema. Do not edit.

/// The package's module `draw`.
#[allow(unused_qualifications, reason = "paths are whole, so that nothing hides them")]
pub mod draw;

/// The package's module `missing_`.
#[allow(unused_qualifications, reason = "paths are whole, so that nothing hides them")]
pub mod missing_;

/// An instance of the provider of `shapes`, with its own configuration.
#[derive(Debug, Clone)]
pub struct Provider {
    resource: ::pulumi::CustomResource,
}

impl Provider {
    /// The resource's type, with the plugin's version.
    pub const TYPE: ::pulumi::ResourceType = ::pulumi::ResourceType::new("pulumi:providers:shapes", "1.2.3");

    /// Registers the resource.
    #[inline]
    #[track_caller]
    pub fn new(context: &::pulumi::Context, name: impl Into<String>, args: ProviderArgs) -> Self {
        Self::with_options(context, name, args, ::pulumi::ResourceOptions::new())
    }

    /// Registers the resource with options.
    #[inline]
    #[track_caller]
    pub fn with_options(
        context: &::pulumi::Context,
        name: impl Into<String>,
        args: ProviderArgs,
        options: ::pulumi::ResourceOptions,
    ) -> Self {
        Self { resource: context.custom_resource(&Self::TYPE, name.into(), args.inputs, options) }
    }

    /// The provider's identifier of the resource.
    #[inline]
    #[must_use]
    pub fn id(&self) -> ::pulumi::Output<String> {
        self.resource.id()
    }

    /// Pulumi's name of the resource.
    #[inline]
    #[must_use]
    pub fn urn(&self) -> ::pulumi::Output<String> {
        self.resource.urn()
    }

    /// The method `describe`.
    #[track_caller]
    pub fn describe(
        &self,
        context: &::pulumi::Context,
    ) -> ::pulumi::Output<crate::ProviderDescribeResult> {
        context.call(&::pulumi::FunctionType::new("pulumi:providers:shapes/describe", "1.2.3"), self, ::pulumi::Inputs::new())
    }
}

impl ::pulumi::Resource for Provider {
    #[inline]
    fn handle(&self) -> &::pulumi::ResourceHandle {
        self.resource.handle()
    }
}

impl ::pulumi::ToInput for Provider {
    #[inline]
    fn to_input(&self) -> ::pulumi::Property {
        ::pulumi::ToInput::to_input(&self.resource)
    }
}

/// The answer of [`Provider::describe`].
#[derive(Debug, Clone, PartialEq)]
pub struct ProviderDescribeResult {
    /// `result`.
    pub result: String,
}

impl ::pulumi::FromValue for ProviderDescribeResult {
    #[inline]
    fn from_value(value: ::pulumi::Value) -> Result<Self, ::pulumi::ValueError> {
        let mut fields = ::pulumi::Fields::new(value)?;
        Ok(Self {
            result: fields.take("result")?,
        })
    }
}

impl ::pulumi::ToInput for ProviderDescribeResult {
    fn to_input(&self) -> ::pulumi::Property {
        ::pulumi::Property::object([
            ("result", ::pulumi::ToInput::to_input(&self.result)),
        ])
    }
}

/// Inputs of [`Provider`].
#[derive(Debug, Clone)]
pub struct ProviderArgs {
    inputs: ::pulumi::Inputs,
}

impl ProviderArgs {
    /// Nothing set yet.
    #[inline]
    #[must_use]
    pub fn new() -> Self {
        let inputs = ::pulumi::Inputs::new();
        Self { inputs }
    }
}

impl ProviderArgs {
    /// `token`.
    #[inline]
    #[must_use]
    pub fn token(mut self, value: impl Into<::pulumi::Input<String>>) -> Self {
        self.inputs.set_secret("token", value.into());
        self
    }
}

impl ::pulumi::ToInput for ProviderArgs {
    #[inline]
    fn to_input(&self) -> ::pulumi::Property {
        ::pulumi::ToInput::to_input(&self.inputs)
    }
}

impl ::pulumi::Args for ProviderArgs {}

impl Default for ProviderArgs {
    #[inline]
    fn default() -> Self {
        Self::new()
    }
}

/// The resource `shapes:index/canvas:Canvas`.
#[derive(Debug, Clone)]
pub struct Canvas {
    resource: ::pulumi::CustomResource,
}

impl Canvas {
    /// The resource's type, with the plugin's version.
    pub const TYPE: ::pulumi::ResourceType = ::pulumi::ResourceType::new("shapes:index/canvas:Canvas", "1.2.3");

    /// Registers the resource.
    #[inline]
    #[track_caller]
    pub fn new(context: &::pulumi::Context, name: impl Into<String>, args: CanvasArgs) -> Self {
        Self::with_options(context, name, args, ::pulumi::ResourceOptions::new())
    }

    /// Registers the resource with options.
    #[inline]
    #[track_caller]
    pub fn with_options(
        context: &::pulumi::Context,
        name: impl Into<String>,
        args: CanvasArgs,
        options: ::pulumi::ResourceOptions,
    ) -> Self {
        Self { resource: context.custom_resource(&Self::TYPE, name.into(), args.inputs, options) }
    }

    /// Reads a resource that exists already, by its identifier, without managing it.
    #[inline]
    #[track_caller]
    pub fn get(
        context: &::pulumi::Context,
        name: impl Into<String>,
        id: impl Into<::pulumi::Input<String>>,
    ) -> Self {
        Self::get_with_options(context, name, id, ::pulumi::ResourceOptions::new())
    }

    /// Reads a resource that exists already, with options.
    #[inline]
    #[track_caller]
    pub fn get_with_options(
        context: &::pulumi::Context,
        name: impl Into<String>,
        id: impl Into<::pulumi::Input<String>>,
        options: ::pulumi::ResourceOptions,
    ) -> Self {
        Self { resource: context.read_resource(&Self::TYPE, name.into(), id.into(), ::pulumi::Inputs::new(), options) }
    }

    /// The provider's identifier of the resource.
    #[inline]
    #[must_use]
    pub fn id(&self) -> ::pulumi::Output<String> {
        self.resource.id()
    }

    /// Pulumi's name of the resource.
    #[inline]
    #[must_use]
    pub fn urn(&self) -> ::pulumi::Output<String> {
        self.resource.urn()
    }
}

impl ::pulumi::Resource for Canvas {
    #[inline]
    fn handle(&self) -> &::pulumi::ResourceHandle {
        self.resource.handle()
    }
}

impl ::pulumi::ToInput for Canvas {
    #[inline]
    fn to_input(&self) -> ::pulumi::Property {
        ::pulumi::ToInput::to_input(&self.resource)
    }
}

/// Inputs of [`Canvas`].
#[derive(Debug, Clone)]
pub struct CanvasArgs {
    inputs: ::pulumi::Inputs,
}

impl CanvasArgs {
    /// Nothing set yet.
    #[inline]
    #[must_use]
    pub fn new() -> Self {
        let inputs = ::pulumi::Inputs::new();
        Self { inputs }
    }
}

impl CanvasArgs {
}

impl ::pulumi::ToInput for CanvasArgs {
    #[inline]
    fn to_input(&self) -> ::pulumi::Property {
        ::pulumi::ToInput::to_input(&self.inputs)
    }
}

impl ::pulumi::Args for CanvasArgs {}

impl Default for CanvasArgs {
    #[inline]
    fn default() -> Self {
        Self::new()
    }
}

/// Asks the provider by `shapes:index/getCanvas:getCanvas`.
#[inline]
#[track_caller]
pub fn get_canvas(
    context: &::pulumi::Context,
    args: GetCanvasArgs,
) -> ::pulumi::Output<GetCanvasResult> {
    context.invoke(&::pulumi::FunctionType::new("shapes:index/getCanvas:getCanvas", "1.2.3"), args.inputs, ::pulumi::InvokeOptions::new())
}

/// Asks the provider by `shapes:index/getCanvas:getCanvas`.
#[inline]
#[track_caller]
pub fn get_canvas_with_options(
    context: &::pulumi::Context,
    args: GetCanvasArgs,
    options: ::pulumi::InvokeOptions,
) -> ::pulumi::Output<GetCanvasResult> {
    context.invoke(&::pulumi::FunctionType::new("shapes:index/getCanvas:getCanvas", "1.2.3"), args.inputs, options)
}

/// Asks the provider by `shapes:index/getCanvas:getCanvas`.
///
/// Waits for the answer, which is a plain value: for programs that branch on it.
///
/// # Errors
/// When the call fails, or when an argument or the answer is not known yet.
pub async fn get_canvas_plain(
    context: &::pulumi::Context,
    args: GetCanvasArgs,
) -> Result<GetCanvasResult, ::pulumi::Error> {
    context.invoke_plain(&::pulumi::FunctionType::new("shapes:index/getCanvas:getCanvas", "1.2.3"), args.inputs, ::pulumi::InvokeOptions::new()).await
}

/// Asks the provider by `shapes:index/getCanvas:getCanvas`.
///
/// Waits for the answer, which is a plain value: for programs that branch on it.
///
/// # Errors
/// When the call fails, or when an argument or the answer is not known yet.
pub async fn get_canvas_plain_with_options(
    context: &::pulumi::Context,
    args: GetCanvasArgs,
    options: ::pulumi::InvokeOptions,
) -> Result<GetCanvasResult, ::pulumi::Error> {
    context.invoke_plain(&::pulumi::FunctionType::new("shapes:index/getCanvas:getCanvas", "1.2.3"), args.inputs, options).await
}

/// Inputs of [`get_canvas`].
///
/// Required: `name`.
#[derive(Debug, Clone)]
pub struct GetCanvasArgs<Name = ::pulumi::Provided> {
    inputs: ::pulumi::Inputs,
    given: ::std::marker::PhantomData<fn() -> (Name,)>,
}

impl GetCanvasArgs<crate::missing::MissingName> {
    /// Nothing set yet; what is required must be.
    #[allow(clippy::new_without_default, reason = "without its required inputs it is of no use")]
    #[inline]
    #[must_use]
    pub fn new() -> Self {
        let inputs = ::pulumi::Inputs::new();
        Self { inputs, given: ::std::marker::PhantomData }
    }
}

impl<Name> GetCanvasArgs<Name> {
    /// `name`, required.
    #[inline]
    #[must_use]
    pub fn name(mut self, value: impl Into<::pulumi::Input<String>>) -> GetCanvasArgs<::pulumi::Provided> {
        self.inputs.set("name", value.into());
        GetCanvasArgs { inputs: self.inputs, given: ::std::marker::PhantomData }
    }
}

impl ::pulumi::ToInput for GetCanvasArgs<::pulumi::Provided> {
    #[inline]
    fn to_input(&self) -> ::pulumi::Property {
        ::pulumi::ToInput::to_input(&self.inputs)
    }
}

impl<Name> ::pulumi::Args for GetCanvasArgs<Name> {}

/// The answer of [`get_canvas`].
#[derive(Debug, Clone, PartialEq)]
pub struct GetCanvasResult {
    /// `id`.
    pub id: String,
    /// `size`.
    pub size: Option<i64>,
}

impl ::pulumi::FromValue for GetCanvasResult {
    #[inline]
    fn from_value(value: ::pulumi::Value) -> Result<Self, ::pulumi::ValueError> {
        let mut fields = ::pulumi::Fields::new(value)?;
        Ok(Self {
            id: fields.take("id")?,
            size: fields.take("size")?,
        })
    }
}

impl ::pulumi::ToInput for GetCanvasResult {
    fn to_input(&self) -> ::pulumi::Property {
        ::pulumi::Property::object([
            ("id", ::pulumi::ToInput::to_input(&self.id)),
            ("size", ::pulumi::ToInput::to_input(&self.size)),
        ])
    }
}

/// Names of required inputs: a type such as `FunctionArgs<MissingRole>` lacks that one.
pub mod missing {
    /// The input `name`.
    #[derive(Debug, Clone, Copy)]
    pub enum MissingName {}
}

