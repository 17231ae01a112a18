import { CREATE_2024, UNSTABLE_2025 } from "../../../integration/src/paths.ts";
import { PAYLOAD } from "./flows.ts";

/** Creates a session of the 2025 version that holds a payload, and says where it is. */
export async function createSession2025(url: string): Promise<string> {
  const answer = await post(url + UNSTABLE_2025, "application/json", JSON.stringify({ data: PAYLOAD }));
  return `${url}${UNSTABLE_2025}/${answer["id"]}`;
}

/** The same of the 2024 version. */
export async function createSession2024(url: string): Promise<string> {
  return String((await post(url + CREATE_2024, "text/plain", PAYLOAD))["url"]);
}

async function post(url: string, type: string, body: string): Promise<Record<string, unknown>> {
  const answer = await fetch(url, { method: "POST", headers: { "Content-Type": type }, body });
  if (!answer.ok) throw new Error(`a creation was answered ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as Record<string, unknown>;
}
