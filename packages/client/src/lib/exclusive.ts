/** Lets one operation at a time through, and refuses the others. */
export class Exclusive {
  readonly #refuse: () => Error;
  #busy = false;

  /** @param refuse makes what an operation is refused with */
  constructor(refuse: () => Error) {
    this.#refuse = refuse;
  }

  async run<T>(operation: () => Promise<T>): Promise<T> {
    if (this.#busy) throw this.#refuse();
    this.#busy = true;
    try {
      return await operation();
    } finally {
      this.#busy = false;
    }
  }
}
