import type { Intent } from "@matrix-rendezvous/client";
import type { Attempt } from "./attempt.ts";
import { otherDevice, PARTY_NAMES } from "./party.ts";
import type { Revision } from "./wire/revision.ts";

/** What comes next in a sign-in of two devices on this page. */
export interface Step {
  /** On its button. */
  readonly label: string;
  /** Where its effect shows first. */
  readonly device: Intent;
  run(): void;
}

/** `undefined` while something is under way, and at the end. */
export function nextStep(attempt: Attempt): Step | undefined {
  const g = attempt.options.shows;
  const s = otherDevice(g);
  const [ofG, ofS] = [attempt.devices[g].state.value, attempt.devices[s].state.value];
  if (ofG.name === "idle") return step("Show the QR code", g, () => attempt.show(g));
  if (ofG.name === "offering" && ofS.name === "idle") return step("Scan it", s, () => scan(attempt, ofG.qrCode));
  const reader = nextReader(attempt);
  if (reader !== undefined) return step(`Let ${PARTY_NAMES[reader]} read`, reader, () => attempt.turns.pass(reader));
  if (ofG.name !== "confirming") return undefined;
  const code = attempt.devices[s].checkCode.value;
  if (code !== undefined) return step(`Type ${code} into ${PARTY_NAMES[g]}`, g, () => attempt.devices[g].confirm(code));
  return ofS.name === "failed" ? step("No code is shown: cancel", g, () => attempt.devices[g].cancel()) : undefined;
}

async function scan(attempt: Attempt, shown: Uint8Array): Promise<void> {
  await attempt.scan(otherDevice(attempt.options.shows), attempt.options.camera(shown) ?? new Uint8Array());
}

/** The device that waits for what is in the slot. */
function nextReader({ turns, wire, devices, options }: Attempt): Intent | undefined {
  const waiting = turns.waiting.value;
  const revisions = wire.revisions.value;
  const last = revisions.at(-1);
  if (wire.ended.value || last === undefined) return waiting[0];
  const news = waiting.filter((device) => isNews(last, device));
  // Whoever wrote last waits for the other one's answer; what the attacker writes comes in its place.
  const writer = revisions.findLast((revision) => revision.writer === "new" || revision.writer === "existing")?.writer;
  const expected = otherDevice(writer === "new" || writer === "existing" ? writer : options.shows);
  const takesPart = !["idle", "done", "failed"].includes(devices[expected].state.value.name);
  return takesPart ? news.find((device) => device === expected) : news[0];
}

function isNews({ writer, readers }: Revision, device: Intent): boolean {
  return writer !== device && !readers.includes(device);
}

function step(label: string, device: Intent, action: () => void | Promise<void>): Step {
  return { label, device, run: () => void action() };
}
