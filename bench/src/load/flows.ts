import { CREATE_2024, UNSTABLE_2025 } from "../../../integration/src/paths.ts";
import { type Client, onConnections } from "./client.ts";

const PAYLOAD_LENGTH = 600;
/** What a session holds where nothing else is said. */
export const PAYLOAD: string = payload(0);

/** Writes in one flow. Each is read by the other side, which has polled once in vain before. */
const WRITES = 6;

/** Another one for each write, and for the creation before: Synapse's ETags of the 2024 version are the same for the same payload. */
function payload(write: number): string {
  return String(write).repeat(PAYLOAD_LENGTH);
}

/** Walks `times` whole sign-ins over the server at `url`, and says how many requests that took. */
export type Flows = (url: string, times: number) => Promise<number>;

/** Of the 2025 version, MSC4388. */
export const flows2025: Flows = (url, times) => onConnections(times, (client) => flow2025(client, url + UNSTABLE_2025));

/** Of the 2024 version, MSC4108. */
export const flows2024: Flows = (url, times) => onConnections(times, (client) => flow2024(client, url + CREATE_2024));

async function flow2025(client: Client, url: string): Promise<void> {
  const ask = async (method: string, path: string, body?: object): Promise<Record<string, string>> => {
    const headers: Record<string, string> = body === undefined ? {} : { "Content-Type": "application/json" };
    const answer = await client.ask(method, url + path, headers, body && JSON.stringify(body));
    return JSON.parse(answer.text);
  };
  const created = await ask("POST", "", { data: PAYLOAD });
  const path = `/${created["id"]}`;
  let token = created["sequence_token"];
  for (let write = 0; write < WRITES; write += 1) {
    await ask("GET", path);
    token = (await ask("PUT", path, { sequence_token: token, data: payload(write + 1) }))["sequence_token"];
    await ask("GET", path);
  }
  await ask("DELETE", path);
}

async function flow2024(client: Client, create: string): Promise<void> {
  const text = { "Content-Type": "text/plain" };
  const created = await client.ask("POST", create, text, PAYLOAD);
  const { url } = JSON.parse(created.text);
  let etag = String(created.headers["etag"]);
  const poll = async (expected: number): Promise<void> => {
    const { status } = await client.ask("GET", url, { "If-None-Match": etag });
    if (status !== expected) throw new Error(`a read was answered ${status}`);
  };
  for (let write = 0; write < WRITES; write += 1) {
    await poll(304);
    const written = await client.ask("PUT", url, { ...text, "If-Match": etag }, payload(write + 1));
    await poll(200);
    etag = String(written.headers["etag"]);
  }
  await client.ask("DELETE", url);
}
