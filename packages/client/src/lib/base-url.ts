import { encodeUtf8 } from "./text.ts";

/** What a two-byte length can say: MSC4388 "QR code format". */
export const MAX_BASE_URL_BYTES = 0xffff;

/** Why `text` is no homeserver base URL, or `undefined` where it is one. */
export function baseUrlProblem(text: string): string | undefined {
  const problem = httpUrlProblem(text);
  if (problem !== undefined) return problem;
  // Paths are appended to it, so nothing may come after its own path.
  if (/[?#]/.test(text)) return "has a query or a fragment";
  return undefined;
}

/** Why `text` is no absolute http(s) URL, or `undefined` where it is one. */
export function httpUrlProblem(text: string): string | undefined {
  if (text === "") return "is empty";
  if (!text.isWellFormed()) return "is not encodable as UTF-8";
  if (encodeUtf8(text).length > MAX_BASE_URL_BYTES) return `is over ${MAX_BASE_URL_BYTES} bytes`;
  // A URL parser drops or rewrites these; two devices would then hold different strings for the same URL.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  if (/[\u0000-\u0020\u007f\\]/.test(text)) return "has a space, a control character or a backslash";
  if (!URL.canParse(text)) return "is not a URL";
  if (!/^https?:\/\/[^/]/i.test(text)) return "is not an absolute http or https URL";
  const { username, password } = new URL(text);
  if (username !== "" || password !== "") return "has credentials";
  return undefined;
}
