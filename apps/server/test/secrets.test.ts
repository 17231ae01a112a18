import assert from "node:assert/strict";
import { join } from "node:path";
import { type Runtime, test } from "@matrix-rendezvous/testkit/runner";
import { startHomeserver } from "./homeserver.ts";
import { RUNTIMES, type ServerProcess, startServer } from "./server-process.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const STABLE = "/_matrix/client/v1/rendezvous";
const UNSTABLE = "/_matrix/client/unstable/io.element.msc4388/rendezvous";
const CREATE_2024 = "/_matrix/client/unstable/org.matrix.msc4108/rendezvous";

/** As much of an ID as may be told. */
const SHOWN_OF_ID = 6;

const TOKENS = {
  valid: "syt_valid_access_token",
  unknown: "syt_unknown_access_token",
  failing: "syt_failing_access_token",
} as const;

/** Everything that clients of a server sent and were given, and nobody else may see. */
class Traffic {
  readonly secrets = new Set<string>(Object.values(TOKENS));
  /** The bodies of errors: what a client may hand on, in a bug report. */
  readonly errors: string[] = [];
  /** How many requests were answered, by status. */
  readonly statuses = new Map<number, number>();
  #payloads = 0;

  payload(): string {
    this.#payloads += 1;
    return this.keep(`payload number ${this.#payloads} of this test`);
  }

  keep(secret: string): string {
    this.secrets.add(secret);
    return secret;
  }

  async send(url: string, init: RequestInit): Promise<Response> {
    const answer = await fetch(url, init);
    this.statuses.set(answer.status, (this.statuses.get(answer.status) ?? 0) + 1);
    if (answer.status >= 400) this.errors.push(await answer.clone().text());
    return answer;
  }
}

type Session = Readonly<Record<"id" | "sequence_token", string>>;

/** Sessions of the 2025 version, with every error that it has. */
async function walk2025(server: ServerProcess, prefix: string, traffic: Traffic): Promise<void> {
  const url = server.url + prefix;
  const send = (method: string, path: string, body?: unknown, token?: string): Promise<Response> => {
    const headers = token === undefined ? {} : { Authorization: `Bearer ${token}` };
    const text = typeof body === "string" ? body : JSON.stringify(body);
    return traffic.send(url + path, { method, headers, body: body === undefined ? null : text });
  };
  for (const token of [undefined, ...Object.values(TOKENS)]) await send("GET", "", undefined, token);
  for (const token of [undefined, TOKENS.unknown, TOKENS.failing]) {
    await send("POST", "", { data: traffic.payload() }, token);
  }
  const created = await send("POST", "", { data: traffic.payload() }, TOKENS.valid);
  const { id, sequence_token } = (await created.json()) as Session;
  for (const secret of [id, sequence_token]) traffic.keep(secret);
  // The cap is one session.
  await send("POST", "", { data: traffic.payload() }, TOKENS.valid);
  await send("GET", `/${id}`);
  await send("GET", `/${id}?since=${sequence_token}&timeout=1`);
  await send("GET", `/${id}?since=${sequence_token}&timeout=soon`);
  await traffic.send(`${url}/${id}`, { headers: { "Sec-Fetch-Dest": "document" } });
  const data = traffic.payload();
  const transaction = traffic.keep("transaction-of-a-client");
  const written = await send("PUT", `/${id}/${transaction}`, { sequence_token, data });
  traffic.keep(((await written.json()) as Session).sequence_token);
  await send("PUT", `/${id}`, { sequence_token, data });
  await send("PUT", `/${id}`, { sequence_token, data: traffic.payload() });
  await send("PUT", `/${id}`, `{"sequence_token":"${sequence_token}","data":"${traffic.payload()}`);
  await send("PUT", `/${id}`, { sequence_token: [sequence_token], data: [traffic.payload()] });
  await send("PUT", `/${id}`, { sequence_token, data: `${traffic.payload()}${"x".repeat(5_000)}` });
  await send("PUT", `/${id}/${traffic.keep("x".repeat(300))}`, { sequence_token, data: traffic.payload() });
  await send("PATCH", `/${id}`, { sequence_token, data: traffic.payload() });
  await send("GET", `/${id}/and/more/${transaction}`);
  await send("DELETE", `/${id}`);
  for (const method of ["GET", "DELETE"]) await send(method, `/${id}`);
}

