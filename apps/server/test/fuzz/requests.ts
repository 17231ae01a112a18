/** Random requests that look like those of clients, and go wrong somewhere: in the path, the headers, the body or the framing. */
import fc from "fast-check";

/** How the body is framed. All but the first two are wrong in some way. */
export type Framing = "length" | "chunked" | (typeof WRONG_FRAMINGS)[number];

/**
 * A request before it is sent. In texts, `{id}` and `{token}` stand for those of a live session of the 2025 version,
 * `{id24}` and `{etag}` for those of one of the 2024 version; `session` says of which. One character is one byte.
 */
export interface FuzzRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string;
  readonly framing: Framing;
  readonly session: number;
}

const UNSTABLE = "/_matrix/client/unstable/io.element.msc4388/rendezvous";
const STABLE = "/_matrix/client/v1/rendezvous";
const CREATE_2024 = "/_matrix/client/unstable/org.matrix.msc4108/rendezvous";
const SESSION_2024 = "/_synapse/client/rendezvous";

/** Every path that has CORS and Matrix errors begins with one of these. */
export const PREFIXES: readonly string[] = [UNSTABLE, STABLE, CREATE_2024, SESSION_2024];

const WRONG_FRAMINGS = [
  "length and chunked",
  "two lengths",
  "negative length",
  "length too long",
  "gzip coding",
  "bad chunk size",
  "chunk too long",
  "bare line feeds",
  "folded header",
  "NUL in a header",
  "no host",
  "two hosts",
  "HTTP/1.0",
  "HTTP/2 preface",
  "garbage",
] as const;

const often = <T>(weight: number, arbitrary: fc.Arbitrary<T>): fc.WeightedArbitrary<T> => ({ arbitrary, weight });
const bytes = (maxLength: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.integer({ min: 0, max: 255 }).map((byte) => String.fromCharCode(byte)), maxLength });
const visible = (maxLength: number): fc.Arbitrary<string> => fc.string({ unit: "grapheme-ascii", maxLength });
const token = fc.stringMatching(/^[A-Za-z0-9._~-]{1,40}$/);
/** What comes in UTF-8, one character a byte. */
const latin = (text: string): string => Buffer.from(text, "utf8").toString("latin1");

const id = fc.oneof(
  often(8, fc.constantFrom("{id}", "{id24}")),
  often(1, token),
  often(1, visible(300).map(encodeURIComponent)),
  often(
    1,
    fc.constantFrom(
      "%00",
      "%",
      "%zz",
      "%ff",
      "%c0%80",
      "..",
      "%2e%2e",
      "%2F",
      "{id}%00",
      "{id};a",
      "~",
      "A".repeat(5000),
    ),
  ),
);
const path = fc.oneof(
  often(
    6,
    fc
      .tuple(fc.constantFrom(UNSTABLE, STABLE), fc.constantFrom("", "", "/", "/{id}", "/{id}", "/{id}", "/{id}/"))
      .map(join),
  ),
  often(3, fc.constantFrom(CREATE_2024, `${SESSION_2024}/{id24}`, `${SESSION_2024}/{id24}`)),
  often(3, fc.tuple(fc.constantFrom(...PREFIXES), fc.constant("/"), id).map(join)),
  often(2, fc.tuple(fc.constantFrom(UNSTABLE, STABLE), fc.constant("/{id}/"), id).map(join)),
  often(1, fc.tuple(fc.constantFrom(...PREFIXES), visible(60).map(encodeURI)).map(join)),
  often(
    1,
    fc.constantFrom("/", "*", "//", "/health", "/_matrix/client/versions", "http://other.example/", "/%", "/\\..", ""),
  ),
);

/** A read that would be held has a timeout of its own, short enough not to be taken for a hang. */
const query = fc.oneof(
  often(5, fc.constant("")),
  often(
    2,
    fc.integer({ min: 0, max: 60 }).map((ms) => `?since={token}&timeout=${ms}`),
  ),
  often(
    1,
    fc
      .tuple(fc.constant("?since="), token, fc.constantFrom("&timeout=30000", "&timeout=-1", "&timeout=1e9", ""))
      .map(join),
  ),
  often(
    1,
    fc.constantFrom(
      "?since={token}&timeout=x",
      "?since={token}",
      "?timeout=99999",
      "?since=%ff&since={token}",
      "?",
      "?&&=",
      "?%",
    ),
  ),
  often(
    1,
    visible(80).map((text) => `?${encodeURIComponent(text)}`),
  ),
);

const header = fc.oneof(
  often(
    4,
    fc.tuple(
      fc.constant("Content-Type"),
      fc.constantFrom("text/plain", "application/json", "text/plain;x", "", "a".repeat(300)),
    ),
  ),
  often(
    3,
    fc.tuple(
      fc.constantFrom("If-Match", "If-None-Match"),
      fc.constantFrom("{etag}", '"{etag}"', 'W/"{etag}"', "*", '""', '"a", "{etag}-gzip"', ",,,"),
    ),
  ),
  often(
    1,
    fc.tuple(
      fc.constantFrom("Sec-Fetch-Dest", "Sec-Fetch-Mode", "Sec-Fetch-Site", "Sec-Fetch-User"),
      fc.constantFrom("empty", "document", "navigate", "none", "?1"),
    ),
  ),
  often(
    1,
    fc.tuple(
      fc.constant("Authorization"),
      fc.oneof(
        visible(50),
        visible(30).map((word) => `Bearer ${word}`),
      ),
    ),
  ),
  often(
    1,
    fc.tuple(
      fc.constantFrom("X-Forwarded-For", "Forwarded", "Origin", "Cookie", "Range", "Accept", "X-A"),
      fc.oneof(visible(50), fc.constantFrom("", 'for="[::1', "bytes=0-", "x".repeat(9000))),
    ),
  ),
  often(
    1,
    fc.constantFrom<[string, string]>(
      ["Expect", "100-continue"],
      ["Content-Encoding", "gzip"],
      ["Upgrade", "websocket"],
      ["Connection", "upgrade"],
      ["Connection", "close"],
      ["X-Latin", "\u00e9\u00ff"],
    ),
  ),
);

