import { cancelChecks } from "./checks/cancel.ts";
import { corsChecks } from "./checks/cors.ts";
import { createChecks } from "./checks/create.ts";
import { expiryChecks } from "./checks/expiry.ts";
import { headerChecks } from "./checks/headers.ts";
import { readChecks } from "./checks/read.ts";
import { sizeChecks } from "./checks/sizes.ts";
import { writeChecks } from "./checks/write.ts";
import type { Check2024 } from "./client.ts";

/** Every check of the 2024 version, by what it is about. */
export const GROUPS_2024: Readonly<Record<string, readonly Check2024[]>> = {
  create: createChecks,
  read: readChecks,
  write: writeChecks,
  cancel: cancelChecks,
  headers: headerChecks,
  expiry: expiryChecks,
  sizes: sizeChecks,
  cors: corsChecks,
};
