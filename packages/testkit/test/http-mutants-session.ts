import { answering, both, fields, headers, instead, paths, writing } from "./http-faults.ts";
import { conflict, error, limited, type Mutants, pick, SHARED } from "./http-mutant.ts";

export const sessionMutants: Mutants = {
  "stale writes win": {
    fault: writing(async (write, slot) => slot.write({ ...write, ...pick(await slot.look(), "sequence_token") })),
    caughtBy: [
      "write: with a stale token and other data is a concurrent write, and changes nothing",
      "races: of concurrent writes with one token exactly one wins",
    ],
  },
  "the token is compared some time before the write": {
    fault: writing(async (write, slot) => {
      if (write["sequence_token"] !== (await slot.look())["sequence_token"]) return slot.write(write);
      await new Promise((resolve) => setTimeout(resolve, 20));
      return slot.write({ ...write, ...pick(await slot.look(), "sequence_token") });
    }),
    caughtBy: ["races: of concurrent writes with one token exactly one wins"],
  },
  "a retry is a concurrent write": {
    fault: writing(async (write, slot) =>
      write["sequence_token"] === (await slot.look())["sequence_token"] ? slot.write(write) : conflict(),
    ),
    caughtBy: [
      "write: sent again after its answer was lost is answered the current token, and changes nothing",
      "races: one write sent many times at once is written once, and answered alike",
    ],
  },
  "a retry is written again": {
    fault: writing(async (write, slot) => {
      const held = await slot.look();
      return slot.write(write["data"] === held["data"] ? { ...write, ...pick(held, "sequence_token") } : write);
    }),
    caughtBy: ["write: sent again after its answer was lost is answered the current token, and changes nothing"],
  },
  "identical data is a retry with the current token too": {
    fault: writing(async (write, slot) => {
      const held = await slot.look();
      if (write["data"] !== held["data"]) return slot.write(write);
      return Response.json(pick(held, "sequence_token"), { headers: SHARED });
    }),
    caughtBy: [
      "write: changes the token even where the payload stays the same",
      "write: never gives a token twice, however fast the writes follow each other",
    ],
  },
  "a lost race has the stable errcode under the unstable prefix": {
    fault: fields("errcode", (before) =>
      before["errcode"] === "IO_ELEMENT_MSC4388_CONCURRENT_WRITE"
        ? { ...before, errcode: "M_CONCURRENT_WRITE" }
        : before,
    ),
    caughtBy: ["write: with a stale token and other data is a concurrent write, and changes nothing"],
  },
  "tokens are not opaque identifiers": {
    fault: fields("sequence_token", (before) => ({ ...before, sequence_token: `${before["sequence_token"]}=` })),
    caughtBy: ["create: gives a sequence token that is an opaque identifier"],
  },
  "IDs begin with the time": {
    fault: both(
      fields("id", (before) => ({ ...before, id: `${(Date.now() / 60_000).toFixed(0)}${before["id"]}` })),
      paths((path) => path.replace(/\/rendezvous\/\d{8}/, "/rendezvous/")),
    ),
    caughtBy: ["create: gives an ID that is no guess and tells nothing of when it was made"],
  },
  "what is left of a session's life is a string": {
    fault: fields("expires_in_ms", (before) => ({ ...before, expires_in_ms: String(before["expires_in_ms"]) })),
    caughtBy: ["create: answers an ID, a sequence token and what is left of the session's life"],
  },
  "what is left of a session's life has a fraction": {
    fault: fields("expires_in_ms", (before) => ({ ...before, expires_in_ms: Number(before["expires_in_ms"]) - 0.5 })),
    caughtBy: ["read: answers the payload, its sequence token and what is left of the session's life"],
  },
  "a session's life is told as it was at first": {
    fault: fields("expires_in_ms", (before) => ({ ...before, expires_in_ms: 300_000 })),
    caughtBy: ["read: counts the session's life down"],
  },
  "a session lives for longer than it says": {
    fault: fields("expires_in_ms", (before) => ({
      ...before,
      expires_in_ms: Math.max(0, Number(before["expires_in_ms"]) - 1000),
    })),
    options: { ttlMs: 1500 },
    target: { sessionTtlMs: 500 },
    caughtBy: ["expiry: a session lives for as long as it says, and then is a 404 M_NOT_FOUND at once"],
  },
  "a session ends before it says": {
    fault: fields("expires_in_ms", (before) => ({ ...before, expires_in_ms: Number(before["expires_in_ms"]) + 300 })),
    options: { ttlMs: 200 },
    target: { sessionTtlMs: 500 },
    caughtBy: ["expiry: a session lives for as long as it says, and then is a 404 M_NOT_FOUND at once"],
  },
  "a session lives for an hour": {
    fault: (sound) => sound,
    options: { ttlMs: 3_600_000 },
    caughtBy: ["expiry: a session lives for 120 to 300 seconds"],
  },
  "the oldest session goes to make room": {
    fault: (sound) => sound,
    options: { maxSessionsPerOwner: 3, whenFull: "evict-oldest" },
    target: { maxSessionsPerOwner: 3 },
    caughtBy: [
      "limits: past its share a client is answered 429 M_LIMIT_EXCEEDED, and when to come back",
      "limits: no session is lost to make room for another",
    ],
  },
  "a refusal does not say when to come back": {
    fault: headers(() => ({ "retry-after": undefined })),
    options: { maxSessionsPerOwner: 3 },
    target: { maxSessionsPerOwner: 3 },
    caughtBy: ["limits: past its share a client is answered 429 M_LIMIT_EXCEEDED, and when to come back"],
  },
  "polling is limited": {
    fault: limited(500),
    caughtBy: ["limits: two devices that ask each second for ten minutes are never answered 429"],
  },
  "transaction IDs are of no interest": {
    fault: paths((path) => path.replace(/(\/rendezvous\/[^/]+)\/m1$/, "$1")),
    caughtBy: [
      "transactions: a repeated request is answered as the first time, even after the other device wrote",
      "transactions: a repeated request that was a concurrent write still is one",
      "races: one transaction sent many times at once is written once, and answered alike",
    ],
  },
  "there are no transactions": {
    fault: instead((request) =>
      /\/rendezvous\/[^/]+\/m1/.test(request.url) ? error(404, "M_UNRECOGNIZED") : undefined,
    ),
    caughtBy: ["transactions: a write with a transaction ID is a write"],
  },
  "cancelling twice is no error": {
    fault: answering((answer, request) =>
      request.method === "DELETE" ? Response.json({}, { headers: SHARED }) : answer,
    ),
    caughtBy: [
      "cancel: makes every later read, write and cancellation a 404 M_NOT_FOUND",
      "races: of concurrent cancellations exactly one finds the session",
    ],
  },
};
