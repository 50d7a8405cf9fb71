//! The CloudFormation stack: made, changed, or left alone.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use aws_sdk_cloudformation::error::ProvideErrorMetadata;
use aws_sdk_cloudformation::types::{Capability, Parameter, Stack, StackStatus, Tag};
use miyabi_shared::outputs;
use sha2::{Digest, Sha256};

use super::clients::Emulator;
use super::error::DeployError;
use super::{ASSET_BUCKET, Synthesis, assets};

/// The stack's name.
pub const STACK_NAME: &str = "miyabi-local";

/// The tag that holds the digest of the template, so that the emulator itself says what it has.
const TEMPLATE_TAG: &str = "miyabi:template";
/// CloudFormation takes a template of this size in the call; a larger one it reads from a bucket.
const BODY_LIMIT: usize = 51_200;
const LIMIT: Duration = Duration::from_secs(180);
const POLL: Duration = Duration::from_millis(100);

/// What the stack says about itself: where things are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outputs(BTreeMap<String, String>);

/// What a deployment did.
#[derive(Debug, Clone)]
pub struct StackDeployment {
    /// What happened to the stack.
    pub change: StackChange,
    /// Whose code was uploaded.
    pub uploaded: Vec<String>,
    /// Where things are.
    pub outputs: Outputs,
}

/// What happened to the stack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StackChange {
    /// There was none.
    Created,
    /// There was another.
    Updated,
    /// It was as it should be.
    None,
}

impl Outputs {
    /// An output, by its key in [`miyabi_shared::outputs`].
    ///
    /// # Errors
    /// When the stack has none of that name.
    pub fn get(&self, key: &str) -> Result<&str, DeployError> {
        let name = output_name(key);
        self.0.get(&name).map(String::as_str).ok_or(DeployError::NoOutput(name))
    }

    /// The identifier of the REST API.
    ///
    /// # Errors
    /// When the stack has no such output.
    pub fn api_id(&self) -> Result<&str, DeployError> {
        self.get(outputs::API_ID)
    }

    /// The identifier of the socket and the name of its stage, where there is one.
    pub fn socket(&self) -> Option<(&str, &str)> {
        self.get(outputs::SOCKET_ID).ok().zip(self.get(outputs::SOCKET_STAGE).ok())
    }

    /// The name of the REST API's stage.
    ///
    /// # Errors
    /// When the stack has no such output.
    pub fn api_stage(&self) -> Result<&str, DeployError> {
        self.get(outputs::API_STAGE)
    }

    /// The name of the page's bucket.
    ///
    /// # Errors
    /// When the stack has no such output.
    pub fn dashboard_bucket(&self) -> Result<&str, DeployError> {
        self.get(outputs::DASHBOARD_BUCKET)
    }
}

/// CloudFormation's outputs are named like its resources: in upper camel case.
fn output_name(key: &str) -> String {
    let mut letters = key.chars();
    letters.next().map(|first| first.to_ascii_uppercase().to_string() + letters.as_str()).unwrap_or_default()
}

/// Uploads the code that is not there yet, and makes the stack what the template says.
///
/// # Errors
/// When the emulator refuses, with the resources that failed.
pub async fn deploy_stack(
    emulator: &Emulator,
    synthesis: &Synthesis,
) -> Result<StackDeployment, DeployError> {
    let digest = digest(&synthesis.template);
    let existing = find(emulator).await?;
    if let Some(stack) = &existing
        && is_settled(stack)
        && tag(stack) == Some(&digest)
    {
        return Ok(StackDeployment {
            change: StackChange::None,
            uploaded: Vec::new(),
            outputs: read_outputs(stack),
        });
    }
    let uploaded = assets::upload(emulator, synthesis).await?;
    let change = match existing {
        Some(stack) if is_settled(&stack) => {
            update(emulator, synthesis, &digest).await?;
            StackChange::Updated
        }
        Some(_) => {
            // It failed while it was made, and can only be made anew.
            delete(emulator).await?;
            create(emulator, synthesis, &digest).await?;
            StackChange::Created
        }
        None => {
            create(emulator, synthesis, &digest).await?;
            StackChange::Created
        }
    };
    let stack = settled(emulator).await?;
    Ok(StackDeployment { change, uploaded, outputs: read_outputs(&stack) })
}

