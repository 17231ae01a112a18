import assert from "node:assert/strict";
import { type Answer, describe, fieldsOf, neverBroken, stringOf } from "../answer.ts";
import type { Check, HttpTarget } from "../check.ts";
import { exchange, patiently } from "../exchange.ts";

/** MSC4108 of 2024, "Unstable prefix". */
const CREATE_PATH = "/_matrix/client/unstable/org.matrix.msc4108/rendezvous";

/** How an ID ends that no session has: each character is as likely as in one that a session has. */
const UNLIKE = "zzzzzzzz";

/** How many redirects a creation may be sent on by. */
const MAX_HOPS = 3;

type Headers2024 = Readonly<Record<string, string>>;

/** What every payload has to come as. */
export const TEXT: Headers2024 = { "Content-Type": "text/plain" };

/** A rule of the 2024 version. */
export type Check2024 = Check<Client2024>;

/** A session as its creator got it. */
export interface Session2024 {
  /** As the server gave it: clients put it into the QR code as it is. */
  readonly url: string;
  readonly etag: string;
}

/** Speaks the 2024 version as clients do. It cancels every session that it created when it is closed. */
export class Client2024 {
  readonly target: HttpTarget;
  readonly #created = new Set<string>();

  constructor(target: HttpTarget) {
    this.target = target;
  }

  /** Where sessions are created. */
  get createUrl(): string {
    return this.target.baseUrl.replace(/\/$/, "") + CREATE_PATH;
  }

  async send(method: string, url: string, headers: Headers2024 = {}, payload?: string | Uint8Array): Promise<Answer> {
    // As bytes: with text, `fetch` says a type of its own where none is given.
    const body = payload === undefined ? undefined : bytesOf(payload);
    const { waitMs, courtesy } = this.target;
    const answer = await patiently(() => exchange(method, url, { headers, body }, waitMs), courtesy);
    neverBroken(answer);
    return answer;
  }

  /** Asks for a session, and follows where another server is to have it (307). */
  async post(payload: string | Uint8Array, headers: Headers2024 = TEXT): Promise<Answer> {
    let url = this.createUrl;
    for (let hop = 0; ; hop += 1) {
      const answer = await this.send("POST", url, headers, payload);
      if (answer.status !== 307) return this.#noted(answer);
      assert.ok(hop < MAX_HOPS, "a creation is redirected again and again");
      const location = answer.headers.get("location") ?? "";
      assert.ok(URL.canParse(location, url), "a 307 has no Location that is a URL");
      url = new URL(location, url).href;
    }
  }

  /** Creates a session, which must succeed. */
  async create(payload: string | Uint8Array = "a first payload"): Promise<Session2024> {
    return sessionOf(await this.post(payload));
  }

  read({ url }: Session2024, headers: Headers2024 = {}): Promise<Answer> {
    return this.send("GET", url, headers);
  }

  write({ url }: Session2024, etag: string, payload: string | Uint8Array): Promise<Answer> {
    return this.send("PUT", url, { ...TEXT, "If-Match": etag }, payload);
  }

  /** Writes, which must succeed. Gives the ETag that was answered. */
  async written(session: Session2024, etag: string, payload: string | Uint8Array): Promise<string> {
    const answer = await this.write(session, etag, payload);
    assert.ok(answer.status === 202, `a write was answered ${describe(answer)}`);
    return etagOf(answer);
  }

  cancel({ url }: Session2024): Promise<Answer> {
    return this.send("DELETE", url);
  }

  /** Holds the session to hold this; gives its ETag. */
  async holds(session: Session2024, payload: string | Uint8Array): Promise<string> {
    const answer = await this.read(session);
    assert.ok(answer.status === 200, `a read was answered ${describe(answer)}`);
    assert.deepEqual(answer.body, bytesOf(payload), "the payload that was read is not the one that was sent");
    return etagOf(answer);
  }

  /** Cancels what was created. */
  async close(): Promise<void> {
    for (const url of this.#created) await exchange("DELETE", url, {}, this.target.waitMs);
  }

  #noted(answer: Answer): Answer {
    if (answer.status === 201) this.#created.add(sessionUrlOf(answer));
    return answer;
  }
}

function sessionUrlOf(answer: Answer): string {
  const url = stringOf(fieldsOf(answer), "url");
  assert.ok(/^https?:\/\//.test(url) && URL.canParse(url), '"url" is no absolute URL');
  return url;
}

/** The session that a creation's answer tells of; it must be a success. */
export function sessionOf(answer: Answer): Session2024 {
  assert.ok(answer.status === 201, `a creation was answered ${describe(answer)}`);
  return { url: sessionUrlOf(answer), etag: etagOf(answer) };
}

/** A session that never was, beside one that is. */
export function unknownOf({ url, etag }: Session2024): Session2024 {
  const at = url.lastIndexOf("/") + 1;
  const id = url.slice(at);
  // As long as the other, and like it at its beginning: some IDs say there whose they are.
  const other = id.slice(0, -UNLIKE.length) + UNLIKE.slice(0, id.length);
  return { url: url.slice(0, at) + other, etag };
}

/** The ETag of an answer about a session, which must have one. */
export function etagOf({ status, headers }: Answer): string {
  const etag = headers.get("etag");
  assert.ok(etag !== null && etag !== "", `a ${status} has no ETag`);
  return etag;
}

export function bytesOf(payload: string | Uint8Array): Uint8Array<ArrayBuffer> {
  return typeof payload === "string" ? new TextEncoder().encode(payload) : Uint8Array.from(payload);
}
