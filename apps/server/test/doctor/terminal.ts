/** Runs a command in a terminal of 80 columns, and prints what that is given; to be run by Bun, which has terminals. */
import process from "node:process";

/** As much of Bun's API as this takes. */
declare const Bun: {
  spawn(
    command: readonly string[],
    options: { terminal: { cols: number; rows: number; data: (terminal: unknown, data: Uint8Array) => void } },
  ): { readonly exited: Promise<number> };
};

const data = (_: unknown, shown: Uint8Array): void => void process.stdout.write(shown);
const child = Bun.spawn(process.argv.slice(2), { terminal: { cols: 80, rows: 24, data } });
process.exitCode = await child.exited;
