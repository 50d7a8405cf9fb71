// Generated from the package's schema. Do not edit.

/// A circle.
///
/// ```text
/// let example = 1
/// ```
#[derive(Debug, Clone)]
pub struct Circle {
    resource: ::pulumi::CustomResource,
}

impl Circle {
    /// The resource's type, with the plugin's version.
    pub const TYPE: ::pulumi::ResourceType = ::pulumi::ResourceType::new("shapes:draw/circle:Circle", "1.2.3").aliases(&["shapes:old/circle:Circle"]).secret_outputs(&["secretKey"]).replace_on_changes(&["parts[*].radius"]);

    /// Registers the resource.
    #[inline]
    #[track_caller]
    pub fn new(context: &::pulumi::Context, name: impl Into<String>, args: CircleArgs) -> Self {
        Self::with_options(context, name, args, ::pulumi::ResourceOptions::new())
    }

    /// Registers the resource with options.
    #[inline]
    #[track_caller]
    pub fn with_options(
        context: &::pulumi::Context,
        name: impl Into<String>,
        args: CircleArgs,
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
        Self::get_with_options(context, name, id, CircleState::new(), ::pulumi::ResourceOptions::new())
    }

    /// Reads a resource that exists already, with options.
    /// The state is what is known of it beside its identifier.
    #[inline]
    #[track_caller]
    pub fn get_with_options(
        context: &::pulumi::Context,
        name: impl Into<String>,
        id: impl Into<::pulumi::Input<String>>,
        state: CircleState,
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

    /// `color`.
    #[inline]
    #[must_use]
    pub fn color(&self) -> ::pulumi::Output<Option<crate::draw::Color>> {
        self.resource.output("color")
    }

    /// `get`.
    ///
    /// **Deprecated.** Use `type`.
    #[inline]
    #[must_use]
    pub fn get_(&self) -> ::pulumi::Output<String> {
        self.resource.output("get")
    }

    /// `parts`.
    #[inline]
    #[must_use]
    pub fn parts(&self) -> ::pulumi::Output<Option<Vec<crate::draw::CircleType>>> {
        self.resource.output("parts")
    }

    /// `pet`.
    #[inline]
    #[must_use]
    pub fn pet(&self) -> ::pulumi::Output<Option<crate::draw::CatOrDog>> {
        self.resource.output("pet")
    }

    /// `pets`.
    #[inline]
    #[must_use]
    pub fn pets(&self) -> ::pulumi::Output<Option<Vec<crate::draw::CatOrDog>>> {
        self.resource.output("pets")
    }

    /// `secretKey`.
    #[inline]
    #[must_use]
    pub fn secret_key(&self) -> ::pulumi::Output<String> {
        self.resource.output("secretKey")
    }

    /// `size`.
    #[inline]
    #[must_use]
    pub fn size(&self) -> ::pulumi::Output<Option<crate::draw::StringOrInteger>> {
        self.resource.output("size")
    }

    /// `tree`.
    #[inline]
    #[must_use]
    pub fn tree(&self) -> ::pulumi::Output<Option<crate::draw::Node>> {
        self.resource.output("tree")
    }

    /// `type`.
    #[inline]
    #[must_use]
    pub fn type_(&self) -> ::pulumi::Output<String> {
        self.resource.output("type")
    }
}

impl ::pulumi::Resource for Circle {
    #[inline]
    fn handle(&self) -> &::pulumi::ResourceHandle {
        self.resource.handle()
    }
}

impl ::pulumi::ToInput for Circle {
    #[inline]
    fn to_input(&self) -> ::pulumi::Property {
        ::pulumi::ToInput::to_input(&self.resource)
    }
}

/// Inputs of [`Circle`].
///
/// Required: `String`, `type`.
#[derive(Debug, Clone)]
pub struct CircleArgs<String_ = ::pulumi::Provided, Type = ::pulumi::Provided> {
    inputs: ::pulumi::Inputs,
    given: ::std::marker::PhantomData<fn() -> (String_, Type,)>,
}

impl CircleArgs<crate::draw::missing::MissingString, crate::draw::missing::MissingType> {
    /// Nothing set yet; what is required must be.
    #[allow(clippy::new_without_default, reason = "without its required inputs it is of no use")]
    #[inline]
    #[must_use]
    pub fn new() -> Self {
        let mut inputs = ::pulumi::Inputs::new();
        inputs.set("canvas", ::pulumi::Input::<String>::plain(::pulumi::from_environment::<String>(&["SHAPES_TEST_CANVAS"]).unwrap_or_else(|| String::from("plain"))));
        inputs.set("new", ::pulumi::Input::<bool>::plain(true));
        inputs.set("radius", ::pulumi::Input::<i64>::plain(3));
        if let Some(value) = ::pulumi::from_environment::<bool>(&["SHAPES_TEST_UNSET"]) { inputs.set("unset", ::pulumi::Input::<bool>::plain(value)); }
        Self { inputs, given: ::std::marker::PhantomData }
    }
}

impl<String_, Type> CircleArgs<String_, Type> {
    /// `String`, required.
    #[inline]
    #[must_use]
    pub fn string(mut self, value: impl Into<::pulumi::Input<String>>) -> CircleArgs<::pulumi::Provided, Type> {
        self.inputs.set("String", value.into());
        CircleArgs { inputs: self.inputs, given: ::std::marker::PhantomData }
    }

    /// `anything`.
    #[inline]
    #[must_use]
    pub fn anything(mut self, value: impl Into<::pulumi::Input<::pulumi::Value>>) -> Self {
        self.inputs.set("anything", value.into());
        self
    }

    /// `canvas`.
    #[inline]
    #[must_use]
    pub fn canvas(mut self, value: impl Into<::pulumi::Input<String>>) -> Self {
        self.inputs.set("canvas", value.into());
        self
    }

    /// `color`.
    #[inline]
    #[must_use]
    pub fn color(mut self, value: impl Into<::pulumi::Input<crate::draw::Color>>) -> Self {
        self.inputs.set("color", value.into());
        self
    }

    /// `colorOrLevel`.
    #[inline]
    #[must_use]
    pub fn color_or_level(mut self, value: impl Into<::pulumi::Input<crate::draw::ColorOrIntegerArgs>>) -> Self {
        self.inputs.set("colorOrLevel", value.into());
        self
    }

    /// `document`.
    #[inline]
    #[must_use]
    pub fn document(mut self, value: impl Into<::pulumi::Input<String>>) -> Self {
        self.inputs.set("document", value.into());
        self
    }

    /// `elsewhere`.
    #[inline]
    #[must_use]
    pub fn elsewhere(mut self, value: impl Into<::pulumi::Input<String>>) -> Self {
        self.inputs.set("elsewhere", value.into());
        self
    }

