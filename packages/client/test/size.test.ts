import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { test } from "@matrix-rendezvous/testkit/runner";
import { build } from "esbuild";

/**
 * What a web page downloads for a part of the package: bundled for browsers, tree-shaken, minified, gzipped, in bytes.
 * A number here is what was measured, rounded up to the next hundred: more than that is to be justified.
 */
const LIMITS = {
  'export { decodeQrCode, encodeQrCode } from "./index.ts"': 1_900,
  'export { createSession, discover, joinSession } from "./index.ts"': 3_800,
  'export { encodeSignInMessage, parseSignInMessage } from "./index.ts"': 1_500,
  'export * from "./index.ts"': 17_500,
};
const RESOLVE_DIR = fileURLToPath(new URL("../src", import.meta.url));

for (const [contents, limit] of Object.entries(LIMITS)) {
  test(`A web page that has \`${contents}\` downloads at most ${limit} bytes for it`, async () => {
    const { outputFiles, metafile } = await build({
      stdin: { contents, resolveDir: RESOLVE_DIR, loader: "ts" },
      bundle: true,
      minify: true,
      write: false,
      metafile: true,
      format: "esm",
      platform: "browser",
      target: "es2022",
      logLevel: "silent",
    });
    const size = gzipSync(outputFiles[0]?.contents ?? "", { level: 9 }).length;
    assert.ok(size <= limit, `${size} bytes`);
    const libraries = Object.keys(metafile.inputs).filter((path) => path.includes("node_modules"));
    const used = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.entries(inputs));
    const shipped = used.filter(([path, { bytesInOutput }]) => libraries.includes(path) && bytesInOutput > 0);
    if (!contents.includes("*")) assert.deepEqual(shipped, [], "only the channel needs cryptography");
  });
}
