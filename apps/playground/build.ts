/** Builds the page; run as a program, into `packages/playground/page`, from where servers serve it. */
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build, type Metafile } from "esbuild";

const ROOT = new URL("../../", import.meta.url);
const SOURCE = new URL("src/", import.meta.url);

/**
 * Everything that the page loads is a file of its own beside it, as its Content-Security-Policy demands.
 *
 * @param target the folder for it, with a slash at its end; what is in there goes
 */
export async function buildPage(target: URL): Promise<void> {
  await rm(target, { recursive: true, force: true });
  await mkdir(target, { recursive: true });
  const { metafile } = await build({
    entryPoints: {
      page: fileURLToPath(new URL("main.tsx", SOURCE)),
      "page-style": fileURLToPath(new URL("style/page.css", SOURCE)),
    },
    outdir: fileURLToPath(target),
    absWorkingDir: fileURLToPath(ROOT),
    entryNames: "[name]",
    assetNames: "[name]",
    bundle: true,
    minify: true,
    metafile: true,
    legalComments: "none",
    format: "esm",
    platform: "browser",
    target: ["chrome123", "firefox130", "safari17.5"],
    jsx: "automatic",
    jsxImportSource: "preact",
    loader: { ".woff2": "file" },
    logLevel: "warning",
  });
  for (const name of ["index.html", "icon.svg"]) await copyFile(new URL(name, SOURCE), new URL(name, target));
  await writeFile(new URL("licences.txt", target), await licences(metafile));
}

/** The licences of what was put into the page, which ask to be kept with it. */
async function licences({ inputs }: Metafile): Promise<string> {
  const packages = new Set(Object.keys(inputs).map((path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1]));
  const texts: string[] = [];
  for (const name of [...packages].filter((name) => name !== undefined).sort()) {
    const folder = new URL(`node_modules/${name}/`, ROOT);
    const files = (await readdir(folder)).filter((file) => /^licen[cs]e/i.test(file)).sort();
    if (files.length === 0) throw new Error(`${name} is in the page, and its licence is nowhere to be found`);
    const { version } = JSON.parse(await readFile(new URL("package.json", folder), "utf8"));
    const words = await Promise.all(files.map((file) => readFile(new URL(file, folder), "utf8")));
    texts.push([`${name} ${version}`, ...words].join("\n\n"));
  }
  return `${texts.join(`\n\n${"-".repeat(80)}\n\n`)}\n`;
}

if (import.meta.main) await buildPage(new URL("packages/playground/page/", ROOT));
