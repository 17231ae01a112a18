/** What is in up to two lists at once. It holds their links itself: for each an object more would weigh as much again. */
export interface Expiring {
  readonly expiresAt: number;
  allPrevious: Expiring | undefined;
  allNext: Expiring | undefined;
  ownedPrevious: Expiring | undefined;
  ownedNext: Expiring | undefined;
}

/**
 * Items by when they expire, the first to go at the head: a linked list, so that removing one costs the same in a list
 * of a million. With one lifetime for all, a new item belongs at the tail, so that adding one costs the same too.
 */
export class ExpiryList<Item extends Expiring> {
  readonly #previous: "allPrevious" | "ownedPrevious";
  readonly #next: "allNext" | "ownedNext";
  #head: Expiring | undefined;
  #tail: Expiring | undefined;
  #size = 0;

  /** @param links which of an item's links are this list's; an item may be in one list of each kind */
  constructor(links: "all" | "owned") {
    this.#previous = `${links}Previous`;
    this.#next = `${links}Next`;
  }

  get size(): number {
    return this.#size;
  }

  /** What expires first. */
  get first(): Item | undefined {
    return this.#head as Item | undefined;
  }

  add(item: Item): void {
    let previous = this.#tail;
    while (previous !== undefined && previous.expiresAt > item.expiresAt) previous = previous[this.#previous];
    const next = previous === undefined ? this.#head : previous[this.#next];
    this.#join(previous, item);
    this.#join(item, next);
    this.#size += 1;
  }

  /** Removes an item that is in the list. */
  remove(item: Item): void {
    this.#join(item[this.#previous], item[this.#next]);
    this.#size -= 1;
  }

  #join(previous: Expiring | undefined, next: Expiring | undefined): void {
    if (previous === undefined) this.#head = next;
    else previous[this.#next] = next;
    if (next === undefined) this.#tail = previous;
    else next[this.#previous] = previous;
  }
}
