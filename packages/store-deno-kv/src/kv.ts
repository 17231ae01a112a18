/** A key of Deno KV. This store makes them of strings, which sort before numbers, which sort before booleans. */
export type KvKey = readonly (string | number | boolean | bigint | Uint8Array | symbol)[];

/** What a key holds, or `null` twice where it holds nothing. */
export interface KvEntry<Value> {
  readonly key: KvKey;
  readonly value: Value | null;
  readonly versionstamp: string | null;
}

/** Which keys to list: those below `prefix`, from `start` on where given, to before `end` where given. */
export interface KvRange {
  readonly prefix: KvKey;
  readonly start?: KvKey;
  readonly end?: KvKey;
}

/** Mutations that happen together, if all checks hold. */
export interface KvAtomic {
  check(...entries: { readonly key: KvKey; readonly versionstamp: string | null }[]): KvAtomic;
  set(key: KvKey, value: unknown, options?: { readonly expireIn?: number }): KvAtomic;
  delete(key: KvKey): KvAtomic;
  sum(key: KvKey, n: bigint): KvAtomic;
  commit(): Promise<{ readonly ok: boolean }>;
}

/** What this store uses of `Deno.Kv`, so that no other runtime's types are replaced by Deno's. */
export interface Kv {
  get<Value>(key: KvKey): Promise<KvEntry<Value>>;
  getMany(keys: readonly KvKey[]): Promise<KvEntry<unknown>[]>;
  watch(keys: readonly KvKey[]): ReadableStream<unknown>;
  list<Value>(
    range: KvRange,
    options?: { readonly limit?: number; readonly batchSize?: number },
  ): AsyncIterable<KvEntry<Value>>;
  atomic(): KvAtomic;
  close(): void;
}
