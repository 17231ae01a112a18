import { CHECK_CODE_ATTEMPTS } from "@matrix-rendezvous/client";
import type { JSX } from "preact";
import type { Device } from "../device/device.ts";
import { otherDevice, PARTY_NAMES } from "../party.ts";

interface CheckCodeFormProps {
  readonly device: Device;
  readonly attemptsLeft: number;
}

/** Where the user types what the other device shows. */
export function CheckCodeForm({ device, attemptsLeft }: CheckCodeFormProps): JSX.Element {
  const other = PARTY_NAMES[otherDevice(device.intent)];
  const wrong = attemptsLeft < CHECK_CODE_ATTEMPTS;
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const code = new FormData(form).get("code");
    form.reset();
    void device.confirm(typeof code === "string" ? code : "");
  };
  const tries = attemptsLeft === 1 ? "One attempt is left." : `${attemptsLeft} attempts are left.`;
  return (
    <form class="code-form" onSubmit={submit}>
      <label for="check-code">Somebody has scanned the code. Which two digits does {other} show?</label>
      <div class="code-form__row">
        <input
          id="check-code"
          name="code"
          class="code-form__input"
          inputMode="numeric"
          autocomplete="off"
          pattern="[0-9]{2}"
          maxLength={2}
          required
          aria-describedby="check-code-hint"
          aria-invalid={wrong}
        />
        <button type="submit" class="button button--main">
          Confirm
        </button>
      </div>
      <p id="check-code-hint" class={wrong ? "code-form__wrong" : "code-form__hint"} role={wrong ? "alert" : undefined}>
        {wrong ? `That is not the code. ${tries}` : "It shows a warning, or nothing? Then do not guess."}
      </p>
      <button type="button" class="button button--quiet" onClick={() => void device.cancel()}>
        No code is shown: cancel
      </button>
    </form>
  );
}
