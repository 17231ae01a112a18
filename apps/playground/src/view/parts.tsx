import type { JSX } from "preact";
import { toHex } from "../bytes.ts";
import type { Part } from "../wire/anatomy.ts";

interface PartsProps {
  readonly parts: readonly Part[];
  /** How many bytes of a part are shown; the rest is counted. */
  readonly limit?: number;
  /** Bytes to compare with: what differs is marked. */
  readonly before?: Uint8Array | undefined;
}

/** Bytes as they are on the wire, part by part. */
export function Parts({ parts, limit = Number.POSITIVE_INFINITY, before }: PartsProps): JSX.Element {
  let start = 0;
  return (
    <dl class="parts">
      {parts.map(({ name, role, bytes }) => {
        const offset = start;
        start += bytes.length;
        const changed = before ? bytes.findIndex((byte, index) => byte !== before[offset + index]) : -1;
        // What changed is shown, however far back it is.
        const shown = bytes.subarray(0, changed < limit ? limit : bytes.length);
        return (
          <div key={offset} class={`parts__part parts__part--${role}`}>
            <dt>
              {name}
              <span class="parts__size">
                {bytes.length} {bytes.length === 1 ? "byte" : "bytes"}
              </span>
            </dt>
            <dd>
              <code>
                <Hex bytes={shown} changed={changed} />
              </code>
              {bytes.length > shown.length && <span class="parts__rest">and {bytes.length - shown.length} more</span>}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}

function Hex({ bytes, changed }: { readonly bytes: Uint8Array; readonly changed: number }): JSX.Element {
  const digits = toHex(bytes);
  if (changed < 0) return <>{digits.join(" ")}</>;
  return (
    <>
      {digits.slice(0, changed).join(" ")} <mark>{digits[changed]}</mark> {digits.slice(changed + 1).join(" ")}
    </>
  );
}
