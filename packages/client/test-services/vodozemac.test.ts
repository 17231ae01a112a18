import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { memoryStore } from "@matrix-rendezvous/core";
import { createHandler } from "@matrix-rendezvous/http";
import { test } from "@matrix-rendezvous/testkit/runner";
import fc from "fast-check";
import { type Intent, joinChannel, MAX_MESSAGE_BYTES, offerChannel, type SecureChannel } from "../src/index.ts";
import { other, scan } from "../test/devices.ts";
import { listen } from "../test/listen.ts";
import { Program } from "../test/program.ts";
import { fromHex, toHex } from "../test/vectors.ts";

const INTEROP = fileURLToPath(new URL("../../../interop", import.meta.url));
const PEER = join(INTEROP, "target/debug/matrix-rendezvous-interop");
const CONVERSATIONS = 100;

const build = spawnSync("cargo", ["build", "--locked", "--quiet"], { cwd: INTEROP, encoding: "utf8" });
if (build.error) throw new Error(`cargo, which builds the peer on vodozemac, cannot be run: ${build.error.message}`);
if (build.status !== 0) throw new Error(`the peer on vodozemac does not build: ${build.stderr}`);

/** One conversation: who shows the code, in which role, how the base URL is written, and what is said in turn. */
interface Conversation {
  readonly vodozemacShows: boolean;
  readonly intent: Intent;
  readonly slash: "" | "/";
  readonly path: "" | "/matrix";
  readonly messages: readonly string[];
}

const message = fc.oneof(
  fc.string({ unit: "binary", maxLength: 300 }),
  fc.constantFrom("", "x".repeat(MAX_MESSAGE_BYTES), "\u{1f511}".repeat(MAX_MESSAGE_BYTES / 4)),
);
const conversation: fc.Arbitrary<Conversation> = fc.record({
  vodozemacShows: fc.boolean(),
  intent: fc.constantFrom("new", "existing"),
  slash: fc.constantFrom("", "/"),
  path: fc.constantFrom("", "/matrix"),
  messages: fc.array(message, { maxLength: 8 }),
});

for (const path of ["", "/matrix"] as const) {
  for (const slash of ["", "/"] as const) {
    for (const vodozemacShows of [false, true]) {
      const roles = vodozemacShows ? "vodozemac's QR code is scanned" : "vodozemac scans the QR code";
      test(`${roles}, with a base URL that ends in "${path}${slash}"`, async () => {
        await converse({
          vodozemacShows,
          intent: "new",
          slash,
          path,
          messages: ["to G", "to S", "", "ünïcode \u{1f511}"],
        });
      });
    }
  }
}

test(`${CONVERSATIONS} random conversations with vodozemac 0.11.1`, async () => {
  const count = { shown: 0, scanned: 0 };
  await fc.assert(
    fc.asyncProperty(conversation, async (random) => {
      await converse(random);
      count[random.vodozemacShows ? "shown" : "scanned"] += 1;
    }),
    { numRuns: CONVERSATIONS },
  );
  assert.equal(count.shown + count.scanned, CONVERSATIONS);
  assert.ok(Math.min(count.shown, count.scanned) > 10, "both roles were played");
});

test("The dialect of the MSC's text is another one: vodozemac refuses it", async () => {
  // With a path, both dialects authenticate the same base URL, and only the label of the response differs.
  const server = await listen(createHandler({ store: memoryStore(), mode: "open", basePath: "/matrix" }));
  const peer = new Program(PEER, []);
  try {
    const baseUrl = `${server.baseUrl}/matrix`;
    const offer = await offerChannel({ baseUrl, intent: "new", profile: "msc", pollIntervalMs: 5 });
    peer.tell({ do: "scan", qr_code: toHex(offer.qrCode) });
    await offer.accept();
    assert.match(String(await peer.hear("error")), /decrypt/i);
  } finally {
    peer.end();
    await server.close();
  }
});

async function converse({ vodozemacShows, intent, slash, path, messages }: Conversation): Promise<void> {
  const server = await listen(createHandler({ store: memoryStore(), mode: "open", basePath: path }));
  const peer = new Program(PEER, []);
  try {
    const baseUrl = `${server.baseUrl}${path}${slash}`;
    const channel = await (vodozemacShows ? scanIt(peer, baseUrl, intent) : showIt(peer, baseUrl, intent));
    for (const [turn, text] of messages.entries()) {
      // The device that scanned speaks first.
      if ((turn % 2 === 0) === vodozemacShows) await tellPeer(channel, peer, text);
      else await hearPeer(channel, peer, text);
    }
  } finally {
    peer.end();
    await server.close();
  }
}

async function scanIt(peer: Program, baseUrl: string, intent: Intent): Promise<SecureChannel> {
  peer.tell({ do: "show", intent: intent === "new" ? 0 : 1, base_url: baseUrl });
  const qrCode = scan(fromHex(String(await peer.hear("qr_code"))));
  assert.deepEqual([qrCode.intent, qrCode.baseUrl], [intent, baseUrl]);
  const channel = await joinChannel({ qrCode, intent: other(intent), profile: "vodozemac", pollIntervalMs: 5 });
  assert.equal(await peer.hear("check_code"), channel.checkCode);
  return channel;
}

async function showIt(peer: Program, baseUrl: string, intent: Intent): Promise<SecureChannel> {
  const offer = await offerChannel({ baseUrl, intent, profile: "vodozemac", pollIntervalMs: 5 });
  peer.tell({ do: "scan", qr_code: toHex(offer.qrCode) });
  const unconfirmed = await offer.accept();
  return unconfirmed.confirm(String(await peer.hear("check_code")));
}

async function tellPeer(channel: SecureChannel, peer: Program, text: string): Promise<void> {
  await channel.send(text);
  peer.tell({ do: "receive" });
  assert.equal(await peer.hear("message"), text);
}

async function hearPeer(channel: SecureChannel, peer: Program, text: string): Promise<void> {
  peer.tell({ do: "send", message: text });
  await peer.hear("sent");
  assert.equal(await channel.receive(), text);
}