    /// `grid`.
    #[inline]
    #[must_use]
    pub fn grid(mut self, value: impl Into<::pulumi::List<Vec<::pulumi::Input<i64>>>>) -> Self {
        self.inputs.set("grid", value.into());
        self
    }

    /// `labels`.
    #[inline]
    #[must_use]
    pub fn labels(mut self, value: impl Into<::pulumi::Map<String>>) -> Self {
        self.inputs.set("labels", value.into());
        self
    }

    /// `layer`.
    #[inline]
    #[must_use]
    pub fn layer(mut self, value: impl Into<crate::draw::Layer>) -> Self {
        self.inputs.set("layer", ::pulumi::Input::<crate::draw::Layer>::plain(value.into()));
        self
    }

    /// `mixed`.
    #[inline]
    #[must_use]
    pub fn mixed(mut self, value: impl Into<::pulumi::Input<crate::draw::StringOrStringListArgs>>) -> Self {
        self.inputs.set("mixed", value.into());
        self
    }

    /// `nested`.
    #[inline]
    #[must_use]
    pub fn nested(mut self, value: impl Into<::pulumi::Map<::std::collections::BTreeMap<String, ::pulumi::Input<crate::draw::StringOrStringListArgs>>>>) -> Self {
        self.inputs.set("nested", value.into());
        self
    }

    /// `new`.
    #[inline]
    #[must_use]
    pub fn new_(mut self, value: impl Into<::pulumi::Input<bool>>) -> Self {
        self.inputs.set("new", value.into());
        self
    }

    /// `options`.
    #[inline]
    #[must_use]
    pub fn options(mut self, value: impl IntoIterator<Item = impl Into<::pulumi::Input<crate::draw::OptionTypeArgs>>>) -> Self {
        self.inputs.set("options", value.into_iter().collect::<::pulumi::List<crate::draw::OptionTypeArgs>>());
        self
    }

    /// `parts`.
    #[inline]
    #[must_use]
    pub fn parts(mut self, value: impl Into<::pulumi::List<crate::draw::CircleTypeArgs>>) -> Self {
        self.inputs.set("parts", value.into());
        self
    }

    /// `password`.
    #[inline]
    #[must_use]
    pub fn password(mut self, value: impl Into<::pulumi::Input<String>>) -> Self {
        self.inputs.set_secret("password", value.into());
        self
    }

    /// `pet`.
    #[inline]
    #[must_use]
    pub fn pet(mut self, value: impl Into<::pulumi::Input<crate::draw::CatOrDogArgs>>) -> Self {
        self.inputs.set("pet", value.into());
        self
    }

    /// `pets`.
    #[inline]
    #[must_use]
    pub fn pets(mut self, value: impl Into<::pulumi::List<crate::draw::CatOrDogArgs>>) -> Self {
        self.inputs.set("pets", value.into());
        self
    }

    /// `picture`.
    #[inline]
    #[must_use]
    pub fn picture(mut self, value: impl Into<::pulumi::Input<::pulumi::AssetOrArchive>>) -> Self {
        self.inputs.set("picture", value.into());
        self
    }

    /// `plainLabels`.
    #[inline]
    #[must_use]
    pub fn plain_labels(mut self, value: impl IntoIterator<Item = (impl Into<String>, impl Into<::pulumi::Input<String>>)>) -> Self {
        self.inputs.set("plainLabels", value.into_iter().collect::<::pulumi::Map<String>>());
        self
    }

    /// `plainName`.
    #[inline]
    #[must_use]
    pub fn plain_name(mut self, value: impl Into<String>) -> Self {
        self.inputs.set("plainName", ::pulumi::Input::<String>::plain(value.into()));
        self
    }

    /// `plainNode`.
    #[inline]
    #[must_use]
    pub fn plain_node(mut self, value: impl Into<crate::draw::NodeArgs>) -> Self {
        self.inputs.set("plainNode", ::pulumi::Input::<crate::draw::NodeArgs>::plain(value.into()));
        self
    }

    /// `radius`.
    #[inline]
    #[must_use]
    pub fn radius(mut self, value: impl Into<::pulumi::Input<i64>>) -> Self {
        self.inputs.set("radius", value.into());
        self
    }

    /// `size`.
    #[inline]
    #[must_use]
    pub fn size(mut self, value: impl Into<::pulumi::Input<crate::draw::StringOrIntegerArgs>>) -> Self {
        self.inputs.set("size", value.into());
        self
    }

    /// `tree`.
    #[inline]
    #[must_use]
    pub fn tree(mut self, value: impl Into<::pulumi::Input<crate::draw::NodeArgs>>) -> Self {
        self.inputs.set("tree", value.into());
        self
    }

    /// How it is drawn.
    ///
    ///   indented
    #[inline]
    #[must_use]
    pub fn type_(mut self, value: impl Into<::pulumi::Input<String>>) -> CircleArgs<String_, ::pulumi::Provided> {
        self.inputs.set("type", value.into());
        CircleArgs { inputs: self.inputs, given: ::std::marker::PhantomData }
    }

    /// `unset`.
    #[inline]
    #[must_use]
    pub fn unset(mut self, value: impl Into<::pulumi::Input<bool>>) -> Self {
        self.inputs.set("unset", value.into());
        self
    }

    /// `width`.
    #[inline]
    #[must_use]
    pub fn width(mut self, value: impl Into<::pulumi::Input<crate::draw::Width>>) -> Self {
        self.inputs.set("width", value.into());
        self
    }
}

impl ::pulumi::ToInput for CircleArgs<::pulumi::Provided, ::pulumi::Provided> {
    #[inline]
    fn to_input(&self) -> ::pulumi::Property {
        ::pulumi::ToInput::to_input(&self.inputs)
    }
}

impl<String_, Type> ::pulumi::Args for CircleArgs<String_, Type> {}

/// What helps to find an existing [`Circle`].
#[derive(Debug, Clone)]
pub struct CircleState {
    inputs: ::pulumi::Inputs,
}

impl CircleState {
    /// Nothing set yet.
    #[inline]
    #[must_use]
    pub fn new() -> Self {
        let inputs = ::pulumi::Inputs::new();
        Self { inputs }
    }
}

impl CircleState {
    /// `type`.
    #[inline]
    #[must_use]
    pub fn type_(mut self, value: impl Into<::pulumi::Input<String>>) -> Self {
        self.inputs.set("type", value.into());
        self
    }
}

impl ::pulumi::ToInput for CircleState {
    #[inline]
    fn to_input(&self) -> ::pulumi::Property {
        ::pulumi::ToInput::to_input(&self.inputs)
    }
}

impl ::pulumi::Args for CircleState {}

impl Default for CircleState {
    #[inline]
    fn default() -> Self {
        Self::new()
    }
}

/// The resource `shapes:draw/frame:Frame`.
#[derive(Debug, Clone)]
pub struct Frame {
    resource: ::pulumi::CustomResource,
}

impl Frame {
    /// The resource's type, with the plugin's version.
    pub const TYPE: ::pulumi::ResourceType = ::pulumi::ResourceType::new("shapes:draw/frame:Frame", "1.2.3");

