import { createRendezvous, type Rendezvous, type RendezvousOptions } from "@matrix-rendezvous/core";
import type { Context } from "hono";
import type { AccessTokenVerifier } from "./auth.ts";

/**
 * Who may create sessions.
 *
 * - `off`: nobody, and no route answers.
 * - `authenticated`: who has a valid access token. Reading, writing and cancelling never need one.
 * - `open`, of old `public`: everybody.
 */
export type Mode = "off" | "authenticated" | "open" | "public";

type Limits = Pick<RendezvousOptions, "store" | "ttlMs" | "maxSessions" | "maxSessionsPerOwner" | "whenFull">;

export interface HandlerOptions extends Limits {
  readonly mode: Mode;
  /** Checks access tokens. Needed in mode `authenticated`, not used in the others. */
  readonly verifier?: AccessTokenVerifier | undefined;
  /**
   * Where the API is mounted, such as `/matrix`: starts with a slash, does not end with one.
   * @default "" (at the root, as clients expect)
   */
  readonly basePath?: string | undefined;
  /**
   * Serves `/_matrix/client/v1/rendezvous` too. Clients take that for a promise that MSC4388 is part of the
   * specification, which it is not yet.
   * @default false
   */
  readonly stableEndpoint?: boolean | undefined;
  /** Hears of what is answered with 500 or 503, to log it. Errors hold no payload, ID or token. */
  readonly onError?: ((error: unknown) => void) | undefined;
  /** The time in Unix milliseconds. @default Date.now */
  readonly now?: (() => number) | undefined;
  /** `length` bytes from a cryptographically secure source. @default crypto.getRandomValues */
  readonly randomBytes?: ((length: number) => Uint8Array) | undefined;
}

export interface AppOptions extends HandlerOptions {
  /**
   * How your server tells the client's address, such as `(c) => getConnInfo(c).remote.address` with Hono's helper for
   * your runtime. Without one, clients that have no access token count as one in `maxSessionsPerOwner`.
   */
  readonly clientAddress?: ((c: Context) => string | undefined) | undefined;
}

/** What the routes work with, once the options are known to be right. */
export interface Service {
  readonly rendezvous: Rendezvous;
  /** Set where creating takes an access token. */
  readonly verifier: AccessTokenVerifier | undefined;
  readonly clientAddress: (c: Context) => string | undefined;
  readonly onError: (error: unknown) => void;
}

/** @throws TypeError where options contradict each other */
export function createService(options: AppOptions): Service {
  const { mode, verifier, now = Date.now, randomBytes = secureRandomBytes, onError = () => {} } = options;
  if (!["off", "authenticated", "open", "public"].includes(mode)) {
    throw new TypeError(`mode must be off, authenticated or open, not ${JSON.stringify(mode)}`);
  }
  if (mode === "authenticated" && verifier === undefined) {
    throw new TypeError("mode authenticated needs a verifier for access tokens");
  }
  if (!/^(\/[^/?#\s]+)*$/.test(options.basePath ?? "")) {
    throw new TypeError(
      `basePath must start with a slash and not end with one, not ${JSON.stringify(options.basePath)}`,
    );
  }
  const rendezvous = createRendezvous({ ...options, now, randomBytes });
  const { clientAddress = () => undefined } = options;
  return { rendezvous, clientAddress, onError, verifier: mode === "authenticated" ? verifier : undefined };
}

function secureRandomBytes(length: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(length));
}
