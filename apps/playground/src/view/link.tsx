import type { Intent } from "@matrix-rendezvous/client";
import type { JSX } from "preact";
import type { Attempt } from "../attempt.ts";

interface LinkProps {
  readonly attempt: Attempt;
  readonly device: Intent;
  readonly side: "left" | "right";
}

/**
 * The way between a device and the server, on which a packet travels whenever the device writes or reads. Decoration: the
 * server's panel says the same in words.
 */
export function Link({ attempt, device, side }: LinkProps): JSX.Element {
  const { wire, turns } = attempt;
  const last = wire.ended.value ? undefined : wire.revisions.value.at(-1);
  const wrote = last?.writer === device;
  const read = last?.readers.includes(device) ?? false;
  const held = turns.waiting.value.includes(device) && !wrote && !read;
  const movement = wrote ? "up" : read ? "down" : "still";
  const words = wrote ? "wrote" : read ? "read" : held ? "waits" : "";
  return (
    <div class={`link link--${side} link--${device} link--${movement}`} aria-hidden="true">
      <span class="link__words">{words}</span>
      {movement !== "still" && <span key={`${last?.sequenceToken} ${movement}`} class="link__packet" />}
    </div>
  );
}
