import assert from "node:assert/strict";
import { failed } from "../answer.ts";
import type { Check, Level } from "../check.ts";
import { sessionOf } from "../client.ts";
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

const calledWith = (errcode: string): readonly Case[] => NOT_A_REQUEST.filter((wrong) => wrong.errcode === errcode);

const NOT_OBJECTS = calledWith("M_BAD_JSON");
const WITHOUT_DATA = calledWith("M_MISSING_PARAM");
const WRONG_DATA = calledWith("M_INVALID_PARAM");

export const jsonChecks: readonly Check[] = [
  refusal("not-json", "what is no JSON", "must", NOT_JSON, BAD_REQUEST),
  refusal("not-object", "JSON that is no object", "must", NOT_OBJECTS, BAD_REQUEST),
  refusal("without-data", "an object without data", "must", WITHOUT_DATA, BAD_REQUEST),
  refusal("wrong-data", "data that is no string", "must", WRONG_DATA, BAD_REQUEST),
  // RFC 8259 section 9: a parser may accept more than JSON.
  refusal("extended-json", "what is nearly JSON", "should", EXTENDED_JSON, BAD_REQUEST),
  refusal("not-utf-8", "what is no UTF-8", "should", NOT_UTF8, BAD_REQUEST),
  refusal("lone-surrogates", "a lone surrogate", "should", LONE_SURROGATES, BAD_REQUEST),
  refusal("not-json-errcode", "what is no JSON", "should", [...NOT_JSON, ...EXTENDED_JSON], ["M_NOT_JSON"]),
  refusal("not-utf-8-errcode", "what is no UTF-8", "should", NOT_UTF8, ["M_NOT_JSON"]),
  refusal("not-object-errcode", "JSON that is no object", "own", NOT_OBJECTS, ["M_BAD_JSON"]),
  refusal("without-data-errcode", "an object without data", "own", WITHOUT_DATA, ["M_MISSING_PARAM"]),
  refusal("wrong-data-errcode", "data that is no string", "own", WRONG_DATA, ["M_INVALID_PARAM"]),
  {
    id: "legal",
    name: "JSON is read, in whatever legal way it is written",
    section: MATRIX.standards,
    level: "must",
    async run(client) {
      for (const { name, body, data } of LEGAL) {
        await inCase(name, async () => {
          const session = sessionOf(await client.post(body));
          await client.holds(session, data, session.token);
        });
      }
    },
  },
  {
    id: "large-number",
    name: "a large number beside the data is of no interest",
    section: "RFC 8259 section 6: what is too large is for the parser to say",
    level: "own",
    async run(client) {
      const session = sessionOf(await client.post('{"more":1e999,"data":"x"}'));
      await client.holds(session, "x", session.token);
    },
  },
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

/** Bodies that are wrong in themselves, held against creation and against a write, which must change nothing. */
function refusal(id: string, what: string, level: Level, cases: readonly Case[], errcodes: readonly string[]): Check {
  const [errcode, ...others] = errcodes;
  const called = others.length > 0 ? "" : ` ${errcode}`;
  return {
    id,
    name: `${what} is answered 400${called}`,
    section,
    level,
    async run(client) {
      const session = await client.create("first");
      for (const { name, body } of cases) {
        await inCase(name, async () => {
          failed(await client.post(body), 400, ...errcodes);
          failed(await client.put(session, withToken(body, session.token)), 400, ...errcodes);
        });
      }
      await client.holds(session, "first", session.token);
    },
  };
}

async function inCase(name: string, run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    throw new Error(`${name}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
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
