import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { FuzzConnection, type RawAnswer } from "./fuzz/wire.ts";

const PATH = "/_matrix/client/unstable/io.element.msc4388/rendezvous";
const WORKERS = 32;
/** As many flows share a connection; then another one is opened. */
const FLOWS_A_CONNECTION = 50;
/** One flow in so many is left to expire; the others are cancelled. */
const LEFT_TO_EXPIRE = 10;
const PAYLOAD = "x".repeat(600);

/** How much of it there is. */
export interface Load {
  readonly port: number;
  readonly durationMs: number;
  /** As many as the server gets through, where none is given. */
  readonly flowsPerSecond?: number;
}

/** How many requests a flow is, on average. */
export const REQUESTS_A_FLOW: number = 5 - 1 / LEFT_TO_EXPIRE;

/** Whole sign-ins, as clients make them; rejects where one goes wrong. Gives how many there were. */
export async function load({ port, durationMs, flowsPerSecond }: Load): Promise<number> {
  const startedAt = performance.now();
  let begun = 0;
  const work = async (): Promise<void> => {
    const connection = new FuzzConnection(port);
    while (performance.now() - startedAt < durationMs) {
      const flow = begun++;
      const dueIn = flowsPerSecond ? startedAt + (flow / flowsPerSecond) * 1000 - performance.now() : 0;
      if (dueIn > 0) await delay(dueIn);
      await signIn(connection, flow % LEFT_TO_EXPIRE !== 0);
      if (flow % FLOWS_A_CONNECTION === 0) connection.close();
    }
    connection.close();
  };
  await Promise.all(Array.from({ length: WORKERS }, work));
  return begun;
}

/** The requests of one flow: a creation, a write, two reads, and a cancellation where one is wanted. */
async function signIn(connection: FuzzConnection, cancels: boolean): Promise<void> {
  const created = await send(connection, "POST", "", { data: PAYLOAD });
  const { id, sequence_token } = JSON.parse(created.body) as Record<string, string>;
  await send(connection, "PUT", `/${id}`, { sequence_token, data: PAYLOAD });
  for (let reads = 0; reads < 2; reads += 1) await send(connection, "GET", `/${id}`);
  if (cancels) await send(connection, "DELETE", `/${id}`);
}

async function send(connection: FuzzConnection, method: string, path: string, body?: object): Promise<RawAnswer> {
  const text = body === undefined ? "" : JSON.stringify(body);
  const head = `${method} ${PATH}${path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${text.length}\r\n\r\n`;
  const answer = await connection.exchange(head + text, method, false);
  assert.equal(answer?.status, 200, `${method} was answered ${answer?.status} ${answer?.body}`);
  return answer;
}
