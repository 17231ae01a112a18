/** The `package.json` of a tarball, made from the one of the workspace, where nothing needs a build. */
import { readFileSync } from "node:fs";
import { built, exportsOf, type Publishable } from "./publishable.ts";

const { homepage }: { homepage: string } = JSON.parse(readFileSync("package.json", "utf8"));

/** The first Node that has `node:sqlite` without a flag. The workspace itself brings its own, whatever npm runs on. */
const ENGINES = { node: ">=22.13" };

/** Development dependencies and scripts stay behind: whoever installs the package has no use for them. */
export function publishedManifest({ source, manifest }: Publishable): Readonly<Record<string, unknown>> {
  const { name, version, description, keywords = [], license, sideEffects, files = [] } = manifest;
  const exports = Object.entries(exportsOf(manifest)).map(([path, module]) => [
    path,
    // The first condition that fits is taken: types have to stand in front of what fits always.
    { types: built(module, ".d.ts"), default: built(module, ".js") },
  ]);
  const bin = Object.entries(manifest.bin ?? {}).map(([command, module]) => [command, built(module, ".js")]);
  return {
    name,
    version,
    description,
    keywords: ["matrix", "rendezvous", "qr-code", "msc4388", "msc4108", ...keywords],
    license,
    homepage: `${homepage}/tree/main/${source}#readme`,
    bugs: `${homepage}/issues`,
    repository: { type: "git", url: `git+${homepage}.git`, directory: source },
    type: "module",
    sideEffects,
    ...(exports.length > 0 && { exports: Object.fromEntries(exports) }),
    ...(bin.length > 0 && { bin: Object.fromEntries(bin) }),
    files: ["dist", ...files],
    engines: ENGINES,
    dependencies: manifest.dependencies,
    peerDependencies: manifest.peerDependencies,
    peerDependenciesMeta: manifest.peerDependenciesMeta,
    publishConfig: { access: "public", provenance: true },
  };
}
