// Tasks, steps, histories and logs that look like real ones, for the mock of the API.
// @ts-check

/** @typedef {import("../../src/api/types").Task} Task */
/** @typedef {import("../../src/api/types").Step} Step */
/** @typedef {import("../../src/api/types").HistoryPoint} HistoryPoint */
/** @typedef {import("../../src/api/types").Project} Project */
/** @typedef {{ timestamp: string, message: string }} LogEvent */
/** @typedef {{ tasks: Map<string, Task>, steps: Map<string, Step[]>, logs: Map<string, LogEvent[]>, history: Map<string, HistoryPoint[]>, projectNames: Map<string, string> }} World */

/** @returns {World} */
export function emptyWorld() {
  return { tasks: new Map(), steps: new Map(), logs: new Map(), history: new Map(), projectNames: new Map() };
}

const iso = (/** @type {number} */ time) => new Date(time).toISOString();
const SECOND = 1000;
const MINUTE = 60 * SECOND;

/**
 * @param {Partial<Omit<Task, "progress">> & { task_id: string, progress?: Partial<Task["progress"]> }} fields
 * @returns {Task}
 */
export function task(fields) {
  const { progress, ...rest } = fields;
  const created = rest.created_at ?? iso(Date.now());
  return {
    project_id: "web",
    task_type: "cdk-deploy",
    name: rest.task_id,
    status: "running",
    attempt: 1,
    sequence: 1,
    exit_code: null,
    labels: {},
    version: 1,
    log_group: "/miyabi/cdk-deploy",
    created_at: created,
    updated_at: created,
    started_at: created,
    finished_at: null,
    estimate: null,
    heartbeat_at: null,
    ...rest,
    progress: { current: 0, total: null, percentage: null, phase: null, message: null, source: null, source_reason: null, ...progress },
  };
}

/**
 * @param {Partial<Step> & { step_id: string }} fields
 * @returns {Step}
 */
export function step(fields) {
  return { parent_id: null, name: fields.step_id, kind: "stack", status: "succeeded", message: null, attempt: 1, sequence: 1, started_at: null, finished_at: null, ...fields };
}

const RESOURCES = [
  ["AWS::DynamoDB::Table", "TasksTable"], ["AWS::DynamoDB::Table", "ProjectsTable"], ["AWS::Logs::LogGroup", "DeployLogs"], ["AWS::Logs::LogGroup", "AgentLogs"],
  ["AWS::IAM::Role", "TaskApiRole"], ["AWS::IAM::Role", "CollectorRole"], ["AWS::Lambda::Function", "TaskApi"], ["AWS::Lambda::Function", "ProgressCollector"],
  ["AWS::Lambda::Permission", "ApiInvoke"], ["AWS::ApiGateway::RestApi", "Api"], ["AWS::ApiGateway::Resource", "ApiProxy"], ["AWS::ApiGateway::Method", "ApiProxyAny"],
  ["AWS::ApiGateway::Deployment", "ApiDeployment"], ["AWS::ApiGateway::Stage", "ApiStage"], ["AWS::S3::Bucket", "Page"], ["AWS::S3::BucketPolicy", "PagePolicy"],
  ["AWS::CloudFront::Distribution", "Edge"], ["AWS::Logs::SubscriptionFilter", "DeployFilter"], ["AWS::CloudWatch::Alarm", "Freshness"], ["AWS::SQS::Queue", "DeadLetters"],
];

/**
 * A deployment as it was `done` of its resources ago, with steps, log and history.
 * @param {World} world
 * @param {{ id: string, name: string, project: string, start: number, done: number, end?: number, failAt?: number, extra?: Partial<Task> }} options
 */
