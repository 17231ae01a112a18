/**
 * One device as a program of its own: reads commands as lines of JSON, and answers each with a line. Whoever started it
 * is the user with two devices in hand, and carries the QR code and the check code from one to the other.
 */
import process from "node:process";
import { createInterface } from "node:readline";
import { type Intent, joinChannel, offerChannel, type Profile, type SecureChannel } from "../src/index.ts";
import { letIn, signIn } from "./conversation.ts";
import { scan } from "./devices.ts";
import { fromHex, toHex } from "./vectors.ts";

/** What the program is told to do. */
export type DeviceCommand = {
  readonly do: "show" | "scan";
  readonly intent: Intent;
  readonly profile: Profile;
  readonly baseUrl: string;
  /** Of what is scanned, in hexadecimal. */
  readonly qrCode?: string;
};

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

async function listen<T>(): Promise<T | undefined> {
  const { value, done } = await lines.next();
  return done ? undefined : JSON.parse(value);
}

function say(words: Readonly<Record<string, unknown>>): void {
  process.stdout.write(`${JSON.stringify(words)}\n`);
}

async function channelOf({ profile, intent, baseUrl, qrCode = "" }: DeviceCommand): Promise<SecureChannel> {
  const options = { baseUrl, profile, intent, pollIntervalMs: 5 };
  if (qrCode !== "") {
    const channel = await joinChannel({ ...options, qrCode: scan(fromHex(qrCode)) });
    say({ checkCode: channel.checkCode });
    return channel;
  }
  const offer = await offerChannel(options);
  say({ qrCode: toHex(offer.qrCode) });
  const unconfirmed = await offer.accept();
  const typed = await listen<{ checkCode: string }>();
  return unconfirmed.confirm(typed?.checkCode ?? "");
}

say({ runtime: "Deno" in globalThis ? "deno" : "Bun" in globalThis ? "bun" : "node" });
for (let command = await listen<DeviceCommand>(); command !== undefined; command = await listen<DeviceCommand>()) {
  const channel = await channelOf(command);
  const scanned = command.do === "scan";
  say({ got: await (command.intent === "new" ? signIn(channel, scanned) : letIn(channel, scanned)) });
}
