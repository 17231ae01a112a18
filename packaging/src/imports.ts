/** Which packages a built package imports, in its JavaScript and in its declarations. */
import { globSync, readFileSync } from "node:fs";
import { build } from "esbuild";
import type { Packed } from "./packed.ts";

/** Names of packages; what the runtimes bring themselves is none. */
export async function importedPackages({ folder, manifest }: Packed): Promise<ReadonlySet<string>> {
  const modules = Object.values(manifest.exports ?? {}).map((conditions) => conditions.default);
  const { metafile } = await build({
    entryPoints: [...modules, ...Object.values(manifest.bin ?? {})],
    absWorkingDir: folder,
    bundle: true,
    packages: "external",
    external: ["../package.json"],
    platform: "node",
    format: "esm",
    supported: { "import-attributes": true },
    outdir: "unwritten",
    write: false,
    metafile: true,
    logLevel: "silent",
  });
  const imports = Object.values(metafile.outputs).flatMap((output) => output.imports.map(({ path }) => path));
  const declarations = globSync(`${folder}/dist/**/*.d.ts`).map((path) => withoutComments(readFileSync(path, "utf8")));
  const typed = declarations.flatMap((text) => [...text.matchAll(/(?:from |import\()"([^."][^"]*)"/g)]);
  const specifiers = [...imports, ...typed.map(([, specifier = ""]) => specifier)];
  return new Set(specifiers.filter((specifier) => !/^(node:|\.|\/)/.test(specifier)).map(packageOf));
}

/** Comments have examples in them, which import what they like. */
function withoutComments(text: string): string {
  return text.replaceAll(/\/\*.*?\*\//gs, "");
}

function packageOf(specifier: string): string {
  return specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
}
