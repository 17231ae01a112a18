import type { HandlerOptions } from "@matrix-rendezvous/http";
import { type Deviation, type HttpTarget, registerHttpChecks, type Selection } from "@matrix-rendezvous/testkit/http";
import { type Runtime, runtime, test } from "@matrix-rendezvous/testkit/runner";
import { ACCESS_TOKEN, FORBIDDEN_TOKEN, soundHandler, start } from "./http-server.ts";

/** What a runtime's HTTP server does by itself. */
const READS_ON: Deviation = {
  check: "uploads: an endless body is hung up on",
  reason: "the runtime drops what comes after its answer; to hang up would cost who sends it all that answer",
};
const DEVIATIONS: Readonly<Record<Runtime, readonly Deviation[]>> = { node: [], bun: [READS_ON], deno: [READS_ON] };

interface Case {
  readonly name: string;
  readonly options: Partial<HandlerOptions>;
  readonly target: Omit<HttpTarget, "baseUrl">;
  readonly selection?: Selection;
  readonly deviations?: readonly Deviation[];
}

const CASES: readonly Case[] = [
  { name: "in mode open", options: {}, target: { mode: "open" }, deviations: DEVIATIONS[runtime] },
  {
    name: "in mode authenticated, under both prefixes of a base path",
    options: { mode: "authenticated", stableEndpoint: true, basePath: "/a/base" },
    target: {
      mode: "authenticated",
      prefixes: ["unstable", "stable"],
      accessToken: ACCESS_TOKEN,
      forbiddenToken: FORBIDDEN_TOKEN,
    },
    selection: {
      // The rest does not depend on mode, prefix or path.
      groups: [
        ...(["authenticated", "discovery", "create", "read", "write", "cancel", "transactions"] as const),
        ...(["races", "cors", "errors", "targets", "methods"] as const),
      ],
    },
  },
  {
    name: "in mode off",
    options: { mode: "off", stableEndpoint: true },
    target: { mode: "off", prefixes: ["unstable", "stable"] },
  },
  {
    name: "whose sessions are few",
    options: { maxSessionsPerOwner: 5 },
    target: { mode: "open", maxSessionsPerOwner: 5 },
    selection: { groups: ["limits"] },
  },
  {
    name: "whose sessions are short and few",
    options: { ttlMs: 1000, maxSessionsPerOwner: 5 },
    target: { mode: "open", sessionTtlMs: 1000, maxSessionsPerOwner: 5 },
  },
];

for (const { name, options, target, selection, deviations } of CASES) {
  const server = await start(soundHandler(options));
  const named = (check: string, body: () => Promise<void>): void => test(`a server ${name}: ${check}`, body);
  const baseUrl = server.baseUrl + (options.basePath ?? "");
  registerHttpChecks(named, { baseUrl, ...target }, selection, deviations);
  named("stops", () => server.stop());
}
