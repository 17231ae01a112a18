/**
 * Builds the standalone server as one program that needs nothing beside it, for the platform that this runs on. Bun runs
 * this, since the program carries Bun's own. It goes to `dist/matrix-rendezvous`, or to where the first argument says.
 */
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath, pathToFileURL } from "node:url";
import { buildPage } from "../../apps/playground/build.ts";

const ROOT = new URL("../../", import.meta.url);
const [FROM_SOURCE, FROM_BINARY] = ['new URL("../page/", import.meta.url)', 'new URL("./page/", import.meta.url)'];

/** What a program carries is beside its code, and the sources have the page one folder up. */
const pageBesideCode: Bun.BunPlugin = {
  name: "page-beside-code",
  setup(build) {
    build.onLoad({ filter: /\/packages\/playground\/src\/index\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      if (!source.includes(FROM_SOURCE)) throw new Error(`${path} has its page elsewhere now`);
      return { contents: source.replace(FROM_SOURCE, FROM_BINARY), loader: "ts" };
    });
  },
};

async function buildBinary(outfile: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "binary-"));
  try {
    const page = join(folder, "page");
    await buildPage(pathToFileURL(`${page}/`));
    await Bun.build({
      entrypoints: [fileURLToPath(new URL("apps/server/src/main.ts", ROOT))],
      plugins: [pageBesideCode],
      target: "bun",
      // Compiled ahead of time and loaded in parts, it starts in less than half of the time.
      bytecode: true,
      format: "esm",
      splitting: true,
      compile: {
        outfile,
        assets: [page],
        // What lies in the folder that it is started in must not decide what it runs.
        autoloadBunfig: false,
        autoloadDotenv: false,
        autoloadPackageJson: false,
        autoloadTsconfig: false,
      },
    });
  } finally {
    await rm(folder, { recursive: true });
  }
}

const outfile = process.argv[2] ?? fileURLToPath(new URL("dist/matrix-rendezvous", ROOT));
await buildBinary(outfile);
console.log(`${outfile}: ${((await stat(outfile)).size / 1_000_000).toFixed(1)} MB`);
