import type { Failure } from "./failure.ts";

/** What came back for one request. */
export interface Answer {
  readonly came: true;
  /** Where it came from, after redirects. */
  readonly url: string;
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The redirects on the way, and where each led. */
  readonly hops: readonly Answer[];
  /** This machine's time when the head of the answer was there, in Unix milliseconds. */
  readonly at: number;
}

export interface NoAnswer {
  readonly came: false;
  readonly url: string;
  readonly failure: Failure;
  readonly detail: string;
  readonly hops: readonly Answer[];
}

export type Outcome = Answer | NoAnswer;

/** The members of a JSON object, or `undefined` where the body is none. */
export function jsonOf({ text }: Answer): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** The Matrix error code of an answer, empty where it has none. */
export function errcodeOf(answer: Answer): string {
  const { errcode } = jsonOf(answer) ?? {};
  return typeof errcode === "string" ? errcode : "";
}

/** Whether it is a page for people: of a captive portal, a firewall, a web server's own errors. */
export function isHtml({ headers, text }: Answer): boolean {
  return /^text\/html\b/i.test(headers.get("Content-Type") ?? "") || /^\s*<(!doctype|html)/i.test(text);
}
