import { bytesOf, textOf } from "@matrix-rendezvous/testkit";

/** JSON that holds bytes and infinity too. */
export function encode(value: unknown): string {
  return JSON.stringify(value, function (this: Record<string, unknown>, key, json) {
    // A Buffer was made into something else before it came here.
    const original = this[key];
    if (original instanceof Uint8Array) return { $bytes: textOf(original) };
    return original === Number.POSITIVE_INFINITY ? { $infinity: true } : json;
  });
}

// biome-ignore lint/suspicious/noExplicitAny: what JSON holds is for the caller to say, as it is of JSON.parse
export function decode(text: string): any {
  return JSON.parse(text, (_, value) => {
    if (value?.$infinity === true) return Number.POSITIVE_INFINITY;
    return typeof value?.$bytes === "string" ? bytesOf(value.$bytes) : value;
  });
}
