import type { Reviewed } from "./compare.ts";

/** A step's name starts with the version, or with the mode where it is about what a mode refuses. */
const V2024 = /^2024: | in the 2024 version$/;
const V2025 = /^(2025|off|authenticated): /;

const SYNAPSE_METHODS = "DELETE, GET, HEAD, OPTIONS, POST, PUT";
const METHODS = "DELETE, GET, OPTIONS, POST, PUT";
const HEADERS_2024 = "Authorization, Content-Type, If-Match, If-None-Match, X-Requested-With";
const HEADERS_2025 = "Authorization, Content-Type, X-Requested-With";
const SYNAPSE_HEADERS_2025 = "Authorization, Content-Type, Date, X-Requested-With";

const CORS = "One set of CORS headers on every answer, refusals and preflights too: those that the MSCs name.";
const CACHING = "One Cache-Control on every answer of a version: that of the MSCs.";
const ALLOW = "A 405 says which methods there are (RFC 9110 section 15.5.6).";
const MANGLED = "Reverse proxies change ETags like this: refused, the sign-in fails for ever.";
const RETRY = "A stale write of exactly what the slot holds is the retry of a write whose answer was lost.";
const JSON_ERRORS = "The errcodes of the Matrix specification for this: M_NOT_JSON, M_BAD_JSON, M_MISSING_PARAM.";
const EXTENSIONS = "Extensions under names of their own; a client that does not know them ignores them.";
const LIST = "A writer has seen one state of the slot, and names that one: a write that fits several is not accepted.";

