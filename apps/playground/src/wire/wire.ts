import type { Fetch } from "@matrix-rendezvous/client";
import { type ReadonlySignal, signal } from "@preact/signals-core";
import type { Party } from "../party.ts";
import { type Answer, type Exchange, jsonMembers, textMember } from "./exchange.ts";
import { kindOf, type PayloadKind, type Revision } from "./revision.ts";

/** How somebody on the page uses the wire. */
export interface Line {
  /** Resolves once a request may leave the page; rejects where it must not. */
  readonly pass?: (method: string, url: string, signal: AbortSignal | undefined) => Promise<void>;
  /** What the next payload that is written says. */
  readonly saying?: () => string | undefined;
}

/** All that goes between this page and the server: who asked what, what was answered, and what the slot held. */
export class Wire {
  readonly #fetch: Fetch;
  readonly #exchanges = signal<readonly Exchange[]>([]);
  readonly #revisions = signal<readonly Revision[]>([]);
  readonly #expiresAt = signal<number | undefined>(undefined);
  readonly #ended = signal(false);
  #origin = "";
  #sessionPath: string | undefined;

  /** @param fetch what the requests are sent with */
  constructor(fetch: Fetch) {
    this.#fetch = fetch;
  }

  get exchanges(): ReadonlySignal<readonly Exchange[]> {
    return this.#exchanges;
  }

  /** What the slot held, as far as this page has seen it, the newest last. */
  get revisions(): ReadonlySignal<readonly Revision[]> {
    return this.#revisions;
  }

  /** When the session ends, in Unix milliseconds of this page's clock, as the server said first. */
  get expiresAt(): ReadonlySignal<number | undefined> {
    return this.#expiresAt;
  }

  /** Whether the server has said that the session is gone. */
  get ended(): ReadonlySignal<boolean> {
    return this.#ended;
  }

  /** Where the session is, once that is known. Whoever has it can read and write: it is a secret. */
  get sessionUrl(): string | undefined {
    return this.#sessionPath && this.#origin + this.#sessionPath;
  }

  /** A `fetch` that is recorded as `sender`'s. */
  fetchAs(sender: Party, line: Line = {}): Fetch {
    return async (url, init) => {
      const method = init.method ?? "GET";
      await line.pass?.(method, url, init.signal ?? undefined);
      const number = this.#begin(sender, url, init);
      const startedAt = performance.now();
      try {
        const response = await this.#fetch(url, init);
        const body = await response.text();
        const { status } = response;
        const answer = { status, headers: [...response.headers], body, afterMs: performance.now() - startedAt };
        this.#finish(number, answer, line.saying?.());
        return new Response([204, 304].includes(status) ? null : body, { status, headers: response.headers });
      } catch (error) {
        const aborted = error instanceof Error && error.name === "AbortError";
        this.#update(number, { failure: aborted ? "broken off" : "no answer" });
        throw error;
      }
    };
  }

  /** Ends the session as `sender`, also while its page goes away. */
  async end(sender: Party): Promise<void> {
    const url = this.sessionUrl;
    if (url === undefined || this.#ended.value) return;
    await this.fetchAs(sender)(url, { method: "DELETE", keepalive: true });
  }

  /** Notes what the revision that `reader` fetched last says. */
  reveal(reader: Party, plaintext: string): void {
    const index = this.#revisions.value.findLastIndex(({ readers }) => readers.includes(reader));
    this.#revise(index, ({ data }) => ({ plaintext, kind: kindOf(data, plaintext) }));
  }

  /** Notes how the current revision is built, which nobody can open. */
  resemble(kind: PayloadKind): void {
    this.#revise(this.#revisions.value.length - 1, () => ({ kind }));
  }

  #begin(sender: Party, url: string, init: RequestInit): number {
    const { origin, pathname, search } = new URL(url);
    this.#origin = origin;
    const method = init.method ?? "GET";
    const path = pathname + search;
    const last = this.#exchanges.value.findLast((exchange) => exchange.sender === sender);
    if (last && method === "GET" && last.revision === undefined && isSamePoll(last.path, path)) {
      this.#update(last.number, { times: last.times + 1, answer: undefined, failure: undefined, path });
      return last.number;
    }
    const number = this.#exchanges.value.length + 1;
    const body = typeof init.body === "string" ? init.body : "";
    const headers = [...new Headers(init.headers)];
    const open = { times: 1, answer: undefined, failure: undefined, revision: undefined };
    this.#exchanges.value = [...this.#exchanges.value, { number, sender, method, path, headers, body, ...open }];
    return number;
  }

