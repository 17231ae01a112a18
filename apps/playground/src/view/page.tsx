import type { JSX } from "preact";
import { otherDevice } from "../party.ts";
import type { Stage } from "../stage.ts";
import type { Surroundings } from "../surroundings.ts";
import { AttackPanel } from "./attack-panel.tsx";
import { Conductor } from "./conductor.tsx";
import { Controls } from "./controls.tsx";
import { DevicePanel } from "./device-panel.tsx";
import { Link } from "./link.tsx";
import { SlotPanel } from "./slot-panel.tsx";
import { Trouble } from "./trouble.tsx";
import { WireLog } from "./wire-log.tsx";

interface PageProps {
  readonly stage: Stage;
  readonly surroundings: Surroundings;
  readonly wasUnderway: boolean;
}

export function Page({ stage, surroundings, wasUnderway }: PageProps): JSX.Element {
  const { cast, shows } = stage.settings.value;
  const attempt = stage.attempt.value;
  const left = cast === "both" ? shows : cast;
  const right = cast === "both" ? otherDevice(shows) : undefined;
  return (
    <>
      <a class="skip" href="#stage">
        Skip to the devices
      </a>
      <header class="masthead">
        <div class="masthead__words">
          <h1>
            <span>Sign in with a QR code,</span> <span>in slow motion</span>
          </h1>
          <p class="masthead__lead">
            Two devices that have never met, a server that neither of them trusts, and an attacker: you. Keys and
            requests are real; the homeserver’s part is played by the page.
          </p>
        </div>
        <Controls stage={stage} />
      </header>
      <main>
        <Trouble stage={stage} surroundings={surroundings} wasUnderway={wasUnderway} />
        <section id="stage" class={`stage stage--${cast === "both" ? "two" : "one"}`} aria-label="Devices and server">
          <DevicePanel stage={stage} attempt={attempt} intent={left} usable={surroundings === "ok"} />
          <Link attempt={attempt} device={left} side="left" />
          <SlotPanel attempt={attempt} />
          {right && <Link attempt={attempt} device={right} side="right" />}
          {right && <DevicePanel stage={stage} attempt={attempt} intent={right} usable={surroundings === "ok"} />}
        </section>
        <Conductor stage={stage} usable={surroundings === "ok"} />
        <AttackPanel attempt={attempt} />
        <WireLog attempt={attempt} />
      </main>
      <footer class="footer">
        <p>
          MSC4388 is{" "}
          <a href="https://github.com/matrix-org/matrix-spec-proposals/pull/4388">the secure channel and its server</a>,
          MSC4108 <a href="https://github.com/matrix-org/matrix-spec-proposals/pull/4108">what is said over it</a>. No
          account is made here, and nothing is kept. <a href="licences.txt">Licences</a> of what this page is made of.
        </p>
      </footer>
    </>
  );
}
