import type { JSX } from "preact";
import type { Attempt } from "../attempt.ts";
import { type Part, payloadParts } from "../wire/anatomy.ts";
import type { Answer, Exchange, HeaderList } from "../wire/exchange.ts";
import type { Revision } from "../wire/revision.ts";
import { Icon } from "./icon.tsx";
import { Parts } from "./parts.tsx";

/** Every request of this page. */
export function WireLog({ attempt }: { readonly attempt: Attempt }): JSX.Element {
  const { exchanges, revisions } = attempt.wire;
  return (
    <section class="wire" aria-labelledby="wire-title">
      <header class="wire__head">
        <h2 id="wire-title">On the wire</h2>
        <p>
          Every request of this page, with the headers that a page can see: the browser adds some of its own. Open one
          for its bytes, and for what they say to those who hold the key.
        </p>
      </header>
      {exchanges.value.length === 0 && <p class="wire__none">Nothing yet.</p>}
      <ol class="wire__list">
        {exchanges.value.map((exchange) => (
          <ExchangeItem
            key={exchange.number}
            exchange={exchange}
            revision={revisions.value.find(({ sequenceToken }) => sequenceToken === exchange.revision)}
          />
        ))}
      </ol>
    </section>
  );
}

interface ExchangeItemProps {
  readonly exchange: Exchange;
  readonly revision: Revision | undefined;
}

function ExchangeItem({ exchange, revision }: ExchangeItemProps): JSX.Element {
  const { number, sender, method, path, times, answer, failure } = exchange;
  const size = revision ? payloadParts(revision).reduce((sum, { bytes }) => sum + bytes.length, 0) : 0;
  return (
    <li class={`exchange exchange--${sender}`}>
      <details>
        <summary class="exchange__summary">
          <span class="exchange__number">{number}</span>
          <span class="exchange__sender">{sender}</span>
          <code class="exchange__request">
            <b>{method}</b> {shortened(path)}
          </code>
          <span class="exchange__facts">
            {times > 1 && <span>{times} times</span>}
            {size > 0 && <span>{size} bytes</span>}
            <span class={`status${answer && answer.status >= 400 ? " status--bad" : ""}`}>
              {outcome(answer, failure)}
            </span>
          </span>
        </summary>
        <Body exchange={exchange} revision={revision} />
      </details>
    </li>
  );
}

function Body({ exchange, revision }: ExchangeItemProps): JSX.Element {
  const { method, path, headers, body, answer } = exchange;
  const parts: Part[] = revision ? payloadParts(revision) : [];
  return (
    <div class="exchange__body">
      {parts.length > 0 && (
        <div class="exchange__payload">
          <div>
            <h3>The payload’s bytes</h3>
            <Parts parts={parts} />
          </div>
          <div>
            <h3>To those who hold the key</h3>
            <Plaintext revision={revision} />
          </div>
        </div>
      )}
      <div class="exchange__sides">
        <div>
          <h3>Request</h3>
          <pre>
            {method} {path}
          </pre>
          <Headers list={headers} />
          {body !== "" && <pre>{body}</pre>}
        </div>
        {answer && (
          <div>
            <h3>
              Answer, {answer.status}, after {Math.round(answer.afterMs)} ms
            </h3>
            <Headers list={answer.headers} />
            {answer.body !== "" && <pre>{answer.body}</pre>}
          </div>
        )}
      </div>
    </div>
  );
}

function Plaintext({ revision }: { readonly revision: Revision | undefined }): JSX.Element {
  if (revision?.plaintext !== undefined) return <pre>{indented(revision.plaintext)}</pre>;
  const attacked = revision?.writer === "attacker";
  return (
    <p class="exchange__unknown">
      <Icon name="shield" />
      {attacked ? "Sealed by nobody: no key opens it." : "Not opened on this page yet."}
    </p>
  );
}

function Headers({ list }: { readonly list: HeaderList }): JSX.Element {
  if (list.length === 0) return <p class="exchange__unknown">No header of its own.</p>;
  return (
    <dl class="headers">
      {list.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function outcome(answer: Answer | undefined, failure: string | undefined): string {
  if (failure !== undefined) return failure;
  return answer === undefined ? "waits" : `${answer.status}`;
}

/** Without what is the same for every request. */
function shortened(path: string): string {
  return path.replace(/^.*\/rendezvous/, "…/rendezvous");
}

function indented(text: string): string {
  return text.startsWith("{") ? JSON.stringify(JSON.parse(text), null, 2) : text;
}
