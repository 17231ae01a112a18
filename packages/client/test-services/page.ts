/** What the test in Chromium does, in a page of another origin than the server's. */
import { decodeQrCode, encodeQrCode } from "../src/index.ts";
import { letIn, signIn } from "../test/conversation.ts";
import { connectDevices } from "../test/devices.ts";
import { expected, play } from "../test/repeat.ts";
import { bad, fromHex, good, PROFILES, toHex, transcripts } from "../test/vectors.ts";

/** What is compared where the assertions are. */
export interface PageResult {
  readonly transcripts: { readonly played: unknown; readonly expected: unknown }[];
  readonly good: { readonly encoded: string; readonly expected: string }[];
  readonly bad: { readonly name: string; readonly accepted: boolean }[];
  /** What the new device got at the end of a sign-in, by profile. */
  readonly signedIn: unknown[];
}

async function run(baseUrl: string): Promise<PageResult> {
  const result: PageResult = { transcripts: [], good: [], bad: [], signedIn: [] };
  for (const profile of PROFILES) {
    for (const transcript of transcripts(profile)) {
      for (const side of ["G", "S"] as const) {
        const played = await play(transcript, side, profile);
        result.transcripts.push({ played, expected: expected(transcript, side) });
      }
    }
    const { g, s } = await connectDevices({ baseUrl }, profile, "new");
    const [secrets] = await Promise.all([signIn(g, false), letIn(s, true)]);
    await s.cancel();
    result.signedIn.push(secrets);
  }
  for (const { hex } of good) {
    const decoded = decodeQrCode(fromHex(hex));
    result.good.push({
      encoded: decoded.ok ? toHex(encodeQrCode(decoded.value)) : decoded.error.message,
      expected: hex,
    });
  }
  for (const { name, hex } of bad) result.bad.push({ name, accepted: decodeQrCode(fromHex(hex)).ok });
  return result;
}

const baseUrl = new URLSearchParams(location.search).get("server") ?? "";
const result = await run(baseUrl).catch((error) => ({ error: `${error.stack}` }));
await fetch("/result", { method: "POST", body: JSON.stringify(result) });
