import process from "node:process";
import type { AnswerEvent } from "@matrix-rendezvous/http";
import { type Logger, type LoggerOptions, pino } from "pino";
import type { Config } from "./config/options.ts";

export type { Logger } from "pino";

/** Writes to the standard output: a line of JSON for programs, or of text for people. */
export async function createLogger(config: Pick<Config, "log-level" | "log-format">): Promise<Logger> {
  const format = config["log-format"] ?? (process.stdout.isTTY ? "pretty" : "json");
  const options: LoggerOptions = {
    base: null,
    level: config["log-level"],
    formatters: { level: (level: string) => ({ level }) },
  };
  // A line is out before the next is begun: what a process had to say when it died is not lost.
  if (format === "json") return pino(options, pino.destination({ dest: 1, sync: true }));
  // Loaded when it is asked for: a server without a terminal starts sooner.
  const { default: pretty } = await import("pino-pretty");
  return pino({ ...options, formatters: {} }, pretty({ ignore: "time", singleLine: true, destination: 1, sync: true }));
}

/** One line for an answer: errors and cancellations always, everything else for whoever wants to see all. */
export function logAnswer(logger: Logger, event: AnswerEvent): void {
  const { method, route, status, durationMs, session, error } = event;
  const level = status >= 500 ? "error" : method === "DELETE" && status < 300 ? "info" : "debug";
  if (!logger.isLevelEnabled(level)) return;
  const message = level === "info" ? "session cancelled" : "request";
  const rounded = Math.round(durationMs * 1000) / 1000;
  const fields = { requestId: event.requestId, method, route, status, durationMs: rounded, session };
  logger[level](error === undefined ? fields : { ...fields, err: error }, message);
}
