/**
 * Adds to `package-lock.json` the optional packages of other platforms that npm left out: it does so where the registry
 * that wrote the lock did not have them, and `npm ci` then refuses the lock. Run it after `npm install`.
 */
import { readFileSync, writeFileSync } from "node:fs";

interface LockEntry {
  version?: string;
  cpu?: string[];
  os?: string[];
  libc?: string[];
  dev?: boolean;
  optional?: boolean;
  optionalDependencies?: Record<string, string>;
}

const OS: Readonly<Record<string, string>> = { windows: "win32" };
const SYSTEMS = [
  "aix",
  "android",
  "darwin",
  "freebsd",
  "netbsd",
  "openbsd",
  "openharmony",
  "linux",
  "sunos",
  "win32",
  "windows",
];
/** As package names have it; `64` is what turbo calls x64. */
const CPU: Readonly<Record<string, string>> = {
  "64": "x64",
  arm: "arm",
  arm64: "arm64",
  ia32: "ia32",
  loong64: "loong64",
};
for (const name of ["mips64el", "ppc64", "riscv64", "s390x", "x64"]) Object.assign(CPU, { [name]: name });

const lock: { packages: Record<string, LockEntry> } = JSON.parse(readFileSync("package-lock.json", "utf8"));
const added: string[] = [];
for (const parent of Object.values(lock.packages)) {
  for (const [name, version] of Object.entries(parent.optionalDependencies ?? {})) {
    const path = `node_modules/${name}`;
    const platform = platformOf(name);
    if (lock.packages[path] !== undefined || platform === undefined || !/^\d/.test(version)) continue;
    lock.packages[path] = { version, ...platform, ...(parent.dev && { dev: true }), optional: true };
    added.push(name);
  }
}

/** What platform a package is for, told by its name, such as `@rollup/rollup-linux-x64-musl`. */
function platformOf(name: string): Pick<LockEntry, "cpu" | "os" | "libc"> | undefined {
  const parts = name.split(/[/-]/);
  const system = parts.find((part) => SYSTEMS.includes(part));
  const cpu = parts.map((part) => CPU[part]).find((found) => found !== undefined);
  if (system === undefined || cpu === undefined) return undefined;
  const libc = name.includes("musl") ? "musl" : system === "linux" ? "glibc" : undefined;
  return { cpu: [cpu], os: [OS[system] ?? system], ...(libc && { libc: [libc] }) };
}

const [root, ...others] = Object.entries(lock.packages);
if (root === undefined) throw new Error("package-lock.json has no packages");
const packages = Object.fromEntries([root, ...others.sort(([left], [right]) => (left < right ? -1 : 1))]);
if (added.length > 0) writeFileSync("package-lock.json", `${JSON.stringify({ ...lock, packages }, null, 2)}\n`);
console.log(`${added.length} optional packages added to package-lock.json`);
