// A service as teams deploy it, of resources that the local cloud can create: tables, queues with dead-letter queues,
// topics, log groups and roles. 43 of them: with the stack itself, `cdk deploy` counts to 44.
const cdk = require("aws-cdk-lib");
const { aws_dynamodb: dynamodb, aws_iam: iam, aws_logs: logs, aws_sns: sns, aws_sqs: sqs } = cdk;

class Service extends cdk.Stack {
  constructor(scope, id, props) {
    super(scope, id, props);
    const removal = cdk.RemovalPolicy.DESTROY;
    for (const name of ["Orders", "Customers", "Invoices", "Shipments", "Carts", "Sessions"]) {
      new dynamodb.CfnTable(this, `${name}Table`, {
        billingMode: "PAY_PER_REQUEST",
        attributeDefinitions: [{ attributeName: "id", attributeType: "S" }],
        keySchema: [{ attributeName: "id", keyType: "HASH" }],
      }).applyRemovalPolicy(removal);
    }
    for (const name of ["Payment", "Shipping", "Mail", "Search", "Report", "Audit"]) {
      const dead = new sqs.CfnQueue(this, `${name}DeadLetters`, { messageRetentionPeriod: 1209600 });
      new sqs.CfnQueue(this, `${name}Queue`, {
        visibilityTimeout: 60,
        redrivePolicy: { deadLetterTargetArn: dead.attrArn, maxReceiveCount: 3 },
      });
    }
    for (const name of ["OrderPlaced", "OrderPaid", "OrderShipped", "CustomerJoined", "StockLow"]) {
      new sns.CfnTopic(this, `${name}Topic`);
    }
    const functions = ["Checkout", "Pricing", "Stock", "Billing", "Delivery", "Notify", "Export", "Import", "Search", "Report"];
    for (const name of functions) {
      new logs.CfnLogGroup(this, `${name}Log`, { retentionInDays: 7 });
      new iam.CfnRole(this, `${name}Role`, {
        assumeRolePolicyDocument: {
          Version: "2012-10-17",
          Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "lambda.amazonaws.com" } }],
        },
      });
    }
  }
}

const app = new cdk.App();
new Service(app, process.env.DEMO_STACK || "MiyabiDemo", {
  env: { account: "000000000000", region: "us-east-1" },
  synthesizer: new cdk.LegacyStackSynthesizer(),
});
