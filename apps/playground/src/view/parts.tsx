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
                <Hex bytes={bytes.subarray(0, limit)} before={before?.subarray(offset)} />
              </code>
              {bytes.length > limit && <span class="parts__rest">and {bytes.length - limit} more</span>}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}

function Hex({ bytes, before }: { readonly bytes: Uint8Array; readonly before: Uint8Array | undefined }): JSX.Element {
  const digits = toHex(bytes);
  const at = before ? bytes.findIndex((byte, index) => byte !== before[index]) : -1;
  if (at < 0) return <>{digits.join(" ")}</>;
  return (
    <>
      {digits.slice(0, at).join(" ")} <mark>{digits[at]}</mark> {digits.slice(at + 1).join(" ")}
    </>
  );
}
