import { type Checked, type JsonObject, stringMember } from "../body.ts";
import type { MatrixError } from "../respond.ts";

const LONE_SURROGATE: MatrixError = {
  status: 400,
  errcode: "M_INVALID_PARAM",
  error: "data has a lone surrogate, which no UTF-8 can express",
};

const utf8 = new TextEncoder();

/** `{"data"}`: the payload that a session starts with. */
export function parseCreate(body: JsonObject): Checked<Uint8Array> {
  const data = stringMember(body, "data");
  if (!data.ok) return data;
  // An encoder would quietly write U+FFFD in its place, and what is read would not be what was written.
  if (!data.value.isWellFormed()) return { ok: false, error: LONE_SURROGATE };
  return { ok: true, value: utf8.encode(data.value) };
}

/** `{"sequence_token","data"}`: a payload, and the token of the revision that it is to replace. */
export function parseWrite(body: JsonObject): Checked<{ sequenceToken: string; payload: Uint8Array }> {
  const sequenceToken = stringMember(body, "sequence_token");
  if (!sequenceToken.ok) return sequenceToken;
  const payload = parseCreate(body);
  if (!payload.ok) return payload;
  return { ok: true, value: { sequenceToken: sequenceToken.value, payload: payload.value } };
}
