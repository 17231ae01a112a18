import {
  type Ask,
  CORS,
  created,
  isTooLarge,
  json,
  type Reply,
  refusal,
  type Session,
  type World,
  written,
} from "./stand-in.ts";

export function answer2024(world: World, ask: Ask): Reply {
  const { method, id } = ask;
  if (id === "") return method === "POST" ? create(world, ask) : refusal(405, "M_UNRECOGNIZED");
  const session = world.sessions.get(id);
  if (session === undefined || session.expiresAt <= Date.now()) return refusal(404, "M_NOT_FOUND");
  if (method === "GET") return read(session, ask);
  if (method === "PUT") return write(world, session, ask);
  if (method !== "DELETE") return refusal(405, "M_UNRECOGNIZED");
  world.sessions.delete(id);
  return { status: 204, headers: CORS, body: "" };
}

function create(world: World, ask: Ask): Reply {
  const wrong = refused(world, ask);
  if (wrong !== undefined) return wrong;
  const [id, session] = created(world, ask.body);
  const { status, headers, body } = json(201, { url: `${world.url}/sessions/${id}` });
  return { status, body, headers: { ...headers, ...validators(session) } };
}

function read(session: Session, { headers }: Ask): Reply {
  const known = headers["if-none-match"];
  const isKnown =
    known === "*" || known?.split(",").some((etag) => etag.trim().replace(/^W\//, "") === etagOf(session));
  if (isKnown) return about(session, 304, "");
  return about(session, 200, session.data);
}

function write(world: World, session: Session, ask: Ask): Reply {
  const wrong = refused(world, ask);
  if (wrong !== undefined) return wrong;
  const ifMatch = ask.headers["if-match"];
  if (ifMatch === undefined) return refusal(400, "M_MISSING_PARAM");
  const token = /^"([^"]*)"$/.exec(ifMatch)?.[1];
  if (token === undefined) return refusal(400, "M_INVALID_PARAM");
  if (written(world, session, token, ask.body) !== undefined) return about(session, 202, "");
  const { status, headers, body } = refusal(412, "M_UNKNOWN", { "org.matrix.msc4108.errcode": "M_CONCURRENT_WRITE" });
  return { status, body, headers: { ...headers, ...validators(session) } };
}

function refused(world: World, { headers, body }: Ask): Reply | undefined {
  if (headers["content-type"] === undefined) return refusal(400, "M_MISSING_PARAM");
  if (headers["content-type"] !== "text/plain") return refusal(400, "M_INVALID_PARAM");
  return isTooLarge(world, body) ? refusal(413, "M_TOO_LARGE") : undefined;
}

function about(session: Session, status: number, body: string | Buffer): Reply {
  return { status, body, headers: { ...CORS, "content-type": "text/plain", ...validators(session) } };
}

function validators(session: Session): Record<string, string> {
  return {
    etag: etagOf(session),
    expires: new Date(session.expiresAt).toUTCString(),
    "last-modified": new Date(session.modifiedAt).toUTCString(),
  };
}

function etagOf({ token }: Session): string {
  return `"${token}"`;
}