    /// Registers the resource.
    #[inline]
    #[track_caller]
    pub fn new(context: &::pulumi::Context, name: impl Into<String>, args: FrameArgs) -> Self {
        Self::with_options(context, name, args, ::pulumi::ResourceOptions::new())
    }

    /// Registers the resource with options.
    #[inline]
    #[track_caller]
    pub fn with_options(
        context: &::pulumi::Context,
        name: impl Into<String>,
        args: FrameArgs,
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

    /// `width`.
    #[inline]
    #[must_use]
    pub fn width(&self) -> ::pulumi::Output<i64> {
        self.resource.output("width")
    }
}

impl ::pulumi::Resource for Frame {
    #[inline]
    fn handle(&self) -> &::pulumi::ResourceHandle {
        self.resource.handle()
    }
}

impl ::pulumi::ToInput for Frame {
    #[inline]
    fn to_input(&self) -> ::pulumi::Property {
        ::pulumi::ToInput::to_input(&self.resource)
    }
}

impl ::pulumi::FromValue for Frame {
    fn from_value(value: ::pulumi::Value) -> Result<Self, ::pulumi::ValueError> {
        Ok(Self { resource: ::pulumi::FromValue::from_value(value)? })
    }
}

impl From<&Frame> for ::pulumi::Input<Frame> {
    fn from(resource: &Frame) -> Self {
        Self::plain(resource.clone())
    }
}

impl From<&Frame> for Frame {
    fn from(resource: &Frame) -> Self {
        resource.clone()
    }
}

/// Inputs of [`Frame`].
#[derive(Debug, Clone)]
pub struct FrameArgs {
    inputs: ::pulumi::Inputs,
}

impl FrameArgs {
    /// Nothing set yet.
    #[inline]
    #[must_use]
    pub fn new() -> Self {
        let inputs = ::pulumi::Inputs::new();
        Self { inputs }
    }
}

impl FrameArgs {
    /// `width`.
    #[inline]
    #[must_use]
    pub fn width(mut self, value: impl Into<::pulumi::Input<i64>>) -> Self {
        self.inputs.set("width", value.into());
        self
    }
}

impl ::pulumi::ToInput for FrameArgs {
    #[inline]
    fn to_input(&self) -> ::pulumi::Property {
        ::pulumi::ToInput::to_input(&self.inputs)
    }
}

impl ::pulumi::Args for FrameArgs {}

impl Default for FrameArgs {
    #[inline]
    fn default() -> Self {
        Self::new()
    }
}

/// The resource `shapes:draw/gallery:Gallery`.
#[derive(Debug, Clone)]
pub struct Gallery {
    resource: ::pulumi::RemoteComponent,
}

impl Gallery {
    /// The resource's type, with the plugin's version.
    pub const TYPE: ::pulumi::ResourceType = ::pulumi::ResourceType::new("shapes:draw/gallery:Gallery", "1.2.3");

    /// Registers the resource.
    #[inline]
    #[track_caller]
    pub fn new(context: &::pulumi::Context, name: impl Into<String>, args: GalleryArgs) -> Self {
        Self::with_options(context, name, args, ::pulumi::ResourceOptions::new())
    }

    /// Registers the resource with options.
    #[inline]
    #[track_caller]
    pub fn with_options(
        context: &::pulumi::Context,
        name: impl Into<String>,
        args: GalleryArgs,
        options: ::pulumi::ResourceOptions,
    ) -> Self {
        Self { resource: context.remote_component(&Self::TYPE, name.into(), args.inputs, options) }
    }

    /// A context in which the component is the parent.
    #[inline]
    #[must_use]
    pub fn context(&self) -> &::pulumi::Context {
        self.resource.context()
    }

    /// Pulumi's name of the resource.
    #[inline]
    #[must_use]
    pub fn urn(&self) -> ::pulumi::Output<String> {
        self.resource.urn()
    }

    /// `best`.
    #[inline]
    #[must_use]
    pub fn best(&self) -> ::pulumi::Output<crate::draw::Frame> {
        self.resource.output("best")
    }

    /// `title`.
    #[inline]
    #[must_use]
    pub fn title(&self) -> ::pulumi::Output<String> {
        self.resource.output("title")
    }

    /// Renames it.
    #[track_caller]
    pub fn rename(
        &self,
        context: &::pulumi::Context,
        args: crate::draw::GalleryRenameArgs,
    ) -> ::pulumi::Output<crate::draw::GalleryRenameResult> {
        context.call(&::pulumi::FunctionType::new("shapes:draw/gallery:Gallery/rename", "1.2.3"), self, args.inputs)
    }

