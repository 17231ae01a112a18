import type { Party } from "../party.ts";

/** The headers that a page can see, in the order in which the browser gives them. */
export type HeaderList = readonly (readonly [name: string, value: string])[];

export interface Answer {
  readonly status: number;
  readonly headers: HeaderList;
  readonly body: string;
  /** From when the request left the page until its answer was whole, in milliseconds. */
  readonly afterMs: number;
}

/** A request that somebody on the page sent, and what came of it. */
export interface Exchange {
  /** From 1. */
  readonly number: number;
  readonly sender: Party;
  readonly method: string;
  /** The path with its query, without the origin. */
  readonly path: string;
  readonly headers: HeaderList;
  readonly body: string;
  /** How often the same was asked in a row: the number of polls, else 1. */
  readonly times: number;
  /** `undefined` as long as there is none. */
  readonly answer: Answer | undefined;
  /** Why no answer will come. */
  readonly failure: string | undefined;
  /** The sequence token of the revision that it wrote or read, where it was the first of its sender to do so. */
  readonly revision: string | undefined;
}

/** The members of a body that is a JSON object, else none. */
export function jsonMembers(body: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

export function textMember(body: string, name: string): string | undefined {
  const value = jsonMembers(body)[name];
  return typeof value === "string" ? value : undefined;
}
