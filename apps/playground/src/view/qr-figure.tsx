import type { JSX } from "preact";
import { draw, type Modules } from "../qr/picture.ts";
import { qrParts } from "../wire/anatomy.ts";
import { Parts } from "./parts.tsx";

interface QrCodeProps {
  readonly modules: Modules;
  readonly label: string;
}

export function QrCode({ modules, label }: QrCodeProps): JSX.Element {
  return (
    <svg class="qr__code" viewBox={`0 0 ${modules.length} ${modules.length}`} role="img" aria-label={label}>
      <path class="qr__paper" d={`M0 0h${modules.length}v${modules.length}H0z`} />
      <path class="qr__ink" d={modules.map(rowPath).join("")} />
    </svg>
  );
}

/** The QR code of a sign-in, and what it says. */
export function QrFigure({ code }: { readonly code: Uint8Array }): JSX.Element {
  const label = `QR code of ${code.length} bytes. What it says is listed below.`;
  return (
    <figure class="qr">
      <QrCode modules={draw(code)} label={label} />
      <figcaption>
        <details>
          <summary class="qr__summary">What the code says, {code.length} bytes</summary>
          <Parts parts={qrParts(code)} />
        </details>
      </figcaption>
    </figure>
  );
}

/** The black modules of a row, as runs. */
function rowPath(row: readonly boolean[], y: number): string {
  return [
    ...row
      .map((black) => (black ? "#" : " "))
      .join("")
      .matchAll(/#+/g),
  ]
    .map(({ 0: run, index }) => `M${index} ${y}h${run.length}v1h${-run.length}z`)
    .join("");
}
