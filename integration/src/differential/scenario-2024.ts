import { CREATE_2024, SESSIONS_2024 } from "../paths.ts";
import type { Observer, Question } from "./observe.ts";

const TEXT = { "Content-Type": "text/plain" };
const UNKNOWN = "01ARZ3NDEKTSV4RRFFQ69G5FAV";

/** Everything that can be asked of the 2024 version, each question on a session of its own where it writes. */
export async function scenario2024(observer: Observer): Promise<void> {
  const ask = (step: string, question: Question): Promise<Response> => observer.ask(step, question);
  let sessions = 0;
  const session = async (): Promise<{ path: string; etag: string }> => {
    sessions += 1;
    observer.anotherSession();
    const answer = await ask(`create ${sessions}`, { method: "POST", path: CREATE_2024, headers: TEXT, body: "one" });
    const { url } = (await answer.json()) as { url: string };
    return { path: new URL(url).pathname, etag: answer.headers.get("ETag") ?? "" };
  };
  await creations(async (step, question) => {
    observer.anotherSession();
    return ask(step, question);
  });
  await wholeLife(ask, await session());
  for (const [name, change] of IF_MATCH) {
    const { path, etag } = await session();
    const headers = { ...TEXT, "If-Match": change(etag) };
    await ask(`write with If-Match ${name}`, { method: "PUT", path, headers, body: "two" });
  }
  const read = await session();
  for (const [name, change] of IF_NONE_MATCH) {
    const headers = { "If-None-Match": change(read.etag) };
    await ask(`read with If-None-Match ${name}`, { method: "GET", path: read.path, headers });
  }
  await refusedWrites(ask, await session());
  await elsewhere(ask, await session());
}

type Ask = (step: string, question: Question) => Promise<Response>;

const IF_MATCH: readonly (readonly [name: string, change: (etag: string) => string])[] = [
  ["made weak", (etag) => `W/${etag}`],
  ["without quotes", (etag) => etag.slice(1, -1)],
  ["with -gzip", (etag) => etag.replace(/"$/, '-gzip"')],
  ["that is a list", (etag) => `"other", ${etag}`],
  ["*", () => "*"],
  ["that is empty", () => ""],
];

const IF_NONE_MATCH: typeof IF_MATCH = [
  ["made weak", (etag) => `W/${etag}`],
  ["without quotes", (etag) => etag.slice(1, -1)],
  ["with -gzip", (etag) => etag.replace(/"$/, '-gzip"')],
  ["that is a list", (etag) => `"other", ${etag}`],
  ["*", () => "*"],
  ["of another", () => '"other"'],
];

async function creations(ask: Ask): Promise<void> {
  const create = (step: string, headers: Record<string, string>, body: BodyInit | undefined): Promise<Response> =>
    ask(`create ${step}`, { method: "POST", path: CREATE_2024, headers, body });
  await create("with nothing", TEXT, undefined);
  await create("with 4,096 bytes", TEXT, "x".repeat(4096));
  await create("with 4,097 bytes", TEXT, "x".repeat(4097));
  await create("with bytes that are no text", TEXT, new Uint8Array([0, 0xff, 0xfe]));
  await create("without Content-Type", {}, new Uint8Array([1]));
  await create("with JSON", { "Content-Type": "application/json" }, "{}");
  await create("with a charset", { "Content-Type": "text/plain; charset=utf-8" }, "one");
  await create("without Content-Length", TEXT, new Blob(["one"]).stream());
  await ask("preflight of a creation", { method: "OPTIONS", path: CREATE_2024 });
  await ask("GET where sessions are created", { method: "GET", path: CREATE_2024 });
  await ask("create with a slash at the end", { method: "POST", path: `${CREATE_2024}/`, headers: TEXT, body: "one" });
  await ask("create with a query", { method: "POST", path: `${CREATE_2024}?x=y`, headers: TEXT, body: "one" });
}

async function wholeLife(ask: Ask, { path, etag }: { path: string; etag: string }): Promise<void> {
  const write = (step: string, ifMatch: string, body: string): Promise<Response> =>
    ask(step, { method: "PUT", path, headers: { ...TEXT, "If-Match": ifMatch }, body });
  await ask("read", { method: "GET", path });
  await ask("read what is known", { method: "GET", path, headers: { "If-None-Match": etag } });
  const written = await write("write", etag, "two");
  await write("write with a stale ETag", etag, "three");
  await write("write again what was written, with a stale ETag", etag, "two");
  await write("write again what was written, with its ETag", written.headers.get("ETag") ?? "", "two");
  await ask("read with a stale ETag", { method: "GET", path, headers: { "If-None-Match": etag } });
  await ask("cancel", { method: "DELETE", path });
  await ask("read what is cancelled", { method: "GET", path });
  await write("write what is cancelled", etag, "four");
  await ask("cancel again", { method: "DELETE", path });
}

async function refusedWrites(ask: Ask, { path, etag }: { path: string; etag: string }): Promise<void> {
  const write = (step: string, headers: Record<string, string>, body: BodyInit): Promise<Response> =>
    ask(`write ${step}`, { method: "PUT", path, headers, body });
  await write("without If-Match", TEXT, "two");
  await write("without Content-Type", { "If-Match": etag }, new Uint8Array([1]));
  await write("with JSON", { "If-Match": etag, "Content-Type": "application/json" }, "{}");
  await write("with 4,097 bytes", { "If-Match": etag, ...TEXT }, "x".repeat(4097));
  await ask("read what was not written", { method: "GET", path });
}

async function elsewhere(ask: Ask, { path }: { path: string }): Promise<void> {
  await ask("preflight of a session", { method: "OPTIONS", path });
  await ask("HEAD of a session", { method: "HEAD", path });
  await ask("POST to a session", { method: "POST", path, headers: TEXT, body: "two" });
  await ask("read with a query", { method: "GET", path: `${path}?x=y` });
  await ask("read below a session", { method: "GET", path: `${path}/x` });
  await ask("read an ID that never was", { method: "GET", path: `${SESSIONS_2024}/${UNKNOWN}` });
  await ask("read an ID that cannot be", { method: "GET", path: `${SESSIONS_2024}/x` });
  await ask("read no ID", { method: "GET", path: `${SESSIONS_2024}/` });
  await ask("a browser's navigation to a session", { method: "GET", path, headers: { "Sec-Fetch-Dest": "document" } });
}
