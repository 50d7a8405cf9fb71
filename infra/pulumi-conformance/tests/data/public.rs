//! A site with a name of its own: crates of three public providers, made by `pulumi package add`.

use std::process::ExitCode;

use pulumi::{Context, Error, interpolate};
use pulumi_kubernetes::apps::v1::{Deployment, DeploymentArgs, DeploymentSpecArgs};
use pulumi_kubernetes::core::v1::{ContainerArgs, PodSpecArgs, PodTemplateSpecArgs, Secret, SecretArgs};
use pulumi_kubernetes::meta::v1::{LabelSelectorArgs, ObjectMetaArgs};
use pulumi_random::{RandomPet, RandomPetArgs};
use pulumi_tls::{PrivateKey, PrivateKeyArgs, SelfSignedCert, SelfSignedCertArgs, SelfSignedCertSubjectArgs};

async fn site(context: Context) -> Result<(), Error> {
    let pet = RandomPet::new(&context, "pet", RandomPetArgs::new().length(2));
    let host = interpolate!("{}.example.com", pet.id());

    let key = PrivateKey::new(&context, "key", PrivateKeyArgs::new().algorithm("ED25519"));
    let certificate = SelfSignedCert::new(
        &context,
        "certificate",
        SelfSignedCertArgs::new()
            .private_key_pem(key.private_key_pem())
            .subject(SelfSignedCertSubjectArgs::new().common_name(host.clone()))
            .validity_period_hours(24)
            .allowed_uses(["server_auth"]),
    );
    let secret = Secret::new(
        &context,
        "tls",
        SecretArgs::new()
            .string_data([("tls.crt", certificate.cert_pem()), ("tls.key", key.private_key_pem())])
            .type_("kubernetes.io/tls"),
    );

    let labels = [("app", "site")];
    let container = ContainerArgs::new().name("site").image("nginx:1.29");
    Deployment::new(
        &context,
        "site",
        DeploymentArgs::new().spec(
            DeploymentSpecArgs::new()
                .replicas(2)
                .selector(LabelSelectorArgs::new().match_labels(labels))
                .template(
                    PodTemplateSpecArgs::new()
                        .metadata(ObjectMetaArgs::new().labels(labels))
                        .spec(PodSpecArgs::new().containers([container])),
                ),
        ),
    );
    context.export("host", host);
    context.export("secret", secret.id());
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(site)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::Arc;

    use pulumi::mocks::{Mocks, NewResource, Recorder};
    use pulumi::{RunInfo, Value};

    struct Providers;

    impl Mocks for Providers {
        fn new_resource(&self, resource: &NewResource) -> (String, BTreeMap<String, Value>) {
            let mut state = resource.inputs.clone();
            for output in ["certPem", "privateKeyPem"] {
                state.insert(output.to_owned(), Value::String(output.to_owned()));
            }
            (format!("{}-id", resource.name), state)
        }
    }

    #[tokio::test]
    async fn what_reaches_the_providers_is_what_their_schemas_ask_for() {
        let recorder = Arc::new(Recorder::new(Providers));
        pulumi::run_with(recorder.clone(), RunInfo::new("shop", "test"), super::site).await.unwrap();
        let text = |value: &str| Value::String(value.to_owned());
        let inputs = |name: &str| recorder.resource(name).unwrap().inputs;
        let tokens: Vec<String> = recorder.resources().into_iter().map(|resource| resource.token).collect();
        assert_eq!(
            tokens,
            [
                "kubernetes:apps/v1:Deployment",
                "kubernetes:core/v1:Secret",
                "random:index/randomPet:RandomPet",
                "tls:index/privateKey:PrivateKey",
                "tls:index/selfSignedCert:SelfSignedCert",
            ]
        );
        let certificate = inputs("certificate");
        let subject = BTreeMap::from([("commonName".to_owned(), text("pet-id.example.com"))]);
        assert_eq!(certificate["subject"], Value::Object(subject));
        // What the schema says is secret.
        assert_eq!(certificate["privateKeyPem"], Value::Secret(Box::new(text("privateKeyPem"))));
        // What the schema says is always so.
        let deployment = inputs("site");
        assert_eq!((&deployment["apiVersion"], &deployment["kind"]), (&text("apps/v1"), &text("Deployment")));
        assert_eq!(recorder.stack_outputs()["host"], text("pet-id.example.com"));
    }
}
