import type { Effect } from "../report.ts";

/** A failure that is known by name. `{words}` in braces are filled in with what was seen. */
export interface Diagnosis {
  /** How bad it is. */
  readonly effect: Effect;
  /** What it means, to an administrator. */
  readonly says: string;
  /** What to change, with the setting's name. */
  readonly change: string;
}
