import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import type { Strike } from "../attack/attacker.ts";
import { ATTACKS, type Attack } from "../attack/attacks.ts";
import type { Attempt } from "../attempt.ts";
import { Icon, type IconName } from "./icon.tsx";
import { showElement } from "./scroll.ts";

const ICONS: Readonly<Record<Attack, IconName>> = {
  read: "eye",
  overwrite: "pen",
  flip: "bit",
  replay: "rewind",
  swap: "key",
};

/** What one can do to a sign-in whose session ID one knows, and what comes of it. */
export function AttackPanel({ attempt }: { readonly attempt: Attempt }): JSX.Element {
  const { attacker } = attempt;
  const outcome = useRef<HTMLDivElement>(null);
  const trouble = useSignal<string | undefined>(undefined);
  const strike = (attack: Attack): void => {
    trouble.value = undefined;
    if (attacker.obstacles.value[attack] !== undefined) return;
    attacker.attack(attack).then(
      // What the other attacks come to is told at the bottom of the window.
      () => attack === "read" && requestAnimationFrame(() => showElement(outcome.current, "nearest")),
      () => (trouble.value = "The server did not let it happen: the session is gone, or taken."),
    );
  };
  const struck = attacker.strike.value;
  return (
    <section class="attacks" aria-labelledby="attacks-title">
      <header class="attacks__head">
        <h2 id="attacks-title">You are the attacker</h2>
        <p>You know the session’s ID, as the server does, and you have seen the QR code. What can you do with that?</p>
      </header>
      <ul class="attacks__list">
        {(Object.keys(ATTACKS) as Attack[]).map((attack) => (
          <AttackItem
            key={attack}
            attack={attack}
            obstacle={attacker.obstacles.value[attack]}
            struck={struck?.attack === attack}
            strike={() => strike(attack)}
          />
        ))}
      </ul>
      {trouble.value && <p class="attacks__trouble">{trouble.value}</p>}
      <div ref={outcome} role="status">
        {struck?.attack === "read" && <Outcome attempt={attempt} {...struck} />}
      </div>
      {struck && struck.attack !== "read" && <Outcome attempt={attempt} {...struck} />}
    </section>
  );
}

interface AttackItemProps {
  readonly attack: Attack;
  readonly obstacle: string | undefined;
  readonly struck: boolean;
  readonly strike: () => void;
}

function AttackItem({ attack, obstacle, struck, strike }: AttackItemProps): JSX.Element {
  const { name, how } = ATTACKS[attack];
  return (
    <li class={`attack${struck ? " attack--struck" : ""}`}>
      <button
        type="button"
        class="attack__button"
        aria-disabled={obstacle !== undefined}
        aria-describedby={`attack-${attack}`}
        onClick={strike}
      >
        <Icon name={ICONS[attack]} />
        {name}
      </button>
      <p id={`attack-${attack}`}>{obstacle ?? how}</p>
    </li>
  );
}

interface OutcomeProps extends Strike {
  readonly attempt: Attempt;
}

function Outcome({ attempt, attack, checkCode }: OutcomeProps): JSX.Element {
  const verdict = attempt.verdict.value;
  if (verdict === undefined) {
    return (
      <div class="verdict verdict--open">
        <p>
          <strong>{ATTACKS[attack].name}: done.</strong> It is in the slot now. See what becomes of it once it is read.
        </p>
      </div>
    );
  }
  return (
    <div class={`verdict verdict--${verdict.kept ? "kept" : "broken"}`}>
      <Icon name={verdict.kept ? "shield" : "warning"} />
      <div>
        <p>
          <strong>{verdict.outcome}</strong>
        </p>
        <p>{verdict.promise}</p>
        {checkCode !== undefined && (
          <p>
            You do share a channel with the device that shows the code, and even know its check code, {checkCode}. But
            nobody asks you: the user reads the code off the device in their hand.
          </p>
        )}
      </div>
    </div>
  );
}
