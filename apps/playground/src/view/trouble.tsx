import type { JSX } from "preact";
import type { Server, Stage } from "../stage.ts";
import type { Surroundings } from "../surroundings.ts";

interface TroubleProps {
  readonly stage: Stage;
  readonly surroundings: Surroundings;
  readonly wasUnderway: boolean;
}

/** What keeps the page from working, and what to do about it. */
export function Trouble({ stage, surroundings, wasUnderway }: TroubleProps): JSX.Element | null {
  const words = surroundings === "ok" ? serverTrouble(stage.server.value) : <SurroundingsTrouble kind={surroundings} />;
  const lost = wasUnderway && !stage.underway.value && stage.attempt.value.wire.exchanges.value.length === 0;
  if (words === undefined && !lost) return null;
  return (
    <div class="trouble" role="status">
      {words && <div>{words}</div>}
      {lost && (
        <p>
          <strong>The page was loaded again in the middle of a sign-in.</strong> Its keys were in the page’s memory and
          nowhere else, so that sign-in is over, and the other device has been told. Start again.
        </p>
      )}
    </div>
  );
}

function SurroundingsTrouble({ kind }: { readonly kind: Exclude<Surroundings, "ok"> }): JSX.Element {
  if (kind === "old") {
    return (
      <p>
        <strong>This browser has no X25519.</strong> The secure channel needs it: Chrome 133, Firefox 130 and Safari 17
        have it, and what is newer.
      </p>
    );
  }
  return (
    <p>
      <strong>No secure channel at this address.</strong> Over plain http from another machine, browsers withhold
      cryptography and the camera. Open this page as <code>http://localhost:{location.port || "80"}</code> on the
      machine that serves it, or put https in front of the server, as its guides for reverse proxies show.
    </p>
  );
}

function serverTrouble(server: Server): JSX.Element | undefined {
  switch (server) {
    case "unauthorized":
      return (
        <p>
          <strong>This server wants an access token</strong> from the device that creates the session. Enter one above:
          it is sent to this server and kept nowhere.
        </p>
      );
    case "forbidden":
    case "unavailable":
      return (
        <p>
          <strong>This server lets nobody create a session.</strong> Start it with <code>--mode open</code>, as{" "}
          <code>npm run playground</code> does.
        </p>
      );
    case "network":
    case "server":
      return (
        <p>
          <strong>The server does not answer.</strong> Is it still running?
        </p>
      );
    default:
      return undefined;
  }
}
