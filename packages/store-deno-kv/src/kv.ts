/** A key of Deno KV. This store makes them of strings, which sort before numbers, which sort before booleans. */
export type KvKey = readonly (string | number | boolean | bigint | Uint8Array | symbol)[];

/** What a key holds, or `null` twice where it holds nothing. */
export interface KvEntry<Value> {
  /** The key that was asked for. */
  readonly key: KvKey;
  /** What it holds. */
  readonly value: Value | null;
  /** Changes with every write of the key. */
  readonly versionstamp: string | null;
}

/** Which keys to list: those below `prefix`, from `start` on where given, to before `end` where given. */
export interface KvRange {
  /** What all keys begin with. */
  readonly prefix: KvKey;
  /** The first key, itself included. */
  readonly start?: KvKey;
  /** Where to stop, itself excluded. */
  readonly end?: KvKey;
}

/** Mutations that happen together, if all checks hold. */
export interface KvAtomic {
  /** Lets all of it happen only if each key still has that version; `null`: holds nothing. */
  check(...entries: { readonly key: KvKey; readonly versionstamp: string | null }[]): KvAtomic;
  /** Writes a value; `expireIn` milliseconds later Deno KV may forget it. */
  set(key: KvKey, value: unknown, options?: { readonly expireIn?: number }): KvAtomic;
  /** Removes a value, if there is any. */
  delete(key: KvKey): KvAtomic;
  /** Adds to an unsigned 64-bit number, which counts as 0 where there is none. */
  sum(key: KvKey, n: bigint): KvAtomic;
  /** Does all of it, or nothing: `ok` is false where a check did not hold. */
  commit(): Promise<{ readonly ok: boolean }>;
}

/** What this store uses of `Deno.Kv`, so that no other runtime's types are replaced by Deno's. */
export interface Kv {
  /** Reads one key. */
  get<Value>(key: KvKey): Promise<KvEntry<Value>>;
  /** Reads several keys as they were at one moment. */
  getMany(keys: readonly KvKey[]): Promise<KvEntry<unknown>[]>;
  /** Yields whenever one of the keys may have changed, and once at the start. */
  watch(keys: readonly KvKey[]): ReadableStream<unknown>;
  /** Reads what is in a range, in the order of the keys. */
  list<Value>(
    range: KvRange,
    options?: { readonly limit?: number; readonly batchSize?: number },
  ): AsyncIterable<KvEntry<Value>>;
  /** Begins mutations that happen together. */
  atomic(): KvAtomic;
  /** Releases the database. */
  close(): void;
}
