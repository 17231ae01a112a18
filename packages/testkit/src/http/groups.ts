import type { Check, Mode } from "./check.ts";
import { cancelChecks } from "./checks/cancel.ts";
import { connectionChecks } from "./checks/connections.ts";
import { corsChecks } from "./checks/cors.ts";
import { createChecks } from "./checks/create.ts";
import { discoveryChecks } from "./checks/discovery.ts";
import { errorChecks } from "./checks/errors.ts";
import { expiryChecks } from "./checks/expiry.ts";
import { framingChecks } from "./checks/framing.ts";
import { jsonChecks } from "./checks/json.ts";
import { limitChecks } from "./checks/limits.ts";
import { messageChecks } from "./checks/messages.ts";
import { methodChecks } from "./checks/methods.ts";
import { authenticatedChecks, offChecks, openChecks } from "./checks/modes.ts";
import { payloadChecks } from "./checks/payloads.ts";
import { raceChecks } from "./checks/races.ts";
import { readChecks } from "./checks/read.ts";
import { sizeChecks } from "./checks/sizes.ts";
import { targetChecks } from "./checks/targets.ts";
import { transactionChecks } from "./checks/transactions.ts";
import { unsafeFetchChecks } from "./checks/unsafe-fetch.ts";
import { uploadChecks } from "./checks/uploads.ts";
import { writeChecks } from "./checks/write.ts";

/** A part of the suite, named after what it is about. */
export type Group =
  | "off"
  | "open"
  | "authenticated"
  | "discovery"
  | "create"
  | "read"
  | "write"
  | "cancel"
  | "expiry"
  | "transactions"
  | "races"
  | "payloads"
  | "sizes"
  | "json"
  | "unsafe-fetch"
  | "cors"
  | "errors"
  | "limits"
  | "targets"
  | "methods"
  | "uploads"
  | "framing"
  | "messages"
  | "connections";

/** Checks about one thing, and the modes of a server in which they say something. */
export interface GroupOfChecks {
  readonly checks: readonly Check[];
  readonly modes: readonly Mode[];
}

const SERVING: readonly Mode[] = ["authenticated", "open"];

/** Every check there is. */
export const GROUPS: Readonly<Record<Group, GroupOfChecks>> = {
  off: { checks: offChecks, modes: ["off"] },
  open: { checks: openChecks, modes: ["open"] },
  authenticated: { checks: authenticatedChecks, modes: ["authenticated"] },
  discovery: { checks: discoveryChecks, modes: SERVING },
  create: { checks: createChecks, modes: SERVING },
  read: { checks: readChecks, modes: SERVING },
  write: { checks: writeChecks, modes: SERVING },
  cancel: { checks: cancelChecks, modes: SERVING },
  expiry: { checks: expiryChecks, modes: SERVING },
  transactions: { checks: transactionChecks, modes: SERVING },
  races: { checks: raceChecks, modes: SERVING },
  payloads: { checks: payloadChecks, modes: SERVING },
  sizes: { checks: sizeChecks, modes: SERVING },
  json: { checks: jsonChecks, modes: SERVING },
  "unsafe-fetch": { checks: unsafeFetchChecks, modes: SERVING },
  cors: { checks: corsChecks, modes: SERVING },
  errors: { checks: errorChecks, modes: SERVING },
  limits: { checks: limitChecks, modes: SERVING },
  targets: { checks: targetChecks, modes: SERVING },
  methods: { checks: methodChecks, modes: SERVING },
  uploads: { checks: uploadChecks, modes: SERVING },
  framing: { checks: framingChecks, modes: SERVING },
  messages: { checks: messageChecks, modes: SERVING },
  connections: { checks: connectionChecks, modes: SERVING },
};
