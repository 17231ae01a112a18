import { httpUrlProblem } from "../lib/base-url.ts";

/** What is wrong with a message; names the field, never its value. */
export class FieldError extends Error {}

const MAX_URL_LENGTH = 2048;
const MAX_TEXT_LENGTH = 255;
const MAX_LIST_LENGTH = 16;

/** Reads the fields of a JSON object that anybody may have written. Every method throws a {@link FieldError}. */
export class Fields {
  readonly #members: Readonly<Record<string, unknown>>;
  readonly #path: string;

  constructor(value: unknown, path = "") {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw new FieldError(`${path === "" ? "the message" : path} is not an object`);
    }
    this.#members = value as Readonly<Record<string, unknown>>;
    this.#path = path;
  }

  has(name: string): boolean {
    // null stands for an absent field in what many serialisers write.
    return this.#get(name) !== undefined && this.#get(name) !== null;
  }

  /** 1 to 255 characters. */
  text(name: string): string {
    return this.#checkedText(name, this.#get(name), MAX_TEXT_LENGTH);
  }

  /** At most 16 texts. */
  texts(name: string): string[] {
    const value = this.#get(name);
    if (!Array.isArray(value) || value.length > MAX_LIST_LENGTH) {
      throw this.#error(name, `is not a list of at most ${MAX_LIST_LENGTH}`);
    }
    return value.map((item) => this.#checkedText(name, item, MAX_TEXT_LENGTH));
  }

  /** An absolute http or https URL of at most 2,048 characters. */
  url(name: string): string {
    const url = this.#checkedText(name, this.#get(name), MAX_URL_LENGTH);
    const problem = httpUrlProblem(url);
    if (problem !== undefined) throw this.#error(name, problem);
    return url;
  }

  object(name: string): Fields {
    return new Fields(this.#get(name), this.#where(name));
  }

  #get(name: string): unknown {
    return Object.hasOwn(this.#members, name) ? this.#members[name] : undefined;
  }

  #checkedText(name: string, value: unknown, maxLength: number): string {
    if (typeof value !== "string") throw this.#error(name, "is not a string");
    if (value.length < 1 || value.length > maxLength) throw this.#error(name, `is not 1 to ${maxLength} characters`);
    if (!value.isWellFormed()) throw this.#error(name, "has a lone surrogate");
    return value;
  }

  #error(name: string, problem: string): FieldError {
    return new FieldError(`${this.#where(name)} ${problem}`);
  }

  #where(name: string): string {
    return this.#path === "" ? name : `${this.#path}.${name}`;
  }
}
