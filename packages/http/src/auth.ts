import type { Checked } from "./body.ts";
import type { MatrixError } from "./respond.ts";

/**
 * - `user`: the token is valid and belongs to `userId`, who may use the rendezvous service.
 * - `unknown`: the token is not valid (any more).
 * - `forbidden`: the token is valid, but policy refuses this user.
 */
export type Verdict =
  | { readonly type: "user"; readonly userId: string }
  | { readonly type: "unknown" }
  | { readonly type: "forbidden" };

/** Says whose an access token is. */
export interface AccessTokenVerifier {
  /**
   * @param accessToken as the client sent it, not empty; a secret
   * @returns rejects where nobody can tell at the moment; the client is then answered 503, never let in
   */
  verify(accessToken: string): Promise<Verdict>;
}

const MISSING: MatrixError = { status: 401, errcode: "M_MISSING_TOKEN", error: "Missing access token" };
const UNKNOWN: MatrixError = { status: 401, errcode: "M_UNKNOWN_TOKEN", error: "Unrecognised access token" };
const FORBIDDEN: MatrixError = { status: 403, errcode: "M_FORBIDDEN", error: "You may not use this service" };
const UNVERIFIABLE: MatrixError = {
  status: 503,
  errcode: "M_UNKNOWN",
  error: "Access tokens cannot be checked at the moment",
  retryAfterMs: 5_000,
};

/** Who sends the request, told by its `Authorization: Bearer` header. */
export async function authenticate(
  request: Request,
  verifier: AccessTokenVerifier,
  onError: (error: unknown) => void,
): Promise<Checked<{ readonly userId: string }>> {
  const header = request.headers.get("Authorization") ?? "";
  const accessToken = /^Bearer +(\S+)$/i.exec(header)?.[1];
  if (accessToken === undefined) return { ok: false, error: MISSING };
  let verdict: Verdict;
  try {
    verdict = await verifier.verify(accessToken);
  } catch (error) {
    onError(error);
    return { ok: false, error: UNVERIFIABLE };
  }
  if (verdict.type === "user") return { ok: true, value: verdict };
  return { ok: false, error: verdict.type === "forbidden" ? FORBIDDEN : UNKNOWN };
}