    /// The method `size`.
    ///
    /// # Errors
    /// When the call fails, or the answer is not known yet.
    pub async fn size(
        &self,
        context: &::pulumi::Context,
    ) -> Result<i64, ::pulumi::Error> {
        context.call_plain::<::pulumi::Single<_>>(&::pulumi::FunctionType::new("shapes:draw/gallery:Gallery/size", "1.2.3"), self, ::pulumi::Inputs::new()).await.map(::pulumi::Single::into_inner)
    }
}

impl ::pulumi::Resource for Gallery {
    #[inline]
    fn handle(&self) -> &::pulumi::ResourceHandle {
        self.resource.handle()
    }
}

impl ::pulumi::ToInput for Gallery {
    #[inline]
    fn to_input(&self) -> ::pulumi::Property {
        ::pulumi::ToInput::to_input(&self.resource)
    }
}

/// Inputs of [`Gallery::rename`].
///
/// Required: `title`.
#[derive(Debug, Clone)]
pub struct GalleryRenameArgs<Title = ::pulumi::Provided> {
    inputs: ::pulumi::Inputs,
    given: ::std::marker::PhantomData<fn() -> (Title,)>,
}

impl GalleryRenameArgs<crate::draw::missing::MissingTitle> {
    /// Nothing set yet; what is required must be.
    #[allow(clippy::new_without_default, reason = "without its required inputs it is of no use")]
    #[inline]
    #[must_use]
    pub fn new() -> Self {
        let inputs = ::pulumi::Inputs::new();
        Self { inputs, given: ::std::marker::PhantomData }
    }
}

impl<Title> GalleryRenameArgs<Title> {
    /// `title`, required.
    #[inline]
    #[must_use]
    pub fn title(mut self, value: impl Into<::pulumi::Input<String>>) -> GalleryRenameArgs<::pulumi::Provided> {
        self.inputs.set("title", value.into());
        GalleryRenameArgs { inputs: self.inputs, given: ::std::marker::PhantomData }
    }
}

impl ::pulumi::ToInput for GalleryRenameArgs<::pulumi::Provided> {
    #[inline]
    fn to_input(&self) -> ::pulumi::Property {
        ::pulumi::ToInput::to_input(&self.inputs)
    }
}

impl<Title> ::pulumi::Args for GalleryRenameArgs<Title> {}

/// The answer of [`Gallery::rename`].
#[derive(Debug, Clone)]
pub struct GalleryRenameResult {
    /// `frame`.
    pub frame: Option<crate::draw::Frame>,
    /// `title`.
    pub title: String,
}

impl ::pulumi::FromValue for GalleryRenameResult {
    #[inline]
    fn from_value(value: ::pulumi::Value) -> Result<Self, ::pulumi::ValueError> {
        let mut fields = ::pulumi::Fields::new(value)?;
        Ok(Self {
            frame: fields.take("frame")?,
            title: fields.take("title")?,
        })
    }
}

impl ::pulumi::ToInput for GalleryRenameResult {
    fn to_input(&self) -> ::pulumi::Property {
        ::pulumi::Property::object([
            ("frame", ::pulumi::ToInput::to_input(&self.frame)),
            ("title", ::pulumi::ToInput::to_input(&self.title)),
        ])
    }
}

/// Inputs of [`Gallery`].
///
/// Required: `best`.
#[derive(Debug, Clone)]
pub struct GalleryArgs<Best = ::pulumi::Provided> {
    inputs: ::pulumi::Inputs,
    given: ::std::marker::PhantomData<fn() -> (Best,)>,
}

impl GalleryArgs<crate::draw::missing::MissingBest> {
    /// Nothing set yet; what is required must be.
    #[allow(clippy::new_without_default, reason = "without its required inputs it is of no use")]
    #[inline]
    #[must_use]
    pub fn new() -> Self {
        let inputs = ::pulumi::Inputs::new();
        Self { inputs, given: ::std::marker::PhantomData }
    }
}

impl<Best> GalleryArgs<Best> {
    /// `best`, required.
    #[inline]
    #[must_use]
    pub fn best(mut self, value: impl Into<::pulumi::Input<crate::draw::Frame>>) -> GalleryArgs<::pulumi::Provided> {
        self.inputs.set("best", value.into());
        GalleryArgs { inputs: self.inputs, given: ::std::marker::PhantomData }
    }

    /// `others`.
    #[inline]
    #[must_use]
    pub fn others(mut self, value: impl Into<::pulumi::List<crate::draw::Frame>>) -> Self {
        self.inputs.set("others", value.into());
        self
    }
}

impl ::pulumi::ToInput for GalleryArgs<::pulumi::Provided> {
    #[inline]
    fn to_input(&self) -> ::pulumi::Property {
        ::pulumi::ToInput::to_input(&self.inputs)
    }
}

impl<Best> ::pulumi::Args for GalleryArgs<Best> {}

/// Asks the provider by `shapes:draw/count:count`.
#[inline]
#[track_caller]
pub fn count(
    context: &::pulumi::Context,
    args: CountArgs,
) -> ::pulumi::Output<i64> {
    context.invoke::<::pulumi::Single<_>>(&::pulumi::FunctionType::new("shapes:draw/count:count", "1.2.3"), args.inputs, ::pulumi::InvokeOptions::new()).map(::pulumi::Single::into_inner)
}

/// Asks the provider by `shapes:draw/count:count`.
#[inline]
#[track_caller]
pub fn count_with_options(
    context: &::pulumi::Context,
    args: CountArgs,
    options: ::pulumi::InvokeOptions,
) -> ::pulumi::Output<i64> {
    context.invoke::<::pulumi::Single<_>>(&::pulumi::FunctionType::new("shapes:draw/count:count", "1.2.3"), args.inputs, options).map(::pulumi::Single::into_inner)
}

/// Asks the provider by `shapes:draw/count:count`.
///
/// Waits for the answer, which is a plain value: for programs that branch on it.
///
/// # Errors
/// When the call fails, or when an argument or the answer is not known yet.
pub async fn count_plain(
    context: &::pulumi::Context,
    args: CountArgs,
) -> Result<i64, ::pulumi::Error> {
    context.invoke_plain::<::pulumi::Single<_>>(&::pulumi::FunctionType::new("shapes:draw/count:count", "1.2.3"), args.inputs, ::pulumi::InvokeOptions::new()).await.map(::pulumi::Single::into_inner)
}

/// Asks the provider by `shapes:draw/count:count`.
///
/// Waits for the answer, which is a plain value: for programs that branch on it.
///
/// # Errors
/// When the call fails, or when an argument or the answer is not known yet.
pub async fn count_plain_with_options(
    context: &::pulumi::Context,
    args: CountArgs,
    options: ::pulumi::InvokeOptions,
) -> Result<i64, ::pulumi::Error> {
    context.invoke_plain::<::pulumi::Single<_>>(&::pulumi::FunctionType::new("shapes:draw/count:count", "1.2.3"), args.inputs, options).await.map(::pulumi::Single::into_inner)
}

/// Inputs of [`count`].
#[derive(Debug, Clone)]
pub struct CountArgs {
    inputs: ::pulumi::Inputs,
}

impl CountArgs {
    /// Nothing set yet.
    #[inline]
    #[must_use]
    pub fn new() -> Self {
        let inputs = ::pulumi::Inputs::new();
        Self { inputs }
    }
}

impl CountArgs {
    /// `labels`.
    #[inline]
    #[must_use]
    pub fn labels(mut self, value: impl Into<::pulumi::List<String>>) -> Self {
        self.inputs.set("labels", value.into());
        self
    }
}

impl ::pulumi::ToInput for CountArgs {
    #[inline]
    fn to_input(&self) -> ::pulumi::Property {
        ::pulumi::ToInput::to_input(&self.inputs)
    }
}

impl ::pulumi::Args for CountArgs {}

impl Default for CountArgs {
    #[inline]
    fn default() -> Self {
        Self::new()
    }
}

/// Asks the provider by `shapes:draw/secretly:secretly`.
#[inline]
#[track_caller]
pub fn secretly(
    context: &::pulumi::Context,
) -> ::pulumi::Output<::std::collections::BTreeMap<String, String>> {
    context.invoke::<::pulumi::Single<_>>(&::pulumi::FunctionType::new("shapes:draw/secretly:secretly", "1.2.3"), ::pulumi::Inputs::new(), ::pulumi::InvokeOptions::new()).map(::pulumi::Single::into_inner)
}

/// Asks the provider by `shapes:draw/secretly:secretly`.
#[inline]
#[track_caller]
pub fn secretly_with_options(
    context: &::pulumi::Context,
    options: ::pulumi::InvokeOptions,
) -> ::pulumi::Output<::std::collections::BTreeMap<String, String>> {
    context.invoke::<::pulumi::Single<_>>(&::pulumi::FunctionType::new("shapes:draw/secretly:secretly", "1.2.3"), ::pulumi::Inputs::new(), options).map(::pulumi::Single::into_inner)
}

/// Inputs of the type `Cat`.
#[derive(Debug, Clone)]
pub struct CatArgs {
    inputs: ::pulumi::Inputs,
}

impl CatArgs {
    /// Nothing set yet.
    #[inline]
    #[must_use]
    pub fn new() -> Self {
        let mut inputs = ::pulumi::Inputs::new();
        inputs.set("kind", ::pulumi::Input::<String>::plain(String::from("cat")));
        Self { inputs }
    }
}

impl CatArgs {
    /// `friend`.
    #[inline]
    #[must_use]
    pub fn friend(mut self, value: impl Into<::pulumi::Input<crate::draw::CatOrDogArgs>>) -> Self {
        self.inputs.set("friend", value.into());
        self
    }

