//! The tables of the platform in any DynamoDB, without a deployment: over plain HTTP and JSON.

use anyhow::ensure;
use miyabi_shared::Table;
use miyabi_shared::table::{Key, TableDeclaration};
use serde_json::{Value, json};

/// A DynamoDB over HTTP.
#[derive(Debug, Clone)]
pub struct DynamoDb {
    endpoint: String,
    client: reqwest::Client,
}

impl DynamoDb {
    /// The one at that address.
    ///
    /// # Errors
    /// When no HTTP client can be made.
    pub fn new(endpoint: impl Into<String>) -> anyhow::Result<Self> {
        Ok(Self { endpoint: endpoint.into(), client: reqwest::Client::builder().no_proxy().build()? })
    }

    /// Carries out an operation.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn ask(&self, operation: &str, request: &Value) -> anyhow::Result<Value> {
        let response = self
            .client
            .post(&self.endpoint)
            .header("x-amz-target", format!("DynamoDB_20120810.{operation}"))
            .header("content-type", "application/x-amz-json-1.0")
            .header(
                "authorization",
                "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=00",
            )
            .body(request.to_string())
            .send()
            .await?;
        let status = response.status();
        let text = response.text().await?;
        ensure!(status.is_success(), "{operation}: {status}: {text}");
        Ok(serde_json::from_str(&text)?)
    }

    /// Makes both tables of the store, with their own names.
    ///
    /// # Errors
    /// When one is refused.
    pub async fn create_tables(&self) -> anyhow::Result<()> {
        for table in [Table::Tasks, Table::Projects] {
            self.ask("CreateTable", &definition(table.declaration())).await?;
        }
        Ok(())
    }
}

fn definition(table: &TableDeclaration) -> Value {
    let schema = |hash: Key, range: Option<Key>| -> Value {
        let mut keys = vec![json!({"AttributeName": hash.name, "KeyType": "HASH"})];
        keys.extend(range.map(|range| json!({"AttributeName": range.name, "KeyType": "RANGE"})));
        keys.into()
    };
    let mut keys = vec![table.partition_key];
    keys.extend(table.sort_key);
    keys.extend(table.indexes.iter().flat_map(|index| [index.partition_key, index.sort_key]));
    keys.sort_unstable();
    keys.dedup();
    let attributes: Vec<Value> = (keys.iter())
        .map(|key| json!({"AttributeName": key.name, "AttributeType": key.key_type.as_str()}))
        .collect();
    let indexes: Vec<Value> = (table.indexes.iter())
        .map(|index| {
            json!({
                "IndexName": index.name, "KeySchema": schema(index.partition_key, Some(index.sort_key)),
                "Projection": {"ProjectionType": "KEYS_ONLY"}
            })
        })
        .collect();
    let mut definition = json!({
        "TableName": table.name, "BillingMode": "PAY_PER_REQUEST", "AttributeDefinitions": attributes,
        "KeySchema": schema(table.partition_key, table.sort_key)
    });
    if !indexes.is_empty() {
        definition["GlobalSecondaryIndexes"] = indexes.into();
    }
    definition
}
