import type { AccessTokenVerifier, UnknownTokenDetails, Verdict } from "../auth.ts";
import { readJsonObject } from "../body.ts";

/** Whom to ask. */
export interface WhoamiOptions {
  /** The homeserver's base URL, such as `https://matrix.example.org`. */
  readonly homeserver: string;
  /** How long to wait for its answer, in milliseconds. Sign-ins wait as long. @default 5000 */
  readonly timeoutMs?: number | undefined;
}

const MAX_ANSWER_BYTES = 64 * 1024;

/**
 * Asks the homeserver whose a token is: Client-Server API, `GET /_matrix/client/v3/account/whoami`. Guests are refused,
 * as Synapse refuses them; a deactivated user has no valid token.
 */
export function whoamiVerifier({ homeserver, timeoutMs = 5_000 }: WhoamiOptions): AccessTokenVerifier {
  const url = `${homeserver.replace(/\/$/, "")}/_matrix/client/v3/account/whoami`;
  return {
    async verify(accessToken): Promise<Verdict> {
      const answer = await fetch(url, {
        headers: { Authorization: `Bearer ${accessToken}` },
        // A token is not for whatever host a redirect may name.
        redirect: "error",
        signal: AbortSignal.timeout(timeoutMs),
      });
      if (answer.status === 200) return await verdict(answer);
      if (answer.status === 401) return { type: "unknown", details: await details(answer) };
      await answer.body?.cancel();
      if (answer.status === 403) return { type: "forbidden" };
      throw new Error(`The homeserver answered whoami with status ${answer.status}`);
    },
  };
}

/** What a client needs to know of the refusal; nothing else of the answer is passed on. */
async function details(answer: Response): Promise<UnknownTokenDetails> {
  const body = await readJsonObject(answer, MAX_ANSWER_BYTES);
  if (!body.ok) return {};
  const { errcode, soft_logout } = body.value;
  return {
    ...(typeof errcode === "string" && /^[A-Z_]{1,64}$/.test(errcode) && { errcode }),
    ...(typeof soft_logout === "boolean" && { soft_logout }),
  };
}

async function verdict(answer: Response): Promise<Verdict> {
  const body = await readJsonObject(answer, MAX_ANSWER_BYTES);
  const userId = body.ok ? body.value["user_id"] : undefined;
  if (!body.ok || typeof userId !== "string") throw new Error("The homeserver's answer to whoami names no user");
  return body.value["is_guest"] === true ? { type: "forbidden" } : { type: "user", userId };
}
