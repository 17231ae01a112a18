import { type RendezvousStore, StoreUnavailableError } from "@matrix-rendezvous/core";
import type { Runtime } from "@matrix-rendezvous/testkit/runner";
import { Child } from "./child.ts";
import type { Call, Return } from "./programs/store-host.ts";
import { decode, encode } from "./programs/wire.ts";

/** A process that holds stores for us. */
export class StoreHost {
  readonly #child: Child;
  readonly #pending = new Map<number, PromiseWithResolvers<unknown>>();
  #calls = 0;
  #stores = 0;

  private constructor(child: Child) {
    this.#child = child;
    void this.#listen();
  }

  /**
   * @param args the arguments of `store-host.ts`
   * @param wrapper the start of a command line that starts another
   */
  static async start(runtime: Runtime, args: readonly string[] = [], wrapper?: readonly string[]): Promise<StoreHost> {
    return new StoreHost(await Child.start(runtime, "store-host.ts", args, wrapper));
  }

  /** A store in that process. */
  async open(path: string): Promise<RendezvousStore> {
    const store = ++this.#stores;
    const call = <T>(method: Call["method"], ...args: unknown[]): Promise<T> =>
      this.#send(store, method, args).returned as Promise<T>;
    await call("open", path);
    return {
      create: (...args) => call("create", ...args),
      read: (...args) => call("read", ...args),
      write: (...args) => call("write", ...args),
      cancel: (...args) => call("cancel", ...args),
      watch: (id, knownToken, signal) => this.#watch(store, id, knownToken, signal),
      stats: () => call("stats"),
      sweep: (now) => call("sweep", now),
      close: () => call("close"),
    };
  }

  async end(): Promise<void> {
    await this.#child.end();
  }

  async #watch(store: number, id: string, knownToken: string, signal: AbortSignal): Promise<void> {
    const watching = this.#send<void>(store, "watch", [id, knownToken]);
    const abort = (): void => void this.#send(store, "abort", [watching.call]);
    signal.addEventListener("abort", abort);
    if (signal.aborted) abort();
    await watching.returned;
    signal.removeEventListener("abort", abort);
  }

  #send<T>(store: number, method: Call["method"], args: readonly unknown[]): { call: number; returned: Promise<T> } {
    const call = ++this.#calls;
    const pending = Promise.withResolvers<unknown>();
    this.#pending.set(call, pending);
    this.#child.tell(encode({ call, store, method, args } satisfies Call));
    return { call, returned: pending.promise as Promise<T> };
  }

  async #listen(): Promise<void> {
    for (let next = await this.#child.lines.next(); next.done !== true; next = await this.#child.lines.next()) {
      const { call, outcome, error }: Return = decode(next.value);
      const pending = this.#pending.get(call);
      this.#pending.delete(call);
      if (error === undefined) pending?.resolve(outcome);
      else
        pending?.reject(
          error[0] === "StoreUnavailableError" ? new StoreUnavailableError(error[1]) : new Error(error[1]),
        );
    }
    for (const { reject } of this.#pending.values()) reject(new Error("the process that held the store has ended"));
  }
}
