import { useSignal, useSignalEffect } from "@preact/signals";
import type { JSX } from "preact";
import type { Attempt } from "../attempt.ts";
import { fromBase64 } from "../bytes.ts";
import { PARTY_NAMES } from "../party.ts";
import { payloadParts } from "../wire/anatomy.ts";
import type { Revision } from "../wire/revision.ts";
import { Parts } from "./parts.tsx";

/** The session as the server has it: what everybody can see who knows its ID. */
export function SlotPanel({ attempt }: { readonly attempt: Attempt }): JSX.Element {
  const { wire } = attempt;
  const [last, before] = [wire.revisions.value.at(-1), wire.revisions.value.at(-2)];
  const gone = wire.ended.value;
  return (
    <article class={`panel panel--server${last?.writer === "attacker" && !gone ? " panel--struck" : ""}`}>
      <header class="panel__head">
        <h2>Server</h2>
        <p>{gone ? "The session is gone" : last ? "One slot, open to whoever has its ID" : "No session yet"}</p>
      </header>
      {last && !gone && (
        <>
          <Countdown expiresAt={wire.expiresAt.value} />
          <dl class="facts">
            <div>
              <dt>Rendezvous ID</dt>
              <dd>
                <code>{wire.sessionUrl?.split("/").at(-1)}</code>
              </dd>
            </div>
            <div>
              <dt>Sequence token</dt>
              <dd>
                <code>{last.sequenceToken}</code>
              </dd>
            </div>
          </dl>
          <section class="slot" key={last.sequenceToken} data-writer={last.writer ?? "unknown"}>
            <h3>{provenance(last)}</h3>
            {last.data === "" ? (
              <p class="slot__empty">Empty</p>
            ) : (
              <Parts parts={payloadParts(last)} limit={64} before={comparable(last, before)} />
            )}
          </section>
        </>
      )}
      {!last && <p class="panel__idle">It will see everything that is on the wire, and understand none of it.</p>}
      {gone && <Tally attempt={attempt} />}
    </article>
  );
}

/** What is left of a session for the server to remember. */
function Tally({ attempt }: { readonly attempt: Attempt }): JSX.Element {
  const { exchanges, revisions } = attempt.wire;
  const payloads = revisions.value.filter(({ data }) => data !== "");
  const bytes = payloads.reduce((sum, { data }) => sum + (fromBase64(data)?.length ?? data.length), 0);
  return (
    <>
      <dl class="tally">
        <div>
          <dt>requests</dt>
          <dd>{exchanges.value.length}</dd>
        </div>
        <div>
          <dt>payloads</dt>
          <dd>{payloads.length}</dd>
        </div>
        <div>
          <dt>bytes in them</dt>
          <dd>{bytes}</dd>
        </div>
      </dl>
      <p class="panel__idle">That is all it ever knew. The slot, its ID and what was in it are gone.</p>
    </>
  );
}

function provenance({ writer, readers }: Revision): string {
  const from = writer === undefined ? "Written elsewhere" : `Written by ${PARTY_NAMES[writer]}`;
  const devices = readers.filter((reader) => reader !== "attacker").map((reader) => PARTY_NAMES[reader]);
  return devices.length > 0 ? `${from}, read by ${devices.join(" and ")}` : from;
}

/** What the attacker changed bit by bit is worth comparing; what it replaced is not. */
function comparable(last: Revision, before: Revision | undefined): Uint8Array | undefined {
  const [now, then] = [fromBase64(last.data), fromBase64(before?.data ?? "")];
  if (last.writer !== "attacker" || !now || !then || now.length !== then.length) return undefined;
  return now.filter((byte, index) => byte !== then[index]).length === 1 ? then : undefined;
}

/** How long the session lives, by the second. */
function Countdown({ expiresAt }: { readonly expiresAt: number | undefined }): JSX.Element | null {
  const now = useSignal(Date.now());
  const total = useSignal(0);
  useSignalEffect(() => {
    const timer = setInterval(() => (now.value = Date.now()), 250);
    return () => clearInterval(timer);
  });
  if (expiresAt === undefined) return null;
  const left = Math.max(0, expiresAt - now.value);
  total.value = Math.max(total.peek(), left);
  const seconds = Math.ceil(left / 1000);
  const text = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  return (
    <div class={`countdown${left < 30_000 ? " countdown--soon" : ""}`}>
      <span class="countdown__bar" aria-hidden="true">
        <span style={{ inlineSize: `${(100 * left) / (total.peek() || 1)}%` }} />
      </span>
      <span role="timer" aria-label="Time left">
        {text} left
      </span>
    </div>
  );
}
