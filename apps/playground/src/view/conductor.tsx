import type { JSX } from "preact";
import { ATTACKS } from "../attack/attacks.ts";
import type { Attempt } from "../attempt.ts";
import { type Caption, captionOf, captionOfOne } from "../caption.ts";
import type { Cast, Stage } from "../stage.ts";
import { nextStep, type Step } from "../step.ts";
import { Icon } from "./icon.tsx";
import { showElement } from "./scroll.ts";

interface ConductorProps {
  readonly stage: Stage;
  readonly usable: boolean;
}

/** What is to be seen, and what comes next: always in sight. */
export function Conductor({ stage, usable }: ConductorProps): JSX.Element {
  const attempt = stage.attempt.value;
  const { cast } = stage.settings.value;
  const { title, text } = caption(attempt, cast);
  const step = cast === "both" && usable ? nextStep(attempt) : undefined;
  const begun = attempt.wire.exchanges.value.length > 0;
  const over = begun && !attempt.underway;
  const startOver = (): void => stage.startOver();
  const timing = stage.pace.value === "live" || cast !== "both" ? handshake(attempt) : undefined;
  return (
    <section class="conductor" aria-label="What happens">
      <div class="conductor__caption" role="status">
        <p class="conductor__title">{title}</p>
        <p class="conductor__text">
          {text} {timing}
        </p>
      </div>
      <div class="conductor__actions">
        {begun && !over && (
          <button key="again" type="button" class="button button--quiet" onClick={startOver}>
            Start over
          </button>
        )}
        {(over || cast === "both") && (
          // One and the same button from the first step to the last: it keeps the keyboard's focus.
          <button
            key="main"
            type="button"
            class="button button--main"
            aria-disabled={!over && step === undefined}
            onClick={over ? startOver : () => step && take(step)}
          >
            {over ? "Start over" : (step?.label ?? "One moment")}
            {!over && <Icon name="arrow" />}
          </button>
        )}
      </div>
    </section>
  );
}

function take(step: Step): void {
  step.run();
  // The device that acts may be out of sight: below the other one, or above what was attacked.
  const device = document.querySelector(`#device-${step.device}`);
  const oneColumn = matchMedia("(max-width: 63.99rem)").matches;
  if (device && (oneColumn || device.getBoundingClientRect().top < 0)) showElement(device, "start");
}

function caption(attempt: Attempt, cast: Cast): Caption {
  const { strike } = attempt.attacker;
  const verdict = attempt.verdict.value;
  if (verdict && strike.value?.attack !== "read") return { title: verdict.outcome, text: verdict.promise };
  if (strike.value && verdict === undefined) {
    const { name } = ATTACKS[strike.value.attack];
    return { title: `${name}: done`, text: "It is in the slot now. See what becomes of it once it is read." };
  }
  return cast === "both" ? captionOf(attempt) : captionOfOne(attempt.devices[cast]);
}

function handshake({ devices }: Attempt): string | undefined {
  const ms = Object.values(devices).find((device) => device.handshakeMs.value !== undefined)?.handshakeMs.value;
  return ms === undefined ? undefined : `From scan to check code: ${Math.round(ms)} ms.`;
}
