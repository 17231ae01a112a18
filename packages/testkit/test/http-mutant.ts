import type { HandlerOptions } from "@matrix-rendezvous/http";
import type { HttpTarget } from "@matrix-rendezvous/testkit/http";
import { bodies, type Fault, instead, parsed } from "./http-faults.ts";

/** A server with one fault, as people make it, and checks that must not let it pass. */
export interface Mutant {
  readonly fault: Fault;
  /** `group: name` of each. */
  readonly caughtBy: readonly string[];
  readonly options?: Partial<HandlerOptions>;
  readonly target?: Partial<HttpTarget>;
}

/** By what is wrong with them. */
export type Mutants = Readonly<Record<string, Mutant>>;

/** What every answer has. */
export const SHARED: Readonly<Record<string, string>> = {
  "access-control-allow-origin": "*",
  "cache-control": "no-store",
};

export const error = (status: number, errcode: string): Response =>
  Response.json({ errcode, error: "As it should not be" }, { status, headers: SHARED });

export const conflict = (): Response => error(409, "IO_ELEMENT_MSC4388_CONCURRENT_WRITE");

/** Changes the payloads that are sent. */
export const data = (change: (data: string) => string): Fault =>
  bodies((text) => {
    const body = parsed(text);
    return typeof body["data"] === "string" ? JSON.stringify({ ...body, data: change(body["data"]) }) : text;
  });

/** Refuses every request after that many. */
export function limited(requests: number): Fault {
  let left = requests;
  return instead(() => (left-- > 0 ? undefined : error(429, "M_LIMIT_EXCEEDED")));
}

/** One field of those, by itself. */
export function pick(fields: Readonly<Record<string, unknown>>, name: string): Record<string, unknown> {
  return { [name]: fields[name] };
}
