import { OPTION_NAMES, OPTIONS, type Option } from "./options.ts";

/** The answer to `--help`. */
export function helpText(): string {
  const lines = OPTION_NAMES.map((name) => [flag(name), explanation(OPTIONS[name])] as const);
  lines.push(["--help", "Print this"], ["--version", "Print the version"]);
  const width = Math.max(...lines.map(([left]) => left.length)) + 2;
  return [
    "Usage: matrix-rendezvous [flags]",
    "",
    "The Matrix rendezvous server: lets clients sign in a new device by QR code (MSC4388).",
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
