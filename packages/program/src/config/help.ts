import type { Option, OptionTable } from "./option.ts";

/** Who is asked for help. */
export interface Described {
  /** The command's name. */
  readonly name: string;
  /** What it is, in a sentence. */
  readonly title: string;
  readonly options: OptionTable;
  readonly commands?: Readonly<Record<string, DescribedCommand>>;
}

/** What a command is for. */
export interface DescribedCommand {
  /** What follows its word, such as `URL`. */
  readonly usage: string;
  /** What it does, without a full stop. */
  readonly purpose: string;
}

/** The answer to `--help`. */
export function helpText({ name, title, options, commands = {} }: Described): string {
  const lines = Object.entries(options).map((entry): [string, string] => [flag(entry), explanation(entry[1])]);
  lines.push(["--config FILE", "A YAML file with the same keys, without the dashes"]);
  lines.push(["--help", "Print this"], ["--version", "Print the version"]);
  const width = Math.max(...lines.map(([left]) => left.length)) + 2;
  const usage = [
    [`${name} [flags]`, "start"],
    [`${name} config check [flags]`, "say whether the configuration is right, and what is not"],
    [`${name} config print [flags]`, "print the whole configuration, without secrets"],
    ...Object.entries(commands).map(([word, { usage, purpose }]) => [`${name} ${word} ${usage}`, purpose]),
  ];
  return [
    ...usage.map(([command = "", what], i) => `${i ? "      " : "Usage:"} ${command.padEnd(name.length + 24)}${what}`),
    "",
    title,
    "",
    "A flag can also be a variable, --session-ttl for one RENDEZVOUS_SESSION_TTL, or a key of the configuration file.",
    "Flags go before variables, and variables before the file.",
    "",
    ...lines.map(([left, right]) => `  ${left.padEnd(width)}${right}`),
  ].join("\n");
}

function flag([name, { placeholder }]: [string, Option<unknown>]): string {
  return placeholder === undefined ? `--${name}` : `--${name} ${placeholder}`;
}

function explanation({ purpose, initial }: Option<unknown>): string {
  return initial === undefined || initial === false || initial === "" ? purpose : `${purpose} (default ${initial})`;
}
