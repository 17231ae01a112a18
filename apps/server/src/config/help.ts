import { OPTION_NAMES, OPTIONS, type Option } from "./options.ts";

/** The answer to `--help`. */
export function helpText(): string {
  const lines = OPTION_NAMES.map((name) => [flag(name), explanation(OPTIONS[name])] as const);
  lines.push(["--config FILE", "A YAML file with the same keys, without the dashes"]);
  lines.push(["--help", "Print this"], ["--version", "Print the version"]);
  const width = Math.max(...lines.map(([left]) => left.length)) + 2;
  return [
    "Usage: matrix-rendezvous [flags]                start the server",
    "       matrix-rendezvous config check [flags]   say whether the configuration is right, and what is not",
    "       matrix-rendezvous config print [flags]   print the whole configuration, without secrets",
    "",
    "The Matrix rendezvous server: lets clients sign in a new device by QR code (MSC4388).",
    "",
    "A flag can also be a variable, --session-ttl for one RENDEZVOUS_SESSION_TTL, or a key of the configuration file.",
    "Flags go before variables, and variables before the file.",
    "",
    ...lines.map(([left, right]) => `  ${left.padEnd(width)}${right}`),
  ].join("\n");
}

function flag(name: keyof typeof OPTIONS): string {
  const { placeholder }: Option<unknown> = OPTIONS[name];
  return placeholder === undefined ? `--${name}` : `--${name} ${placeholder}`;
}

function explanation({ purpose, initial }: Option<unknown>): string {
  return initial === undefined || initial === false || initial === "" ? purpose : `${purpose} (default ${initial})`;
}