export function deployment(world, { id, name, project, start, done, end, failAt, extra }) {
  const total = RESOURCES.length;
  const stack = "MiyabiWebUIStack";
  /** @type {Step[]} */
  const steps = [];
  /** @type {LogEvent[]} */
  const log = [];
  /** @type {HistoryPoint[]} */
  const history = [];
  const say = (/** @type {number} */ at, /** @type {string} */ message) => log.push({ timestamp: iso(at), message });
  const failed = failAt !== undefined;
  const finished = end ?? null;
  const phaseEnd = start + 9 * SECOND;
  const last = finished ?? Date.now();
  const pace = (last - phaseEnd) / Math.max(1, done);
  say(start, `\u001b[1m$ ${name}\u001b[0m`);
  say(start + 400, "\u001b[2m✨  Synthesis time: 6.21s\u001b[0m");
  say(start + 6_300, `${stack}: start: Building ${stack}`);
  say(start + 7_100, `${stack}: success: Published 5f0a1c9d2b (current_account-ap-northeast-1)`);
  say(phaseEnd - 900, `\u001b[1m${stack}\u001b[0m: deploying... [1/1]`);
  say(phaseEnd, `${stack}: creating CloudFormation changeset...`);
  steps.push(step({ step_id: "synth", name: "Synthesis", kind: "phase", started_at: iso(start), finished_at: iso(start + 6_200) }));
  steps.push(step({ step_id: "assets", name: "Assets", kind: "phase", started_at: iso(start + 6_200), finished_at: iso(phaseEnd) }));
  const stackStatus = finished === null ? "running" : failed ? "failed" : "succeeded";
  steps.push(step({ step_id: stack, name: stack, kind: "stack", status: stackStatus, started_at: iso(phaseEnd), finished_at: finished === null ? null : iso(finished), message: failed ? "ROLLBACK_COMPLETE" : null }));
  history.push({ time: iso(start), attempt: 1, status: "running", current: 0, total: null, percentage: null, phase: "plan" });
  RESOURCES.forEach(([kind, resource], index) => {
    const begun = phaseEnd + Math.max(0, index - 2.4) * pace;
    const ended = phaseEnd + (index + 1) * pace;
    const broke = index === failAt;
    if (index < done + 3) say(begun, `${stack} | ${String(index).padStart(2)}/${total} | ${new Date(begun).toLocaleTimeString("en-US")} | CREATE_IN_PROGRESS   | ${kind} | ${resource} (${resource}8A1F4C)`);
    if (index < done) {
      const status = broke ? "\u001b[31mCREATE_FAILED       \u001b[39m" : "\u001b[32mCREATE_COMPLETE     \u001b[39m";
      say(ended, `${stack} | ${String(index + 1).padStart(2)}/${total} | ${new Date(ended).toLocaleTimeString("en-US")} | ${status} | ${kind} | ${resource} (${resource}8A1F4C)${broke ? ` ${REASON}` : ""}`);
      history.push({ time: iso(ended), attempt: 1, status: "running", current: index + 1, total, percentage: Math.min(99, Math.floor(((index + 1) / total) * 100)), phase: "deploy" });
    }
    /** @type {Step["status"]} */
    let status = index < done ? "succeeded" : index < done + 2.4 && finished === null ? "running" : "queued";
    if (broke) status = "failed";
    else if (failed && index > (failAt ?? 0) - 2 && index < done) status = "cancelled";
    steps.push(
      step({
        step_id: `${stack}:${resource}`,
        parent_id: stack,
        name: String(resource),
        kind: String(kind),
        status,
        message: broke ? REASON : status === "cancelled" ? "Resource creation cancelled" : status === "running" ? "CREATE_IN_PROGRESS" : status === "succeeded" ? "CREATE_COMPLETE" : null,
        started_at: status === "queued" ? null : iso(begun),
        finished_at: status === "running" || status === "queued" ? null : iso(ended),
      }),
    );
  });
  if (finished !== null) {
    if (failed) {
      say(finished - 300, "");
      say(finished - 200, `\u001b[31m❌  \u001b[1m${stack}\u001b[22m failed: ToolkitError: The stack named ${stack} failed creation, it may need to be manually deleted: ${REASON}\u001b[39m`);
    } else {
      say(finished - 200, "");
      say(finished - 180, `\u001b[32m ✅  ${stack}\u001b[39m`);
      say(finished - 100, "\u001b[2m✨  Deployment time: 61.4s\u001b[0m");
    }
  }
  const current = Math.min(done, total);
  const [kind, resource] = RESOURCES[Math.max(0, current - 1)] ?? [];
  world.tasks.set(
    id,
    task({
      task_id: id, name, project_id: project, created_at: iso(start - 350), started_at: iso(start), updated_at: iso(finished ?? Date.now() - 1200), finished_at: finished === null ? null : iso(finished),
      status: finished === null ? "running" : failed ? "failed" : "succeeded", exit_code: finished === null ? null : failed ? 1 : 0, sequence: done * 3 + 4, version: done * 3 + 4,
      labels: { branch: "main", commit: "2e39176", host: "build-7" },
      estimate: finished === null ? { earliest: iso(Date.now() + 2.45 * MINUTE), latest: iso(Date.now() + 4.45 * MINUTE), basis: "both" } : null,
      progress: {
        current, total, percentage: finished !== null && !failed ? 100 : Math.min(99, Math.floor((current / total) * 100)), phase: "deploy", source: "cdk-text",
        source_reason: "lines in the columns of cdk: stack | count | time | status | type | resource",
        message: failed ? REASON : `CREATE_COMPLETE ${kind} ${resource}`,
      },
      ...extra,
    }),
  );
  world.steps.set(id, steps);
  world.logs.set(id, log);
  world.history.set(id, history);
}