const data = fc.oneof(
  often(5, fc.string({ unit: "binary", maxLength: 60 })),
  often(
    1,
    fc.constantFrom(
      "",
      "\u0000",
      "x".repeat(4096),
      "x".repeat(4097),
      "\u0001".repeat(4096),
      "é".repeat(2049),
      "\ud800",
    ),
  ),
);
const member = fc.oneof(often(3, data), often(1, fc.jsonValue({ maxDepth: 2 })));
const create = fc.record({ data }).map(written);
const write = fc
  .record({ sequence_token: fc.oneof(often(6, fc.constant("{token}")), often(1, token)), data })
  .map(written);
const json = fc.oneof(
  often(4, create),
  often(5, write),
  often(2, fc.record({ sequence_token: member, data: member, __proto__: member }, { requiredKeys: [] }).map(written)),
  often(1, fc.json()),
);
const body = fc.oneof(
  often(6, json),
  // A JSON text that is cut, or has a byte of something else in it.
  often(
    1,
    fc.tuple(json, fc.nat(200), bytes(2)).map(([text, at, other]) => text.slice(0, at) + other + text.slice(at + 1)),
  ),
  often(
    1,
    fc.tuple(json, fc.nat(200)).map(([text, at]) => text.slice(0, at)),
  ),
  often(2, bytes(80)),
  often(
    1,
    fc.constantFrom(
      "",
      "[".repeat(20_000),
      "\u00ef\u00bb\u00bf{}",
      '{"data":"\u00ff"}',
      '{"data":1e999}',
      "x".repeat(33_000),
    ),
  ),
);

const text: [string, string] = ["Content-Type", "text/plain"];
const framing: fc.Arbitrary<Framing> = fc.oneof(
  often(12, fc.constant("length" as const)),
  often(2, fc.constant("chunked" as const)),
  often(1, fc.constantFrom(...WRONG_FRAMINGS)),
);
const headers = fc.oneof(
  often(20, fc.array(header, { maxLength: 4 })),
  often(
    1,
    header.map((one) => Array.from({ length: 60 }, () => one)),
  ),
);
const session = fc.nat(1_000_000);

/** Nothing fits anything else. */
const unrelated: fc.Arbitrary<FuzzRequest> = fc.record({
  method: fc.oneof(
    often(12, fc.constantFrom("GET", "POST", "PUT", "DELETE", "OPTIONS")),
    often(1, fc.constantFrom("HEAD", "PATCH", "TRACE", "CONNECT", "PROPFIND", "get", "X", "G T", "")),
  ),
  target: fc.tuple(path, query).map(join),
  headers,
  body,
  framing,
  session,
});

/** What clients send: method, path, headers and kind of body. Few cancel, so that there are sessions to aim at. */
const OPERATIONS: readonly (readonly [number, string, string, [string, string][], fc.Arbitrary<string>])[] = [
  [4, "POST", UNSTABLE, [], create],
  [2, "POST", STABLE, [], create],
  [4, "GET", `${UNSTABLE}/{id}`, [], fc.constant("")],
  [2, "GET", `${UNSTABLE}/{id}?since={token}&timeout=20`, [], fc.constant("")],
  [4, "PUT", `${UNSTABLE}/{id}`, [], write],
  [2, "PUT", `${STABLE}/{id}/transaction`, [], write],
  [1, "DELETE", `${UNSTABLE}/{id}`, [], fc.constant("")],
  [4, "POST", CREATE_2024, [text], bytes(80)],
  [4, "GET", `${SESSION_2024}/{id24}`, [["If-None-Match", '"{etag}"']], fc.constant("")],
  [4, "PUT", `${SESSION_2024}/{id24}`, [text, ["If-Match", '"{etag}"']], bytes(80)],
  [1, "DELETE", `${SESSION_2024}/{id24}`, [], fc.constant("")],
];
const operation: fc.Arbitrary<FuzzRequest> = fc.oneof(
  ...OPERATIONS.map(([weight, method, target, own, kind]) => {
    const fields = { method: fc.constant(method), target: fc.constant(target), headers: fc.constant(own), framing };
    return often(weight, fc.record({ ...fields, body: kind, session }));
  }),
);

const FIELDS = ["method", "target", "headers", "body", "session"] as const;

/** A request of a client's with one thing replaced by another's, one of a client's as it is, or pure chance. */
export const fuzzRequest: fc.Arbitrary<FuzzRequest> = fc.oneof(
  often(2, operation),
  often(
    3,
    fc
      .tuple(operation, unrelated, fc.constantFrom(...FIELDS))
      .map(([is, other, field]) => ({ ...is, [field]: other[field] })),
  ),
  often(2, unrelated),
);

function join(parts: readonly string[]): string {
  return parts.join("");
}

function written(value: unknown): string {
  return latin(JSON.stringify(value) ?? "");
}
