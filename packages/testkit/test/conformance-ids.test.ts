import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { LEVELS, selected } from "@matrix-rendezvous/testkit/conformance";
import { test } from "@matrix-rendezvous/testkit/runner";

/** The IDs that somebody may have written down. A new one is added here; none is changed or taken away. */
const KNOWN = readFileSync(new URL("conformance/ids.txt", import.meta.url), "utf8")
  .trimEnd()
  .split("\n");

const HEADINGS: Readonly<Record<string, RegExp>> = {
  "2025": /^(MSC4388|MSC3743|Matrix specification) "[^"]+"$/,
  "2024": /^MSC4108 of 2024 "[^"]+"$/,
};

test("IDs stay as they are", () => {
  const checks = selected({ baseUrl: "", level: "clients" });
  assert.deepEqual(
    checks.map(({ level, id }) => `${level} ${id}`),
    KNOWN,
  );
});

test("no two checks have one ID, with those that are this project's own", () => {
  const ids = selected({ baseUrl: "", level: "own" }).map(({ id }) => id);
  assert.equal(new Set(ids).size, ids.length);
  for (const id of ids) assert.match(id, /^202[45](\.[a-z0-9]+(-[a-z0-9]+)*){2}$/);
});

test("what is a must or a should follows a section by its heading", () => {
  for (const check of selected({ baseUrl: "" })) {
    if (check.level === "clients") continue;
    assert.match(check.section, HEADINGS[check.version] ?? /^$/, check.id);
  }
});

test("the documentation counts as many as there are", () => {
  const page = readFileSync(new URL("../../../docs/conformance.md", import.meta.url), "utf8");
  const checks = selected({ baseUrl: "", level: "own" });
  for (const level of LEVELS) {
    // Besides, that a session can be created at all.
    const served = level === "must" ? 1 : 0;
    const count = (version: string): number =>
      checks.filter((check) => check.version === version && check.level === level).length + served;
    const row = page.split("\n").find((line) => line.startsWith(`| \`${level}\` |`));
    assert.ok(row?.endsWith(`| ${count("2025")} and ${count("2024")} |`), row);
  }
});
