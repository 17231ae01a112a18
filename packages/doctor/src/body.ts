import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import zlib, { createBrotliDecompress, createUnzip } from "node:zlib";

/**
 * For `fetch`: Bun decodes all that has come at once, however long it becomes, unless it is told not to. Other runtimes
 * decode piece by piece, and do not know this.
 */
export const UNDECODED: object = { decompress: false };

/** Node decodes all that it knows. Deno decodes some, and takes the header off then. */
const isLeftUndecoded = "Bun" in globalThis || "Deno" in globalThis;

/** The body as text, or `undefined` where it is longer than `limit` bytes, of which no more is read. */
export async function readText({ body, headers }: Response, limit: number): Promise<string | undefined> {
  if (body === null) return "";
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  const raw = Readable.fromWeb(body as ReadableStream);
  let [text, length] = ["", 0];
  for await (const piece of isLeftUndecoded ? decoded(raw, headers.get("Content-Encoding")) : raw) {
    const bytes: Uint8Array = piece;
    length += bytes.length;
    // Which ends the loop, and what it reads from.
    if (length > limit) return undefined;
    text += decoder.decode(bytes, { stream: true });
  }
  return text + decoder.decode();
}

function decoded(raw: Readable, encoding: string | null): Readable {
  const decoder = decoderOf(encoding);
  if (decoder === undefined) return raw;
  raw.on("error", (error) => decoder.destroy(error));
  decoder.on("close", () => raw.destroy());
  return raw.pipe(decoder);
}

function decoderOf(encoding: string | null): ReturnType<typeof createUnzip> | undefined {
  if (encoding === "gzip" || encoding === "x-gzip" || encoding === "deflate") return createUnzip();
  if (encoding === "br") return createBrotliDecompress();
  // Imported by its name, it would keep the package from loading on Node before 22.15, which has no need of it.
  return encoding === "zstd" ? zlib.createZstdDecompress() : undefined;
}
