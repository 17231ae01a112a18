/** A code block, or a line of a `sh` block, that is neither run nor checked with the pages, and why. */
export interface Unchecked {
  readonly page: string;
  /** How it begins. */
  readonly begins: string;
  readonly reason: string;
}

export const UNCHECKED: readonly Unchecked[] = [
  {
    page: "README.md",
    begins: "matrix-rendezvous listens on",
    reason: "apps/server/test/readme.test.ts compares it with what the server prints",
  },
  {
    page: "docs/doctor.md",
    begins: "ok    Where the homeserver is",
    reason: "packages/doctor/test/example.test.ts compares it with what the doctor prints",
  },
  {
    page: "docs/conformance.md",
    begins: "should  2024.write.etag-changes",
    reason: "apps/server/test/conformance.test.ts compares it with what the command prints",
  },
  {
    page: "docs/stores/postgres.md",
    begins: "CREATE ROLE",
    reason: "packages/store-postgres/test-services/installation.test.ts runs it",
  },
  {
    page: "docs/stores/postgres.md",
    begins: "DROP SCHEMA",
    reason: "packages/store-postgres/test-services/installation.test.ts runs it",
  },
  {
    page: "docs/stores/redis.md",
    begins: "maxmemory-policy",
    reason: "packages/store-redis/test-services/opening.test.ts starts a Redis with it",
  },
  {
    page: "docs/stores/redis.md",
    begins: "ACL SETUSER",
    reason: "packages/store-redis/test-services/opening.test.ts runs it",
  },
  {
    page: "docs/stores/deno-kv.md",
    begins: "const kv = await Deno.openKv",
    reason: "two lines that need Deno's types; packages/store-deno-kv/test opens a store so",
  },
  {
    page: "docs/run/alone.md",
    begins: "rendezvous.example.org {",
    reason: "three lines for Caddy; docs/reverse-proxies has the files that are tested",
  },
  {
    page: "docs/deploy/container.md",
    begins: "docker",
    reason: "it needs an engine; deploy/test-services/container.test.ts does without one what it would do",
  },
  { page: "docs/deploy/binary.md", begins: "sha256sum", reason: "it needs a release" },
  { page: "docs/deploy/binary.md", begins: "install", reason: "it writes outside of the repository" },
  {
    page: "docs/deploy/systemd.md",
    begins: "install",
    reason: "deploy/test-services/systemd.test.ts puts these files there, on a machine of its own",
  },
  {
    page: "docs/deploy/systemd.md",
    begins: "systemctl",
    reason: "deploy/test-services/systemd.test.ts starts the service, on a machine of its own",
  },
  { page: "docs/deploy/systemd.md", begins: "journalctl", reason: "it shows what is on the reader's machine" },
  {
    page: "docs/deploy/systemd.md",
    begins: "[Service]",
    reason: "deploy/test-services/systemd.test.ts starts the service with it",
  },
];
