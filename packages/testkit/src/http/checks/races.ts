import assert from "node:assert/strict";
import { type Answer, failed, stringOf, succeeded } from "../answer.ts";
import type { Check } from "../check.ts";
import type { Client, Session, WriteBody } from "../client.ts";
import { MSC4388 } from "../sections.ts";

const { send } = MSC4388;

/** How many at once; as many connections. */
const rivalsOf = (client: Client): number => client.times(16, 4);

export const raceChecks: readonly Check[] = [
  {
    id: "one-writer-wins",
    name: "of concurrent writes with one token exactly one wins",
    section: send,
    level: "must",
    async run(client) {
      const session = await client.create("first");
      const rivals = Array.from({ length: rivalsOf(client) }, (_, rival) => writeOf(client, session, `rival ${rival}`));
      const answers = await atOnce(client, rivals);
      const winners = answers.flatMap((answer, rival) => (answer.status === 200 ? [rival] : []));
      assert.equal(winners.length, 1, `${winners.length} of ${rivals.length} won`);
      const [winner = 0] = winners;
      for (const loser of answers.filter((_, rival) => rival !== winner)) failed(loser, 409, client.conflictErrcode);
      await client.holds(session, `rival ${winner}`, tokenOf(answers[winner]));
    },
  },
  {
    id: "one-writer-wins-each-round",
    name: "of concurrent writes with one token exactly one wins, round after round",
    section: send,
    level: "must",
    async run(client) {
      const session = await client.create("0");
      let current = session.token;
      for (let round = 1; round <= client.times(8, 3); round += 1) {
        const rivals = [0, 1, 2, 3].map((rival) =>
          writeOf(client, { ...session, token: current }, `round ${round}, rival ${rival}`),
        );
        const answers = await atOnce(client, rivals);
        const won = answers.filter(({ status }) => status === 200);
        assert.equal(won.length, 1, `${won.length} won`);
        current = tokenOf(won[0]);
        assert.equal((await client.reading(session)).token, current);
      }
    },
  },
  {
    id: "same-write",
    name: "one write sent many times at once is written once, and answered alike",
    section: send,
    level: "must",
    async run(client) {
      const session = await client.create("first");
      const answers = await atOnce(client, Array<string>(rivalsOf(client)).fill(writeOf(client, session, "second")));
      const [token = "", ...others] = new Set(answers.map(tokenOf));
      assert.deepEqual(others, [], "more than one token");
      await client.holds(session, "second", token);
    },
  },
  {
    id: "same-transaction",
    name: "one transaction sent many times at once is written once, and answered alike",
    section: "PUT …/rendezvous/{rendezvousId}/{txnId}: a transaction is evaluated once",
    level: "own",
    async run(client) {
      const session = await client.create("first");
      const rivals = Array.from({ length: rivalsOf(client) }, (_, rival) =>
        writeOf(client, session, `try ${rival}`, "m1"),
      );
      const [token = "", ...others] = new Set((await atOnce(client, rivals)).map(tokenOf));
      assert.deepEqual(others, [], "more than one token");
      assert.equal((await client.reading(session)).token, token);
    },
  },
  {
    id: "one-cancellation",
    name: "of concurrent cancellations exactly one finds the session",
    section: MSC4388.cancel,
    level: "must",
    async run(client) {
      const session = await client.create();
      const cancellation = client.head("DELETE", client.pathOf(session));
      const answers = await atOnce(client, Array<string>(rivalsOf(client)).fill(cancellation));
      assert.equal(answers.filter(({ status }) => status === 200).length, 1);
      for (const answer of answers.filter(({ status }) => status !== 200)) failed(answer, 404, "M_NOT_FOUND");
    },
  },
  {
    id: "creations",
    name: "of concurrent creations each has a session of its own",
    section: MSC4388.create,
    level: "must",
    async run(client) {
      const body = '{"data":"the same"}';
      const creation = client.createHead(`Content-Length: ${body.length}`) + body;
      const answers = await atOnce(client, Array<string>(client.times(8, 4)).fill(creation));
      const ids = answers.map((answer) => stringOf(succeeded(answer), "id"));
      assert.equal(new Set(ids).size, ids.length);
    },
  },
  {
    id: "reader",
    name: "a reader sees whole payloads under their own tokens while others write",
    section: send,
    level: "must",
    async run(client) {
      const payload = (turn: number): string => String(turn % 10).repeat(4096);
      const session = await client.create(payload(0));
      const known = new Map([[session.token, payload(0)]]);
      const seen: Array<{ data: string; token: string }> = [];
      let token = session.token;
      for (let turn = 1; turn <= client.times(20, 5); turn += 1) {
        const data = payload(turn);
        const [written, ...readings] = await Promise.all([
          client.written(session, { sequence_token: token, data }),
          client.reading(session),
          client.reading(session),
        ]);
        known.set(written, data);
        seen.push(...readings);
        token = written;
      }
      for (const reading of seen) assert.equal(reading.data, known.get(reading.token));
    },
  },
];

function writeOf(client: Client, session: Session, data: string, transactionId?: string): string {
  const body: WriteBody = { sequence_token: session.token, data };
  const text = JSON.stringify(body);
  const path = client.pathOf(session) + (transactionId === undefined ? "" : `/${transactionId}`);
  return client.head("PUT", path, "Content-Type: application/json", `Content-Length: ${text.length}`) + text;
}

/** Sends requests over connections of their own, all but their last byte, and then all the last bytes in one go. */
async function atOnce(client: Client, requests: readonly string[]): Promise<Answer[]> {
  const wires = await Promise.all(requests.map(() => client.dial()));
  await Promise.all(wires.map((wire, index) => wire.write((requests[index] ?? "").slice(0, -1))));
  const answers = await Promise.all(
    wires.map(async (wire, index) => {
      client.target.courtesy?.onRequest();
      await wire.write((requests[index] ?? "").slice(-1));
      return wire.answer();
    }),
  );
  if (client.target.courtesy === undefined) return answers;
  // What was too fast for somebody else's server is asked later, one after the other.
  const all: Answer[] = [];
  for (const [index, answer] of answers.entries()) {
    all.push(answer.status === 429 ? await client.ask("GET", requests[index] ?? "") : answer);
  }
  return all;
}

function tokenOf(answer: Answer | undefined): string {
  assert.ok(answer);
  return stringOf(succeeded(answer), "sequence_token");
}
