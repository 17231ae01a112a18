import assert from "node:assert/strict";
import {
  type Answer,
  describe,
  failed,
  integerOf,
  neverBroken,
  stringOf,
  succeeded,
  textOf,
  wellFormed,
} from "./answer.ts";
import type { HttpTarget, Prefix } from "./check.ts";
import { exchange, type Message, patiently, WAIT_MS } from "./exchange.ts";
import { Wire } from "./wire.ts";

const MOUNTS: Record<Prefix, string> = {
  unstable: "/_matrix/client/unstable/io.element.msc4388/rendezvous",
  stable: "/_matrix/client/v1/rendezvous",
};

/** A session as its creator got it. */
export interface Session {
  readonly id: string;
  readonly token: string;
  readonly expiresInMs: number;
}

/** What a read gave. */
export interface Reading {
  readonly data: string;
  readonly token: string;
  readonly expiresInMs: number;
}

/** The body of a write, as it is on the wire. */
export interface WriteBody {
  readonly sequence_token: string;
  readonly data: string;
}

/**
 * What a check speaks to the server with: `fetch`, as clients do, or a {@link Wire} for what `fetch` would not send.
 * It cancels every session that came out of it when it is closed.
 */
export class Client {
  readonly target: HttpTarget;
  readonly prefix: Prefix;
  /** The server and the path before `/_matrix`, without a slash at its end. */
  readonly base: string;
  readonly #strict: boolean;
  readonly #wires: Wire[] = [];
  readonly #created = new Set<string>();

  /** @param strict whether every answer has to be as this project's own server gives it */
  constructor(target: HttpTarget, prefix: Prefix, strict: boolean) {
    this.target = target;
    this.prefix = prefix;
    this.base = target.baseUrl.replace(/\/$/, "");
    this.#strict = strict;
  }

  /** The path of discovery and creation, from the server's root. */
  get root(): string {
    return this.rootOf(this.prefix);
  }

  /** The path of discovery and creation under either prefix. */
  rootOf(prefix: Prefix): string {
    return this.at(MOUNTS[prefix]);
  }

  /** A path of the target's as one from the server's root. */
  at(path: string): string {
    return new URL(this.base).pathname.replace(/\/$/, "") + path;
  }

  /** What a lost race is called under this prefix. */
  get conflictErrcode(): string {
    return this.prefix === "unstable" ? "IO_ELEMENT_MSC4388_CONCURRENT_WRITE" : "M_CONCURRENT_WRITE";
  }

  /** The header of somebody who may create sessions. */
  get authorization(): Readonly<Record<string, string>> {
    const { accessToken } = this.target;
    return accessToken === undefined ? {} : { Authorization: `Bearer ${accessToken}` };
  }

  /** The same as lines of a request's head. */
  get authorizationLines(): readonly string[] {
    return Object.entries(this.authorization).map(([name, value]) => `${name}: ${value}`);
  }

