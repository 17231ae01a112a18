import type { Checked } from "./body.ts";
import type { MatrixError } from "./respond.ts";

/**
 * - `user`: the token is valid and belongs to `userId`, who may use the rendezvous service.
 * - `unknown`: the token is not valid (any more). `details` are members that the homeserver's 401 had and clients act on:
 *   without `soft_logout` they take the device for logged out, and forget its keys.
 * - `forbidden`: the token is valid, but policy refuses this user.
 */
export type Verdict =
  | { readonly type: "user"; readonly userId: string }
  | { readonly type: "unknown"; readonly details?: UnknownTokenDetails | undefined }
  | { readonly type: "forbidden" };

/** What a homeserver says of a token that it does not accept. */
export interface UnknownTokenDetails {
  /** Such as `M_USER_LOCKED`, where it is not `M_UNKNOWN_TOKEN`. */
  readonly errcode?: string | undefined;
  /** Whether the client keeps its keys, and signs in again. */
  readonly soft_logout?: boolean | undefined;
}

/** Says whose an access token is. */
export interface AccessTokenVerifier {
  /**
   * Asks whose a token is.
   *
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
  if (verdict.type === "forbidden") return { ok: false, error: FORBIDDEN };
  const { errcode = UNKNOWN.errcode, soft_logout } = verdict.details ?? {};
  return { ok: false, error: { ...UNKNOWN, errcode, more: { soft_logout } } };
}
