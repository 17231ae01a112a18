import type { Intent } from "@matrix-rendezvous/client";
import type { JSX } from "preact";
import type { Spoken } from "../device/conversation.ts";
import { otherDevice } from "../party.ts";
import { Icon } from "./icon.tsx";

interface SpokenListProps {
  readonly spoken: readonly Spoken[];
  readonly intent: Intent;
}

/** What a device has sealed and opened, as only the two devices can read it. */
export function SpokenList({ spoken, intent }: SpokenListProps): JSX.Element | null {
  if (spoken.length === 0) return null;
  return (
    <section class="spoken">
      <h3>Said and heard</h3>
      <ol>
        {spoken.map(({ by, message }, index) => (
          <li key={index} class={`spoken__item spoken__item--${by === "me" ? intent : otherDevice(intent)}`}>
            <details>
              <summary class="spoken__summary">
                <Icon name={by === "me" ? "arrow" : "back"} />
                <span class="visually-hidden">{by === "me" ? "Said" : "Heard"}</span>
                <code>{message.type}</code>
              </summary>
              <pre>{JSON.stringify(message, null, 2)}</pre>
            </details>
          </li>
        ))}
      </ol>
    </section>
  );
}
