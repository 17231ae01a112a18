import type { Handler } from "@matrix-rendezvous/http";

/** Makes a faulty server of a sound one. */
export type Fault = (sound: Handler) => Handler;

export type Fields = Readonly<Record<string, unknown>>;

/** The slot that a write is for, as it can be got at. */
export interface Slot {
  look(): Promise<Fields>;
  write(body: Fields): Promise<Response>;
}

/** Changes what is answered. */
export function answering(change: (answer: Response, request: Request) => Response | Promise<Response>): Fault {
  return (sound) => async (request, context) => change(await sound(request, context), request);
}

/** Changes what is asked. */
export function asking(change: (request: Request) => Request | Promise<Request>): Fault {
  return (sound) => async (request, context) => sound(await change(request), context);
}

/** Does something else than asking. */
export function instead(answer: (request: Request) => Response | undefined): Fault {
  return (sound) => async (request, context) => answer(request) ?? sound(request, context);
}

/** Changes headers of what is answered; `undefined` takes one away. */
export function headers(change: (request: Request, answer: Response) => Record<string, string | undefined>): Fault {
  return answering((answer, request) => {
    const changed = new Response(answer.body, answer);
    for (const [name, value] of Object.entries(change(request, answer))) {
      if (value === undefined) changed.headers.delete(name);
      else changed.headers.set(name, value);
    }
    return changed;
  });
}

/** Changes the fields of the answers that have the one of that name. */
export function fields(name: string, change: (fields: Fields, request: Request) => Fields): Fault {
  return answering(async (answer, request) => {
    const text = await answer.text();
    const before = parsed(text);
    if (!(name in before)) return new Response(text === "" ? null : text, answer);
    return Response.json(change(before, request), answer);
  });
}

/** Changes the text of every body that is sent. */
export function bodies(change: (text: string) => string): Fault {
  return asking(async (request) => remade(request, { body: change(await bodyOf(request)) }));
}

/** Changes the paths that are asked for. */
export function paths(change: (path: string) => string): Fault {
  return asking(async (request) => {
    const url = new URL(request.url);
    url.pathname = change(url.pathname);
    return remade(request, { url: url.href, body: await bodyOf(request) });
  });
}

/** Asks with another access token, or with the same where there is none to be had from the request. */
export function accessTokens(change: (request: Request) => string | null): Fault {
  return asking(async (request) => {
    const accessToken = change(request);
    const body = await bodyOf(request);
    return remade(request, { body, ...(accessToken === null ? {} : { authorization: `Bearer ${accessToken}` }) });
  });
}

/** Decides about writes that are well-formed and to a session that there is. */
export function writing(decide: (write: Fields, slot: Slot) => Promise<Response>): Fault {
  return (sound) => async (request, context) => {
    if (request.method !== "PUT") return sound(request, context);
    const text = await request.text();
    const session = request.url.replace(/(\/rendezvous\/[^/]*)\/.*$/, "$1");
    const slot: Slot = {
      look: async () => (await sound(new Request(session), context)).json(),
      write: (body) => sound(remade(request, { body: JSON.stringify(body) }), context),
    };
    const write = parsed(text);
    const usable = typeof write["data"] === "string" && "sequence_token" in (await slot.look());
    return usable ? decide(write, slot) : sound(remade(request, { body: text }), context);
  };
}

/** One fault upon the other. */
export function both(first: Fault, second: Fault): Fault {
  return (sound) => first(second(sound));
}

/** What breaks down is answered as a server would. */
export function guarded(handler: Handler): Handler {
  return async (request, context) => {
    try {
      return await handler(request, context);
    } catch {
      const shared = { "access-control-allow-origin": "*", "cache-control": "no-store" };
      return Response.json({ errcode: "M_UNKNOWN", error: "Internal server error" }, { status: 500, headers: shared });
    }
  };
}

/** The members of a JSON object; none where it is no such thing. */
export function parsed(text: string): Fields {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}

interface Remade {
  readonly url?: string;
  readonly authorization?: string;
  readonly body: string;
}

/** The same request but for that: no runtime lets an incoming request be changed. */
function remade(request: Request, { url = request.url, authorization, body }: Remade): Request {
  const { method } = request;
  const headers = new Headers(request.headers);
  // These say how the body came, and it is another one now.
  for (const name of ["content-length", "transfer-encoding", "expect", "connection"]) headers.delete(name);
  if (authorization !== undefined) headers.set("authorization", authorization);
  return new Request(url, { method, headers, body: hasBody(request) ? body : null });
}

function hasBody({ method }: Request): boolean {
  return method === "POST" || method === "PUT";
}

async function bodyOf(request: Request): Promise<string> {
  return hasBody(request) ? await request.text() : "";
}
