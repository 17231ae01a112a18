import type { Answer } from "../answer.ts";
import type { Route } from "../report.ts";
import { answered, ORIGIN, type Visit } from "../visit.ts";

/** What a browser asks before it sends such a request for a page. */
export interface Preflight {
  readonly method: "POST" | "PUT" | "GET" | "DELETE";
  readonly url: string;
  readonly headers: readonly string[];
}

/** Fetch standard, "CORS-preflight fetch". */
export async function preflight(
  visit: Visit,
  { method, url, headers }: Preflight,
  affects: readonly Route[],
): Promise<void> {
  const { notes, wire } = visit;
  const outcome = await wire.ask("OPTIONS", url, {
    headers: {
      Origin: ORIGIN,
      "Access-Control-Request-Method": method,
      "Access-Control-Request-Headers": headers.join(","),
    },
  });
  const what = `preflight of ${method}`;
  notes.exchange(`OPTIONS ${url} for ${method}`, outcome, outcome.came ? allowances(outcome) : "");
  if (!answered(notes, outcome, what, affects)) return;
  const { status } = outcome;
  if (status < 200 || status > 299) return notes.find("preflight_refused", affects, { what, status: String(status) });
  checkOrigin(visit, outcome, what, affects);
  const methods = listed(outcome, "Access-Control-Allow-Methods");
  const isSimple = method === "GET" || method === "POST";
  if (!isSimple && !methods.has("*") && !methods.has(method.toLowerCase()))
    notes.find("cors_method", affects, { what, method });
  const allowed = listed(outcome, "Access-Control-Allow-Headers");
  // The wildcard does not stand for Authorization.
  const isAllowed = (name: string): boolean => allowed.has(name) || (allowed.has("*") && name !== "authorization");
  const missing = headers.filter((name) => !isAllowed(name.toLowerCase()));
  if (missing.length > 0) notes.find("cors_header", affects, { what, headers: missing.join(", ") });
}

/** Fetch standard, "CORS check". */
export function checkOrigin({ notes }: Visit, answer: Answer, what: string, affects: readonly Route[]): void {
  const value = answer.headers.get("Access-Control-Allow-Origin");
  if (value === "*" || value === ORIGIN) return;
  if (value === null) notes.find("cors_missing", affects, { what });
  else notes.find(value.includes(",") ? "cors_doubled" : "cors_origin", affects, { what, value });
}

export function exposes(answer: Answer, name: string): boolean {
  const exposed = listed(answer, "Access-Control-Expose-Headers");
  return exposed.has("*") || exposed.has(name.toLowerCase());
}

function listed({ headers }: Answer, name: string): ReadonlySet<string> {
  return new Set((headers.get(name) ?? "").split(",").map((one) => one.trim().toLowerCase()));
}

function allowances({ headers }: Answer): string {
  return `origin ${headers.get("Access-Control-Allow-Origin") ?? "none"}; ${headers.get("Access-Control-Allow-Headers") ?? "no headers"}`;
}
