/** One operation of a concurrent history: when it was called and, where it was answered, when. Any one clock. */
export interface Timed {
  /** When it was called. */
  readonly calledAt: number;
  /** `undefined` where no answer came: it may have happened at any time after the call, or not at all. */
  readonly returnedAt?: number | undefined;
}

/** How operations behave one after the other. */
export interface Sequential<State, Operation extends Timed> {
  /** The state before the first operation. */
  readonly initial: State;
  /** The states that the operation can leave behind with the answer it was given; none where it can't give that. */
  next(state: State, operation: Operation): readonly State[];
  /** The same text for the same state. */
  key(state: State): string;
}

/** Whether some order of the operations explains every answer. */
export type Verdict<Operation> =
  /** `order` explains every answer. */
  | { readonly linearizable: true; readonly order: readonly Operation[] }
  /**
   * No order does; `order` explains the most answers, and none of `stuck`, one of which had to come next, fits after it.
   * Where the search was given up, `exhausted` is `false`, and there might be an order yet.
   */
  | {
      readonly linearizable: false;
      readonly exhausted: boolean;
      readonly order: readonly Operation[];
      readonly stuck: readonly Operation[];
    };

/** How many positions a search visits before it gives up: some seconds, some hundred megabytes. */
const MOST_POSITIONS = 300_000;

/**
 * Whether there is an order of the operations in which each takes place at one instant between its call and its answer,
 * and gives that answer. Searches as Wing and Gong describe, and, after Lowe, visits nothing twice: the same operations
 * put in order with the same state left behind lead nowhere new. Takes time about in proportion to the history; more
 * with every operation that overlaps another, much more with every one that has no answer.
 */
export function linearize<State, Operation extends Timed>(
  sequential: Sequential<State, Operation>,
  history: readonly Operation[],
): Verdict<Operation> {
  const search = new Search(sequential, history);
  // Few operations without an answer, right after one another, explain nearly every history that can be explained.
  // What all of them could have done, in any order, takes longer than anybody waits.
  let verdict = search.run(1);
  for (const guesses of [2, Number.POSITIVE_INFINITY]) {
    if (verdict.linearizable || !verdict.exhausted) return verdict;
    verdict = search.run(guesses);
  }
  return verdict;
}

/** What was put in order so far. */
interface Position<State, Operation> {
  readonly state: State;
  /** The first answered operation, by its call, that is not in order yet. */
  readonly next: number;
  /** The answered operations after that one that are. */
  readonly ahead: readonly number[];
  /** The operations without an answer that are. */
  readonly guessed: readonly number[];
  /** How many of those came last, without an answered one after them. */
  readonly guesses: number;
  readonly last?: { readonly operation: Operation; readonly before: Position<State, Operation> };
}

type Answered<Operation> = Operation & { readonly returnedAt: number };

class Search<State, Operation extends Timed> {
  readonly #sequential: Sequential<State, Operation>;
  readonly #answered: readonly Answered<Operation>[];
  readonly #unanswered: readonly Operation[];

  constructor(sequential: Sequential<State, Operation>, history: readonly Operation[]) {
    this.#sequential = sequential;
    this.#answered = history.filter(isAnswered).toSorted((left, right) => left.calledAt - right.calledAt);
    this.#unanswered = history.filter((operation) => !isAnswered(operation));
  }

  /** @param guesses how many operations without an answer may come right after one another */
  run(guesses: number): Verdict<Operation> {
    const visited = new Set<string>();
    let furthest: Position<State, Operation> = {
      state: this.#sequential.initial,
      next: 0,
      ahead: [],
      guessed: [],
      guesses: 0,
    };
    const open = [furthest];
    for (let position = open.pop(); position !== undefined; position = open.pop()) {
      if (position.next === this.#answered.length) return { linearizable: true, order: orderOf(position) };
      const key = this.#key(position, guesses);
      if (visited.has(key)) continue;
      if (visited.size === MOST_POSITIONS) return this.#failure(furthest, false);
      visited.add(key);
      if (progress(position) > progress(furthest)) furthest = position;
      const candidates = this.#candidates(position);
      // Last in, first out: an operation without an answer is tried only where nothing else leads on.
      if (position.guesses < guesses) open.push(...this.#guess(position, candidates));
      open.push(...this.#follow(position, candidates));
    }
    return this.#failure(furthest, true);
  }

  #key({ state, next, ahead, guessed, guesses }: Position<State, Operation>, limit: number): string {
    const counted = limit === Number.POSITIVE_INFINITY ? 0 : guesses;
    return [next, ahead, guessed, counted, this.#sequential.key(state)].join("|");
  }

  #failure(furthest: Position<State, Operation>, exhausted: boolean): Verdict<Operation> {
    const stuck = this.#candidates(furthest).flatMap((index) => this.#answered[index] ?? []);
    return { linearizable: false, exhausted, order: orderOf(furthest), stuck };
  }

  /** The answered operations of which one must come next: those that were called before any that is left had returned. */
  #candidates({ next, ahead }: Position<State, Operation>): number[] {
    const called: number[] = [];
    let deadline = Number.POSITIVE_INFINITY;
    for (let index = next; index < this.#answered.length; index += 1) {
      const operation = this.#answered[index];
      if (operation === undefined || operation.calledAt > deadline) break;
      if (ahead.includes(index)) continue;
      called.push(index);
      deadline = Math.min(deadline, operation.returnedAt);
    }
    return called.filter((index) => (this.#answered[index]?.calledAt ?? 0) <= deadline);
  }

  #follow(before: Position<State, Operation>, candidates: readonly number[]): Position<State, Operation>[] {
    return candidates.toReversed().flatMap((index) => {
      const operation = this.#answered[index];
      if (operation === undefined) return [];
      const ahead = sorted(before.ahead, index);
      let next = before.next;
      for (; ahead[0] === next; next += 1) ahead.shift();
      const last = { operation, before };
      const states = this.#sequential.next(before.state, operation);
      return states.map((state) => ({ ...before, state, next, ahead, guesses: 0, last }));
    });
  }

  #guess(before: Position<State, Operation>, candidates: readonly number[]): Position<State, Operation>[] {
    const deadline = Math.min(...candidates.map((index) => this.#answered[index]?.returnedAt ?? 0));
    const key = this.#sequential.key(before.state);
    return this.#unanswered.flatMap((operation, index) => {
      if (operation.calledAt > deadline || before.guessed.includes(index)) return [];
      // One that changes nothing explains nothing.
      const states = this.#sequential
        .next(before.state, operation)
        .filter((state) => this.#sequential.key(state) !== key);
      const last = { operation, before };
      const guesses = before.guesses + 1;
      return states.map((state) => ({ ...before, state, guessed: sorted(before.guessed, index), guesses, last }));
    });
  }
}

function isAnswered<Operation extends Timed>(operation: Operation): operation is Answered<Operation> {
  return operation.returnedAt !== undefined;
}

function sorted(numbers: readonly number[], another: number): number[] {
  return [...numbers, another].sort((left, right) => left - right);
}

function progress({ next, ahead }: Position<unknown, unknown>): number {
  return next + ahead.length;
}

function orderOf<Operation>(position: Position<unknown, Operation>): Operation[] {
  const order: Operation[] = [];
  for (let last = position.last; last !== undefined; last = last.before.last) order.push(last.operation);
  return order.reverse();
}
