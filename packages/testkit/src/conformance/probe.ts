import { type Answer, textOf } from "../http/answer.ts";
import type { HttpTarget, Level, Prefix } from "../http/check.ts";
import { Client } from "../http/client.ts";
import { MSC4108, MSC4388 } from "../http/sections.ts";
import { Client2024 } from "../http/version-2024/client.ts";
import type { ConformanceCheck, Version } from "./catalogue.ts";
import type { Found } from "./report.ts";

const level: Level = "must";

/** The first check of each version: without a session there is nothing to check. */
export const SERVED: Readonly<Record<Version, ConformanceCheck>> = {
  "2025": { id: "2025.served", version: "2025", level, section: MSC4388.create, name: "a session can be created" },
  "2024": { id: "2024.served", version: "2024", level, section: MSC4108.create, name: "a session can be created" },
};

/**
 * Finds out how the 2025 version is served.
 *
 * @param prefixes where to look for it, in this order
 * @throws Error that says in words why no session can be created
 */
export async function probe2025(target: HttpTarget, prefixes: readonly Prefix[]): Promise<Found> {
  const refusals = new Map<string, string[]>();
  for (const prefix of prefixes) {
    const open = { ...target, mode: "open", accessToken: undefined } as const;
    const answer = await created(new Client(open, prefix, false));
    if (answer.status === 200) return { mode: "open", prefix: checked(answer, prefix) };
    if (answer.status === 401 || answer.status === 403) return withToken(target, prefix, answer);
    const words = wordsOf(answer);
    refusals.set(words, [...(refusals.get(words) ?? []), new Client(open, prefix, false).root]);
  }
  const told = [...refusals].map(([words, paths]) => `POST ${paths.join(" or ")} was answered ${words}`);
  throw new Error(`the 2025 version is not served: ${told.join("; ")}`);
}

async function withToken(target: HttpTarget, prefix: Prefix, refusal: Answer): Promise<Found> {
  const { accessToken } = target;
  if (accessToken === undefined) {
    throw new Error(`creating a session takes an access token, and none was given (${wordsOf(refusal)})`);
  }
  const answer = await created(new Client({ ...target, mode: "authenticated" }, prefix, false));
  if (answer.status !== 200) throw new Error(`with the access token, a creation was answered ${wordsOf(answer)}`);
  return { mode: "authenticated", prefix: checked(answer, prefix) };
}

async function created(client: Client): Promise<Answer> {
  try {
    return await client.post('{"data":""}');
  } finally {
    await client.close().catch(() => {});
  }
}

function checked(answer: Answer, prefix: Prefix): Prefix {
  const type = answer.headers.get("content-type") ?? "no type";
  if (!/^application\/json\b/i.test(type))
    throw new Error(`a creation was answered 200 with ${type}, which is no JSON`);
  return prefix;
}

/**
 * Finds out whether the 2024 version is served.
 *
 * @throws Error that says in words why no session can be created
 */
export async function probe2024(target: HttpTarget): Promise<Found> {
  const client = new Client2024(target);
  try {
    const answer = await client.post("");
    if (answer.status === 201) return { mode: "open", prefix: "unstable" };
    const path = new URL(client.createUrl).pathname;
    throw new Error(`the 2024 version is not served: POST ${path} was answered ${wordsOf(answer)}`);
  } finally {
    await client.close().catch(() => {});
  }
}

/** What an answer is that no session came with. */
function wordsOf(answer: Answer): string {
  const { status, headers } = answer;
  const location = headers.get("location");
  if (status >= 300 && status < 400 && location !== null) return `${status}, a redirect to ${location}`;
  const type = headers.get("content-type");
  if (!/^application\/json\b/i.test(type ?? "")) {
    return `${status} with ${type ?? "no type"}, which no homeserver answers: see whether this is its base URL`;
  }
  const [, errcode = "no errcode"] = /"errcode"\s*:\s*"([\w.]{1,80})"/.exec(textOf(answer)) ?? [];
  return `${status} ${errcode}`;
}
