import { variableOf } from "./environment.ts";
import type { Option, OptionTable } from "./option.ts";

/** The documentation of the configuration, as Markdown: made from what the program itself goes by. */
export function configurationPage(table: OptionTable): string {
  return `# Configuration

Every setting is a flag, an environment variable, and a key of a YAML file. Where one is given more than once, the flag
goes before the variable, and the variable before the file. The file is named by \`--config FILE\` or \`RENDEZVOUS_CONFIG\`;
its keys are the flags without their dashes, and may have underscores for hyphens.

\`\`\`sh
matrix-rendezvous config check --config rendezvous.yaml   # says what is wrong, all of it
matrix-rendezvous config print --config rendezvous.yaml   # the whole configuration, passwords masked
\`\`\`

Durations are milliseconds, or text with a unit: \`500ms\`, \`300s\`, \`5m\`, \`1h\`. Secrets are never a flag's value: they
come from a file that a setting names, or, in a store's URL, from a variable or the file.

${Object.entries(table).map(section).join("\n")}`;
}

function section([name, { purpose, allowed, initial, otherwise = "none", pitfall }]: [
  string,
  Option<unknown>,
]): string {
  const value = initial === undefined || initial === "" ? otherwise : `\`${initial}\``;
  return `## \`${name}\`

${purpose}.

| | |
|---|---|
| Flag, variable | \`--${name}\`, \`${variableOf(name)}\` |
| Value | ${allowed} |
| Default | ${value} |
| If set wrongly | ${pitfall} |
`;
}