impl Emulator {
    /// Where things are, when the stack is there and whole.
    ///
    /// # Errors
    /// When the emulator does not answer.
    pub async fn outputs(&self) -> Result<Option<Outputs>, DeployError> {
        Ok(find(self).await?.filter(is_settled).map(|stack| read_outputs(&stack)))
    }

    /// Removes the stack, so that the next deployment makes it anew.
    ///
    /// # Errors
    /// When the emulator refuses.
    pub async fn remove_stack(&self) -> Result<(), DeployError> {
        if find(self).await?.is_some() {
            delete(self).await?;
        }
        Ok(())
    }
}

fn digest(template: &str) -> String {
    Sha256::digest(template).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn tag(stack: &Stack) -> Option<&String> {
    stack.tags().iter().find(|tag| tag.key() == Some(TEMPLATE_TAG)).and_then(|tag| tag.value.as_ref())
}

/// Whether the stack is whole and can be changed.
fn is_settled(stack: &Stack) -> bool {
    matches!(
        stack.stack_status(),
        Some(StackStatus::CreateComplete | StackStatus::UpdateComplete | StackStatus::UpdateRollbackComplete)
    )
}

fn status(stack: &Stack) -> String {
    stack.stack_status().map_or_else(|| "without a status".to_owned(), |status| status.as_str().to_owned())
}

fn read_outputs(stack: &Stack) -> Outputs {
    let pairs = stack
        .outputs()
        .iter()
        .filter_map(|output| Some((output.output_key()?.to_owned(), output.output_value()?.to_owned())));
    Outputs(pairs.collect())
}

async fn find(emulator: &Emulator) -> Result<Option<Stack>, DeployError> {
    match emulator.cloudformation().describe_stacks().stack_name(STACK_NAME).send().await {
        Ok(answer) => Ok(answer
            .stacks()
            .iter()
            .find(|stack| stack.stack_status() != Some(&StackStatus::DeleteComplete))
            .cloned()),
        Err(error) if error.message().is_some_and(|message| message.contains("does not exist")) => Ok(None),
        Err(error) => Err(DeployError::call("describe the stack")(error)),
    }
}

/// The template itself, or the address of a copy in the bucket where it is too large for the call.
async fn place(
    emulator: &Emulator,
    synthesis: &Synthesis,
    digest: &str,
) -> Result<(Option<String>, Option<String>), DeployError> {
    if synthesis.template.len() <= BODY_LIMIT {
        return Ok((Some(synthesis.template.clone()), None));
    }
    let key = format!("{digest}.template.json");
    emulator
        .s3()
        .put_object()
        .bucket(ASSET_BUCKET)
        .key(&key)
        .body(synthesis.template.clone().into_bytes().into())
        .send()
        .await
        .map_err(DeployError::call("store the template"))?;
    Ok((None, Some(format!("{}/{ASSET_BUCKET}/{key}", emulator.endpoint()))))
}

fn parameters() -> Parameter {
    Parameter::builder().parameter_key("AssetBucket").parameter_value(ASSET_BUCKET).build()
}

fn tags(digest: &str) -> Tag {
    Tag::builder().key(TEMPLATE_TAG).value(digest).build()
}

async fn create(emulator: &Emulator, synthesis: &Synthesis, digest: &str) -> Result<(), DeployError> {
    let (body, url) = place(emulator, synthesis, digest).await?;
    emulator
        .cloudformation()
        .create_stack()
        .stack_name(STACK_NAME)
        .set_template_body(body)
        .set_template_url(url)
        .parameters(parameters())
        .tags(tags(digest))
        .capabilities(Capability::CapabilityIam)
        .capabilities(Capability::CapabilityNamedIam)
        .send()
        .await
        .map(drop)
        .map_err(DeployError::call("create the stack"))
}

async fn update(emulator: &Emulator, synthesis: &Synthesis, digest: &str) -> Result<(), DeployError> {
    let (body, url) = place(emulator, synthesis, digest).await?;
    let answer = emulator
        .cloudformation()
        .update_stack()
        .stack_name(STACK_NAME)
        .set_template_body(body)
        .set_template_url(url)
        .parameters(parameters())
        .tags(tags(digest))
        .capabilities(Capability::CapabilityIam)
        .capabilities(Capability::CapabilityNamedIam)
        .send()
        .await;
    match answer {
        Ok(_) => Ok(()),
        Err(error) if error.message().is_some_and(|message| message.contains("No updates")) => Ok(()),
        Err(error) => Err(DeployError::call("update the stack")(error)),
    }
}

async fn delete(emulator: &Emulator) -> Result<(), DeployError> {
    emulator
        .cloudformation()
        .delete_stack()
        .stack_name(STACK_NAME)
        .send()
        .await
        .map_err(DeployError::call("delete the stack"))?;
    let deadline = Instant::now() + LIMIT;
    while let Some(stack) = find(emulator).await? {
        if stack.stack_status() == Some(&StackStatus::DeleteFailed) {
            return Err(failure(emulator, &stack).await);
        }
        late(&stack, deadline)?;
        tokio::time::sleep(POLL).await;
    }
    Ok(())
}

/// Waits until the stack is no longer in progress.
async fn settled(emulator: &Emulator) -> Result<Stack, DeployError> {
    let deadline = Instant::now() + LIMIT;
    loop {
        let Some(stack) = find(emulator).await? else {
            return Err(DeployError::Stack { status: "gone".to_owned(), reasons: Vec::new() });
        };
        if !status(&stack).ends_with("IN_PROGRESS") {
            let rolled_back = stack.stack_status() == Some(&StackStatus::UpdateRollbackComplete);
            return if is_settled(&stack) && !rolled_back {
                Ok(stack)
            } else {
                Err(failure(emulator, &stack).await)
            };
        }
        late(&stack, deadline)?;
        tokio::time::sleep(POLL).await;
    }
}

fn late(stack: &Stack, deadline: Instant) -> Result<(), DeployError> {
    if Instant::now() > deadline {
        return Err(DeployError::Slow { status: status(stack), seconds: LIMIT.as_secs() });
    }
    Ok(())
}

/// The stack's state with the resources that failed, the first one last, as CloudFormation lists them.
async fn failure(emulator: &Emulator, stack: &Stack) -> DeployError {
    let mut reasons: Vec<String> = stack.stack_status_reason().map(str::to_owned).into_iter().collect();
    let events = emulator.cloudformation().describe_stack_events().stack_name(STACK_NAME).send().await;
    for event in events.as_ref().map(|answer| answer.stack_events()).unwrap_or_default() {
        let state = event.resource_status().map(|status| status.as_str()).unwrap_or_default();
        if state.ends_with("FAILED") {
            reasons.push(format!(
                "  {} ({}): {}",
                event.logical_resource_id().unwrap_or_default(),
                event.resource_type().unwrap_or_default(),
                event.resource_status_reason().unwrap_or("no reason given"),
            ));
        }
    }
    DeployError::Stack { status: status(stack), reasons }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outputs_are_found_by_the_keys_of_the_contract() {
        let outputs = Outputs([("ApiId".to_owned(), "a1".to_owned())].into());
        assert_eq!(outputs.api_id().unwrap(), "a1");
        assert_eq!(outputs.api_stage().unwrap_err().to_string(), "the stack has no output ApiStage");
    }
}
