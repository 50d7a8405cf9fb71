// Generated from the package's schema. Do not edit.

/// The resource `shapes:missing/result:Result`.
#[derive(Debug, Clone)]
pub struct ResultResource {
    resource: ::pulumi::CustomResource,
}

impl ResultResource {
    /// The resource's type, with the plugin's version.
    pub const TYPE: ::pulumi::ResourceType = ::pulumi::ResourceType::new("shapes:missing/result:Result", "1.2.3");

    /// Registers the resource.
    #[inline]
    #[track_caller]
    pub fn new(context: &::pulumi::Context, name: impl Into<String>, args: ResultResourceArgs) -> Self {
        Self::with_options(context, name, args, ::pulumi::ResourceOptions::new())
    }

    /// Registers the resource with options.
    #[inline]
    #[track_caller]
    pub fn with_options(
        context: &::pulumi::Context,
        name: impl Into<String>,
        args: ResultResourceArgs,
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
        state: ResultResourceState,
    ) -> Self {
        Self::get_with_options(context, name, id, state, ::pulumi::ResourceOptions::new())
    }

    /// Reads a resource that exists already, with options.
    /// The state is what is known of it beside its identifier.
    #[inline]
    #[track_caller]
    pub fn get_with_options(
        context: &::pulumi::Context,
        name: impl Into<String>,
        id: impl Into<::pulumi::Input<String>>,
        state: ResultResourceState,
        options: ::pulumi::ResourceOptions,
    ) -> Self {
        Self { resource: context.read_resource(&Self::TYPE, name.into(), id.into(), state.inputs, options) }
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

    /// `vec`.
    #[inline]
    #[must_use]
    pub fn vec(&self) -> ::pulumi::Output<String> {
        self.resource.output("vec")
    }
}

impl ::pulumi::Resource for ResultResource {
    #[inline]
    fn handle(&self) -> &::pulumi::ResourceHandle {
        self.resource.handle()
    }
}

impl ::pulumi::ToInput for ResultResource {
    #[inline]
    fn to_input(&self) -> ::pulumi::Property {
        ::pulumi::ToInput::to_input(&self.resource)
    }
}

/// Inputs of [`ResultResource`].
///
/// Required: `vec`.
#[derive(Debug, Clone)]
pub struct ResultResourceArgs<Vec_ = ::pulumi::Provided> {
    inputs: ::pulumi::Inputs,
    given: ::std::marker::PhantomData<fn() -> (Vec_,)>,
}

impl ResultResourceArgs<crate::missing_::missing::MissingVec> {
    /// Nothing set yet; what is required must be.
    #[allow(clippy::new_without_default, reason = "without its required inputs it is of no use")]
    #[inline]
    #[must_use]
    pub fn new() -> Self {
        let inputs = ::pulumi::Inputs::new();
        Self { inputs, given: ::std::marker::PhantomData }
    }
}

impl<Vec_> ResultResourceArgs<Vec_> {
    /// `vec`, required.
    #[inline]
    #[must_use]
    pub fn vec(mut self, value: impl Into<::pulumi::Input<String>>) -> ResultResourceArgs<::pulumi::Provided> {
        self.inputs.set("vec", value.into());
        ResultResourceArgs { inputs: self.inputs, given: ::std::marker::PhantomData }
    }
}

impl ::pulumi::ToInput for ResultResourceArgs<::pulumi::Provided> {
    #[inline]
    fn to_input(&self) -> ::pulumi::Property {
        ::pulumi::ToInput::to_input(&self.inputs)
    }
}

impl<Vec_> ::pulumi::Args for ResultResourceArgs<Vec_> {}

/// What helps to find an existing [`ResultResource`].
///
/// Required: `vec`.
#[derive(Debug, Clone)]
pub struct ResultResourceState<Vec_ = ::pulumi::Provided> {
    inputs: ::pulumi::Inputs,
    given: ::std::marker::PhantomData<fn() -> (Vec_,)>,
}

impl ResultResourceState<crate::missing_::missing::MissingVec> {
    /// Nothing set yet; what is required must be.
    #[allow(clippy::new_without_default, reason = "without its required inputs it is of no use")]
    #[inline]
    #[must_use]
    pub fn new() -> Self {
        let inputs = ::pulumi::Inputs::new();
        Self { inputs, given: ::std::marker::PhantomData }
    }
}

impl<Vec_> ResultResourceState<Vec_> {
    /// `vec`, required.
    #[inline]
    #[must_use]
    pub fn vec(mut self, value: impl Into<::pulumi::Input<String>>) -> ResultResourceState<::pulumi::Provided> {
        self.inputs.set("vec", value.into());
        ResultResourceState { inputs: self.inputs, given: ::std::marker::PhantomData }
    }
}

impl ::pulumi::ToInput for ResultResourceState<::pulumi::Provided> {
    #[inline]
    fn to_input(&self) -> ::pulumi::Property {
        ::pulumi::ToInput::to_input(&self.inputs)
    }
}

impl<Vec_> ::pulumi::Args for ResultResourceState<Vec_> {}

/// Names of required inputs: a type such as `FunctionArgs<MissingRole>` lacks that one.
pub mod missing {
    /// The input `vec`.
    #[derive(Debug, Clone, Copy)]
    pub enum MissingVec {}
}

