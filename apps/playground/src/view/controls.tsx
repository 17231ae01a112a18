import type { JSX } from "preact";
import type { Pace, Settings, Stage } from "../stage.ts";

type Choices<Value extends string> = readonly (readonly [value: Value, label: string])[];

const CASTS: Choices<Settings["cast"]> = [
  ["both", "Both devices"],
  ["new", "New only"],
  ["existing", "Existing only"],
];
const PACES: Choices<Pace> = [
  ["step", "Step by step"],
  ["play", "Play"],
  ["live", "Live"],
];
const SHOWS: Choices<Settings["shows"]> = [
  ["new", "New device"],
  ["existing", "Existing device"],
];
const PROFILES: Choices<Settings["profile"]> = [
  ["msc", "MSC4388 as written"],
  ["vodozemac", "vodozemac 0.11"],
];
const WAITING: Choices<Settings["waiting"]> = [
  ["hold", "Long-poll"],
  ["poll", "Ask every second"],
];

export function Controls({ stage }: { readonly stage: Stage }): JSX.Element {
  const { cast, shows, profile, waiting, accessToken } = stage.settings.value;
  const setPace = (pace: Pace): void => {
    stage.pace.value = pace;
  };
  const server = stage.server.value;
  const wantsToken = server === "unauthorized" || accessToken !== "";
  return (
    <nav class="controls" aria-label="Settings">
      <Segments
        legend="On this page"
        name="cast"
        choices={CASTS}
        value={cast}
        choose={(value) => stage.change({ cast: value })}
      />
      {cast === "both" && (
        <Segments legend="Pace" name="pace" choices={PACES} value={stage.pace.value} choose={setPace} />
      )}
      <details class="controls__more">
        <summary class="controls__summary">More</summary>
        <div class="controls__sheet">
          {cast === "both" && (
            <Segments
              legend="Who shows the code"
              name="shows"
              choices={SHOWS}
              value={shows}
              choose={(value) => stage.change({ shows: value })}
            />
          )}
          <Segments
            legend="Dialect"
            name="profile"
            choices={PROFILES}
            value={profile}
            choose={(value) => stage.change({ profile: value })}
          />
          <Segments
            legend="Waiting for the other device"
            name="waiting"
            choices={WAITING}
            value={waiting}
            choose={(value) => stage.change({ waiting: value })}
          />
        </div>
      </details>
      {wantsToken && <AccessToken stage={stage} />}
    </nav>
  );
}

interface SegmentsProps<Value extends string> {
  readonly legend: string;
  readonly name: string;
  readonly choices: Choices<Value>;
  readonly value: Value;
  readonly choose: (value: Value) => void;
}

function Segments<Value extends string>({ legend, name, choices, value, choose }: SegmentsProps<Value>): JSX.Element {
  return (
    <fieldset class="segments">
      <legend>{legend}</legend>
      <div class="segments__row">
        {choices.map(([choice, label]) => (
          <label key={choice} class="segments__choice">
            <input type="radio" name={name} value={choice} checked={choice === value} onChange={() => choose(choice)} />
            <span>{label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

function AccessToken({ stage }: { readonly stage: Stage }): JSX.Element {
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const entered = new FormData(event.currentTarget as HTMLFormElement).get("token");
    stage.change({ accessToken: typeof entered === "string" ? entered.trim() : "" });
    void stage.ask();
  };
  return (
    <form class="token" onSubmit={submit}>
      <label for="token">Access token, for the device that creates the session</label>
      <div class="token__row">
        <input id="token" name="token" type="password" autocomplete="off" spellcheck={false} />
        <button type="submit" class="button">
          Use it
        </button>
      </div>
    </form>
  );
}
