/**
 * What the connections of this process carry that only their two ends may know: rendezvous IDs, sequence tokens,
 * transaction IDs, payloads and access tokens, whichever test sends them, and however. Servers are held to not having
 * written any of it: see `tellsNothing`.
 */
import assert from "node:assert/strict";
import { subscribe } from "node:diagnostics_channel";
import type { Socket } from "node:net";

/** As many words are remembered, the latest, so that a million requests do not take all the memory. */
const MOST_WORDS = 50_000;
/** As many payloads and access tokens, and errors, because each of them is looked for by itself. */
const MOST_TEXTS = 1_000;
/** How much of what came before is looked at again, in characters: a secret may come in two parts. */
const OVERLAP = 300;
/** As much of a payload as is looked for, in characters. */
const SHOWN_OF_PAYLOAD = 60;

// What is shorter than 12 characters is what anybody may say.
const WORDS = [
  /(?:\/rendezvous\/|"id":"|"sequence_token":"|etag: "|if(?:-none)?-match: ")~?([\w-]{12,})/gi,
  /\/rendezvous\/[\w~-]+\/([\w-]{12,})/g,
];
const TEXTS = [/"data":"([^"\\]{12,})/g, /authorization: bearer (\S{12,})/gi];
const WORD = /[\w-]{12,}/g;
const ERROR = /\{"errcode":[^}]*\}/g;

const words = new Set<string>();
const texts = new Set<string>();
/** The bodies of errors that were answered since the last look. */
const errors = new Set<string>();

function hear(said: string): void {
  for (const [error] of said.matchAll(ERROR)) keep(errors, error, MOST_TEXTS);
  for (const pattern of WORDS) for (const [, word = ""] of said.matchAll(pattern)) keep(words, word, MOST_WORDS);
  for (const pattern of TEXTS) {
    for (const [, text = ""] of said.matchAll(pattern)) keep(texts, text.slice(0, SHOWN_OF_PAYLOAD), MOST_TEXTS);
  }
}

/** Keeps the latest `most`. */
function keep(kept: Set<string>, text: string, most: number): void {
  kept.add(text);
  if (kept.size <= most) return;
  const [oldest = ""] = kept;
  kept.delete(oldest);
}

/** Hears what goes through `method` of a socket. */
function listenIn(socket: Socket, method: "push" | "write"): void {
  const original = socket[method] as (chunk: unknown, ...more: unknown[]) => boolean;
  let before = "";
  const heard = (chunk: unknown, ...more: unknown[]): boolean => {
    if (chunk instanceof Uint8Array || typeof chunk === "string") {
      const said = before + (typeof chunk === "string" ? chunk : Buffer.from(chunk).toString("latin1"));
      hear(said);
      before = said.slice(-OVERLAP);
    }
    return original.call(socket, chunk, ...more);
  };
  Object.assign(socket, { [method]: heard });
}

// Every connection that this process opens, `fetch`'s too, passes here before anything is sent.
subscribe("net.client.socket", (message) => {
  const { socket } = message as { socket: Socket };
  listenIn(socket, "write");
  listenIn(socket, "push");
});

/** How many secrets have been heard. */
export function overheard(): number {
  return words.size + texts.size;
}

/** @throws AssertionError where what a server wrote, or an error that it answered, has a secret in it */
export function tellsNothing(written: string): void {
  const all = [written, ...errors].join("\n");
  errors.clear();
  for (const [word] of all.matchAll(WORD)) {
    if (words.has(word)) assert.fail(`${word} was told: ${around(all, word)}`);
  }
  for (const text of texts) {
    if (all.includes(text)) assert.fail(`${text} was told: ${around(all, text)}`);
  }
}

function around(all: string, secret: string): string {
  const at = all.indexOf(secret);
  return all.slice(Math.max(0, at - 200), at + 200);
}