  /** Sends with `fetch`. `path` is from the server's root. */
  async send(method: string, path: string, { headers = {}, body }: Message = {}): Promise<Answer> {
    const url = new URL(this.base).origin + path;
    const typed = body === undefined ? headers : { "Content-Type": "application/json", ...headers };
    const attempt = (): Promise<Answer> => exchange(method, url, { headers: typed, body }, this.target.waitMs);
    const answer = await patiently(attempt, this.target.courtesy);
    neverBroken(answer);
    if (this.#strict) wellFormed(answer);
    this.#observe(answer);
    return answer;
  }

  discover(): Promise<Answer> {
    return this.send("GET", this.root, { headers: this.authorization });
  }

  /** Creates with whatever body. */
  post(body: string | Uint8Array<ArrayBuffer>, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return this.send("POST", this.root, { headers: { ...this.authorization, ...headers }, body });
  }

  /** Creates a session, which must succeed. */
  async create(data = "a first payload"): Promise<Session> {
    return sessionOf(await this.post(JSON.stringify({ data })));
  }

  /** A session's path. */
  pathOf({ id }: Pick<Session, "id">): string {
    return `${this.root}/${id}`;
  }

  read(session: Pick<Session, "id">, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return this.send("GET", this.pathOf(session), { headers });
  }

  /** Reads a session, which must succeed. */
  async reading(session: Pick<Session, "id">): Promise<Reading> {
    return readingOf(await this.read(session));
  }

  /** Writes with whatever body. */
  put(session: Pick<Session, "id">, body: string | Uint8Array<ArrayBuffer>): Promise<Answer> {
    return this.send("PUT", this.pathOf(session), { body });
  }

  write(session: Pick<Session, "id">, body: WriteBody, transactionId?: string): Promise<Answer> {
    const path = this.pathOf(session) + (transactionId === undefined ? "" : `/${transactionId}`);
    return this.send("PUT", path, { body: JSON.stringify(body) });
  }

  /** Writes, which must succeed. Gives the sequence token that was answered. */
  async written(session: Pick<Session, "id">, body: WriteBody, transactionId?: string): Promise<string> {
    return stringOf(succeeded(await this.write(session, body, transactionId)), "sequence_token");
  }

  /** Writes, which must be refused because somebody else wrote first. */
  async conflicts(session: Pick<Session, "id">, body: WriteBody, transactionId?: string): Promise<void> {
    failed(await this.write(session, body, transactionId), 409, this.conflictErrcode);
  }

  cancel(session: Pick<Session, "id">): Promise<Answer> {
    return this.send("DELETE", this.pathOf(session));
  }

  /** Cancels, which must succeed. */
  async cancelled(session: Pick<Session, "id">): Promise<void> {
    const answer = await this.cancel(session);
    assert.ok(answer.status === 200, `a cancellation was answered ${describe(answer)}`);
  }

  /** Holds the slot to hold this, under this token. */
  async holds(session: Pick<Session, "id">, data: string, token: string): Promise<void> {
    const reading = await this.reading(session);
    assert.equal(reading.data, data, "the payload");
    assert.equal(reading.token, token, "the sequence token");
  }

  /** A connection of its own, each wait on which is bounded by `waitMs` milliseconds. */
  async dial(waitMs: number = this.target.waitMs ?? WAIT_MS): Promise<Wire> {
    const wire = await Wire.open({
      url: new URL(this.base),
      waitMs,
      observe: (answer) => this.#observe(answer),
    });
    this.#wires.push(wire);
    return wire;
  }

  /** Sends a whole request over a connection of its own. */
  ask(method: string, request: string): Promise<Answer> {
    const attempt = async (): Promise<Answer> => {
      const wire = await this.dial();
      await wire.write(request);
      return wire.answer(method);
    };
    return patiently(attempt, this.target.courtesy);
  }

  /** How often something is done; `few` where the server is somebody else's. */
  times(many: number, few: number): number {
    return this.target.courtesy === undefined ? many : few;
  }

  /** The head of a request, to be sent over a {@link Wire}. `lines`: headers as they are to be on the wire. */
  head(method: string, target: string, ...lines: readonly string[]): string {
    return `${[`${method} ${target} HTTP/1.1`, `Host: ${new URL(this.base).host}`, ...lines].join("\r\n")}\r\n\r\n`;
  }

  /** The head of a creation by somebody who may create. */
  createHead(...lines: readonly string[]): string {
    return this.head("POST", this.root, ...this.authorizationLines, "Content-Type: application/json", ...lines);
  }

  /** Hangs up, cancels what was created, and makes sure that the server still serves whoever comes next. */
  async close(): Promise<void> {
    for (const wire of this.#wires) wire.destroy();
    for (const id of this.#created) {
      const { status } = await this.cancel({ id });
      // Whether somebody else's server cancels is for the checks of that to say.
      if (this.target.courtesy !== undefined) continue;
      assert.ok(status === 200 || status === 404, `cancelling what was created answered ${status}`);
    }
    if (this.#wires.length > 0 && this.target.courtesy === undefined) await this.discover();
  }

  #observe(answer: Answer): void {
    const id = idIn(answer);
    if (answer.status === 200 && id !== undefined) this.#created.add(id);
    // What an HTTP layer says by itself is never JSON.
    if (this.#strict && answer.headers.get("content-type")?.startsWith("application/json")) wellFormed(answer);
  }
}

/** The ID that an answer has, be it otherwise as it may: that is for the checks to say. */
function idIn(answer: Answer): string | undefined {
  try {
    return stringOf(JSON.parse(textOf(answer)), "id");
  } catch {
    return undefined;
  }
}

/** The session that a creation's answer tells of; it must be a success. */
export function sessionOf(answer: Answer): Session {
  const fields = succeeded(answer);
  return {
    id: stringOf(fields, "id"),
    token: stringOf(fields, "sequence_token"),
    expiresInMs: integerOf(fields, "expires_in_ms"),
  };
}

/** What a read's answer tells; it must be a success. */
export function readingOf(answer: Answer): Reading {
  const fields = succeeded(answer);
  return {
    data: stringOf(fields, "data"),
    token: stringOf(fields, "sequence_token"),
    expiresInMs: integerOf(fields, "expires_in_ms"),
  };
}
