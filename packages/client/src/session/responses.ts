import { isRendezvousId, MAX_IDENTIFIER_BYTES, RENDEZVOUS_ID_PROBLEM } from "../lib/limits.ts";
import { encodeUtf8 } from "../lib/text.ts";
import type { Answer, JsonObject } from "./answer.ts";
import { RendezvousError, type RendezvousErrorCode } from "./errors.ts";

/** The body of a 200. @throws RendezvousError where the answer is anything else */
export function success({ status, body, retryAfterMs }: Answer): Body {
  if (status === 200 && body !== undefined) return new Body(body);
  const errcode = typeof body?.["errcode"] === "string" ? body["errcode"] : undefined;
  const code = errorCode(status, errcode);
  const words = errcode === undefined ? `${status}` : `${status} ${errcode}`;
  throw new RendezvousError(code, `the homeserver answered ${words} (${code})`, { status, errcode, retryAfterMs });
}

function errorCode(status: number, errcode: string | undefined): RendezvousErrorCode {
  switch (status) {
    case 401:
      return "unauthorized";
    case 403:
      return "forbidden";
    case 404:
    case 405:
      return status === 405 || errcode === "M_UNRECOGNIZED" ? "unavailable" : "expired";
    case 409:
      return "conflict";
    case 413:
      return "too_large";
    case 429:
      return "rate_limited";
  }
  if (status >= 500) return "server";
  return status >= 400 ? "rejected" : "invalid_response";
}

/** The members of an answer that can be relied on. Each getter throws a RendezvousError `invalid_response`. */
class Body {
  readonly #members: JsonObject;

  constructor(members: JsonObject) {
    this.#members = members;
  }

  get members(): JsonObject {
    return this.#members;
  }

  get id(): string {
    const id = this.#string("id");
    if (!isRendezvousId(id)) throw invalid("id", RENDEZVOUS_ID_PROBLEM);
    return id;
  }

  /** Only its length is held to the MSC, whose own example has a character that its grammar does not. */
  get sequenceToken(): string {
    const token = this.#string("sequence_token");
    const { length } = encodeUtf8(token);
    if (length < 1 || length > MAX_IDENTIFIER_BYTES) throw invalid("sequence_token", "is not 1 to 255 bytes");
    return token;
  }

  get data(): string {
    return this.#string("data");
  }

  get expiresInMs(): number {
    const value = this.#members["expires_in_ms"];
    if (typeof value !== "number" || value < 0) throw invalid("expires_in_ms", "is not a number of 0 or more");
    return value;
  }

  #string(name: string): string {
    const value = this.#members[name];
    if (typeof value !== "string" || !value.isWellFormed()) throw invalid(name, "is not a string of UTF-8");
    return value;
  }
}

function invalid(member: string, problem: string): RendezvousError {
  return new RendezvousError("invalid_response", `the answer's ${member} ${problem}`, { status: 200 });
}
