import type { Intent } from "@matrix-rendezvous/client";
import type { JSX } from "preact";

/** A laptop that nobody has signed in to, or a phone that somebody has. */
export function DevicePicture({ intent }: { readonly intent: Intent }): JSX.Element {
  return (
    <svg class="device-picture" viewBox="0 0 140 100" aria-hidden="true">
      {intent === "new" ? (
        <>
          <path d="M30 14a5 5 0 0 1 5-5h70a5 5 0 0 1 5 5v58H30zM14 80h112l-5 9a4 4 0 0 1-3 2H22a4 4 0 0 1-3-2z" />
          <path class="device-picture__faint" d="M70 25a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM52 62a18 12 0 0 1 36 0" />
        </>
      ) : (
        <>
          <path d="M49 12a7 7 0 0 1 7-7h28a7 7 0 0 1 7 7v76a7 7 0 0 1-7 7H56a7 7 0 0 1-7-7zM65 11h10" />
          <path class="device-picture__full" d="M70 26a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM57 54a13 9 0 0 1 26 0z" />
          <path d="M62 74a5 5 0 1 0 0-.1M67 74h14M77 74v5M81 74v4" />
        </>
      )}
    </svg>
  );
}
