/** A place in an {@link ExpiryList}. */
export interface Place<T> {
  readonly item: T;
  previous: Place<T> | undefined;
  next: Place<T> | undefined;
}

/**
 * Items by when they expire, the first to go at the head: a linked list, so that removing one costs the same in a list
 * of a million. With one lifetime for all, a new item belongs at the tail, so that adding one costs the same too.
 */
export class ExpiryList<T extends { readonly expiresAt: number }> {
  #head: Place<T> | undefined;
  #tail: Place<T> | undefined;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** What expires first. */
  get first(): T | undefined {
    return this.#head?.item;
  }

  add(item: T): Place<T> {
    let previous = this.#tail;
    while (previous !== undefined && previous.item.expiresAt > item.expiresAt) previous = previous.previous;
    const next = previous === undefined ? this.#head : previous.next;
    const place: Place<T> = { item, previous, next };
    this.#join(previous, place);
    this.#join(place, next);
    this.#size += 1;
    return place;
  }

  remove(place: Place<T>): void {
    this.#join(place.previous, place.next);
    this.#size -= 1;
  }

  #join(previous: Place<T> | undefined, next: Place<T> | undefined): void {
    if (previous === undefined) this.#head = next;
    else previous.next = next;
    if (next === undefined) this.#tail = previous;
    else next.previous = previous;
  }
}