    /// `purrs`.
    #[inline]
    #[must_use]
    pub fn purrs(mut self, value: impl Into<::pulumi::Input<bool>>) -> Self {
        self.inputs.set("purrs", value.into());
        self
    }
}

impl ::pulumi::ToInput for CatArgs {
    #[inline]
    fn to_input(&self) -> ::pulumi::Property {
        ::pulumi::ToInput::to_input(&self.inputs)
    }
}

impl ::pulumi::Args for CatArgs {}

impl Default for CatArgs {
    #[inline]
    fn default() -> Self {
        Self::new()
    }
}

/// The type `shapes:draw/Cat:Cat`.
#[derive(Debug, Clone, PartialEq)]
pub struct Cat {
    /// `friend`.
    pub friend: Option<crate::draw::CatOrDog>,
    /// `kind`.
    pub kind: String,
    /// `purrs`.
    pub purrs: Option<bool>,
}

impl ::pulumi::FromValue for Cat {
    #[inline]
    fn from_value(value: ::pulumi::Value) -> Result<Self, ::pulumi::ValueError> {
        let mut fields = ::pulumi::Fields::new(value)?;
        Ok(Self {
            friend: fields.take("friend")?,
            kind: fields.take("kind")?,
            purrs: fields.take("purrs")?,
        })
    }
}

impl ::pulumi::ToInput for Cat {
    fn to_input(&self) -> ::pulumi::Property {
        ::pulumi::Property::object([
            ("friend", ::pulumi::ToInput::to_input(&self.friend)),
            ("kind", ::pulumi::ToInput::to_input(&self.kind)),
            ("purrs", ::pulumi::ToInput::to_input(&self.purrs)),
        ])
    }
}

/// Inputs of the type `CircleType`.
///
/// Required: `radius`.
#[derive(Debug, Clone)]
pub struct CircleTypeArgs<Radius = ::pulumi::Provided> {
    inputs: ::pulumi::Inputs,
    given: ::std::marker::PhantomData<fn() -> (Radius,)>,
}

impl CircleTypeArgs<crate::draw::missing::MissingRadius> {
    /// Nothing set yet; what is required must be.
    #[allow(clippy::new_without_default, reason = "without its required inputs it is of no use")]
    #[inline]
    #[must_use]
    pub fn new() -> Self {
        let mut inputs = ::pulumi::Inputs::new();
        inputs.set("kind", ::pulumi::Input::<String>::plain(String::from("circle")));
        Self { inputs, given: ::std::marker::PhantomData }
    }
}

impl<Radius> CircleTypeArgs<Radius> {
    /// `radius`, required.
    #[inline]
    #[must_use]
    pub fn radius(mut self, value: impl Into<::pulumi::Input<f64>>) -> CircleTypeArgs<::pulumi::Provided> {
        self.inputs.set("radius", value.into());
        CircleTypeArgs { inputs: self.inputs, given: ::std::marker::PhantomData }
    }
}

impl ::pulumi::ToInput for CircleTypeArgs<::pulumi::Provided> {
    #[inline]
    fn to_input(&self) -> ::pulumi::Property {
        ::pulumi::ToInput::to_input(&self.inputs)
    }
}

impl<Radius> ::pulumi::Args for CircleTypeArgs<Radius> {}

/// The type `shapes:draw/Circle:Circle`.
#[derive(Debug, Clone, PartialEq)]
pub struct CircleType {
    /// `kind`.
    pub kind: String,
    /// `radius`.
    pub radius: f64,
}

impl ::pulumi::FromValue for CircleType {
    #[inline]
    fn from_value(value: ::pulumi::Value) -> Result<Self, ::pulumi::ValueError> {
        let mut fields = ::pulumi::Fields::new(value)?;
        Ok(Self {
            kind: fields.take("kind")?,
            radius: fields.take("radius")?,
        })
    }
}

impl ::pulumi::ToInput for CircleType {
    fn to_input(&self) -> ::pulumi::Property {
        ::pulumi::Property::object([
            ("kind", ::pulumi::ToInput::to_input(&self.kind)),
            ("radius", ::pulumi::ToInput::to_input(&self.radius)),
        ])
    }
}

/// The values of `Color`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Color {
    /// Red, but dark.
    DarkRed,
    /// `"#fff"`.
    White,
    /// `"self"`.
    ///
    /// **Deprecated.** Name the color.
    Self_,
    /// A value that the schema does not list.
    Other(String),
}

impl Color {
    /// The value on the wire.
    #[must_use]
    pub fn value(&self) -> &str {
        match self {
            Self::DarkRed => "dark-red",
            Self::White => "#fff",
            Self::Self_ => "self",
            Self::Other(value) => value,
        }
    }
}

impl From<String> for Color {
    fn from(value: String) -> Self {
        match value.as_str() {
            "dark-red" => Self::DarkRed,
            "#fff" => Self::White,
            "self" => Self::Self_,
            _ => Self::Other(value),
        }
    }
}

impl From<&str> for Color {
    fn from(value: &str) -> Self {
        Self::from(value.to_owned())
    }
}

impl ::pulumi::Accepts<String> for Color {
    #[inline]
    fn accept(value: String) -> Self {
        Self::from(value)
    }
}

impl ::std::fmt::Display for Color {
    fn fmt(&self, formatter: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        ::std::fmt::Display::fmt(&self.value(), formatter)
    }
}

impl ::pulumi::ToInput for Color {
    #[inline]
    fn to_input(&self) -> ::pulumi::Property {
        ::pulumi::ToInput::to_input(&self.value().to_owned())
    }
}

impl ::pulumi::FromValue for Color {
    #[inline]
    fn from_value(value: ::pulumi::Value) -> Result<Self, ::pulumi::ValueError> {
        let value = <String as ::pulumi::FromValue>::from_value(value)?;
        Ok(Self::from(value))
    }
}

/// Inputs of the type `Dog`.
#[derive(Debug, Clone)]
pub struct DogArgs {
    inputs: ::pulumi::Inputs,
}

impl DogArgs {
    /// Nothing set yet.
    #[inline]
    #[must_use]
    pub fn new() -> Self {
        let mut inputs = ::pulumi::Inputs::new();
        inputs.set("kind", ::pulumi::Input::<String>::plain(String::from("dog")));
        Self { inputs }
    }
}

impl DogArgs {
    /// `age`.
    #[inline]
    #[must_use]
    pub fn age(mut self, value: impl Into<::pulumi::Input<i64>>) -> Self {
        self.inputs.set("age", value.into());
        self
    }

