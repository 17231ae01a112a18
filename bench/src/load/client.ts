import { Agent, request } from "node:http";

/** One of the devices that share the connections: asks, and counts. */
export interface Client {
  ask(method: string, url: string, headers?: Readonly<Record<string, string>>, body?: string): Promise<Answer>;
}

export interface Answer {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly text: string;
}

const CONNECTIONS = 16;

/**
 * Has clients walk through something, `times` in all, on 16 connections that are kept open.
 *
 * @returns how many requests that took
 */
export async function onConnections(times: number, walk: (client: Client) => Promise<void>): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  let [begun, requests] = [0, 0];
  const client: Client = {
    ask(method, url, headers, body) {
      requests += 1;
      return send(agent, method, url, headers, body);
    },
  };
  const walks = async (): Promise<void> => {
    while (begun++ < times) await walk(client);
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, walks));
  agent.destroy();
  return requests;
}

function send(agent: Agent, method: string, url: string, fields = {}, body = ""): Promise<Answer> {
  const headers = body === "" ? fields : { ...fields, "Content-Length": Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent, method, headers }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      answer.on("end", () => {
        const { statusCode: status = 0, headers } = answer;
        if (status < 400) resolve({ status, headers, text });
        else reject(new Error(`${method} was answered ${status} ${text}`));
      });
    });
    sent.on("error", reject).end(body);
  });
}
