import type { Intent } from "@matrix-rendezvous/client";

/** Who is on the page: the two devices, by what they are, and the attacker. */
export type Party = Intent | "attacker";

/** What a party is called in a sentence. */
export const PARTY_NAMES: Readonly<Record<Party, string>> = {
  new: "the new device",
  existing: "the existing device",
  attacker: "the attacker",
};

export function otherDevice(device: Intent): Intent {
  return device === "new" ? "existing" : "new";
}

/** With its first letter as a sentence begins. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
