import type { Intent } from "@matrix-rendezvous/client";
import type { JSX } from "preact";
import { PARTY_NAMES } from "../party.ts";
import { draw } from "../qr/picture.ts";
import { QrCode } from "./qr-figure.tsx";

/** How to get the other device: a window, or a phone. */
export function Elsewhere({ other }: { readonly other: Intent }): JSX.Element {
  const address = new URL(`?device=${other}`, location.href).href;
  const local = ["localhost", "127.0.0.1", "[::1]"].includes(location.hostname);
  return (
    <div class="elsewhere">
      <a href={address} target="_blank" rel="noreferrer">
        Open {PARTY_NAMES[other]} in another window
      </a>
      <details>
        <summary>Open it on a phone</summary>
        {local ? (
          <p>
            A phone cannot reach <code>{location.host}</code>. Start the server with <code>--host 0.0.0.0</code>, put
            https in front of it, and open the page at that address on both devices.
          </p>
        ) : (
          <>
            <QrCode
              modules={draw(new TextEncoder().encode(address))}
              label={`QR code of this page’s address, ${address}`}
            />
            <p>This code is the page’s address: any camera app opens it.</p>
          </>
        )}
      </details>
    </div>
  );
}
