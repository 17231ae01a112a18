/** What `npm run pack` leaves. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const ROOT: string = fileURLToPath(new URL("../../", import.meta.url));

/** What is looked at of a published `package.json`. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly exports?: Readonly<Record<string, { readonly types: string; readonly default: string }>>;
  readonly bin?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}

export interface Packed {
  /** What went into the tarball. */
  readonly folder: string;
  readonly tarball: string;
  readonly manifest: Manifest;
}

/** Every packed package, once they are packed. */
export function packed(): readonly Packed[] {
  const packages = `${ROOT}dist/packages`;
  return readdirSync(packages).map((name) => {
    const folder = `${packages}/${name}`;
    const manifest: Manifest = JSON.parse(readFileSync(`${folder}/package.json`, "utf8"));
    const file = `${manifest.name.replace("@", "").replace("/", "-")}-${manifest.version}.tgz`;
    return { folder, tarball: `${ROOT}dist/tarballs/${file}`, manifest };
  });
}

/** Whether a package is one of this project's. */
export function isOurs(name: string): boolean {
  return name === "matrix-rendezvous" || name.startsWith("@matrix-rendezvous/");
}