    /// `chip`.
    #[inline]
    #[must_use]
    pub fn chip(mut self, value: impl Into<::pulumi::Input<String>>) -> Self {
        self.inputs.set_secret("chip", value.into());
        self
    }
}

impl ::pulumi::ToInput for DogArgs {
    #[inline]
    fn to_input(&self) -> ::pulumi::Property {
        ::pulumi::ToInput::to_input(&self.inputs)
    }
}

impl ::pulumi::Args for DogArgs {}

impl Default for DogArgs {
    #[inline]
    fn default() -> Self {
        Self::new()
    }
}

/// The type `shapes:draw/Dog:Dog`.
#[derive(Debug, Clone, PartialEq)]
pub struct Dog {
    /// `age`.
    pub age: Option<i64>,
    /// `chip`.
    pub chip: Option<String>,
    /// `kind`.
    pub kind: String,
}

impl ::pulumi::FromValue for Dog {
    #[inline]
    fn from_value(value: ::pulumi::Value) -> Result<Self, ::pulumi::ValueError> {
        let mut fields = ::pulumi::Fields::new(value)?;
        Ok(Self {
            age: fields.take("age")?,
            chip: fields.take("chip")?,
            kind: fields.take("kind")?,
        })
    }
}

impl ::pulumi::ToInput for Dog {
    fn to_input(&self) -> ::pulumi::Property {
        ::pulumi::Property::object([
            ("age", ::pulumi::ToInput::to_input(&self.age)),
            ("chip", ::pulumi::ToInput::to_input(&self.chip)),
            ("kind", ::pulumi::ToInput::to_input(&self.kind)),
        ])
    }
}

/// The values of `Layer`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Layer {
    /// `1`.
    Bottom,
    /// `2`.
    Top,
}

impl Layer {
    /// The value on the wire.
    #[must_use]
    pub fn value(&self) -> i64 {
        match self {
            Self::Bottom => 1,
            Self::Top => 2,
        }
    }
}

impl ::std::fmt::Display for Layer {
    fn fmt(&self, formatter: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        ::std::fmt::Display::fmt(&self.value(), formatter)
    }
}

impl ::pulumi::ToInput for Layer {
    #[inline]
    fn to_input(&self) -> ::pulumi::Property {
        ::pulumi::ToInput::to_input(&self.value())
    }
}

impl ::pulumi::FromValue for Layer {
    #[inline]
    fn from_value(value: ::pulumi::Value) -> Result<Self, ::pulumi::ValueError> {
        let value = <i64 as ::pulumi::FromValue>::from_value(value)?;
        match value {
            1 => Ok(Self::Bottom),
            2 => Ok(Self::Top),
            _ => Err(::pulumi::ValueError::unexpected("one of 1, 2", "another value")),
        }
    }
}

/// A node of a tree.
///
/// Required: `name`.
#[derive(Debug, Clone)]
pub struct NodeArgs<Name = ::pulumi::Provided> {
    inputs: ::pulumi::Inputs,
    given: ::std::marker::PhantomData<fn() -> (Name,)>,
}

impl NodeArgs<crate::draw::missing::MissingName> {
    /// Nothing set yet; what is required must be.
    #[allow(clippy::new_without_default, reason = "without its required inputs it is of no use")]
    #[inline]
    #[must_use]
    pub fn new() -> Self {
        let inputs = ::pulumi::Inputs::new();
        Self { inputs, given: ::std::marker::PhantomData }
    }
}

impl<Name> NodeArgs<Name> {
    /// `children`.
    #[inline]
    #[must_use]
    pub fn children(mut self, value: impl Into<::pulumi::List<crate::draw::NodeArgs>>) -> Self {
        self.inputs.set("children", value.into());
        self
    }

    /// `left`.
    #[inline]
    #[must_use]
    pub fn left(mut self, value: impl Into<::pulumi::Input<crate::draw::NodeArgs>>) -> Self {
        self.inputs.set("left", value.into());
        self
    }

    /// `name`, required.
    #[inline]
    #[must_use]
    pub fn name(mut self, value: impl Into<::pulumi::Input<String>>) -> NodeArgs<::pulumi::Provided> {
        self.inputs.set("name", value.into());
        NodeArgs { inputs: self.inputs, given: ::std::marker::PhantomData }
    }
}

impl ::pulumi::ToInput for NodeArgs<::pulumi::Provided> {
    #[inline]
    fn to_input(&self) -> ::pulumi::Property {
        ::pulumi::ToInput::to_input(&self.inputs)
    }
}

impl<Name> ::pulumi::Args for NodeArgs<Name> {}

/// A node of a tree.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// `children`.
    pub children: Option<Vec<crate::draw::Node>>,
    /// `left`.
    pub left: Option<Box<crate::draw::Node>>,
    /// `name`.
    pub name: String,
}

impl ::pulumi::FromValue for Node {
    #[inline]
    fn from_value(value: ::pulumi::Value) -> Result<Self, ::pulumi::ValueError> {
        let mut fields = ::pulumi::Fields::new(value)?;
        Ok(Self {
            children: fields.take("children")?,
            left: fields.take("left")?,
            name: fields.take("name")?,
        })
    }
}

