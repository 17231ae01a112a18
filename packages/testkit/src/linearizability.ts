/** One operation of a concurrent history: when it was called and, where it was answered, when. Any one clock. */
export interface Timed {
  readonly calledAt: number;
  /** `undefined` where no answer came: it may have happened at any time after the call, or not at all. */
  readonly returnedAt?: number | undefined;
}

/** How operations behave one after the other. */
export interface Sequential<State, Operation extends Timed> {
  readonly initial: State;
  /** The states that the operation can leave behind with the answer it was given; none where it can't give that. */
  next(state: State, operation: Operation): readonly State[];
  /** The same text for the same state. */
  key(state: State): string;
}

export type Verdict<Operation> =
  /** `order` explains every answer. */
  | { readonly linearizable: true; readonly order: readonly Operation[] }
  /** No order does; `order` explains the most answers, and none of `stuck`, one of which had to come next, fits after it. */
  | { readonly linearizable: false; readonly order: readonly Operation[]; readonly stuck: readonly Operation[] };

/** What was put in order so far. `next` is the first answered operation that is not, `ahead` are those after it that are. */
interface Position<State, Operation> {
  readonly state: State;
  readonly next: number;
  readonly ahead: readonly number[];
  readonly unanswered: readonly number[];
  readonly last?: { readonly operation: Operation; readonly before: Position<State, Operation> };
}

/**
 * Whether there is an order of the operations in which each takes place at one instant between its call and its answer,
 * and gives that answer. Searches as Wing and Gong describe, and, after Lowe, visits nothing twice: the same operations
 * put in order with the same state left behind lead nowhere new.
 */
export function linearize<State, Operation extends Timed>(
  sequential: Sequential<State, Operation>,
  history: readonly Operation[],
): Verdict<Operation> {
  const answered = history.filter(isAnswered).toSorted((left, right) => left.calledAt - right.calledAt);
  const unanswered = history.filter((operation) => !isAnswered(operation));
  const start: Position<State, Operation> = { state: sequential.initial, next: 0, ahead: [], unanswered: [] };
  const visited = new Set<string>();
  const open = [start];
  let furthest = start;
  for (let position = open.pop(); position !== undefined; position = open.pop()) {
    if (position.next === answered.length) return { linearizable: true, order: orderOf(position) };
    const key = [position.next, position.ahead, position.unanswered, sequential.key(position.state)].join("|");
    if (visited.has(key)) continue;
    visited.add(key);
    if (progress(position) > progress(furthest)) furthest = position;
    // Last in, first out: an operation without an answer is taken only where nothing else leads on.
    open.push(...followUnanswered(sequential, position, answered, unanswered));
    open.push(...followAnswered(sequential, position, answered));
  }
  const stuck = candidates(furthest, answered).flatMap((index) => answered[index] ?? []);
  return { linearizable: false, order: orderOf(furthest), stuck };
}

type Answered<Operation> = Operation & { readonly returnedAt: number };

function isAnswered<Operation extends Timed>(operation: Operation): operation is Answered<Operation> {
  return operation.returnedAt !== undefined;
}

/** The answered operations of which one must come next: those called before any that is left had returned. */
function candidates(position: Position<unknown, unknown>, answered: readonly Answered<Timed>[]): number[] {
  const found: number[] = [];
  const deadline = deadlineOf(position, answered);
  for (let index = position.next; index < answered.length; index += 1) {
    if ((answered[index]?.calledAt ?? 0) > deadline) break;
    if (!position.ahead.includes(index)) found.push(index);
  }
  return found;
}

/** When the first of the operations that are left returned. */
function deadlineOf(position: Position<unknown, unknown>, answered: readonly Answered<Timed>[]): number {
  let deadline = Number.POSITIVE_INFINITY;
  for (let index = position.next; index < answered.length; index += 1) {
    const operation = answered[index];
    if (operation === undefined || operation.calledAt > deadline) break;
    if (!position.ahead.includes(index)) deadline = Math.min(deadline, operation.returnedAt);
  }
  return deadline;
}

function followAnswered<State, Operation extends Timed>(
  sequential: Sequential<State, Operation>,
  before: Position<State, Operation>,
  answered: readonly Answered<Operation>[],
): Position<State, Operation>[] {
  return candidates(before, answered)
    .toReversed()
    .flatMap((index) => {
      const operation = answered[index];
      if (operation === undefined) return [];
      const ahead = [...before.ahead, index].sort((left, right) => left - right);
      let next = before.next;
      while (ahead[0] === next) next += ahead.splice(0, 1).length;
      const { unanswered } = before;
      const last = { operation, before };
      return sequential.next(before.state, operation).map((state) => ({ state, next, ahead, unanswered, last }));
    });
}

function followUnanswered<State, Operation extends Timed>(
  sequential: Sequential<State, Operation>,
  before: Position<State, Operation>,
  answered: readonly Answered<Operation>[],
  unanswered: readonly Operation[],
): Position<State, Operation>[] {
  const deadline = deadlineOf(before, answered);
  const key = sequential.key(before.state);
  return unanswered.flatMap((operation, index) => {
    if (operation.calledAt > deadline || before.unanswered.includes(index)) return [];
    // One that changes nothing explains nothing.
    const states = sequential.next(before.state, operation).filter((state) => sequential.key(state) !== key);
    const taken = [...before.unanswered, index].sort((left, right) => left - right);
    return states.map((state) => ({ ...before, state, unanswered: taken, last: { operation, before } }));
  });
}

function progress({ next, ahead }: Position<unknown, unknown>): number {
  return next + ahead.length;
}

function orderOf<Operation>(position: Position<unknown, Operation>): Operation[] {
  const order: Operation[] = [];
  for (let last = position.last; last !== undefined; last = last.before.last) order.push(last.operation);
  return order.reverse();
}
