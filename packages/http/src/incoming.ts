/** What the listener knows of a request besides the request itself. */
export interface RequestContext {
  /**
   * The client's address, as the socket gives it. Without one, all clients count as one. May be a getter: it is read only
   * where somebody needs it.
   */
  readonly clientAddress?: string | undefined;
}

/** A request to one of our routes, as its handler sees it, whichever way it came there. */
export class Incoming {
  readonly request: Request;
  /** The rendezvous ID in the path; empty, and so none of a session, where the route has none. */
  readonly id: string;
  /** The transaction ID in the path. */
  readonly txnId: string | undefined;
  readonly #search: string;
  readonly #context: RequestContext;
  #requestId: string | undefined;
  /** Why the answer is 500 or 503, where it is. */
  error: unknown;

  /** @param search the query string, without its question mark */
  constructor(request: Request, context: RequestContext, path: { id?: string; txnId?: string }, search = "") {
    this.request = request;
    this.id = path.id ?? "";
    this.txnId = path.txnId;
    this.#search = search;
    this.#context = context;
  }

  /** The first parameter of that name in the query string. */
  query(name: string): string | undefined {
    return this.#search === "" ? undefined : (new URLSearchParams(this.#search).get(name) ?? undefined);
  }

  /** The address at the other end of the connection. */
  get peer(): string | undefined {
    return this.#context.clientAddress;
  }

  /** Tells the request from all others. Made here, because what a client sends as one could be anything, a secret too. */
  get requestId(): string {
    this.#requestId ??= crypto.randomUUID();
    return this.#requestId;
  }
}

/** Answers a request to one of our routes; rejects for nothing. */
export type Answer = (incoming: Incoming) => Promise<Response>;
