import type { JSX } from "preact";

const PATHS = {
  arrow: "M5 12h14M13 6l6 6-6 6",
  back: "M19 12H5M11 6l-6 6 6 6",
  bit: "M4 8h5v8H4zM15 8h5v8h-5zM11 12h2",
  camera: "M4 8h3l2-3h6l2 3h3v11H4zM12 10.5a3 3 0 1 0 0 6 3 3 0 0 0 0-6z",
  check: "M5 12.5l4.5 4.5L19 7.5",
  eye: "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM12 9.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z",
  key: "M8 11a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM11 12.5L20 4M16 8l3 3",
  pen: "M4 20l1-4L16 5l3 3L8 19zM14 7l3 3",
  rewind: "M4 12a8 8 0 1 0 2.5-5.8M4 4v4.5h4.5",
  shield: "M12 3l7 2.5v6c0 4.5-3 7.7-7 9.5-4-1.800-7-5-7-9.500v-6zM9 12l2.200 2.200L15.500 10",
  warning: "M12 4l9.500 16h-19zM12 10v4.500M12 17v.5",
} as const;

export type IconName = keyof typeof PATHS;

/** Decoration: the words next to it say the same. */
export function Icon({ name }: { readonly name: IconName }): JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
