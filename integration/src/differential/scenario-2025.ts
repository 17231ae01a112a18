import { CREATE_2024, SESSIONS_2024, UNSTABLE_2025 } from "../paths.ts";
import type { Observer, Question } from "./observe.ts";

type Ask = (step: string, question: Question) => Promise<Response>;
type Session = { readonly path: string; readonly token: string };

const UNKNOWN = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
const path = UNSTABLE_2025;

/** Everything that can be asked of the 2025 version of a server in mode `open`. */
export async function scenario2025(observer: Observer): Promise<void> {
  const ask = (step: string, question: Question): Promise<Response> => observer.ask(step, question);
  let sessions = 0;
  const session = async (): Promise<Session> => {
    sessions += 1;
    observer.anotherSession();
    const answer = await ask(`create ${sessions}`, { method: "POST", path, body: '{"data":"one"}' });
    const { id, sequence_token: token } = (await answer.json()) as { id: string; sequence_token: string };
    return { path: `${path}/${id}`, token };
  };
  await ask("discover", { method: "GET", path });
  await wholeLife(ask, await session());
  await retries(ask, await session());
  await bodies(
    async (step, question) => {
      observer.anotherSession();
      return ask(step, question);
    },
    await session(),
  );
  await fetchMetadata(ask, await session());
  await elsewhere(ask, await session());
}

async function wholeLife(ask: Ask, session: Session): Promise<void> {
  await ask("read", { method: "GET", path: session.path });
  await ask("write", put(session, "two"));
  await ask("write other data with a stale token", put(session, "three"));
  await ask("read after a write", { method: "GET", path: session.path });
  await ask("cancel", { method: "DELETE", path: session.path });
  await ask("read what is cancelled", { method: "GET", path: session.path });
  await ask("write what is cancelled", put(session, "four"));
  await ask("cancel again", { method: "DELETE", path: session.path });
}

async function retries(ask: Ask, session: Session): Promise<void> {
  const { sequence_token: second } = await fields(await ask("write a first time", put(session, "two")));
  await ask("write it again with the token before", put(session, "two"));
  await ask("write another time", put({ ...session, token: String(second) }, "three"));
  await ask("write that again with the token before the one before", put(session, "three"));
  await ask("write the same with a token that was never given", put({ ...session, token: "never" }, "three"));
  await ask("write other data with a token that was never given", put({ ...session, token: "never" }, "four"));
  await ask("write with a transaction ID", put({ ...session, path: `${session.path}/txn` }, "three"));
}

/** Bodies that are not as they should be, or just are. */
const DATA: readonly (readonly [name: string, json: string])[] = [
  ["4,096 bytes", JSON.stringify("x".repeat(4096))],
  ["4,097 bytes", JSON.stringify("x".repeat(4097))],
  ["4,096 bytes of two-byte characters", JSON.stringify("é".repeat(2048))],
  ["4,098 bytes of two-byte characters", JSON.stringify("é".repeat(2049))],
  ["4,096 escaped control characters", JSON.stringify("\u0001".repeat(4096))],
  ["a NUL", JSON.stringify("\0")],
  ["a lone surrogate", '"\\ud800"'],
  ["nothing", '""'],
  ["a number", "1"],
  ["an array", '["one"]'],
  ["an object", "{}"],
  ["null", "null"],
];

async function bodies(ask: Ask, session: Session): Promise<void> {
  for (const [name, json] of DATA) {
    await ask(`create with data that is ${name}`, { method: "POST", path, body: `{"data":${json}}` });
  }
  for (const [name, body] of [
    ["no JSON", "{"],
    ["nothing", ""],
    ["an array", "[]"],
    ["a string", '"data"'],
    ["an object without data", "{}"],
    ["an object with more in it", '{"data":"one","more":1}'],
    ["an object with data twice", '{"data":"one","data":"two"}'],
    ["JSON of 100,000 bytes", `{"data":"${"x".repeat(100_000)}"}`],
    ["JSON that is no UTF-8", new Uint8Array([...new TextEncoder().encode('{"data":"'), 0xff, 0x22, 0x7d])],
  ] as const) {
    await ask(`create with a body that is ${name}`, { method: "POST", path, body });
  }
  for (const [name, body] of [
    ["without a token", { data: "two" }],
    ["with a token that is null", { sequence_token: null, data: "two" }],
    ["without data", { sequence_token: session.token }],
    ["with data that is a number", { sequence_token: session.token, data: 1 }],
    ["with 4,097 bytes", { sequence_token: session.token, data: "x".repeat(4097) }],
  ] as const) {
    await ask(`write ${name}`, { method: "PUT", path: session.path, body: JSON.stringify(body) });
  }
  const headers = { "Content-Type": "text/plain" };
  await ask("create with text/plain", { method: "POST", path, headers, body: '{"data":"one"}' });
}

