import assert from "node:assert/strict";
import { type Answer, failed } from "../answer.ts";
import type { Check, Level } from "../check.ts";
import { type Client, sessionOf } from "../client.ts";
import { MATRIX } from "../sections.ts";
import {
  type Case,
  DEEP,
  EXTENDED_JSON,
  LEGAL,
  LONE_SURROGATES,
  NOT_A_REQUEST,
  NOT_JSON,
  NOT_UTF8,
} from "./json-cases.ts";

const section = MATRIX.errorCodes;

const BAD_REQUEST = ["M_NOT_JSON", "M_BAD_JSON", "M_MISSING_PARAM", "M_INVALID_PARAM"];

export const jsonChecks: readonly Check[] = [
  ...[...NOT_JSON, ...NOT_A_REQUEST].map(refusal("is answered 400", "must", BAD_REQUEST)),
  // RFC 8259 section 9: a parser may accept more than JSON.
  ...[...EXTENDED_JSON, ...NOT_UTF8].map(refusal("is answered 400", "should", BAD_REQUEST)),
  calledNotJson("not-json-errcode", "what is no JSON", [...NOT_JSON, ...EXTENDED_JSON]),
  calledNotJson("not-utf-8-errcode", "what is no UTF-8", NOT_UTF8),
  ...NOT_A_REQUEST.map(({ errcode, ...wrong }) => ({
    ...refusal(`is answered 400 ${errcode}`, "own", [errcode])(wrong),
    id: `${wrong.id}-errcode`,
  })),
  ...Object.entries(LONE_SURROGATES).map(([id, text]) =>
    refusal(
      "is answered 400",
      "should",
      BAD_REQUEST,
    )({
      id,
      name: `the lone surrogate in "${text}"`,
      body: `{"data":"${text}"}`,
    }),
  ),
  ...LEGAL.map(
    ({ id, name, body, data, level = "must" }): Check => ({
      id: `legal-${id}`,
      name: `${name}, which is legal, is read`,
      section: MATRIX.standards,
      level,
      async run(client) {
        const session = sessionOf(await client.post(body));
        await client.holds(session, data, session.token);
      },
    }),
  ),
  {
    id: "write-without-token",
    name: "a write without its token is answered 400, and changes nothing",
    section,
    level: "must",
    async run(client) {
      const session = await client.create("first");
      const wrong = [
        "{}",
        '{"data":"second"}',
        ...["1", "null", "[]", "{}"].map((token) => bodyWith(token, '"second"')),
      ];
      for (const body of wrong) failed(await client.put(session, body), 400);
      await client.holds(session, "first", session.token);
    },
  },
  {
    id: "write-without-data",
    name: "a write without its data is answered 400, and changes nothing",
    section,
    level: "must",
    async run(client) {
      const session = await client.create("first");
      const token = JSON.stringify(session.token);
      const wrong = [`{"sequence_token":${token}}`, ...["1", "null", "[]", "{}"].map((data) => bodyWith(token, data))];
      for (const body of wrong) failed(await client.put(session, body), 400);
      await client.holds(session, "first", session.token);
    },
  },
  {
    id: "lone-surrogate-token",
    name: "a write whose token has a lone surrogate is no breakdown",
    section: "RFC 8259 section 8.2",
    level: "own",
    async run(client) {
      const session = await client.create("first");
      failed(await client.put(session, bodyWith('"\\ud800"', '"second"')), [400, 409]);
      await client.holds(session, "first", session.token);
    },
  },
  {
    id: "name-twice",
    name: "of a name that comes twice one value is taken",
    section: "RFC 8259 section 4: what happens is for the parser to say",
    level: "own",
    async run(client) {
      const answer = await client.post('{"data":"one","data":"two"}');
      if (answer.status === 400) return failed(answer, 400);
      const { data } = await client.reading(sessionOf(answer));
      assert.ok(data === "one" || data === "two", data);
    },
  },
  {
    id: "byte-order-mark",
    name: "a byte order mark before the object is refused, or ignored",
    section: "RFC 8259 section 8.1",
    level: "own",
    async run(client) {
      const answer = await client.post('\ufeff{"data":"x"}');
      if (answer.status === 400) return failed(answer, 400, "M_NOT_JSON");
      assert.equal((await client.reading(sessionOf(answer))).data, "x");
    },
  },
  {
    id: "deep-member",
    name: "a member 10,000 deep, of no use to anybody, is no breakdown",
    section: "RFC 8259 section 9: a parser may limit the depth",
    level: "own",
    async run(client) {
      const answer = await client.post(`{"data":"x","more":${"[".repeat(DEEP)}${"]".repeat(DEEP)}}`);
      if (answer.status === 200) assert.equal((await client.reading(sessionOf(answer))).data, "x");
      else failed(answer, [400, 413]);
    },
  },
];

/** A body that is wrong in itself, held against creation and against a write, which must change nothing. */
function refusal(what: string, level: Level, errcodes: readonly string[]): (wrong: Case) => Check {
  return ({ id, name, body }) => ({
    id,
    name: `${name} ${what}`,
    section,
    level,
    async run(client: Client) {
      const refused = (answer: Answer): void => failed(answer, 400, ...errcodes);
      refused(await client.post(body));
      const session = await client.create("first");
      refused(await client.put(session, withToken(body, session.token)));
      await client.holds(session, "first", session.token);
    },
  });
}

/** All of these have one errcode. */
function calledNotJson(id: string, what: string, cases: readonly Case[]): Check {
  const checks = cases.map(refusal("is answered 400 M_NOT_JSON", "should", ["M_NOT_JSON"]));
  return {
    id,
    name: `${what} is called M_NOT_JSON`,
    section,
    level: "should",
    async run(client) {
      for (const { run } of checks) await run(client);
    },
  };
}

/** The same wrong body with a right token in it, so that the token is not what it fails for. */
function withToken(body: Case["body"], token: string): Case["body"] {
  if (typeof body !== "string") return body;
  const member = `"sequence_token":${JSON.stringify(token)}`;
  return body === "{}" ? `{${member}}` : body.replace(/^\{(?=")/, () => `{${member},`);
}

function bodyWith(token: string, data: string): string {
  return `{"sequence_token":${token},"data":${data}}`;
}
