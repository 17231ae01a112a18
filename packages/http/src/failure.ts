import type { RendezvousError } from "@matrix-rendezvous/core";
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
