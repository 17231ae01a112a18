import { creating2025, type Step } from "../visit.ts";
import { create2025 } from "./discovery-2025.ts";
import { read, write } from "./exchange-2025.ts";

/** The longest payload there is. */
const LONGEST = 4096;

export const sizes2025: Step = creating2025({
  id: "sizes-2025",
  title: "2025 version: the longest payloads",
  async run(visit) {
    const { notes } = visit;
    const letters = "x".repeat(LONGEST);
    const session = await create2025(visit, letters, `${LONGEST} bytes of data`);
    if (session === undefined) return;
    const token = await read(visit, session, letters);
    if (token === undefined) return;
    // Six bytes of JSON each.
    const escaped = "\u0001".repeat(LONGEST);
    if ((await write(visit, session, token, escaped)) === undefined) return;
    if ((await read(visit, session, escaped)) !== undefined) notes.means("4,096 bytes pass, as 24 KiB of JSON, too.");
  },
});
