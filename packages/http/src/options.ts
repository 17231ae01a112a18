import { createRendezvous, type Rendezvous, type RendezvousOptions } from "@matrix-rendezvous/core";
import type { Context } from "hono";
import type { AccessTokenVerifier } from "./auth.ts";
import { trustedProxies } from "./client-address.ts";
import type { Incoming } from "./incoming.ts";
import type { Limits } from "./limits/limits.ts";
import { ID_PREFIX, type Msc4108, SESSION_PATH } from "./msc4108/routes.ts";
import { clientNetwork } from "./owner.ts";
import { secureRandomBytes } from "./random.ts";
import { remembered } from "./remembered.ts";
import type { Observe } from "./routing.ts";

/**
 * Who may create sessions.
 *
 * - `off`: nobody, and no route answers.
 * - `authenticated`: who has a valid access token. Reading, writing and cancelling never need one.
 * - `open`, of old `public`: everybody.
 */
export type Mode = "off" | "authenticated" | "open" | "public";

/** How the API is served. What it has of `RendezvousOptions` means the same here. */
export interface HandlerOptions
  extends Pick<
    RendezvousOptions,
    "store" | "ttlMs" | "maxSessions" | "maxSessionsPerOwner" | "whenFull" | "maxWaiters"
  > {
  /** Who may create sessions of the 2025 version. */
  readonly mode: Mode;
  /** Checks access tokens. Needed in mode `authenticated`, not used in the others. */
  readonly verifier?: AccessTokenVerifier | undefined;
  /**
   * Reverse proxies that may say, in `X-Forwarded-For` or `Forwarded`, which client they speak for: addresses or networks
   * such as `10.0.0.0/8`. Who is listed here can name any client; who is a proxy and not listed makes all its clients
   * count as one.
   * @default [] (nobody)
   */
  readonly trustedProxies?: readonly string[] | undefined;
  /**
   * Hears, once, the address of a peer that names another client in those headers and is not trusted: most often a
   * reverse proxy that was forgotten.
   */
  readonly onUntrustedProxy?: ((peer: string) => void) | undefined;
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
  /** Serves the 2024 version (MSC4108), which released clients speak, too. @default undefined: it is not served */
  readonly msc4108?: Msc4108Options | undefined;
  /**
   * How fast one owner may go; `@matrix-rendezvous/http/limits` has token buckets.
   * @default {} (no limits)
   */
  readonly limits?: Limits | undefined;
  /** Once aborted, reads that wait for a change are answered at once: the server is about to close. */
  readonly shutdown?: AbortSignal | undefined;
  /**
   * Hears of what is answered with 500 or 503, to log it, and of the request's ID: of what `observe` does not hear of, so
   * that nothing is logged twice. That is all of it where there is no `observe`, else what routes that were added to the
   * application throw. Errors hold no payload, session ID or token.
   */
  readonly onError?: ((error: unknown, requestId: string) => void) | undefined;
  /** Hears of every answer of a route of ours, and of the error behind it, for metrics and logs. */
  readonly observe?: Observe | undefined;
  /** The time in Unix milliseconds. @default Date.now */
  readonly now?: (() => number) | undefined;
  /** `length` bytes from a cryptographically secure source. @default crypto.getRandomValues */
  readonly randomBytes?: ((length: number) => Uint8Array) | undefined;
}

/** How the 2024 version is served. */
export interface Msc4108Options {
  /**
   * Where clients reach this server, such as `https://rendezvous.example.org`: what comes before `basePath` in the URLs
   * of sessions, which go into QR codes. Wrong, and no other device finds the session.
   */
  readonly publicUrl: string;
}

/** How the API is served from a Hono application. */
export interface AppOptions extends HandlerOptions {
  /**
   * How your server tells the address at the other end of a connection, such as `(c) => getConnInfo(c).remote.address` with Hono's helper for
   * your runtime. Without one, clients that have no access token count as one in `maxSessionsPerOwner`.
   */
  readonly clientAddress?: ((c: Context) => string | undefined) | undefined;
}

/** What the routes work with, once the options are known to be right. */
export interface Service {
  readonly rendezvous: Rendezvous;
  /** Set where creating takes an access token. */
  readonly verifier: AccessTokenVerifier | undefined;
  /** The network that a request comes from: whose requests are counted, and whose sessions where nobody has a name. */
  readonly networkOf: (incoming: Incoming) => string;
  readonly limits: Limits;
  readonly onError: (error: unknown, requestId: string) => void;
  readonly shutdown: AbortSignal;
  /** Set where the 2024 version is served. */
  readonly msc4108: Msc4108 | undefined;
}

/** @throws TypeError where options contradict each other */
export function createService(options: AppOptions): Service {
  checkOptions(options);
  const { mode, verifier, msc4108, basePath = "", now = Date.now, randomBytes = secureRandomBytes() } = options;
  const { onError = () => {}, limits = {} } = options;
  const addressBehind = trustedProxies(options.trustedProxies ?? [], options.onUntrustedProxy);
  const network = remembered(clientNetwork);
  const networkOf = ({ request, peer }: Incoming): string => network(addressBehind(request.headers, peer) ?? "");
  const rendezvous = createRendezvous({ ...options, now, randomBytes });
  return {
    rendezvous,
    networkOf,
    limits,
    onError,
    shutdown: options.shutdown ?? new AbortController().signal,
    verifier: mode === "authenticated" ? verifier : undefined,
    msc4108: msc4108 && {
      rendezvous: createRendezvous({ ...options, now, randomBytes, idPrefix: ID_PREFIX }),
      networkOf,
      limits,
      sessionUrl: (id) => `${msc4108.publicUrl.replace(/\/$/, "")}${basePath}${SESSION_PATH}/${id}`,
    },
  };
}

function checkOptions({ mode, verifier, msc4108, basePath = "" }: AppOptions): void {
  if (!["off", "authenticated", "open", "public"].includes(mode)) {
    throw new TypeError(`mode must be off, authenticated or open, not ${JSON.stringify(mode)}`);
  }
  if (mode === "authenticated" && verifier === undefined) {
    throw new TypeError("mode authenticated needs a verifier for access tokens");
  }
  if (msc4108 !== undefined && !isHttpUrl(msc4108.publicUrl)) {
    throw new TypeError(`publicUrl must be an http or https URL, not ${JSON.stringify(msc4108.publicUrl)}`);
  }
  if (!/^(\/[^/?#\s]+)*$/.test(basePath)) {
    throw new TypeError(`basePath must start with a slash and not end with one, not ${JSON.stringify(basePath)}`);
  }
}

function isHttpUrl(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) && url.search === "" && url.hash === "";
}
