import assert from "node:assert/strict";

/** A whole HTTP response, however it was received. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Uint8Array;
}

/** The fields of a JSON object. */
export type Fields = Readonly<Record<string, unknown>>;

const UTF_8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The body as text; it must be UTF-8. */
export function textOf({ body }: Answer): string {
  return UTF_8.decode(body);
}

/** The body as JSON; it must be that. */
function jsonOf(answer: Answer): unknown {
  try {
    return JSON.parse(textOf(answer));
  } catch (error) {
    throw new Error(`the body of a ${answer.status} is no JSON`, { cause: error });
  }
}

/** The body as a JSON object, sent as such. */
export function fieldsOf(answer: Answer): Fields {
  const type = answer.headers.get("content-type");
  assert.match(type ?? "", /^application\/json *(;|$)/i, `Content-Type of a ${answer.status} is ${type}`);
  const value = jsonOf(answer);
  assert.ok(
    typeof value === "object" && value !== null && !Array.isArray(value),
    `the body of a ${answer.status} is no JSON object`,
  );
  return value as Fields;
}

/** The fields of a 200. */
export function succeeded(answer: Answer): Fields {
  assert.ok(answer.status === 200, `answered ${describe(answer)}`);
  return fieldsOf(answer);
}

/** Holds an answer to be that error. `errcodes`: what it may be called. */
export function failed(answer: Answer, status: number | readonly number[], ...errcodes: readonly string[]): void {
  assert.ok(
    [status].flat().includes(answer.status),
    `answered ${describe(answer)}, not ${[status].flat().join(" or ")}`,
  );
  const { errcode, error } = fieldsOf(answer);
  assert.equal(typeof error, "string", "an error says in words what is wrong");
  if (errcodes.length === 0) assert.equal(typeof errcode, "string");
  else assert.ok(errcodes.includes(String(errcode)), `errcode is ${String(errcode)}, not ${errcodes.join(" or ")}`);
}

/** A field that must be a string. */
export function stringOf(fields: Fields, name: string): string {
  const value = fields[name];
  assert.ok(typeof value === "string", `"${name}" is ${typeof value}, not a string`);
  return value;
}

/** A field that must be an integer. */
export function integerOf(fields: Fields, name: string): number {
  const value = fields[name];
  assert.ok(typeof value === "number" && Number.isInteger(value), `"${name}" is ${String(value)}, not an integer`);
  return value;
}

/** What every answer of an application must be, to whatever request: for web pages, not for caches, no breakdown. */
export function wellFormed(answer: Answer): void {
  neverBroken(answer);
  assert.equal(answer.headers.get("access-control-allow-origin"), "*", `CORS of ${describe(answer)}`);
  assert.match(answer.headers.get("cache-control") ?? "", /\bno-store\b/, `Cache-Control of ${describe(answer)}`);
  if (answer.status >= 400 && answer.body.length > 0) failed(answer, answer.status);
}

/**
 * Nothing that a client sends is the server's breakdown. A bare 505 is none either: with it an HTTP layer says that it
 * does not speak the version of HTTP that the request line ends with, or seems to.
 */
export function neverBroken(answer: Answer): void {
  assert.ok(answer.status < 500 || isBare505(answer), `answered ${describe(answer)}`);
}

function isBare505({ status, body }: Answer): boolean {
  return status === 505 && body.length === 0;
}

/**
 * What a message that is not well-formed HTTP may meet. The HTTP layer of a runtime refuses it before an application
 * can see it: with a 4xx of its own, which then has neither CORS nor a Matrix error, or by hanging up (`undefined`).
 * What does come from the application is held to be an application's answer.
 */
export function refusedByHttpLayer(answer: Answer | undefined): void {
  if (answer === undefined) return;
  assert.ok((answer.status >= 400 && answer.status < 500) || isBare505(answer), `answered ${describe(answer)}`);
  if (answer.headers.get("content-type")?.startsWith("application/json")) wellFormed(answer);
  else assert.ok(answer.body.length < 1024, "a bare refusal is short");
}

/** What an answer is, for a failure's message. What a success holds is nobody else's to read: only its names are told. */
export function describe({ status, body }: Answer): string {
  const text = new TextDecoder().decode(body);
  if (status >= 400) return `${status} ${text.slice(0, 120)}`;
  const names = [...text.matchAll(/"(\w+)":/g)].map(([, name]) => name);
  return `${status} with ${names.join(", ") || `${body.length} bytes`}`;
}
