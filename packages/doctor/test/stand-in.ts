/** A homeserver as it should be, with this project's rendezvous API; tests spoil what it answers. */
import { memoryStore } from "@matrix-rendezvous/core";
import { type AccessTokenVerifier, createHandler } from "@matrix-rendezvous/http";
import type { Identity } from "./certificates.ts";
import { listen } from "./listen.ts";

/** Answers instead of the homeserver, or by way of it. */
export type Spoil = (request: Request, next: (request: Request) => Promise<Response>) => Promise<Response> | Response;

export interface StandIn {
  readonly url: string;
  /** How many sessions it holds. */
  live(): Promise<number>;
  close(): Promise<void>;
}

export const ACCESS_TOKEN = "syt_of_the_stand_in";
export const FLAGS = { "org.matrix.msc4108": true };
export const DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code";

export interface Mode {
  readonly mode?: "open" | "authenticated" | "off";
  /** What clients know it as, where something is in front of it. */
  readonly publicUrl?: string;
  /** @default one that is free */
  readonly port?: number;
  /** Listens with TLS. */
  readonly identity?: Identity;
}

export async function startStandIn(
  spoil: Spoil = (request, next) => next(request),
  { mode = "open", publicUrl, port, identity }: Mode = {},
): Promise<StandIn> {
  const store = memoryStore();
  const verifier: AccessTokenVerifier = {
    verify: async (token) =>
      token === ACCESS_TOKEN ? { type: "user", userId: "@a:example.org" } : { type: "unknown" },
  };
  const listening = await listen(
    async (request, context) => {
      return await spoil(
        request,
        async (passed) => homeserver(publicUrl ?? url)(passed) ?? (await rendezvous(passed, context)),
      );
    },
    { port, identity },
  );
  const { url } = listening;
  const rendezvous = createHandler({ store, verifier, mode, msc4108: { publicUrl: publicUrl ?? url } });
  return { url, live: async () => (await store.stats()).sessions, close: () => listening.close() };
}

const PUBLIC = { "Access-Control-Allow-Origin": "*" };

function homeserver(url: string): (request: Request) => Response | undefined {
  const answers: Readonly<Record<string, object>> = {
    "/.well-known/matrix/client": { "m.homeserver": { base_url: url } },
    "/_matrix/client/versions": { versions: ["v1.15"], unstable_features: FLAGS },
    "/_matrix/client/v1/auth_metadata": metadata(url),
  };
  return (request) => {
    const body = answers[pathOf(request)];
    return body && Response.json(body, { headers: PUBLIC });
  };
}

export function metadata(url: string): object {
  return {
    issuer: `${url}/`,
    grant_types_supported: ["authorization_code", DEVICE_GRANT],
    device_authorization_endpoint: `${url}/oauth2/device`,
  };
}

export function pathOf(request: Request): string {
  return new URL(request.url).pathname;
}

/** Answers one path, or those below it, and nothing else. */
export function at(path: string, answer: (request: Request) => Response): Spoil {
  return (request, next) => (pathOf(request).startsWith(path) ? answer(request) : next(request));
}

/** Where nobody listens. */
export async function unusedUrl(): Promise<string> {
  const { url, close } = await listen(async () => new Response());
  await close();
  return url;
}
