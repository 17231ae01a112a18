/** What reverse proxies, caches and firewalls do to requests and answers. */
import { pathOf, type Spoil } from "./stand-in.ts";

export const SESSIONS_2024 = "/_synapse/client/rendezvous/";
export const CREATE_2024 = "/_matrix/client/unstable/org.matrix.msc4108/rendezvous";
export const PATH_2025 = "/_matrix/client/unstable/io.element.msc4388/rendezvous";

/** The answers under `path` with other headers; `null` takes one off. */
export function withHeaders(
  path: string,
  change: (headers: Headers, request: Request) => Readonly<Record<string, string | null>>,
): Spoil {
  return async (request, next) => {
    const answer = await next(request);
    if (!pathOf(request).startsWith(path)) return answer;
    const headers = new Headers(answer.headers);
    for (const [name, value] of Object.entries(change(headers, request))) {
      if (value === null) headers.delete(name);
      else headers.set(name, value);
    }
    return new Response(answer.body, { status: answer.status, headers });
  };
}

/** The reads under `path` without their conditions. */
export function unconditional(path: string): Spoil {
  return (request, next) =>
    request.method === "GET" && pathOf(request).startsWith(path) ? next(new Request(request.url)) : next(request);
}

/** Answers a method under `path` by itself. */
export function refusing(method: string, path: string, status: number, headers: Record<string, string> = {}): Spoil {
  return (request, next) =>
    request.method === method && pathOf(request).startsWith(path)
      ? new Response("refused", { status, headers: { "Content-Type": "text/plain", ...headers } })
      : next(request);
}

/** Refuses bodies over a limit, as reverse proxies do. */
export function bodyLimit(bytes: number): Spoil {
  return (request, next) =>
    Number(request.headers.get("Content-Length") ?? 0) > bytes ? new Response("", { status: 413 }) : next(request);
}

/** Changes the URL in the answer to a creation. */
export function sessionUrl(change: (url: string) => string): Spoil {
  return async (request, next) => {
    const answer = await next(request);
    if (pathOf(request) !== CREATE_2024 || request.method !== "POST") return answer;
    const { url } = (await answer.json()) as { url: string };
    return Response.json({ url: change(url) }, { status: 201, headers: withoutLength(answer.headers) });
  };
}

function withoutLength(headers: Headers): Headers {
  const copy = new Headers(headers);
  copy.delete("Content-Length");
  return copy;
}

/** Remembers the first answer to each GET under `path`, and gives it again. */
export function caching(path: string): Spoil {
  const cache = new Map<string, { readonly text: string; readonly headers: Headers }>();
  return async (request, next) => {
    if (request.method !== "GET" || !pathOf(request).startsWith(path)) return await next(request);
    const hit = cache.get(request.url);
    if (hit !== undefined) {
      const headers = withoutLength(hit.headers);
      headers.set("Age", "7");
      headers.set("X-Cache", "HIT");
      return new Response(hit.text, { headers });
    }
    const answer = await next(request);
    const text = await answer.text();
    if (answer.status === 200) cache.set(request.url, { text, headers: answer.headers });
    return new Response(text, { status: answer.status, headers: withoutLength(answer.headers) });
  };
}

/** Every other read is answered by a process that does not know the session. */
export function everyOtherProcess(path: string): Spoil {
  let reads = 0;
  return (request, next) => {
    if (request.method !== "GET" || !pathOf(request).startsWith(path) || ++reads % 2 === 1) return next(request);
    return Response.json({ errcode: "M_NOT_FOUND", error: "no such session" }, { status: 404 });
  };
}

/** Changes the JSON of the answers to a method under `path`. */
export function changedJson(
  method: string,
  path: string,
  change: (body: Readonly<Record<string, unknown>>) => object,
): Spoil {
  return async (request, next) => {
    const answer = await next(request);
    if (request.method !== method || !pathOf(request).startsWith(path) || !answer.ok) return answer;
    const body = change((await answer.json()) as Readonly<Record<string, unknown>>);
    return Response.json(body, { status: answer.status, headers: withoutLength(answer.headers) });
  };
}

/** Writes of the 2024 version go through, whatever their If-Match; `shown` is the ETag that clients get to see. */
export function anyEtag(shown: (etag: string) => string): Spoil {
  let current = "";
  return async (request, next) => {
    if (![SESSIONS_2024, CREATE_2024].some((path) => pathOf(request).startsWith(path))) return await next(request);
    const { method, url } = request;
    const headers = new Headers(request.headers);
    if (method === "PUT") headers.set("If-Match", current);
    const body = method === "GET" ? null : await request.text();
    const answer = await next(new Request(url, { method, headers, body }));
    current = answer.headers.get("ETag") ?? current;
    const seen = new Headers(answer.headers);
    if (seen.has("ETag")) seen.set("ETag", shown(current));
    return new Response(answer.body, { status: answer.status, headers: seen });
  };
}

/** Writes of the 2025 version go through, whatever their sequence token; `shown` is the one that clients get to see. */
export function anyToken(shown: (token: string) => string): Spoil {
  let current = "";
  return async (request, next) => {
    if (!pathOf(request).startsWith(PATH_2025)) return await next(request);
    const answer = await next(request.method === "PUT" ? await withToken(request, current) : request);
    const body: unknown = answer.status === 200 ? await answer.clone().json() : undefined;
    if (!Object.hasOwn(Object(body), "sequence_token")) return answer;
    current = String(Object(body).sequence_token);
    const seen = { ...Object(body), sequence_token: shown(current) };
    return Response.json(seen, { headers: withoutLength(answer.headers) });
  };
}

async function withToken(request: Request, token: string): Promise<Request> {
  const { url, method, headers } = request;
  const body = JSON.stringify({ ...((await request.json()) as object), sequence_token: token });
  return new Request(url, { method, headers: withoutLength(headers), body });
}