const REASON =
  'Resource handler returned message: "User: arn:aws:sts::000000000000:assumed-role/deploy is not authorized to perform: cloudfront:CreateDistribution" (RequestToken: 1c0b77f2, HandlerErrorCode: AccessDenied)';

/**
 * A mixed day at work.
 * @returns {World}
 */
export function demoWorld(now = Date.now()) {
  const world = emptyWorld();
  const put = (/** @type {Parameters<typeof task>[0]} */ fields) => world.tasks.set(fields.task_id, task(fields));
  deployment(world, { id: "deploy-web-1042", name: "npx cdk deploy MiyabiWebUIStack", project: "web", start: now - 96 * SECOND, done: 11 });
  deployment(world, { id: "deploy-web-1039", name: "npx cdk deploy MiyabiWebUIStack --require-approval never", project: "web", start: now - 34 * MINUTE, end: now - 31.2 * MINUTE, done: 17, failAt: 16 });
  deployment(world, { id: "deploy-web-1038", name: "npx cdk deploy MiyabiWebUIStack", project: "web", start: now - 92 * MINUTE, end: now - 90.6 * MINUTE, done: 20 });
  put({ task_id: "build-api-88", name: "cargo build --release", project_id: "api", task_type: "build", created_at: iso(now - 214 * SECOND), updated_at: iso(now - 800), version: 9, progress: { current: 212, total: 347, percentage: 61, phase: "build", message: "aws-sdk-dynamodb", source: "cargo" } });
  put({ task_id: "agent-issue-270", name: "agent: add rate limiting to the import endpoint", project_id: "platform", task_type: "agent", created_at: iso(now - 19 * MINUTE), updated_at: iso(now - 7_000), version: 31, attempt: 2, progress: { current: 14, phase: "edit", message: "Running the tests of crate import", source: "line" } });
  put({ task_id: "seed-warehouse", name: "python scripts/backfill_orders.py --from 2026-01-01", project_id: "data", task_type: "command", created_at: iso(now - 2.2 * 3600 * SECOND), updated_at: iso(now - 4 * MINUTE), heartbeat_at: iso(now - 3.6 * MINUTE), version: 88, progress: { current: 48_211, total: 125_000, percentage: 38, message: "orders 2026-04-18", source: "count" } });
  put({ task_id: "test-web-311", name: "npx playwright test", project_id: "web", task_type: "test", status: "queued", created_at: iso(now - 40 * SECOND), started_at: null, progress: {} });
  put({ task_id: "tf-network-9", name: "terraform apply -auto-approve", project_id: "platform", task_type: "terraform", status: "queued", created_at: iso(now - 12 * SECOND), started_at: null, progress: {} });
  const ended = (/** @type {number} */ index, /** @type {Task["status"]} */ status, /** @type {string} */ name, /** @type {string} */ project, /** @type {string} */ type, /** @type {number} */ ago, /** @type {number} */ length, /** @type {Partial<Task["progress"]>} */ progress, exitCode = status === "succeeded" ? 0 : 1) =>
    put({ task_id: `${type}-${project}-${index}`, name, project_id: project, task_type: type, status, created_at: iso(now - ago - length), started_at: iso(now - ago - length), finished_at: iso(now - ago), updated_at: iso(now - ago), exit_code: exitCode, version: 40, progress });
  ended(87, "failed", "cargo nextest run --workspace", "api", "test", 6 * MINUTE, 141 * SECOND, { current: 318, total: 412, percentage: 77, phase: "test", message: "store::cache::a_late_write_never_wins: assertion failed: left == right", source: "nextest" }, 100);
  ended(86, "succeeded", "cargo clippy --all-targets -- -D warnings", "api", "build", 11 * MINUTE, 48 * SECOND, { current: 347, total: 347, percentage: 100, phase: "check", source: "cargo" });
  ended(41, "succeeded", "pulumi up --stack dev --yes", "platform", "pulumi", 23 * MINUTE, 187 * SECOND, { current: 64, total: 64, percentage: 100, phase: "update", source: "pulumi-json" });
  ended(85, "cancelled", "cargo bench --bench ingest", "api", "build", 47 * MINUTE, 312 * SECOND, { current: 11, total: 40, percentage: 27, phase: "bench", message: "Interrupted", source: "count" }, 130);
  ended(40, "succeeded", "agent: flaky test in the list window", "platform", "agent", 65 * MINUTE, 14 * MINUTE, { current: 22, total: 22, percentage: 100, source: "line" });
  ended(310, "succeeded", "npx playwright test", "web", "test", 71 * MINUTE, 92 * SECOND, { current: 64, total: 64, percentage: 100, phase: "test", source: "count" });
  ended(309, "failed", "docker buildx bake --push", "web", "build", 3.4 * 3600 * SECOND, 71 * SECOND, { current: 0, message: "failed to solve: process \"/bin/sh -c npm ci\" did not complete successfully: exit code: 137", source: "line" }, 137);
  for (let index = 0; index < 14; index++) ended(300 - index, index % 6 === 4 ? "failed" : "succeeded", index % 2 ? "npx vite build" : "npx playwright test", "web", index % 2 ? "build" : "test", (5 + index * 3) * 3600 * SECOND, (30 + ((index * 37) % 80)) * SECOND, { current: index % 6 === 4 ? 20 : 64, total: 64, percentage: index % 6 === 4 ? 31 : 100, phase: "test", source: "count" });
  world.projectNames.set("web", "Web UI");
  world.projectNames.set("api", "API");
  return world;
}