impl ::pulumi::ToInput for Node {
    fn to_input(&self) -> ::pulumi::Property {
        ::pulumi::Property::object([
            ("children", ::pulumi::ToInput::to_input(&self.children)),
            ("left", ::pulumi::ToInput::to_input(&self.left)),
            ("name", ::pulumi::ToInput::to_input(&self.name)),
        ])
    }
}

/// An option of `Draw`, by its `some-kebab_name`.
///
/// Required: `self`.
#[derive(Debug, Clone)]
pub struct OptionTypeArgs<Self_ = ::pulumi::Provided> {
    inputs: ::pulumi::Inputs,
    given: ::std::marker::PhantomData<fn() -> (Self_,)>,
}

impl OptionTypeArgs<crate::draw::missing::MissingSelf_> {
    /// Nothing set yet; what is required must be.
    #[allow(clippy::new_without_default, reason = "without its required inputs it is of no use")]
    #[inline]
    #[must_use]
    pub fn new() -> Self {
        let inputs = ::pulumi::Inputs::new();
        Self { inputs, given: ::std::marker::PhantomData }
    }
}

impl<Self_> OptionTypeArgs<Self_> {
    /// `self`, required.
    #[inline]
    #[must_use]
    pub fn self_(mut self, value: impl Into<::pulumi::Input<bool>>) -> OptionTypeArgs<::pulumi::Provided> {
        self.inputs.set("self", value.into());
        OptionTypeArgs { inputs: self.inputs, given: ::std::marker::PhantomData }
    }

    /// `some-kebab_name`.
    #[inline]
    #[must_use]
    pub fn some_kebab_name(mut self, value: impl Into<::pulumi::Input<String>>) -> Self {
        self.inputs.set("some-kebab_name", value.into());
        self
    }

    /// `type`.
    #[inline]
    #[must_use]
    pub fn type_(mut self, value: impl Into<::pulumi::Input<f64>>) -> Self {
        self.inputs.set("type", value.into());
        self
    }
}

impl ::pulumi::ToInput for OptionTypeArgs<::pulumi::Provided> {
    #[inline]
    fn to_input(&self) -> ::pulumi::Property {
        ::pulumi::ToInput::to_input(&self.inputs)
    }
}

impl<Self_> ::pulumi::Args for OptionTypeArgs<Self_> {}

/// The values of `Width`.
#[derive(Debug, Clone, PartialEq)]
pub enum Width {
    /// `0.5`.
    _0_5,
    /// `1.0`.
    _1,
}

impl Width {
    /// The value on the wire.
    #[must_use]
    pub fn value(&self) -> f64 {
        match self {
            Self::_0_5 => 0.5,
            Self::_1 => 1.0,
        }
    }
}

impl ::std::fmt::Display for Width {
    fn fmt(&self, formatter: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        ::std::fmt::Display::fmt(&self.value(), formatter)
    }
}

impl ::pulumi::ToInput for Width {
    #[inline]
    fn to_input(&self) -> ::pulumi::Property {
        ::pulumi::ToInput::to_input(&self.value())
    }
}

impl ::pulumi::FromValue for Width {
    #[inline]
    fn from_value(value: ::pulumi::Value) -> Result<Self, ::pulumi::ValueError> {
        let value = <f64 as ::pulumi::FromValue>::from_value(value)?;
        if value == 0.5 {
            return Ok(Self::_0_5);
        }
        if value == 1.0 {
            return Ok(Self::_1);
        }
        Err(::pulumi::ValueError::unexpected("one of 0.5, 1.0", "another value"))
    }
}

/// One of `String`, `Integer`.
#[derive(Debug, Clone)]
pub enum StringOrIntegerArgs {
    /// `String`.
    String(::pulumi::Input<String>),
    /// `Integer`.
    Integer(::pulumi::Input<i64>),
}

impl ::pulumi::ToInput for StringOrIntegerArgs {
    fn to_input(&self) -> ::pulumi::Property {
        match self {
            Self::String(value) => ::pulumi::ToInput::to_input(value),
            Self::Integer(value) => ::pulumi::ToInput::to_input(value),
        }
    }
}

impl From<String> for StringOrIntegerArgs {
    fn from(value: String) -> Self {
        Self::String(::pulumi::Input::plain(value))
    }
}

impl From<&str> for StringOrIntegerArgs {
    fn from(value: &str) -> Self {
        Self::String(::pulumi::Input::from(value))
    }
}

impl ::pulumi::Accepts<String> for StringOrIntegerArgs {
    fn accept(value: String) -> Self {
        Self::from(value)
    }
}

impl From<i64> for StringOrIntegerArgs {
    fn from(value: i64) -> Self {
        Self::Integer(::pulumi::Input::plain(value))
    }
}

impl From<i32> for StringOrIntegerArgs {
    fn from(value: i32) -> Self {
        Self::Integer(::pulumi::Input::from(value))
    }
}

impl ::pulumi::Accepts<i64> for StringOrIntegerArgs {
    fn accept(value: i64) -> Self {
        Self::from(value)
    }
}

/// One of `String`, `Integer`.
#[derive(Debug, Clone, PartialEq)]
pub enum StringOrInteger {
    /// `String`.
    String(String),
    /// `Integer`.
    Integer(i64),
}

impl ::pulumi::ToInput for StringOrInteger {
    fn to_input(&self) -> ::pulumi::Property {
        match self {
            Self::String(value) => ::pulumi::ToInput::to_input(value),
            Self::Integer(value) => ::pulumi::ToInput::to_input(value),
        }
    }
}

impl ::pulumi::FromValue for StringOrInteger {
    fn from_value(value: ::pulumi::Value) -> Result<Self, ::pulumi::ValueError> {
        if let Ok(member) = ::pulumi::FromValue::from_value(value.clone()) {
            return Ok(Self::String(member));
        }
        if let Ok(member) = ::pulumi::FromValue::from_value(value.clone()) {
            return Ok(Self::Integer(member));
        }
        Err(::pulumi::ValueError::unexpected("one of String, Integer", value.kind()))
    }
}

/// One of `String`, `StringList`.
#[derive(Debug, Clone)]
pub enum StringOrStringListArgs {
    /// `String`.
    String(::pulumi::Input<String>),
    /// `StringList`.
    StringList(::pulumi::Input<Vec<::pulumi::Input<String>>>),
}

impl ::pulumi::ToInput for StringOrStringListArgs {
    fn to_input(&self) -> ::pulumi::Property {
        match self {
            Self::String(value) => ::pulumi::ToInput::to_input(value),
            Self::StringList(value) => ::pulumi::ToInput::to_input(value),
        }
    }
}

