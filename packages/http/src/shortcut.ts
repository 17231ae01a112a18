import { type Answer, Incoming, type RequestContext } from "./incoming.ts";

interface Mounted {
  readonly prefix: string;
  /** By method, those of `PREFIX`. */
  readonly top: Map<string, Answer>;
  /** By method, those of `PREFIX/ID`. */
  readonly session: Map<string, Answer>;
}

/** What comes after the prefix where that is an ID which needs no decoding, and nothing else. */
const SESSION = /^\/[\w~-]+$/;

/**
 * The way to a handler that goes past the router, which takes longer than the handler: for `PREFIX` and `PREFIX/ID` as
 * clients spell them. It answers as the router would have answered, or not at all.
 */
export class Shortcut {
  readonly #mounted: Mounted[] = [];

  /** @param path relative to the prefix; what is not `""` or `"/:id"` is left to the router */
  add(prefix: string, path: string, method: string, answer: Answer): void {
    const known = this.#mounted.find((mounted) => mounted.prefix === prefix);
    const mounted = known ?? { prefix, top: new Map(), session: new Map() };
    if (known === undefined) this.#mounted.push(mounted);
    if (path === "") mounted.top.set(method, answer);
    if (path === "/:id") mounted.session.set(method, answer);
  }

  /** `undefined` where the router has to find out who answers. */
  answer(request: Request, context: RequestContext): Promise<Response> | undefined {
    const { url } = request;
    // After the scheme and two slashes.
    const start = url.indexOf("/", url.indexOf(":") + 3);
    for (const { prefix, top, session } of this.#mounted) {
      if (!url.startsWith(prefix, start)) continue;
      const rest = url.slice(start + prefix.length);
      if (rest === "") return top.get(request.method)?.(new Incoming(request, context, {}));
      if (!SESSION.test(rest)) return undefined;
      return session.get(request.method)?.(new Incoming(request, context, { id: rest.slice(1) }));
    }
    return undefined;
  }
}
