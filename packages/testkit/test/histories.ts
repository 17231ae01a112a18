import type { Observed, SessionOperation, SessionRequest } from "@matrix-rendezvous/testkit";

/** When the sessions of these histories end. */
export const END = 1000;

/** When an operation was called and when it was answered; without the second, nobody knows what became of it. */
type Span = readonly [number, number?];

function operation(span: Span, request: SessionRequest, answer: Observed, now: number): SessionOperation {
  const [calledAt, returnedAt] = span;
  return returnedAt === undefined ? { calledAt, request, now } : { calledAt, returnedAt, request, now, answer };
}

const create = (span: Span, token: string, type: Observed["type"] = "created", now = 0, expiresAt = END) =>
  operation(span, { type: "create", token, payload: `data of ${token}`, expiresAt }, { type }, now);

const read = (span: Span, token: string | undefined, now = 0) => {
  const answer: Observed =
    token === undefined ? { type: "absent" } : { type: "found", token, payload: `data of ${token}` };
  return operation(span, { type: "read" }, answer, now);
};

/** A write of the data that goes with `next`, and the token it was answered. */
const write = (
  span: Span,
  expected: string,
  next: string,
  type: Observed["type"] = "written",
  token: string = next,
  more: { now?: number; transactionId?: string; payload?: string } = {},
) => {
  const { now = 0, transactionId, payload = `data of ${next}` } = more;
  const answer: Observed = type === "absent" ? { type } : { type, token };
  return operation(span, { type: "write", expected, next, payload, transactionId }, answer, now);
};

const cancel = (span: Span, type: Observed["type"] = "cancelled", now = 0) =>
  operation(span, { type: "cancel" }, { type }, now);

const sweep = (span: [number, number], now: number): SessionOperation => {
  const [calledAt, returnedAt] = span;
  return { calledAt, returnedAt, request: { type: "sweep" }, now };
};

const born = create([0, 1], "t0");

/** A write that nobody was answered, and whose token it was for the answer to tell. */
const lost = (calledAt: number, expected: string, payload: string, transactionId?: string): SessionOperation => ({
  calledAt,
  now: 0,
  request: { type: "write", expected, payload, transactionId },
});

export const linearizable: Readonly<Record<string, readonly SessionOperation[]>> = {
  "nothing happened": [],
  "one thing after the other": [
    born,
    read([2, 3], "t0"),
    write([4, 5], "t0", "t1"),
    read([6, 7], "t1"),
    cancel([8, 9]),
    read([10, 11], undefined),
  ],
  "the later call came first": [born, write([2, 9], "t1", "t2"), write([3, 8], "t0", "t1"), read([10, 11], "t2")],
  "reads beside a write see either side of it": [
    born,
    write([2, 9], "t0", "t1"),
    read([3, 4], "t0"),
    read([5, 6], "t1"),
    read([7, 8], "t1"),
  ],
  "two writers, one winner": [
    born,
    write([2, 5], "t0", "t1", "conflict", "t2"),
    write([3, 6], "t0", "t2"),
    read([7, 8], "t2"),
  ],
  "answers that arrive at the same instant as a call": [born, write([2, 3], "t0", "t1"), read([3, 4], "t0")],
  "a retry with a token from long ago": [
    born,
    write([2, 3], "t0", "t1"),
    write([4, 5], "t1", "t2"),
    write([6, 7], "t0", "t3", "unchanged", "t2", { payload: "data of t2" }),
  ],
  "a transaction that was sent twice at once": [
    born,
    write([2, 8], "t0", "t1", "replayed", "t2", { transactionId: "m" }),
    write([3, 9], "t0", "t2", "written", "t2", { transactionId: "m" }),
  ],
  "a conflict that is repeated where it would win": [
    born,
    write([2, 3], "t9", "t1", "conflict", "t0", { transactionId: "m" }),
    write([4, 5], "t0", "t2", "conflict", "t0", { transactionId: "m" }),
  ],
  "a write without an answer that never happened": [
    born,
    write([2], "t0", "t1"),
    read([3, 4], "t0"),
    write([5, 6], "t0", "t2"),
  ],
  "a write without an answer that happened at once": [born, write([2], "t0", "t1"), read([3, 4], "t1")],
  "a write without an answer that happened much later": [
    born,
    write([2], "t0", "t1"),
    read([3, 4], "t0"),
    read([5, 6], "t0"),
    read([7, 8], "t1"),
  ],
  "two writes without answers, in the order that the read needs": [
    born,
    write([2], "t1", "t2"),
    write([3], "t0", "t1"),
    read([4, 5], "t0"),
    read([6, 7], "t2"),
  ],
  "a cancellation and a creation without answers": [
    born,
    cancel([2]),
    create([3], "t5"),
    read([4, 5], "t0"),
    read([6, 7], "t5"),
  ],
  "a transaction without an answer, sent again": [
    born,
    write([2], "t0", "t1", "written", "t1", { transactionId: "m" }),
    write([3, 4], "t0", "t2", "replayed", "t1", { transactionId: "m" }),
  ],
  "a write whose token nobody was told, until a read": [
    born,
    lost(2, "t0", "data of t1"),
    read([3, 4], "t0"),
    read([5, 6], "t1"),
    read([7, 8], "t1"),
    write([9, 10], "t1", "t2"),
  ],
  "a transaction whose token nobody was told, until it was sent again": [
    born,
    lost(2, "t0", "data of t1", "m"),
    write([3, 4], "t0", "t9", "replayed", "t1", { transactionId: "m" }),
    read([5, 6], "t1"),
    write([7, 8], "t1", "t2"),
    write([9, 10], "t0", "t9", "replayed", "t1", { transactionId: "m" }),
  ],
  "the last millisecond and the end": [
    born,
    read([2, 3], "t0", END - 1),
    read([4, 5], undefined, END),
    create([6, 7], "t5", "created", END, 2 * END),
  ],
  "a clock that is behind meets a session that another swept": [
    born,
    sweep([2, 3], END),
    read([4, 5], undefined, END - 1),
  ],
  "a clock that is behind meets a session that nothing swept": [
    born,
    read([2, 3], undefined, END),
    read([4, 5], "t0", END - 1),
  ],
  "a creation that a full store turned away": [create([0, 1], "t0", "full"), read([2, 3], undefined)],
  "an answer of which only part is known": [
    born,
    write([2, 3], "t0", "t1", ["written", "unchanged", "replayed"]),
    write([4, 5], "t0", "t2", ["written", "unchanged", "replayed"], "t1", { payload: "data of t1" }),
  ],
};