/**
 * `count` tasks, the newest of which run.
 * @returns {World}
 */
export function manyWorld(count = 2_000, now = Date.now()) {
  const world = emptyWorld();
  for (let index = 0; index < count; index++) {
    const created = now - index * 20 * SECOND;
    const running = index % 400 === 3;
    const failed = index % 9 === 4;
    const id = `task-${String(count - index).padStart(6, "0")}`;
    world.tasks.set(
      id,
      task({
        task_id: id, name: `npm run job -- --shard ${count - index}`, project_id: ["web", "api", "platform", "data"][index % 4] ?? "web", task_type: ["build", "test", "command"][index % 3] ?? "build",
        status: running ? "running" : failed ? "failed" : "succeeded", created_at: iso(created), started_at: iso(created), finished_at: running ? null : iso(created + 15 * SECOND), updated_at: iso(created + 15 * SECOND),
        exit_code: running ? null : failed ? 1 : 0, version: 3, progress: { current: running ? 3 : 10, total: 10, percentage: running ? 30 : failed ? 60 : 100, phase: "work", source: "count" },
      }),
    );
  }
  return world;
}

/**
 * A task with a log of `lines` lines.
 * @param {World} world
 */
export function longLog(world, id = "deploy-web-1042", lines = 25_000, now = Date.now()) {
  /** @type {LogEvent[]} */
  const events = [];
  for (let index = 1; index <= lines; index++) events.push({ timestamp: iso(now - (lines - index) * 10), message: `\u001b[3${index % 8}mline ${index}\u001b[0m of a long log` });
  world.logs.set(id, events);
}
