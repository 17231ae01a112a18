/** What the page is without its looks, on the real server, called without a socket. */
import assert from "node:assert/strict";
import type { Intent } from "@matrix-rendezvous/client";
import { memoryStore } from "@matrix-rendezvous/core";
import { createHandler, type HandlerOptions } from "@matrix-rendezvous/http";
import { effect } from "@preact/signals-core";
import { Attempt, type AttemptOptions } from "../src/attempt.ts";
import { draw, paint, read } from "../src/qr/picture.ts";
import { nextStep } from "../src/step.ts";

export const BASE_URL = "https://example.org";

export function startAttempt(options: Partial<AttemptOptions> = {}, server: Partial<HandlerOptions> = {}): Attempt {
  const handler = createHandler({ store: memoryStore(), mode: "open", ...server });
  return new Attempt({
    baseUrl: BASE_URL,
    profile: "msc",
    shows: "new",
    present: ["new", "existing"],
    fetch: (url, init) => handler(new Request(url, init)),
    camera: (qrCode) => read(paint(draw(qrCode), 3)),
    ...options,
  });
}

/** Waits for the next step and takes it; gives its label. */
export async function takeStep(attempt: Attempt): Promise<string> {
  await until(() => nextStep(attempt) !== undefined);
  const step = nextStep(attempt);
  step?.run();
  return step?.label ?? "";
}

/** Takes steps until one is named `label`, or the sign-in is over for both devices; gives the labels. */
export async function play(attempt: Attempt, label?: RegExp): Promise<string[]> {
  const labels: string[] = [];
  for (;;) {
    await until(() => isOver(attempt) || nextStep(attempt) !== undefined);
    const next = nextStep(attempt)?.label;
    if (next === undefined || (label?.test(next) ?? false)) return labels;
    labels.push(await takeStep(attempt));
  }
}

export function isOver({ devices }: Attempt): boolean {
  return Object.values(devices).every(({ state }) => ["done", "failed"].includes(state.value.name));
}

/** Why a device gave up. */
export function failureCode({ devices }: Attempt, device: Intent): string {
  const state = devices[device].state.value;
  assert.equal(state.name, "failed");
  return state.name === "failed" ? state.failure.code : "";
}

/** Resolves as soon as what `condition` reads makes it true. */
export async function until(condition: () => boolean): Promise<void> {
  let stop: (() => void) | undefined;
  await new Promise<void>((resolve) => {
    stop = effect(() => {
      if (condition()) resolve();
    });
  });
  stop?.();
}
