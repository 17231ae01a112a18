import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { Runtime } from "@matrix-rendezvous/testkit/runner";
import { test } from "@matrix-rendezvous/testkit/runner";
import { Server as RedisServer } from "../../../packages/store-redis/test-services/servers.ts";
import { startHomeserver } from "../test/homeserver.ts";
import { RUNTIMES, type ServerProcess, startServer } from "../test/server-process.ts";
import { type Prometheus, startPrometheus } from "./prometheus.ts";

const DOCUMENTS = new URL("../../../docs/operate/", import.meta.url);
const PATH = "/_matrix/client/unstable/io.element.msc4388/rendezvous";

/** How long until each panel shows something, in milliseconds. */
const PATIENCE_MS = 20_000;

interface Panel {
  readonly title: string;
  readonly type: string;
  readonly targets?: readonly { readonly expr: string }[];
}

interface Dashboard {
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly { readonly name: string; readonly type: string }[] };
}

const dashboard = JSON.parse(readFileSync(new URL("dashboard.json", DOCUMENTS), "utf8")) as Dashboard;
const expressions = dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));

/** Whatever a server does that some panel shows: sessions, refusals, conflicts, retries, access tokens of all kinds. */
async function traffic({ url }: ServerProcess): Promise<void> {
  const send = async (method: string, path: string, body?: object, token = "good"): Promise<Record<string, string>> => {
    const init = { method, headers: { Authorization: `Bearer ${token}` }, body: body ? JSON.stringify(body) : null };
    return (await (await fetch(url + PATH + path, init)).json()) as Record<string, string>;
  };
  const { id, sequence_token } = await send("POST", "", { data: "one" });
  assert.ok(id);
  await send("POST", "", { data: "over the cap" });
  for (const token of ["unknown", "failing"]) await send("POST", "", { data: "" }, token);
  await send("GET", `/${id}`);
  for (const data of ["two", "two", "three"]) await send("PUT", `/${id}`, { sequence_token, data });
  await send("PUT", `/${id}/transaction`, { sequence_token, data: "two" });
  await send("PUT", `/${id}/transaction`, { sequence_token, data: "two" });
  await send("DELETE", `/${id}`);
}

/** An ID that could be one: others are answered without the store. */
const NOBODYS_ID = "x".repeat(22);

/** Asks until the store has the answer wanted: that it is away, or that it is not. */
async function untilStore(isAway: boolean, { url }: ServerProcess): Promise<void> {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  let status: number;
  do status = (await fetch(`${url}${PATH}/${NOBODYS_ID}`, { signal })).status;
  while ((status === 503) !== isAway);
}

/** As Grafana would ask it, with the variables' values put in. */
const asked = (expression: string, job: string): string =>
  expression.replaceAll("$job", job).replaceAll("$__rate_interval", "1m");

async function showsSomething(prometheus: Prometheus, expression: string): Promise<boolean> {
  const samples = await prometheus.query(expression);
  return samples.some(({ value: [, value] }) => Number.isFinite(Number(value)));
}

async function assertEveryPanelShows(prometheus: Prometheus, job: string, server: ServerProcess): Promise<void> {
  const patience = AbortSignal.timeout(PATIENCE_MS);
  let empty = expressions.map((expression) => asked(expression, job));
  while (empty.length > 0 && !patience.aborted) {
    await traffic(server);
    const shown = await Promise.all(empty.map((expression) => showsSomething(prometheus, expression)));
    empty = empty.filter((_, index) => !shown[index]);
  }
  assert.deepEqual(empty, [], "these show nothing");
}

async function assertOnPage(file: string, server: ServerProcess): Promise<void> {
  const page = await (await fetch(`${server.opsUrl}/metrics`)).text();
  // A histogram is named in its TYPE line alone; what is there of it has endings.
  const known = new Set(page.split("\n").map((line) => /^(?:# TYPE )?(\w+)/.exec(line)?.[1]));
  const named = readFileSync(new URL(file, DOCUMENTS), "utf8").match(/\b(rendezvous|nodejs|process)_\w+/g) ?? [];
  assert.ok(named.length > 0);
  const unknown = named.filter((name) => !known.has(name));
  assert.deepEqual(unknown, [], `${file} names what is not on the metrics page`);
}

test("every query of the dashboard shows something of a server that is in use, on each runtime", async () => {
  const redis = await RedisServer.start();
  const homeserver = await startHomeserver(
    new Map([
      ["good", "@user:example.org"],
      ["failing", undefined],
    ]),
  );
  const flags = ["--mode", "authenticated", "--homeserver", homeserver.url, "--max-sessions-per-owner", "1"];
  const servers = new Map<Runtime, ServerProcess>();
  let prometheus: Prometheus | undefined;
  try {
    for (const runtime of RUNTIMES) {
      const store = `${redis.url}?prefix=${runtime}:`;
      const more = ["--store", store, "--ops-port", "0", "--token-cache", "0"];
      servers.set(runtime, await startServer(runtime, [...flags, ...more]));
    }
    prometheus = await startPrometheus(new Map([...servers].map(([runtime, { opsUrl }]) => [runtime, opsUrl])));
    await redis.kill();
    for (const server of servers.values()) await untilStore(true, server);
    await redis.restart();
    for (const server of servers.values()) await untilStore(false, server);
    for (const [runtime, server] of servers) {
      await assertEveryPanelShows(prometheus, runtime, server);
      for (const file of ["dashboard.json", "alerts.yaml", "README.md"]) await assertOnPage(file, server);
    }
    for (const server of servers.values()) assert.equal(await server.stop(), 0);
  } finally {
    for (const { child } of servers.values()) child.kill("SIGKILL");
    await prometheus?.stop();
    homeserver.stop();
    await redis.stop();
  }
});

test("the dashboard asks for its data source, and each panel for that one", () => {
  const [datasource] = dashboard.templating.list;
  assert.deepEqual([datasource?.name, datasource?.type], ["datasource", "datasource"]);
  for (const { title, type, ...panel } of dashboard.panels) {
    if (type !== "row") assert.match(JSON.stringify(panel), /"uid":"\$\{datasource\}"/, title);
  }
});
