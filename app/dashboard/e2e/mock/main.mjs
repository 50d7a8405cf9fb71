// `npm run mock [port] [demo|many|empty]`: the built page over a mock of the API whose tasks move.
// @ts-check
import { demoWorld, emptyWorld, manyWorld } from "./scenarios.mjs";
import { MockServer } from "./server.mjs";

const [port = "4600", scenario = "demo"] = process.argv.slice(2);
const worlds = { demo: demoWorld, many: manyWorld, empty: emptyWorld };
const server = new MockServer((worlds[/** @type {keyof typeof worlds} */ (scenario)] ?? demoWorld)());
console.log(await server.start(Number(port)));
setInterval(() => {
  for (const task of server.world.tasks.values()) {
    const { current, total } = task.progress;
    if (task.status !== "running" || Math.random() < 0.5) continue;
    const next = current + 1;
    server.log(task.task_id, `\u001b[36mworking\u001b[0m on ${next}`);
    if (total !== null && next >= total) server.update(task.task_id, { status: "succeeded", exit_code: 0, finished_at: new Date().toISOString(), progress: { current: total, percentage: 100 } });
    else server.update(task.task_id, { progress: { current: next, percentage: total === null ? null : Math.floor((next / total) * 100) } });
  }
}, 1500);
