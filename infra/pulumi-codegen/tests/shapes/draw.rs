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

    /// `secretKey`.
    #[inline]
    #[must_use]
    pub fn secret_key(&self) -> ::pulumi::Output<String> {
        self.resource.output("secretKey")
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
        inputs.set("new", ::pulumi::Input::<bool>::from(true));
        inputs.set("radius", ::pulumi::Input::<i64>::from(3));
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

    /// `color`.
    #[inline]
    #[must_use]
    pub fn color(mut self, value: impl Into<::pulumi::Input<crate::draw::Color>>) -> Self {
        self.inputs.set("color", value.into());
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
    pub fn mixed(mut self, value: impl Into<::pulumi::Input<::pulumi::Value>>) -> Self {
        self.inputs.set("mixed", value.into());
        self
    }

    /// `new`.
    #[inline]
    #[must_use]
    pub fn new_(mut self, value: impl Into<::pulumi::Input<bool>>) -> Self {
        self.inputs.set("new", value.into());
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

    /// `picture`.
    #[inline]
    #[must_use]
    pub fn picture(mut self, value: impl Into<::pulumi::Input<::pulumi::AssetOrArchive>>) -> Self {
        self.inputs.set("picture", value.into());
        self
    }

    /// `plainName`.
    #[inline]
    #[must_use]
    pub fn plain_name(mut self, value: impl Into<String>) -> Self {
        self.inputs.set("plainName", ::pulumi::Input::<String>::plain(value.into()));
        self
    }

    /// `radius`.
    #[inline]
    #[must_use]
    pub fn radius(mut self, value: impl Into<::pulumi::Input<i64>>) -> Self {
        self.inputs.set("radius", value.into());
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

/// Asks the provider by `shapes:draw/count:count`.
#[inline]
#[track_caller]
pub fn count(
    context: &::pulumi::Context,
) -> ::pulumi::Output<i64> {
    context.invoke(&::pulumi::FunctionType::new("shapes:draw/count:count", "1.2.3"), ::pulumi::Inputs::new(), ::pulumi::InvokeOptions::new())
}

/// Asks the provider by `shapes:draw/count:count`.
#[inline]
#[track_caller]
pub fn count_with_options(
    context: &::pulumi::Context,
    options: ::pulumi::InvokeOptions,
) -> ::pulumi::Output<i64> {
    context.invoke(&::pulumi::FunctionType::new("shapes:draw/count:count", "1.2.3"), ::pulumi::Inputs::new(), options)
}

/// Asks the provider by `shapes:draw/count:count`.
///
/// Waits for the answer, which is a plain value: for programs that branch on it.
///
/// # Errors
/// When the call fails, or when an argument or the answer is not known yet.
pub async fn count_plain(
    context: &::pulumi::Context,
) -> Result<i64, ::pulumi::Error> {
    context.invoke_plain(&::pulumi::FunctionType::new("shapes:draw/count:count", "1.2.3"), ::pulumi::Inputs::new(), ::pulumi::InvokeOptions::new()).await
}

/// Asks the provider by `shapes:draw/count:count`.
///
/// Waits for the answer, which is a plain value: for programs that branch on it.
///
/// # Errors
/// When the call fails, or when an argument or the answer is not known yet.
pub async fn count_plain_with_options(
    context: &::pulumi::Context,
    options: ::pulumi::InvokeOptions,
) -> Result<i64, ::pulumi::Error> {
    context.invoke_plain(&::pulumi::FunctionType::new("shapes:draw/count:count", "1.2.3"), ::pulumi::Inputs::new(), options).await
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
        inputs.set("kind", ::pulumi::Input::<String>::from("circle"));
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

/// Names of required inputs: a type such as `FunctionArgs<MissingRole>` lacks that one.
pub mod missing {
    /// The input `name`.
    #[derive(Debug, Clone, Copy)]
    pub enum MissingName {}
    /// The input `radius`.
    #[derive(Debug, Clone, Copy)]
    pub enum MissingRadius {}
    /// The input `string`.
    #[derive(Debug, Clone, Copy)]
    pub enum MissingString {}
    /// The input `type_`.
    #[derive(Debug, Clone, Copy)]
    pub enum MissingType {}
}

