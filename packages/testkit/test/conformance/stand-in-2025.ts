import {
  type Ask,
  created,
  isTooLarge,
  json,
  type Reply,
  refusal,
  type Session,
  type World,
  written,
} from "./stand-in.ts";

export function answer2025(world: World, ask: Ask): Reply {
  const { method, id } = ask;
  if (id === "") {
    if (method === "GET") return json(200, { create_available: true });
    return method === "POST" ? create(world, ask) : refusal(405, "M_UNRECOGNIZED");
  }
  if (method === "POST" || method === "PATCH") return refusal(405, "M_UNRECOGNIZED");
  const session = world.sessions.get(id);
  if (session === undefined || session.expiresAt <= Date.now()) return refusal(404, "M_NOT_FOUND");
  if (method === "GET") return read(session, ask);
  if (method === "PUT") return write(world, session, ask);
  world.sessions.delete(id);
  return json(200, {});
}

function create(world: World, { body }: Ask): Reply {
  const { fields, wrong } = fieldsIn(body);
  if (fields === undefined) return wrong;
  const data = payloadIn(fields["data"]);
  if (data === undefined) return refusal(400, "M_BAD_JSON");
  if (isTooLarge(world, data)) return refusal(413, "M_TOO_LARGE");
  const [id, session] = created(world, data);
  return json(200, { id, sequence_token: session.token, expires_in_ms: leftOf(session) });
}

function read(session: Session, { headers }: Ask): Reply {
  if (headers["sec-fetch-mode"] === "navigate") return refusal(403, "M_FORBIDDEN");
  return json(200, {
    data: session.data.toString(),
    sequence_token: session.token,
    expires_in_ms: leftOf(session),
  });
}

function write(world: World, session: Session, { body }: Ask): Reply {
  const { fields, wrong } = fieldsIn(body);
  if (fields === undefined) return wrong;
  const [data, token] = [payloadIn(fields["data"]), fields["sequence_token"]];
  if (data === undefined || typeof token !== "string") return refusal(400, "M_BAD_JSON");
  if (isTooLarge(world, data)) return refusal(413, "M_TOO_LARGE");
  if (written(world, session, token, data) !== undefined) return json(200, { sequence_token: session.token });
  const isRetry = world.fault.isRetry?.(session, data) ?? session.data.equals(data);
  return isRetry ? json(200, { sequence_token: session.token }) : refusal(409, "IO_ELEMENT_MSC4388_CONCURRENT_WRITE");
}

type Parsed =
  | { readonly wrong: Reply; readonly fields?: undefined }
  | { readonly wrong?: undefined; readonly fields: Readonly<Record<string, unknown>> };

/** The members of a JSON object, or what is to be answered where the body is none. */
function fieldsIn(body: Buffer): Parsed {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(body));
  } catch {
    return { wrong: refusal(400, "M_NOT_JSON") };
  }
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return isObject ? { fields: { ...(value as object) } } : { wrong: refusal(400, "M_BAD_JSON") };
}

function payloadIn(data: unknown): Buffer | undefined {
  return typeof data === "string" && data.isWellFormed() ? Buffer.from(data) : undefined;
}

function leftOf({ expiresAt }: Session): number {
  return Math.max(0, expiresAt - Date.now());
}
