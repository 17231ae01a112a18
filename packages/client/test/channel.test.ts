import assert from "node:assert/strict";
import { test } from "@matrix-rendezvous/testkit/runner";
import fc from "fast-check";
import {
  CHECK_CODE_ATTEMPTS,
  ChannelError,
  joinChannel,
  MAX_MESSAGE_BYTES,
  offerChannel,
} from "../src/channel/index.ts";
import { createSession, joinSession } from "../src/session/index.ts";
import { connectDevices, type Devices, scan } from "./devices.ts";
import { jsonResponse, startServer, type TestServer } from "./server.ts";
import { PROFILES } from "./vectors.ts";

const CLOSED = { name: "ChannelError", code: "closed" };

for (const profile of PROFILES) {
  test(`${profile}: any messages of any legal size arrive as they were sent`, async () => {
    const { options } = startServer({ maxSessions: Number.POSITIVE_INFINITY, maxSessionsPerOwner: Infinity });
    const message = fc.oneof(
      fc.string({ unit: "binary", maxLength: 700 }),
      fc.constantFrom("", "x".repeat(MAX_MESSAGE_BYTES), "\u0000", "\ufeff", "\u{1f511}".repeat(MAX_MESSAGE_BYTES / 4)),
    );
    const baseUrl = fc.constantFrom("https://example.org", "https://example.org/", "https://EXAMPLE.org:443");
    const intent = fc.constantFrom("new" as const, "existing" as const);
    const conversation = fc.array(message, { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(baseUrl, intent, conversation, async (url, intentOfG, messages) => {
        const { g, s } = await connectDevices({ ...options, baseUrl: url }, profile, intentOfG);
        for (const [turn, sent] of messages.entries()) {
          const [writer, reader] = turn % 2 === 0 ? [s, g] : [g, s];
          await writer.send(sent);
          assert.equal(await reader.receive(), sent);
        }
      }),
      { numRuns: 40 },
    );
  });
}

test("A second message in a row arrives, where the first one was read", async () => {
  const { g, s } = await connectDevices(startServer().options, "msc");
  for (const [writer, reader] of [
    [s, g],
    [g, s],
  ] as const) {
    for (const message of ["first", "second"]) {
      await writer.send(message);
      assert.equal(await reader.receive(), message);
    }
  }
});

test("The QR code holds what the offer said, in the prefix of its endpoint", async () => {
  const server = startServer({ stableEndpoint: true });
  const unstable = await offerChannel({ ...server.options, intent: "existing", profile: "msc" });
  const { version, prefix, intent, baseUrl, rendezvousId } = scan(unstable.qrCode);
  assert.deepEqual(
    { version, prefix, intent, baseUrl },
    {
      version: "2025",
      prefix: "IO_ELEMENT_MSC4388",
      intent: "existing",
      baseUrl: server.options.baseUrl,
    },
  );
  assert.equal(unstable.expiresAt, server.clock.now() + 300_000);
  assert.equal((await joinSession({ ...server.options, id: rendezvousId })).latest.data, "");
  const stable = await offerChannel({ ...server.options, endpoint: "stable", intent: "new", profile: "msc" });
  assert.equal(scan(stable.qrCode).prefix, "MATRIX");
});

test("Nothing can be sent before the check code is confirmed, and S's first message waits", async () => {
  const { options } = startServer();
  const { unconfirmed, s } = await handshake(options);
  assert.ok(!("send" in unconfirmed) && !("receive" in unconfirmed));
  await s.send("m.login.protocols");
  const g = unconfirmed.confirm(` ${s.checkCode} `);
  assert.equal(await g.receive(), "m.login.protocols");
  assert.throws(() => unconfirmed.confirm(s.checkCode), CLOSED);
});

test("A wrong check code can be corrected, but not guessed", async () => {
  const { options } = startServer();
  const first = await handshake(options);
  const wrong = first.s.checkCode === "10" ? "11" : "10";
  const expected = { name: "ChannelError", code: "wrong_check_code" };
  assert.throws(() => first.unconfirmed.confirm(wrong), { ...expected, attemptsLeft: CHECK_CODE_ATTEMPTS - 1 });
  first.unconfirmed.confirm(first.s.checkCode);

  const second = await handshake(options);
  for (let left = CHECK_CODE_ATTEMPTS - 1; left >= 0; left -= 1) {
    assert.throws(() => second.unconfirmed.confirm("00"), { ...expected, attemptsLeft: left });
  }
  assert.throws(() => second.unconfirmed.confirm(second.s.checkCode), CLOSED);
});

test("Devices in the same role, and a code that was scanned before, are refused", async () => {
  const { options } = startServer();
  const offer = await offerChannel({ ...options, intent: "new", profile: "msc" });
  const qrCode = scan(offer.qrCode);
  await assert.rejects(joinChannel({ ...options, qrCode, intent: "new", profile: "msc" }), { code: "unsuitable_code" });
  const attacker = await joinSession({ ...options, id: qrCode.rendezvousId });
  await attacker.send("no message of any channel");
  await assert.rejects(joinChannel({ ...options, qrCode, intent: "existing", profile: "msc" }), { code: "in_use" });
  // G finds out by itself; its key is used up then.
  await assert.rejects(offer.accept(), { name: "ChannelError", code: "malformed" });
  await assert.rejects(offer.accept(), CLOSED);
});

test("A base URL that a URL parser makes too long to be authenticated is refused", async () => {
  const { options } = startServer();
  const baseUrl = `https://example.org/${"ä".repeat(15_000)}`;
  const offer = await offerChannel({ ...options, intent: "new", profile: "msc" });
  const qrCode = { ...scan(offer.qrCode), baseUrl };
  const joining = joinChannel({ ...options, qrCode, intent: "existing", profile: "vodozemac" });
  await assert.rejects(joining, { name: "ChannelError", code: "unsuitable_code" });
  await assert.rejects(offerChannel({ ...options, baseUrl, intent: "new", profile: "vodozemac" }), ChannelError);
});

test("Who looked over the shoulder and owns the server can take G's offer, but S then shows no check code", async () => {
  // Two servers that give the same IDs and tokens: to each of its two victims, the attacker looks like the only one.
  const [serverOfG, serverOfS] = [startServer({ randomBytes: repeating() }), startServer({ randomBytes: repeating() })];
  const offer = await offerChannel({ ...serverOfG.options, intent: "new", profile: "msc" });
  const qrCode = scan(offer.qrCode);
  const copy = await createSession(serverOfS.options);
  assert.equal(copy.id, qrCode.rendezvousId);
  const attacker = joinChannel({ ...serverOfG.options, qrCode, intent: "existing", profile: "msc" });
  const unconfirmed = await offer.accept();
  const { checkCode } = await attacker;

  const s = joinChannel({ ...serverOfS.options, qrCode, intent: "existing", profile: "msc" });
  const refused = assert.rejects(s, { name: "ChannelError", code: "refused" });
  await copy.receive();
  const { latest } = await joinSession({ ...serverOfG.options, id: qrCode.rendezvousId });
  const relayed = await copy.send(latest.data);
  assert.deepEqual(relayed, latest, "all that S gets is what it would get from G, but made for another key");
  await refused;
  assert.throws(() => unconfirmed.confirm(checkCode === "10" ? "11" : "10"), { code: "wrong_check_code" });
});

test("The dialects do not understand each other, and say so", async () => {
  const { options } = startServer();
  for (const [ofG, ofS] of [
    ["msc", "vodozemac"],
    ["vodozemac", "msc"],
  ] as const) {
    const offer = await offerChannel({ ...options, intent: "new", profile: ofG });
    const joined = joinChannel({ ...options, qrCode: scan(offer.qrCode), intent: "existing", profile: ofS });
    const outcome = Promise.allSettled([joined]);
    await assert.rejects(offer.accept(), { name: "ChannelError", code: "refused" });
    await offer.cancel();
    const [{ status }] = await outcome;
    assert.equal(status, "rejected");
  }
});

test("Whoever writes into the slot closes the channel, and cannot say a thing", async () => {
  const attacks: Readonly<Record<string, (data: string) => string>> = {
    overwrite: () => "AAAA".repeat(20),
    change: (data) => data.replace(/^./, (first) => (first === "A" ? "B" : "A")),
    cut: (data) => data.slice(0, -4),
    replay: (data) => data,
  };
  for (const [name, attack] of Object.entries(attacks)) {
    const server = startServer();
    const { g, s } = await connectDevices(server.options, "msc");
    await s.send("question");
    assert.equal(await g.receive(), "question");
    await g.send("answered");
    if (name === "replay") assert.equal(await s.receive(), "answered");
    await write(server, attack);
    await assert.rejects(s.receive(), { name: "ChannelError", code: "refused" }, name);
    await assert.rejects(s.receive(), CLOSED);
    await assert.rejects(s.send("anything"), CLOSED);
  }
});

test("What cannot be sent is refused before it counts, and the channel goes on", async () => {
  const server = startServer();
  const { g, s } = await connectDevices(server.options, "msc");
  const requests = server.requests.length;
  await assert.rejects(s.send("x".repeat(MAX_MESSAGE_BYTES + 1)), { name: "ChannelError", code: "too_large" });
  await assert.rejects(s.send(`${"ä".repeat(MAX_MESSAGE_BYTES / 2)}x`), { code: "too_large" });
  await assert.rejects(s.send("\udc00"), { name: "ChannelError", code: "invalid_message" });
  assert.equal(server.requests.length, requests);
  await s.send("y".repeat(MAX_MESSAGE_BYTES));
  assert.equal((await g.receive()).length, MAX_MESSAGE_BYTES);
  const sent = JSON.parse(server.requests.findLast(({ method }) => method === "PUT")?.body ?? "{}");
  assert.equal(sent.data.length, 4096);
});

test("A wait can be broken off and taken up again; a message cannot be half sent", async () => {
  const { options } = startServer();
  const { g, s } = await connectDevices(options, "msc");
  const reason = new Error("enough");
  const abort = new AbortController();
  const receiving = assert.rejects(g.receive({ signal: abort.signal }), reason);
  await assert.rejects(g.send("anything"), { name: "ChannelError", code: "busy" });
  abort.abort(reason);
  await receiving;
  await s.send("after all");
  assert.equal(await g.receive(), "after all");
  await assert.rejects(g.send("anything", { signal: AbortSignal.abort(reason) }), reason);
  await assert.rejects(g.send("anything"), CLOSED);
});

test("An offer can be waited for again, and taken back", async () => {
  const server = startServer();
  const offer = await offerChannel({ ...server.options, intent: "new", profile: "msc" });
  const reason = new Error("enough");
  await assert.rejects(offer.accept({ signal: AbortSignal.abort(reason) }), reason);
  const waiting = offer.accept();
  await assert.rejects(offer.accept(), { name: "ChannelError", code: "busy" });
  const s = await joinChannel({ ...server.options, qrCode: scan(offer.qrCode), intent: "existing", profile: "msc" });
  (await waiting).confirm(s.checkCode);

  const taken = await offerChannel({ ...server.options, intent: "new", profile: "msc" });
  const ended = assert.rejects(taken.accept(), { name: "RendezvousError", code: "expired" });
  await taken.cancel();
  await ended;
  await assert.rejects(taken.accept(), CLOSED);
});

test("Cancelling ends it for both devices, at every stage", async () => {
  const { options } = startServer();
  const { unconfirmed, s: waiting } = await handshake(options);
  const told = assert.rejects(waiting.receive(), { code: "expired" });
  await unconfirmed.cancel();
  await told;
  assert.throws(() => unconfirmed.confirm(waiting.checkCode), CLOSED);
  const { g, s } = await connectDevices(options, "msc");
  await s.cancel();
  await assert.rejects(s.send("anything"), CLOSED);
  await assert.rejects(g.receive(), { code: "expired" });
});

test("A handshake survives lost answers and a server that stumbles", async () => {
  const server = startServer();
  let count = 0;
  server.intercept = (request, pass) => {
    count += 1;
    if (request.method === "POST") return undefined;
    if (count % 5 === 0) return Promise.resolve(jsonResponse(503, {}));
    return count % 3 === 0 ? pass().then(() => Promise.reject(new TypeError("connection reset"))) : undefined;
  };
  // Where both devices are in the middle of a request, only transaction IDs tell whose answer was lost.
  const extensions = { longPollMs: 0, transactionIds: true };
  const { g, s } = await connectDevices({ ...server.options, extensions }, "msc");
  for (let turn = 0; turn < 20; turn += 1) {
    await s.send(`${turn}`);
    assert.equal(await g.receive(), `${turn}`);
    await g.send(`${turn}`);
    assert.equal(await s.receive(), `${turn}`);
  }
});

async function handshake(options: TestServer["options"]) {
  const offer = await offerChannel({ ...options, intent: "new", profile: "msc" });
  const joining = joinChannel({ ...options, qrCode: scan(offer.qrCode), intent: "existing", profile: "msc" });
  const [unconfirmed, s]: [Awaited<ReturnType<typeof offer.accept>>, Devices["s"]] = await Promise.all([
    offer.accept(),
    joining,
  ]);
  return { unconfirmed, s };
}

/** Bytes that are no secret, and the same for everybody who asks for as many. */
function repeating(): (length: number) => Uint8Array {
  let state = 1;
  const next = () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state >>> 16;
  };
  return (length) => Uint8Array.from({ length }, next);
}

/** Writes into the slot of the server's latest session, as whoever knows its ID can. */
async function write(server: TestServer, change: (data: string) => string): Promise<void> {
  const url = server.requests.findLast(({ method }) => method === "PUT")?.url ?? "";
  const attacker = await joinSession({ ...server.options, id: url.split("/").at(-1) ?? "" });
  await attacker.send(change(attacker.latest.data));
}
