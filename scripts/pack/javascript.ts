/** The JavaScript of a package, with source maps. */
import { build } from "tsup";
import { exportsOf, type Publishable } from "./publishable.ts";

/** Writes a file for each export and command, and what they share in files of its own. Dependencies stay imports. */
export async function buildJavaScript({ source, target, manifest }: Publishable): Promise<void> {
  const modules = [...Object.values(exportsOf(manifest)), ...Object.values(manifest.bin ?? {})];
  const entry = modules.map((module) => [module.replace(/^\.\/src\/(.*)\.ts$/, "$1"), `${source}/${module}`]);
  await build({
    config: false,
    silent: true,
    entry: Object.fromEntries(entry),
    outDir: `${target}/dist`,
    format: "esm",
    // What the oldest Node that `engines` allows can run.
    target: "es2023",
    platform: "neutral",
    sourcemap: true,
    splitting: true,
    skipNodeModulesBundle: true,
    // Bun, Deno and `node:sqlite` need the prefix.
    removeNodeProtocol: false,
    esbuildOptions: (options) => {
      // A command reads its version there: from `dist`, the path leads to the published manifest.
      options.external = ["*/package.json"];
      options.supported = { ...options.supported, "import-attributes": true };
    },
  });
}
