import assert from "node:assert/strict";
import { Agent, request } from "node:http";
import { test } from "@matrix-rendezvous/testkit/runner";
import { RUNTIMES, startServer } from "./server-process.ts";

const PATH = "/_matrix/client/unstable/io.element.msc4388/rendezvous";
const CAP = 400;
const UNDER_WAY = 200;
const PER_OWNER = 20;
const FLOODING_CONNECTIONS = 16;
const DEFAULTS = ["--rate-create", "1:20", "--rate-read", "200:1000", "--rate-write", "100:500"];

type Body = Readonly<Record<string, string>>;
type Ask = (from: string, method: string, path: string, body?: object) => Promise<{ status: number; body: Body }>;

/** Asks the server from an address of this machine; each address is a network of its own. */
function asking(url: string, agent: Agent): Ask {
  return (localAddress, method, path, body) =>
    new Promise((resolve, reject) => {
      const sent = request(url + PATH + path, { agent, method, localAddress }, (answer) => {
        let text = "";
        answer.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
        answer.on("end", () => resolve({ status: answer.statusCode ?? 0, body: JSON.parse(text) as Body }));
      });
      sent.on("error", reject).end(body && JSON.stringify(body));
    });
}

for (const runtime of RUNTIMES) {
  test(`${runtime}: under a flood from one network, the sign-ins of others finish, and new ones start`, async () => {
    const server = await startServer(runtime, ["--store", "memory:", "--max-sessions", `${CAP}`, ...DEFAULTS]);
    const agent = new Agent({ keepAlive: true });
    const ask = asking(server.url, agent);
    const create = (from: string) => ask(from, "POST", "", { data: "" });
    const finish = async (from: string, id: string, token: string): Promise<void> => {
      const written = await ask(from, "PUT", `/${id}`, { sequence_token: token, data: from });
      const read = await ask(from, "GET", `/${id}`);
      const cancelled = await ask(from, "DELETE", `/${id}`);
      assert.deepEqual([written.status, read.status, read.body["data"], cancelled.status], [200, 200, from, 200]);
    };
    const started = [];
    for (let index = 0; index < UNDER_WAY; index += 1) {
      const from = `127.0.1.${index + 1}`;
      const { status, body } = await create(from);
      assert.equal(status, 200);
      started.push({ from, id: body["id"] ?? "", token: body["sequence_token"] ?? "" });
    }
    // It goes on until everybody else is done, and is of ten times the capacity at least.
    let areOthersDone = false;
    const statuses: number[] = [];
    const flooder = async (): Promise<void> => {
      while (!areOthersDone || statuses.length < 10 * CAP) statuses.push((await create("127.0.9.9")).status);
    };
    const flood = Promise.all(Array.from({ length: FLOODING_CONNECTIONS }, flooder));
    for (const { from, id, token } of started) await finish(from, id, token);
    // All places but those of the flooding network's own share are there for others.
    const later = [];
    for (let index = 0; index < CAP; index += 1) later.push((await create(`127.0.2.${(index % 200) + 1}`)).status);
    assert.equal(later.filter((status) => status === 200).length, CAP - PER_OWNER);
    areOthersDone = true;
    await flood;
    assert.equal(statuses.filter((status) => status === 200).length, PER_OWNER);
    assert.ok(statuses.every((status) => status === 200 || status === 429));
    agent.destroy();
    assert.equal(await server.stop(), 0);
  });
}
