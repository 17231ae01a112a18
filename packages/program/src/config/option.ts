import type * as v from "valibot";

/** One thing that can be configured. */
export interface Option<T> {
  /** What a value may be, and what becomes of it. */
  readonly schema: v.GenericSchema<unknown, T>;
  /** What the schema lets pass, to complete the sentence "give …". */
  readonly allowed: string;
  /** The value where none is given, as one would write it; `undefined` where there is none. */
  readonly initial: string | number | boolean | undefined;
  /** What counts where none is given and `initial` does not say it, for the documentation. */
  readonly otherwise?: string;
  /** What it is for, in a sentence without its full stop. */
  readonly purpose: string;
  /** The value can hold a password: it is not repeated in a message. */
  readonly secret?: boolean;
  /** What goes wrong when it is set badly. */
  readonly pitfall: string;
  /** Why it cannot be set beside the other values, each right for itself; `undefined` where it can. */
  readonly clash?: (config: Readonly<Record<string, unknown>>) => string | undefined;
  /** Stands for the value in the help text; a switch has none. */
  readonly placeholder?: string;
}

/** An option for each thing that a configuration `C` holds, by its name: the flag without its dashes. */
export type OptionsOf<C> = { readonly [Name in keyof C]: Option<C[Name]> };

/** The options of a program, whichever they are. */
export type OptionTable = Readonly<Record<string, Option<unknown>>>;
