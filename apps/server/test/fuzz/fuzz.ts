import assert from "node:assert/strict";
import fc from "fast-check";
import { type FuzzRequest, fuzzRequest, PREFIXES } from "./requests.ts";
import { FuzzConnection, type RawAnswer, serialised } from "./wire.ts";

const WORKERS = 16;
const BATCH = 1_000;
/** Live sessions that requests are aimed at. */
const POOL = 64;

/** How many requests were answered how: a status, or `hung up`. */
export type Tally = Map<string, number>;

/** What a request may be answered by the HTTP layer alone, which says nothing of Matrix. */
const LAYER = new Set([400, 405, 408, 413, 414, 417, 426, 431, 501, 505]);
const KNOWN_METHODS = new Set(["GET", "POST", "PUT", "DELETE", "OPTIONS", "HEAD", "PATCH"]);

/** Sends requests at a server of its own, aimed at sessions that earlier ones made. */
export class Fuzzer {
  readonly #port: number;
  readonly #seed: number;
  readonly #tokens: Readonly<Record<"2024" | "2025", Map<string, string>>> = { "2024": new Map(), "2025": new Map() };
  #batches = 0;

  constructor(port: number, seed: number) {
    this.#port = port;
    this.#seed = seed;
  }

  /** Sends `count` more; rejects at the first that is answered as it must not be. */
  async run(count: number): Promise<Tally> {
    const tally: Tally = new Map();
    for (let left = count; left > 0; left -= BATCH) {
      const seed = this.#seed + this.#batches++;
      const requests = fc.sample(fuzzRequest, { seed, numRuns: Math.min(BATCH, left) });
      await Promise.all(Array.from({ length: WORKERS }, () => this.#work(requests, seed, tally)));
    }
    return tally;
  }

  async #work(requests: FuzzRequest[], seed: number, tally: Tally): Promise<void> {
    const connection = new FuzzConnection(this.#port);
    for (let template = requests.pop(); template !== undefined; template = requests.pop()) {
      const request = this.#aimed(template);
      const bytes = serialised(request);
      try {
        const answer = await connection.exchange(bytes, request.method, !isClean(request));
        check(request, answer);
        if (answer !== undefined) this.#learn(request, answer);
        const outcome = answer === undefined ? "hung up" : String(answer.status);
        tally.set(outcome, (tally.get(outcome) ?? 0) + 1);
      } catch (error) {
        throw new Error(`seed ${seed}: ${JSON.stringify(bytes.slice(0, 2_000))}`, { cause: error });
      }
    }
    connection.close();
  }

  /** The request with the secrets of a live session in the places for them. */
  #aimed(request: FuzzRequest): FuzzRequest {
    const [id, token] = pick(this.#tokens["2025"], request.session);
    const [id24, etag] = pick(this.#tokens["2024"], request.session);
    const fill = (text: string): string =>
      text.replaceAll("{id}", id).replaceAll("{token}", token).replaceAll("{id24}", id24).replaceAll("{etag}", etag);
    const headers = request.headers.map(([name, value]) => [name, fill(value)] as const);
    return { ...request, target: fill(request.target), headers, body: fill(request.body) };
  }

  #learn({ target }: FuzzRequest, { status, headers, body }: RawAnswer): void {
    if (status >= 300) return;
    const etag = headers.get("etag");
    const id = target.split(/[/?]/).findLast((part) => /^~?[\w-]{16,}$/.test(part)) ?? "";
    if (etag !== undefined) {
      const created = /rendezvous\/([^"/]+)"\}$/.exec(body)?.[1];
      keep(this.#tokens["2024"], created ?? id, etag.replaceAll('"', ""));
    } else {
      const token = /"sequence_token":"([^"]+)"/.exec(body)?.[1];
      if (token !== undefined) keep(this.#tokens["2025"], /^\{"id":"([^"]+)"/.exec(body)?.[1] ?? id, token);
    }
  }
}

/** Whether both ends must agree where it ends, and the HTTP layer has nothing to object to. */
function isClean({ framing, method, target, headers }: FuzzRequest): boolean {
  const framed = framing === "length" || framing === "chunked";
  const small = headers.reduce((sum, [, value]) => sum + value.length, target.length) < 8_000;
  const ordinary = headers.every(([name]) => !["Upgrade", "Connection", "Expect"].includes(name));
  return framed && small && ordinary && KNOWN_METHODS.has(method) && /^\/[!-~]*$/.test(target);
}

function check(request: FuzzRequest, answer: RawAnswer | undefined): void {
  const clean = isClean(request);
  if (answer === undefined) {
    assert.ok(!clean, "hung up on");
    return;
  }
  const { status, headers, body } = answer;
  assert.ok(status < 500 || (!clean && LAYER.has(status)), `answered ${status} ${body.slice(0, 500)}`);
  if (status < 400 || request.method === "HEAD") return;
  const ours = clean && PREFIXES.some((prefix) => request.target.startsWith(prefix));
  if (!ours && LAYER.has(status) && !headers.has("access-control-allow-origin")) return;
  assert.equal(headers.get("access-control-allow-origin"), "*", `a ${status} without CORS: ${body.slice(0, 200)}`);
  assert.equal(headers.get("content-type"), "application/json", `a ${status}`);
  const { errcode, error } = JSON.parse(body) as Record<string, unknown>;
  assert.match(String(errcode), /^[A-Z][A-Z0-9_]+$/);
  assert.equal(typeof error, "string");
}

function pick(sessions: Map<string, string>, index: number): [string, string] {
  return [...sessions][index % Math.max(sessions.size, 1)] ?? ["none-is-live-yet", "none"];
}

/** Keeps the newest: older ones expire. */
function keep(sessions: Map<string, string>, id: string, token: string): void {
  if (id === "") return;
  sessions.delete(id);
  sessions.set(id, token);
  const [oldest = ""] = sessions.keys();
  if (sessions.size > POOL) sessions.delete(oldest);
}