export const notLinearizable: Readonly<Record<string, readonly SessionOperation[]>> = {
  "two writers win with one token": [born, write([2, 5], "t0", "t1"), write([3, 6], "t0", "t2")],
  "a read that missed a finished write": [born, write([2, 3], "t0", "t1"), read([4, 5], "t0")],
  "reads beside a write that go back and forth": [
    born,
    write([2, 9], "t0", "t1"),
    read([3, 4], "t1"),
    read([5, 6], "t0"),
  ],
  "two readers that see two writes in different orders": [
    born,
    write([2, 20], "t0", "t1"),
    write([2, 20], "t1", "t0"),
    read([3, 4], "t1"),
    read([5, 6], "t0"),
    read([7, 8], "t1"),
  ],
  "a conflict where nobody else wrote": [born, write([2, 3], "t0", "t1", "conflict", "t0")],
  "a conflict whose revision was never current": [
    born,
    write([2, 3], "t0", "t1"),
    write([4, 5], "t0", "t2", "conflict", "t9"),
  ],
  "a conflict with the revision before the last": [
    born,
    write([2, 3], "t0", "t1"),
    write([4, 5], "t1", "t2"),
    write([6, 7], "t0", "t3", "conflict", "t1"),
  ],
  "a lost retry": [
    born,
    write([2, 3], "t0", "t1"),
    write([4, 5], "t0", "t2", "conflict", "t1", { payload: "data of t1" }),
  ],
  "a retry that won": [
    born,
    write([2, 3], "t0", "t1"),
    write([4, 5], "t0", "t2", "written", "t2", { payload: "data of t1" }),
  ],
  "a retry of data that is no longer there": [
    born,
    write([2, 3], "t0", "t1"),
    write([4, 5], "t1", "t2"),
    write([6, 7], "t0", "t3", "unchanged", "t2", { payload: "data of t1" }),
  ],
  "a transaction that was evaluated twice": [
    born,
    write([2, 3], "t0", "t1", "written", "t1", { transactionId: "m" }),
    write([4, 5], "t1", "t2", "written", "t2", { transactionId: "m" }),
  ],
  "a transaction that got two tokens": [
    born,
    write([2, 3], "t0", "t1", "written", "t1", { transactionId: "m" }),
    write([4, 5], "t1", "t2"),
    write([6, 7], "t0", "t3", "replayed", "t2", { transactionId: "m" }),
  ],
  "a transaction replayed in the next session": [
    born,
    write([2, 3], "t0", "t1", "written", "t1", { transactionId: "m" }),
    cancel([4, 5]),
    create([6, 7], "t5"),
    write([8, 9], "t5", "t6", "replayed", "t1", { transactionId: "m" }),
  ],
  "a read after a finished cancellation": [born, cancel([2, 3]), read([4, 5], "t0")],
  "two cancellations of one session": [born, cancel([2, 5]), cancel([3, 6])],
  "a session that nobody ended is gone": [born, read([2, 3], undefined)],
  "two creations of one ID": [create([0, 3], "t0"), create([1, 4], "t5")],
  "a session read at its end": [born, read([2, 3], "t0", END)],
  "a session written at its end": [born, write([2, 3], "t0", "t1", "written", "t1", { now: END })],
  "a session that came back after a sweep": [
    born,
    sweep([2, 3], END),
    read([4, 5], undefined, END - 1),
    read([6, 7], "t0", END - 1),
  ],
  "a write without an answer that was undone": [born, write([2], "t0", "t1"), read([3, 4], "t1"), read([5, 6], "t0")],
  "a write without an answer that was seen before its call": [born, read([2, 3], "t1"), write([4], "t0", "t1")],
  "a write without an answer that won after another had": [
    born,
    write([2], "t0", "t1"),
    write([3, 4], "t0", "t2"),
    read([5, 6], "t1"),
  ],
  "a write whose token was told differently": [
    born,
    lost(2, "t0", "data of t1"),
    { ...read([3, 4], "t1"), answer: { type: "found", token: "t9", payload: "data of t1" } },
    read([5, 6], "t1"),
  ],
  "a write whose token nobody was told, and whose data nobody wrote": [
    born,
    lost(2, "t0", "data of t1"),
    read([3, 4], "t2"),
  ],
  "a write whose token nobody was told, and another that won as well": [
    born,
    lost(2, "t0", "data of t1"),
    read([3, 4], "t1"),
    write([5, 6], "t0", "t2"),
  ],
};
