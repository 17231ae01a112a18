import { readFile } from "node:fs/promises";
import process from "node:process";
import { parseArgs } from "node:util";
import { type ExamineOptions, examine } from "./examine.ts";
import { printed } from "./print.ts";
import { type Report, ROUTES, type Route } from "./report.ts";

const WRONG_USAGE = 2;
const SIGNALS = ["SIGINT", "SIGTERM"] as const;

const USAGE = `Usage: matrix-rendezvous doctor TARGET [flags]

Does what clients do at a homeserver, and says why sign-in with a QR code does
not show up there. TARGET is a URL, a server name or a user ID.

  --user @NAME:SERVER        the target, as a user ID
  --access-token-file FILE   an access token of a user: what existing devices do
  --rendezvous-only          there is a rendezvous server, and no homeserver
  --expect ROUTE,...         what has to work, of ${ROUTES.slice(0, 2).join(", ")},
                             ${ROUTES.slice(2).join(", ")}
  --json                     print the report as JSON
  --help                     print this

The exit code is 0 if what was asked for works, 1 if not, 2 for wrong usage.`;

const OPTIONS = {
  user: { type: "string" },
  "access-token-file": { type: "string" },
  "rendezvous-only": { type: "boolean", default: false },
  expect: { type: "string", default: "" },
  json: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;

/** The command `doctor`: says on the standard output what it finds; resolves to the exit code. */
export async function doctorCommand(args: readonly string[]): Promise<number> {
  if (args.includes("--help")) return say(USAGE);
  const asked = await understand(args).catch((error: unknown) =>
    error instanceof Error ? error : new Error(String(error)),
  );
  if (asked instanceof Error) {
    console.error(`matrix-rendezvous doctor: ${asked.message}`);
    return WRONG_USAGE;
  }
  const report = await examineOnTerminal(asked.options);
  const colour = process.stdout.isTTY === true && !process.env["NO_COLOR"];
  say(asked.json ? JSON.stringify(report, null, 2) : printed(report, colour));
  return report.ok ? 0 : 1;
}

/** The first signal ends the examination, and what was created is deleted; the second ends the program. */
async function examineOnTerminal(options: ExamineOptions): Promise<Report> {
  const interrupted = new AbortController();
  const interrupt = (): void => interrupted.abort();
  for (const signal of SIGNALS) process.once(signal, interrupt);
  const isShown = process.stderr.isTTY === true;
  const show = (line: string): void => void (isShown && process.stderr.write(`\r\u001b[K${line}`));
  const onStep = (title: string): void => show(`${title} …`);
  const report = await examine({ ...options, signal: interrupted.signal, onStep });
  for (const signal of SIGNALS) process.off(signal, interrupt);
  show("");
  return report;
}

async function understand(
  args: readonly string[],
): Promise<{ readonly options: ExamineOptions; readonly json: boolean }> {
  const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  const targets = [...positionals, ...(values.user === undefined ? [] : [values.user])];
  const [target] = targets;
  if (target === undefined || targets.length > 1) throw new Error("give one target: a URL, a server name or a user ID");
  const file = values["access-token-file"];
  return {
    options: {
      target,
      accessToken: file === undefined ? undefined : await tokenIn(file),
      rendezvousOnly: values["rendezvous-only"],
      expected: values.expect.split(",").filter(Boolean).map(routeOf),
    },
    json: values.json,
  };
}

// The testkit's command has the same: the doctor depends on nothing, and the testkit not on the doctor.
async function tokenIn(file: string): Promise<string> {
  const token = (await readFile(file, "utf8").catch(() => "")).trim();
  // A header's error message can have its value in it: nothing else gets that far.
  if (!/^[\x21-\x7e]+$/.test(token)) throw new Error(`there is no access token in ${file}`);
  return token;
}

function routeOf(name: string): Route {
  const route = ROUTES.find((one) => one === name);
  if (route === undefined)
    throw new Error(`--expect cannot be ${JSON.stringify(name)}: give some of ${ROUTES.join(", ")}`);
  return route;
}

function say(text: string): 0 {
  console.log(text);
  return 0;
}
