import { answered, OF_2024, type Session2024, type Step, type Visit, withSession2024 } from "../visit.ts";
import { text } from "./create-2024.ts";
import { read, write } from "./exchange-2024.ts";

/** The longest payload there is; compresses well, which is what proxies wait for. */
const LONGEST = "All work and no play makes Jack a dull boy. ".repeat(100).slice(0, 4096);

/** Whether ETags survive the way, and the longest payloads with them. */
export const etags2024: Step = withSession2024({
  id: "etags-2024",
  title: "2024 version: ETags, compressed or not, and the longest payloads",
  async run(visit, session) {
    const { notes } = visit;
    const now = await currentEtag(visit, session);
    if (now === undefined || (await write(visit, session, now, LONGEST)) === undefined) return;
    const plain = await read(visit, session, LONGEST, { "Accept-Encoding": "identity" });
    const packed = await read(visit, session, LONGEST, { "Accept-Encoding": "gzip, deflate, br, zstd" });
    const [before, after] = [plain, packed].map((answer) => answer?.headers.get("ETag") ?? undefined);
    if (before === undefined || after === undefined) return;
    if (before === after) notes.means("Compressed answers have the same ETag as others, and 4,096 bytes pass.");
    await writeBack(visit, session, before, after);
  },
});

async function currentEtag({ wire }: Visit, { url }: Session2024): Promise<string | undefined> {
  const outcome = await wire.ask("GET", url);
  return outcome.came ? (outcome.headers.get("ETag") ?? undefined) : undefined;
}

/** As devices do: with the ETag as it arrived. */
async function writeBack({ notes, wire }: Visit, { url }: Session2024, plain: string, mangled: string): Promise<void> {
  const outcome = await wire.ask("PUT", url, { headers: { ...text, "If-Match": mangled }, body: "the answer" });
  notes.exchange(`PUT ${url}, If-Match: ${mangled}`, outcome);
  if (!answered(notes, outcome, "writing", OF_2024) || plain === mangled) return;
  notes.find(outcome.status === 202 ? "etag_changed" : "etag_mangled", OF_2024, { plain, mangled });
}