/** Every difference from Synapse in what clients can see, and why. The documentation has each reason, too. */
export const REVIEWED: readonly Reviewed[] = [
  {
    steps: V2024,
    field: "header access-control-allow-methods",
    synapse: SYNAPSE_METHODS,
    here: METHODS,
    reason: CORS,
  },
  { steps: V2024, field: "header access-control-allow-methods", synapse: "absent", here: METHODS, reason: CORS },
  {
    steps: V2024,
    field: "header access-control-allow-headers",
    synapse: "Content-Type, If-Match, If-None-Match",
    here: HEADERS_2024,
    reason: CORS,
  },
  { steps: V2024, field: "header access-control-allow-headers", synapse: "absent", here: HEADERS_2024, reason: CORS },
  {
    steps: /^2024: create with a slash at the end$/,
    field: "header access-control-allow-headers",
    synapse: SYNAPSE_HEADERS_2025,
    here: HEADERS_2024,
    reason: CORS,
  },
  { steps: V2024, field: "header access-control-expose-headers", synapse: "etag", here: "ETag", reason: CORS },
  {
    steps: V2024,
    field: "header access-control-expose-headers",
    synapse: "ETag, Server, Synapse-Trace-Id",
    here: "ETag",
    reason: CORS,
  },
  {
    steps: /^2024: create with a slash at the end$/,
    field: "header access-control-expose-headers",
    synapse: "Server, Synapse-Trace-Id",
    here: "ETag",
    reason: CORS,
  },
  {
    steps: /^2024: cancel$/,
    field: "header access-control-expose-headers",
    synapse: "absent",
    here: "ETag",
    reason: CORS,
  },
  {
    steps: V2025,
    field: "header access-control-allow-methods",
    synapse: SYNAPSE_METHODS,
    here: METHODS,
    reason: CORS,
  },
  {
    steps: V2025,
    field: "header access-control-allow-headers",
    synapse: SYNAPSE_HEADERS_2025,
    here: HEADERS_2025,
    reason: CORS,
  },
  {
    steps: V2025,
    field: "header access-control-expose-headers",
    synapse: "Server, Synapse-Trace-Id",
    here: "absent",
    reason: CORS,
  },
  {
    steps: V2024,
    field: "header cache-control",
    synapse: "no-cache, no-store, must-revalidate",
    here: "no-store, no-transform",
    reason: CACHING,
  },
  {
    steps: /^2024: (preflight|cancel$)/,
    field: "header cache-control",
    synapse: "absent",
    here: "no-store, no-transform",
    reason: CACHING,
  },
  { steps: V2024, field: "header pragma", synapse: "absent", here: "no-cache", reason: CACHING },
  {
    steps: V2025,
    field: "header cache-control",
    synapse: "no-cache, no-store, must-revalidate",
    here: "no-store",
    reason: CACHING,
  },
  {
    steps: /: preflight/,
    field: "header cache-control",
    synapse: "absent",
    here: "no-store",
    reason: CACHING,
  },
  {
    steps: /^2024: GET where sessions are created$/,
    field: "header allow",
    synapse: "absent",
    here: "OPTIONS, POST",
    reason: ALLOW,
  },
  {
    steps: /^202[45]: POST to a session$/,
    field: "header allow",
    synapse: "absent",
    here: "DELETE, GET, OPTIONS, PUT",
    reason: ALLOW,
  },
  {
    steps: /^2025: PUT where sessions are created$/,
    field: "header allow",
    synapse: "absent",
    here: "GET, OPTIONS, POST",
    reason: ALLOW,
  },
  {
    steps: /^2024: create with a charset$/,
    field: "status",
    synapse: "400 M_INVALID_PARAM",
    here: "201",
    reason: "Web pages that send text add a charset; the payload is stored as the bytes that came, whatever it says.",
  },
  {
    steps: /^2024: create without Content-Length$/,
    field: "status",
    synapse: "400 M_MISSING_PARAM",
    here: "201",
    reason: "Proxies may send a body in chunks; it is counted while it arrives.",
  },
  {
    steps: /^2024: write with If-Match (made weak|without quotes|with -gzip)$/,
    field: "status",
    synapse: "412 M_UNKNOWN",
    here: "202",
    reason: MANGLED,
  },
  {
    steps: /^2024: read with If-None-Match (without quotes|with -gzip)$/,
    field: "status",
    synapse: "200",
    here: "304",
    reason: MANGLED,
  },
  {
    steps: /^2024: write with If-Match (that is a list|\*)$/,
    field: "status",
    synapse: "202",
    here: "412 M_UNKNOWN",
    reason: LIST,
  },
  {
    steps: /^2024: write again what was written, with a stale ETag$/,
    field: "status",
    synapse: "412 M_UNKNOWN",
    here: "202",
    reason: RETRY,
  },
  {
    steps: /^2024: (write again what was written, with its ETag|read with a stale ETag)$/,
    field: "header etag",
    synapse: '"token 2"',
    here: '"token 3"',
    reason: "The ETag changes with every write: a message that says the same as the one before is a message.",
  },
  {
    steps: /^2024: read below a session$/,
    field: "status",
    synapse: "400 M_UNRECOGNIZED",
    here: "404 M_UNRECOGNIZED",
    reason: "An unknown path is 404 M_UNRECOGNIZED, as the Matrix specification has it.",
  },
  {
    steps: /^2024: read no ID$/,
    field: "status",
    synapse: "404 M_NOT_FOUND",
    here: "404 M_UNRECOGNIZED",
    reason: "An unknown path is 404 M_UNRECOGNIZED, as the Matrix specification has it.",
  },
  {
    steps: /^2025: write (that again with the token before|the same with a token that was never given)/,
    field: "status",
    synapse: "409 IO_ELEMENT_MSC4388_CONCURRENT_WRITE",
    here: "200",
    reason: RETRY,
  },
  {
    steps: /^2025: write with a transaction ID$/,
    field: "status",
    synapse: "404 M_UNRECOGNIZED",
    here: "200",
    reason: EXTENSIONS,
  },
  {
    steps: /^(2025|authenticated): discover$/,
    field: "body io.github.matrix-rendezvous.transaction_ids",
    synapse: "absent",
    here: "true",
    reason: EXTENSIONS,
  },
  {
    steps: /^(2025|authenticated): discover$/,
    field: "body io.github.matrix-rendezvous.long_poll",
    synapse: "absent",
    here: '{"max_timeout_ms":30000}',
    reason: EXTENSIONS,
  },
  {
    steps: /^2025: create with a body that is (no JSON|nothing|JSON that is no UTF-8)$/,
    field: "status",
    synapse: "400 M_INVALID_PARAM",
    here: "400 M_NOT_JSON",
    reason: JSON_ERRORS,
  },
  {
    steps: /^2025: create with a body that is (an array|a string)$/,
    field: "status",
    synapse: "400 M_INVALID_PARAM",
    here: "400 M_BAD_JSON",
    reason: JSON_ERRORS,
  },
  {
    steps: /^2025: (create with a body that is an object without data|write without (a token|data))$/,
    field: "status",
    synapse: "400 M_INVALID_PARAM",
    here: "400 M_MISSING_PARAM",
    reason: JSON_ERRORS,
  },
  {
    steps: /^2025: create with a body that is an object with data twice$/,
    field: "status",
    synapse: "400 M_INVALID_PARAM",
    here: "200",
    reason: "Where a name comes twice the last one counts, as in the JSON of every runtime and browser.",
  },
];