  #finish(number: number, answer: Answer, saying: string | undefined): void {
    const exchange = this.#exchanges.value[number - 1];
    if (exchange === undefined) return;
    this.#locate(exchange, answer);
    const revision = this.#follow(exchange, answer, saying);
    this.#update(number, { answer, revision });
  }

  /** Learns where the session is, how long it lives, and whether it still does. */
  #locate({ method, path }: Exchange, { status, body }: Answer): void {
    const [collection = "", id = ""] = splitSessionPath(path);
    const created = method === "POST" && status === 200 ? textMember(body, "id") : undefined;
    if (created !== undefined) this.#sessionPath = `${path}/${created}`;
    if (id !== "" && status === 200) this.#sessionPath ??= `${collection}/${id}`;
    const expiresInMs = jsonMembers(body)["expires_in_ms"];
    if (typeof expiresInMs === "number") this.#expiresAt.value ??= Date.now() + expiresInMs;
    if (id !== "" && (status === 404 || (method === "DELETE" && status === 200))) this.#ended.value = true;
  }

  /** The token of the revision that an exchange was the first of its sender to write or read. */
  #follow({ sender, method, body }: Exchange, answer: Answer, saying: string | undefined): string | undefined {
    const sequenceToken = textMember(answer.body, "sequence_token");
    if (answer.status !== 200 || sequenceToken === undefined) return undefined;
    const index = this.#revisions.value.findIndex((revision) => revision.sequenceToken === sequenceToken);
    if (method === "GET") {
      const data = textMember(answer.body, "data") ?? "";
      const found = this.#revisions.value[index];
      if (found?.readers.includes(sender) || found?.writer === sender) return undefined;
      if (found) this.#revise(index, ({ readers }) => ({ readers: [...readers, sender] }));
      else this.#append({ sequenceToken, data, writer: undefined, readers: [sender] }, undefined);
    } else if (index < 0) {
      const data = textMember(body, "data") ?? "";
      this.#append({ sequenceToken, data, writer: sender, readers: [] }, saying);
    }
    return sequenceToken;
  }

  #append(revision: Omit<Revision, "kind" | "plaintext">, saying: string | undefined): void {
    const plaintext = revision.data === "" ? undefined : saying;
    const kind = kindOf(revision.data, plaintext);
    this.#revisions.value = [...this.#revisions.value, { ...revision, kind, plaintext }];
  }

  #revise(index: number, change: (revision: Revision) => Partial<Revision>): void {
    this.#revisions.value = this.#revisions.value.map((revision, at) =>
      at === index ? { ...revision, ...change(revision) } : revision,
    );
  }

  #update(number: number, change: Partial<Exchange>): void {
    this.#exchanges.value = this.#exchanges.value.map((exchange) =>
      exchange.number === number ? { ...exchange, ...change } : exchange,
    );
  }
}

/** What comes before the rendezvous ID in a session's path, and the ID; nothing for any other path. */
function splitSessionPath(path: string): string[] {
  return /^(.*\/rendezvous)\/([^/?]+)/.exec(path)?.slice(1) ?? [];
}

/** Whether two reads ask for the same; how long they let the server take does not matter. */
function isSamePoll(left: string, right: string): boolean {
  const [known = "", now = ""] = [left, right].map((path) => path.replace(/&timeout=\d+$/, ""));
  return known === now && splitSessionPath(now).length > 0;
}