const FETCH_METADATA: readonly (readonly [header: string, ...values: string[]])[] = [
  ["Sec-Fetch-Dest", "empty", "document", "iframe", "image", "video", "embed"],
  ["Sec-Fetch-Mode", "cors", "no-cors", "navigate"],
  ["Sec-Fetch-User", "?0", "?1"],
  ["Sec-Fetch-Site", "cross-site", "same-origin", "none"],
];

async function fetchMetadata(ask: Ask, session: Session): Promise<void> {
  for (const [header, ...values] of FETCH_METADATA) {
    for (const value of values) {
      const headers = { [header]: value };
      await ask(`read with ${header}: ${value}`, { method: "GET", path: session.path, headers });
    }
  }
  const page = { "Sec-Fetch-Dest": "empty", "Sec-Fetch-Mode": "cors", "Sec-Fetch-Site": "cross-site" };
  await ask("read from a page of another origin", { method: "GET", path: session.path, headers: page });
  const headers = { "Sec-Fetch-Dest": "document" };
  await ask("read an unknown ID with Sec-Fetch-Dest: document", { method: "GET", path: `${path}/${UNKNOWN}`, headers });
}

async function elsewhere(ask: Ask, session: Session): Promise<void> {
  await ask("preflight of a creation", { method: "OPTIONS", path });
  await ask("preflight of a session", { method: "OPTIONS", path: session.path });
  await ask("PUT where sessions are created", { method: "PUT", path, body: "{}" });
  await ask("POST to a session", { method: "POST", path: session.path, body: "{}" });
  await ask("HEAD of a session", { method: "HEAD", path: session.path });
  await ask("read an ID that never was", { method: "GET", path: `${path}/${UNKNOWN}` });
  await ask("read an ID that cannot be", { method: "GET", path: `${path}/x` });
  await ask("read with a slash at the end", { method: "GET", path: `${session.path}/` });
  await ask("read with a wrong access token", { method: "GET", path: session.path, headers: BAD_TOKEN });
  await ask("create with a wrong access token", { method: "POST", path, headers: BAD_TOKEN, body: '{"data":"one"}' });
}

const BAD_TOKEN = { Authorization: "Bearer of-nobody" };

/** What is asked where the server has neither version. */
export async function scenarioOff(observer: Observer): Promise<void> {
  await scenarioRefused(observer);
  const headers = { "Content-Type": "text/plain" };
  await observer.ask("create in the 2024 version", { method: "POST", path: CREATE_2024, headers, body: "one" });
  await observer.ask("read in the 2024 version", { method: "GET", path: `${SESSIONS_2024}/${UNKNOWN}` });
}

/** What is asked where the mode refuses it. */
export async function scenarioRefused(observer: Observer): Promise<void> {
  await observer.ask("discover", { method: "GET", path });
  await observer.ask("create", { method: "POST", path, body: '{"data":"one"}' });
  await observer.ask("create without data", { method: "POST", path, body: "{}" });
  await observer.ask("read", { method: "GET", path: `${path}/${UNKNOWN}` });
  await observer.ask("write", put({ path: `${path}/${UNKNOWN}`, token: "" }, "two"));
  await observer.ask("cancel", { method: "DELETE", path: `${path}/${UNKNOWN}` });
  await observer.ask("preflight", { method: "OPTIONS", path });
}

function put(session: Session, data: string): Question {
  return { method: "PUT", path: session.path, body: JSON.stringify({ sequence_token: session.token, data }) };
}

async function fields(answer: Response): Promise<Record<string, unknown>> {
  return (await answer.json()) as Record<string, unknown>;
}
