import { answered, OF_2024, type Step, type Visit } from "../visit.ts";
import { text } from "./create-2024.ts";
import { read, write } from "./exchange-2024.ts";

/** The longest payload there is; compresses well, which is what proxies wait for. */
const LONGEST = "All work and no play makes Jack a dull boy. ".repeat(100).slice(0, 4096);

/** Whether ETags survive the way, and the longest payloads with them. */
export const etags2024: Step = {
  id: "etags-2024",
  title: "2024 version: ETags, compressed or not, and the longest payloads",
  async run(visit) {
    const { notes, session2024: session } = visit;
    if (session === undefined) return notes.skip("There is no session.");
    const now = await currentEtag(visit);
    if (now === undefined || (await write(visit, now, LONGEST)) === undefined) return;
    const plain = await read(visit, LONGEST, { "Accept-Encoding": "identity" });
    const packed = await read(visit, LONGEST, { "Accept-Encoding": "gzip, deflate, br, zstd" });
    const [before, after] = [plain, packed].map((answer) => answer?.headers.get("ETag") ?? undefined);
    if (before === undefined || after === undefined) return;
    if (before === after) notes.means("Compressed answers have the same ETag as others, and 4,096 bytes pass.");
    await writeBack(visit, before, after);
  },
};

async function currentEtag({ wire, session2024 }: Visit): Promise<string | undefined> {
  const outcome = await wire.ask("GET", session2024?.url ?? "");
  return outcome.came ? (outcome.headers.get("ETag") ?? undefined) : undefined;
}

/** As devices do: with the ETag as it arrived. */
async function writeBack({ notes, wire, session2024 }: Visit, plain: string, mangled: string): Promise<void> {
  const url = session2024?.url ?? "";
  const outcome = await wire.ask("PUT", url, { headers: { ...text, "If-Match": mangled }, body: "the answer" });
  notes.exchange(`PUT ${url}, If-Match: ${mangled}`, outcome);
  if (!answered(notes, outcome, "writing", OF_2024) || plain === mangled) return;
  notes.find(outcome.status === 202 ? "etag_changed" : "etag_mangled", OF_2024, { plain, mangled });
}
