import { afterEach, describe, expect, it, vi } from "vitest";
import { getJson } from "../src/api/client";
import { serverNow } from "../src/api/clock";

const answer = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  new Response(status === 304 ? null : typeof body === "string" ? body : JSON.stringify(body), { status, headers });

afterEach(() => {
  vi.unstubAllGlobals();
});

function serve(...answers: (Response | Error)[]) {
  const fetched = vi.fn(async (_path: string, _options: RequestInit) => {
    const next = answers.shift();
    if (next === undefined || next instanceof Error) throw next ?? new Error("no more answers");
    return next;
  });
  vi.stubGlobal("fetch", fetched);
  return fetched;
}

describe("reading the API", () => {
  it("asks again with the entity tag, and a 304 gives the same object", async () => {
    const fetched = serve(answer(200, { a: 1 }, { etag: '"1"' }), answer(304, null));
    const first = await getJson("/api/etag");
    expect(await getJson("/api/etag")).toBe(first);
    expect(fetched.mock.calls[1]?.[1].headers).toMatchObject({ "if-none-match": '"1"' });
  });
  it("tells a missing thing, a server's problem and a lost connection apart", async () => {
    serve(
      answer(404, { detail: "There is no task x.", request_id: "r1" }),
      answer(503, "upstream down"),
      new TypeError("fetch failed"),
      answer(200, "<html>a proxy</html>"),
      answer(400, { detail: "status: expected queued, running…" }),
    );
    await expect(getJson("/1")).rejects.toMatchObject({ kind: "not-found", message: "There is no task x.", requestId: "r1" });
    await expect(getJson("/2")).rejects.toMatchObject({ kind: "server", status: 503 });
    await expect(getJson("/3")).rejects.toMatchObject({ kind: "unreachable" });
    await expect(getJson("/4")).rejects.toMatchObject({ kind: "malformed" });
    await expect(getJson("/5")).rejects.toMatchObject({ kind: "request" });
  });
  it("takes the server's clock where this machine's is wrong", async () => {
    const ahead = new Date(Date.now() + 3_600_000).toUTCString();
    serve(answer(200, {}, { date: ahead }), answer(200, {}, { date: new Date().toUTCString() }));
    await getJson("/clock");
    expect(serverNow() - Date.now()).toBeGreaterThan(3_590_000);
    await getJson("/clock");
    expect(Math.abs(serverNow() - Date.now())).toBeLessThan(50);
  });
});
