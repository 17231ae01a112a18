import type { Intent } from "@matrix-rendezvous/client";
import type { JSX } from "preact";
import type { Attempt } from "../attempt.ts";
import type { Device } from "../device/device.ts";
import { otherDevice, PARTY_NAMES } from "../party.ts";
import type { Stage } from "../stage.ts";
import { CheckCodeForm } from "./check-code-form.tsx";
import { DevicePicture } from "./device-picture.tsx";
import { Elsewhere } from "./elsewhere.tsx";
import { Icon } from "./icon.tsx";
import { QrFigure } from "./qr-figure.tsx";
import { Scanner } from "./scanner.tsx";
import { SpokenList } from "./spoken-list.tsx";

interface DevicePanelProps {
  readonly stage: Stage;
  readonly attempt: Attempt;
  readonly intent: Intent;
  /** Whether the browser can do what a device must. */
  readonly usable: boolean;
}

/** A device: what its screen shows, and what it has said and heard. */
export function DevicePanel({ stage, attempt, intent, usable }: DevicePanelProps): JSX.Element {
  const device = attempt.devices[intent];
  const alone = stage.settings.value.cast !== "both";
  const { name } = device.state.value;
  const cancellable = !["idle", "done", "failed", "confirming"].includes(name);
  return (
    <article id={`device-${intent}`} class={`panel panel--device panel--${intent}`} data-state={name}>
      <header class="panel__head">
        <h2>{intent === "new" ? "New device" : "Existing device"}</h2>
        <p>{standing(device)}</p>
        {cancellable && (
          <button type="button" class="button button--quiet" onClick={() => void device.cancel()}>
            Cancel
          </button>
        )}
      </header>
      <div class="screen">
        {name === "idle" && alone && usable ? (
          <Start attempt={attempt} device={device} />
        ) : (
          <Screen attempt={attempt} device={device} />
        )}
      </div>
      <SpokenList spoken={device.spoken.value} intent={intent} />
    </article>
  );
}

function standing({ intent, state }: Device): string {
  const words: Readonly<Record<Device["state"]["value"]["name"], string>> = {
    idle: intent === "new" ? "Not signed in" : "Signed in, holds the keys",
    starting: "Asks for a session",
    offering: "Shows its code",
    joining: "Has scanned, waits for an answer",
    confirming: "Answered somebody: whom?",
    talking: "The channel is secure",
    done: "Signed in",
    failed: "Gave up",
  };
  return words[state.value.name];
}

/** What one sees who holds the device. */
function Screen({ attempt, device }: { readonly attempt: Attempt; readonly device: Device }): JSX.Element {
  const state = device.state.value;
  const other = PARTY_NAMES[otherDevice(device.intent)];
  const code = device.checkCode.value;
  if (state.name === "offering") return <QrFigure code={state.qrCode} />;
  if (state.name === "confirming") return <CheckCodeForm device={device} attemptsLeft={state.attemptsLeft} />;
  if (state.name === "failed") {
    return (
      <div class="notice notice--bad">
        <Icon name="warning" />
        <p>{state.failure.sentence}</p>
      </div>
    );
  }
  if (state.name === "done") {
    const words = device.intent === "new" ? "Signed in, and trusted with the keys." : "The new device has the keys.";
    return (
      <div class="notice notice--good">
        <Icon name="check" />
        <p>{words}</p>
      </div>
    );
  }
  if (code !== undefined && state.name === "talking") {
    return (
      <div class="check-code">
        <p>Secure. Type this code into {other}:</p>
        <p class="check-code__digits">{code}</p>
      </div>
    );
  }
  if (state.name === "talking") {
    return (
      <div class="notice notice--good">
        <Icon name="shield" />
        <p>The code is right: {other} is at the other end, and nobody else.</p>
      </div>
    );
  }
  return (
    <div class="screen__quiet">
      <DevicePicture intent={device.intent} />
      <p>{quiet(attempt, device)}</p>
    </div>
  );
}

function quiet(attempt: Attempt, { intent, state }: Device): string {
  if (state.value.name === "idle") {
    return attempt.options.shows === intent ? "Has a screen to show a code on." : "Has a camera to scan it with.";
  }
  return state.value.name === "joining" ? "Sealed its first message with the key from the code." : "One moment.";
}

/** The choice of somebody who has one device here, and another elsewhere. */
function Start({ attempt, device }: { readonly attempt: Attempt; readonly device: Device }): JSX.Element {
  return (
    <div class="start">
      <button type="button" class="button button--main" onClick={() => void attempt.show(device.intent)}>
        Show a QR code
      </button>
      <p class="start__or">or scan the one of {PARTY_NAMES[otherDevice(device.intent)]}</p>
      <Scanner found={(bytes) => void attempt.scan(device.intent, bytes)} problem={attempt.scanProblem.value} />
      <Elsewhere other={otherDevice(device.intent)} />
    </div>
  );
}