impl From<String> for StringOrStringListArgs {
    fn from(value: String) -> Self {
        Self::String(::pulumi::Input::plain(value))
    }
}

impl From<&str> for StringOrStringListArgs {
    fn from(value: &str) -> Self {
        Self::String(::pulumi::Input::from(value))
    }
}

impl ::pulumi::Accepts<String> for StringOrStringListArgs {
    fn accept(value: String) -> Self {
        Self::from(value)
    }
}

impl From<Vec<::pulumi::Input<String>>> for StringOrStringListArgs {
    fn from(value: Vec<::pulumi::Input<String>>) -> Self {
        Self::StringList(::pulumi::Input::plain(value))
    }
}

impl<const N: usize, V: Into<::pulumi::Input<String>>> From<[V; N]> for StringOrStringListArgs {
    fn from(items: [V; N]) -> Self {
        Self::StringList(::pulumi::Input::plain(items.into_iter().map(Into::into).collect()))
    }
}

impl ::pulumi::Accepts<Vec<::pulumi::Input<String>>> for StringOrStringListArgs {
    fn accept(value: Vec<::pulumi::Input<String>>) -> Self {
        Self::from(value)
    }
}

/// One of `Cat`, `Dog`.
#[derive(Debug, Clone)]
pub enum CatOrDogArgs {
    /// `Cat`.
    Cat(::pulumi::Input<crate::draw::CatArgs>),
    /// `Dog`.
    Dog(::pulumi::Input<crate::draw::DogArgs>),
}

impl ::pulumi::ToInput for CatOrDogArgs {
    fn to_input(&self) -> ::pulumi::Property {
        match self {
            Self::Cat(value) => ::pulumi::ToInput::to_input(value),
            Self::Dog(value) => ::pulumi::ToInput::to_input(value),
        }
    }
}

impl From<crate::draw::CatArgs> for CatOrDogArgs {
    fn from(value: crate::draw::CatArgs) -> Self {
        Self::Cat(::pulumi::Input::plain(value))
    }
}

impl From<crate::draw::CatArgs> for ::pulumi::Input<CatOrDogArgs> {
    fn from(value: crate::draw::CatArgs) -> Self {
        Self::plain(value.into())
    }
}

impl From<crate::draw::DogArgs> for CatOrDogArgs {
    fn from(value: crate::draw::DogArgs) -> Self {
        Self::Dog(::pulumi::Input::plain(value))
    }
}

impl From<crate::draw::DogArgs> for ::pulumi::Input<CatOrDogArgs> {
    fn from(value: crate::draw::DogArgs) -> Self {
        Self::plain(value.into())
    }
}

/// One of `Cat`, `Dog`.
#[derive(Debug, Clone, PartialEq)]
pub enum CatOrDog {
    /// `Cat`.
    Cat(Box<crate::draw::Cat>),
    /// `Dog`.
    Dog(Box<crate::draw::Dog>),
}

impl ::pulumi::ToInput for CatOrDog {
    fn to_input(&self) -> ::pulumi::Property {
        match self {
            Self::Cat(value) => ::pulumi::ToInput::to_input(value),
            Self::Dog(value) => ::pulumi::ToInput::to_input(value),
        }
    }
}

impl ::pulumi::FromValue for CatOrDog {
    fn from_value(value: ::pulumi::Value) -> Result<Self, ::pulumi::ValueError> {
        let kind = match &value {
            ::pulumi::Value::Object(entries) => entries.get("kind"),
            _ => None,
        };
        if let Some(::pulumi::Value::String(kind)) = kind {
            match kind.as_str() {
                "cat" => {
                    return ::pulumi::FromValue::from_value(value).map(Self::Cat);
                }
                "dog" => {
                    return ::pulumi::FromValue::from_value(value).map(Self::Dog);
                }
                _ => {}
            }
        }
        if let Ok(member) = ::pulumi::FromValue::from_value(value.clone()) {
            return Ok(Self::Cat(member));
        }
        if let Ok(member) = ::pulumi::FromValue::from_value(value.clone()) {
            return Ok(Self::Dog(member));
        }
        Err(::pulumi::ValueError::unexpected("one of Cat, Dog", value.kind()))
    }
}

/// One of `Color`, `Integer`.
#[derive(Debug, Clone)]
pub enum ColorOrIntegerArgs {
    /// `Color`.
    Color(::pulumi::Input<crate::draw::Color>),
    /// `Integer`.
    Integer(::pulumi::Input<i64>),
}

impl ::pulumi::ToInput for ColorOrIntegerArgs {
    fn to_input(&self) -> ::pulumi::Property {
        match self {
            Self::Color(value) => ::pulumi::ToInput::to_input(value),
            Self::Integer(value) => ::pulumi::ToInput::to_input(value),
        }
    }
}

impl From<crate::draw::Color> for ColorOrIntegerArgs {
    fn from(value: crate::draw::Color) -> Self {
        Self::Color(::pulumi::Input::plain(value))
    }
}

impl From<crate::draw::Color> for ::pulumi::Input<ColorOrIntegerArgs> {
    fn from(value: crate::draw::Color) -> Self {
        Self::plain(value.into())
    }
}

impl ::pulumi::Accepts<String> for ColorOrIntegerArgs {
    fn accept(value: String) -> Self {
        Self::from(crate::draw::Color::from(value))
    }
}

impl From<i64> for ColorOrIntegerArgs {
    fn from(value: i64) -> Self {
        Self::Integer(::pulumi::Input::plain(value))
    }
}

impl From<i32> for ColorOrIntegerArgs {
    fn from(value: i32) -> Self {
        Self::Integer(::pulumi::Input::from(value))
    }
}

impl ::pulumi::Accepts<i64> for ColorOrIntegerArgs {
    fn accept(value: i64) -> Self {
        Self::from(value)
    }
}

/// Names of required inputs: a type such as `FunctionArgs<MissingRole>` lacks that one.
pub mod missing {
    /// The input `best`.
    #[derive(Debug, Clone, Copy)]
    pub enum MissingBest {}
    /// The input `name`.
    #[derive(Debug, Clone, Copy)]
    pub enum MissingName {}
    /// The input `radius`.
    #[derive(Debug, Clone, Copy)]
    pub enum MissingRadius {}
    /// The input `self_`.
    #[derive(Debug, Clone, Copy)]
    pub enum MissingSelf_ {}
    /// The input `string`.
    #[derive(Debug, Clone, Copy)]
    pub enum MissingString {}
    /// The input `title`.
    #[derive(Debug, Clone, Copy)]
    pub enum MissingTitle {}
    /// The input `type_`.
    #[derive(Debug, Clone, Copy)]
    pub enum MissingType {}
}

