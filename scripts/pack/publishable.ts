/** What is published, and what is said of it in the workspace. */
import { globSync, readFileSync } from "node:fs";
import { dirname } from "node:path";

/** A `package.json` of the workspace, whose `exports` and `bin` lead to TypeScript under `src`. */
export interface SourceManifest {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly license: string;
  readonly private?: boolean;
  readonly keywords?: readonly string[];
  readonly sideEffects?: boolean;
  readonly exports?: string | Readonly<Record<string, string>>;
  readonly bin?: Readonly<Record<string, string>>;
  /** Folders that are packed, besides the JavaScript and its declarations. */
  readonly files?: readonly string[];
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

export interface Publishable {
  /** Its folder in the workspace, such as `packages/core`. */
  readonly source: string;
  /** The folder that becomes its tarball, such as `dist/packages/core`. */
  readonly target: string;
  readonly manifest: SourceManifest;
}

/** Every package of the workspace that is not private. */
export function publishables(): readonly Publishable[] {
  const manifests = globSync(["packages/*/package.json", "apps/*/package.json"]).sort();
  return manifests.flatMap((path) => {
    const manifest: SourceManifest = JSON.parse(readFileSync(path, "utf8"));
    const target = `dist/packages/${manifest.name.replace("@matrix-rendezvous/", "")}`;
    return manifest.private ? [] : [{ source: dirname(path), target, manifest }];
  });
}

/** The modules that others can import, by the name that stands behind the package's: `.` is the package itself. */
export function exportsOf({ exports = {} }: SourceManifest): Readonly<Record<string, string>> {
  return typeof exports === "string" ? { ".": exports } : exports;
}

/** Where the build leaves a module: `./src/qr/index.ts` becomes `./dist/qr/index.js`. */
export function built(module: string, extension: ".js" | ".d.ts"): string {
  return module.replace(/^\.\/src\//, "./dist/").replace(/\.ts$/, extension);
}
