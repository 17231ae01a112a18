/** What was answered, by field: `status`, `header etag`, `body data`. Values that are chance are named instead. */
export type Observation = Readonly<Record<string, string>>;

/** A request without its server; `path` starts with a slash. */
export interface Question {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: BodyInit | undefined;
}

/** What clients read, or browsers on their behalf. */
const HEADERS = [
  ...[
    "Content-Type",
    "ETag",
    "Expires",
    "Last-Modified",
    "Cache-Control",
    "Pragma",
    "Location",
    "Retry-After",
    "Allow",
  ],
  ...["Access-Control-Allow-Origin", "Access-Control-Allow-Methods", "Access-Control-Allow-Headers"],
  "Access-Control-Expose-Headers",
];

/**
 * Asks one server, and tells answers in words that mean the same for any server: the first sequence token or ETag of a
 * session is `token 1`, the next one that differs `token 2`, and so on.
 */
export class Observer {
  readonly #server: string;
  #tokens = new Map<string, string>();
  readonly observations = new Map<string, Observation>();

  constructor(server: string) {
    this.#server = server;
  }

  /** What follows is about another session. */
  anotherSession(): void {
    this.#tokens = new Map();
  }

  /** @param step what is asked, unique among the steps of a scenario */
  async ask(step: string, { method, path, headers = {}, body }: Question): Promise<Response> {
    const url = this.#server + path;
    const answer = await fetch(url, { method, headers, body: body ?? null, redirect: "manual", ...HALF });
    const text = await answer.clone().text();
    const { errcode, ...fields } = this.#body(text);
    const status = errcode === undefined ? String(answer.status) : `${answer.status} ${errcode}`;
    const seen = { status, ...this.#headers(answer.headers), ...fields };
    if (this.observations.has(step)) throw new Error(`there are two steps "${step}"`);
    this.observations.set(step, seen);
    return answer;
  }

  #headers(headers: Headers): Observation {
    const named = HEADERS.map((name) => [`header ${name.toLowerCase()}`, this.#word(name, headers.get(name))] as const);
    return Object.fromEntries(named.filter(([, value]) => value !== "absent"));
  }

  #word(name: string, value: string | null): string {
    if (value === null) return "absent";
    if (name === "ETag")
      return value.replace(/^(W\/)?"([^"]*)"$/, (_, weak = "", tag) => `${weak}"${this.#token(tag)}"`);
    if (name === "Expires" || name === "Last-Modified") return Number.isNaN(Date.parse(value)) ? value : "a date";
    if (name === "Content-Type" || name === "Cache-Control") return value;
    return value.split(", ").toSorted().join(", ");
  }

  #body(text: string): { readonly errcode?: string } & Observation {
    let fields: unknown;
    try {
      fields = JSON.parse(text);
    } catch {
      return text === "" ? {} : { body: text };
    }
    if (typeof fields !== "object" || fields === null) return { body: text };
    const { errcode, ...others } = fields as Record<string, unknown>;
    const named = Object.entries(others).map(([name, value]) => [`body ${name}`, this.#field(name, value)]);
    return Object.fromEntries(errcode === undefined ? named : [...named, ["errcode", String(errcode)]]);
  }

  #field(name: string, value: unknown): string {
    if (name === "sequence_token") return this.#token(String(value));
    // Words are for people, and differ; what the others hold is chance.
    if (["error", "id", "expires_in_ms", "retry_after_ms"].includes(name)) return `a ${typeof value}`;
    return name === "url" ? "a URL" : JSON.stringify(value);
  }

  #token(token: string): string {
    const name = this.#tokens.get(token) ?? `token ${this.#tokens.size + 1}`;
    this.#tokens.set(token, name);
    return name;
  }
}

/** What `fetch` needs to send a stream; the types of the Web platform do not know it. */
const HALF = { duplex: "half" };
