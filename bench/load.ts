import { Agent, request } from "node:http";

const PATH = "/_matrix/client/unstable/io.element.msc4388/rendezvous";
const CONNECTIONS = 16;
const PAYLOAD = "x".repeat(600);
/** Writes in one flow, each read by the other side, which has polled once in vain before. */
const WRITES = 6;

/** Counts requests. */
export interface Count {
  requests: number;
}

type Ask = (method: string, path: string, body?: object) => Promise<Record<string, string>>;

/** Walks `flows` whole sign-ins: create, writes with their reads and empty polls, cancel. */
export async function flows(url: string, count: Count, flows: number): Promise<void> {
  await onConnections(url, count, async (ask, next) => {
    while (next(flows)) {
      const created = await ask("POST", "", { data: "" });
      const path = `/${created["id"]}`;
      let token = created["sequence_token"];
      for (let write = 0; write < WRITES; write += 1) {
        await ask("GET", path);
        token = (await ask("PUT", path, { sequence_token: token, data: PAYLOAD }))["sequence_token"];
        await ask("GET", path);
      }
      await ask("DELETE", path);
    }
  });
}

/** Reads one session, again and again. */
export async function reads(url: string, count: Count, reads: number): Promise<void> {
  await onConnections(url, count, async (ask, next) => {
    const { id } = await ask("POST", "", { data: PAYLOAD });
    while (next(reads)) await ask("GET", `/${id}`);
  });
}

async function onConnections(
  url: string,
  count: Count,
  client: (ask: Ask, next: (limit: number) => boolean) => Promise<void>,
): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  let begun = 0;
  const next = (limit: number): boolean => begun++ < limit;
  const ask: Ask = (method, path, body) => {
    count.requests += 1;
    return send(agent, method, url + PATH + path, body === undefined ? "" : JSON.stringify(body));
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, () => client(ask, next)));
  agent.destroy();
}

function send(agent: Agent, method: string, url: string, body: string): Promise<Record<string, string>> {
  const headers = body === "" ? {} : { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent, method, headers }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      answer.on("end", () => {
        if (answer.statusCode === 200) resolve(JSON.parse(text));
        else reject(new Error(`${method} was answered ${answer.statusCode} ${text}`));
      });
    });
    sent.on("error", reject).end(body);
  });
}
