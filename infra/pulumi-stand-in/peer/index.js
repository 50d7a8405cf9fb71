// The same program as `../tests/programs/many.rs`, on Pulumi's SDK for Node.
"use strict";
const pulumi = require("@pulumi/pulumi");

const VERSION = "7.51.1";

class Topic extends pulumi.CustomResource {
  constructor(name, inputs) {
    super("aws:sns/topic:Topic", name, { arn: undefined, ...inputs }, { version: VERSION });
  }
}

const count = new pulumi.Config("many").requireNumber("count");
const topics = [];
for (let number = 0; number < count; number++) {
  const name = `topic-${number}`;
  // Every tenth one waits for the one before it.
  const tags = number % 10 === 9 ? { before: topics[number - 1].arn } : { before: "none" };
  topics.push(new Topic(name, { name, tags }));
}
exports.arns = topics.map((topic) => topic.arn);
