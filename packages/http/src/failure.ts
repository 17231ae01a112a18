import { type RendezvousError, StoreUnavailableError } from "@matrix-rendezvous/core";
import type { MatrixError } from "./respond.ts";

/** How an error is told that both versions tell alike. A conflict is not among them. */
export function failure(error: Exclude<RendezvousError, { code: "conflict" }>): MatrixError {
  switch (error.code) {
    case "absent":
      return { status: 404, errcode: "M_NOT_FOUND", error: "No such rendezvous session" };
    case "payload_too_large":
      return { status: 413, errcode: "M_TOO_LARGE", error: `The payload is over ${error.limitBytes} bytes` };
    case "invalid_transaction_id":
      return { status: 400, errcode: "M_INVALID_PARAM", error: "The transaction ID is not acceptable" };
    case "full": {
      const words = `${error.scope === "owner" ? "You have" : "This server has"} too many rendezvous sessions at the moment`;
      return { status: 429, errcode: "M_LIMIT_EXCEEDED", error: words, retryAfterMs: error.retryAfterMs };
    }
  }
}

/** How it is told that something was thrown: nothing of what it was. */
export function thrownFailure(error: unknown): MatrixError {
  if (error instanceof StoreUnavailableError) {
    const words = "Sessions cannot be reached at the moment";
    return { status: 503, errcode: "M_UNKNOWN", error: words, retryAfterMs: 1_000 };
  }
  return { status: 500, errcode: "M_UNKNOWN", error: "Internal server error" };
}

/** For whoever was answered so, to ask the operator with. */
export function requestIdField(requestId: string): Readonly<Record<string, string>> {
  return { "X-Request-ID": requestId };
}