/** A session of the 2024 version, with every error that it has. */
async function walk2024(server: ServerProcess, traffic: Traffic): Promise<void> {
  const text = { "Content-Type": "text/plain" };
  const create = server.url + CREATE_2024;
  const created = await traffic.send(create, { method: "POST", headers: text, body: traffic.payload() });
  const { url } = (await created.json()) as { url: string };
  traffic.keep(url.split("/").at(-1) ?? "");
  const token = created.headers.get("ETag") ?? "";
  traffic.keep(token.replaceAll('"', ""));
  // The cap is one session.
  await traffic.send(create, { method: "POST", headers: text, body: traffic.payload() });
  await traffic.send(create, { method: "POST", headers: { "Content-Type": "image/png" }, body: traffic.payload() });
  const put = (headers: Record<string, string>, body = traffic.payload()): Promise<Response> =>
    traffic.send(url, { method: "PUT", headers, body });
  await traffic.send(url, {});
  await traffic.send(url, { headers: { "If-None-Match": token } });
  const written = await put({ ...text, "If-Match": token });
  traffic.keep(written.headers.get("ETag")?.replaceAll('"', "") ?? "");
  await put({ ...text, "If-Match": token });
  await put(text);
  await put({ "Content-Type": "image/png", "If-Match": token });
  await put({ ...text, "If-Match": token }, `${traffic.payload()}${"x".repeat(5_000)}`);
  await traffic.send(url, { method: "PATCH", body: traffic.payload() });
  await traffic.send(url, { method: "DELETE" });
  for (const method of ["GET", "DELETE"]) await traffic.send(url, { method });
}

/** Everything a server can write, in as many words as it can, and how it comes to an end. */
async function everythingWritten(server: ServerProcess, traffic: Traffic): Promise<string> {
  for (const prefix of [STABLE, UNSTABLE]) await walk2025(server, prefix, traffic);
  await walk2024(server, traffic);
  const pages = ["/metrics", "/health/ready", "/health/live"].map(async (path) =>
    (await fetch(server.opsUrl + path)).text(),
  );
  const [metrics = "", ...others] = await Promise.all(pages);
  assert.match(metrics, /^rendezvous_http_requests_total/m);
  assert.equal(await server.stop(), 0);
  return [metrics, ...others, ...traffic.errors, server.stdout(), server.stderr()].join("\n");
}

/** Runs `use` with a server that talks, in this format, about all it does. */
async function withTalkative(
  runtime: Runtime,
  format: string,
  use: (server: ServerProcess) => Promise<void>,
): Promise<void> {
  const homeserver = await startHomeserver(
    new Map([
      [TOKENS.valid, "@user:example.org"],
      [TOKENS.failing, undefined],
    ]),
  );
  const folder = temporaryFolder();
  const where = ["--store", `sqlite:${join(folder.path, "rendezvous.db")}`, "--ops-port", "0"];
  const who = ["--mode", "authenticated", "--homeserver", homeserver.url, "--max-sessions-per-owner", "1"];
  const how = ["--stable-endpoint", "--log-level", "debug", "--log-format", format];
  let server: ServerProcess | undefined;
  try {
    server = await startServer(runtime, [...where, ...who, ...how]);
    await use(server);
  } finally {
    server?.child.kill("SIGKILL");
    homeserver.stop();
    folder.remove();
  }
}

for (const runtime of RUNTIMES) {
  for (const format of ["json", "pretty"]) {
    test(`${runtime}: nothing that it writes (${format}) holds an ID, a token or a payload`, () =>
      withTalkative(runtime, format, async (server) => {
        const traffic = new Traffic();
        const written = await everythingWritten(server, traffic);
        for (const status of [200, 201, 202, 204, 304, 400, 401, 403, 404, 405, 409, 412, 413, 429, 503]) {
          assert.ok(traffic.statuses.has(status), `no request was answered ${status}`);
        }
        for (const secret of traffic.secrets) {
          assert.ok(secret.length > SHOWN_OF_ID, JSON.stringify(secret));
          const at = written.indexOf(secret);
          assert.equal(at, -1, `${secret} was told: ${written.slice(Math.max(0, at - 200), at + 200)}`);
        }
      }));
  }
}
