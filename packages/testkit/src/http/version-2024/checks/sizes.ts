import { failed } from "../../answer.ts";
import { MSC4108 } from "../../sections.ts";
import type { Check2024 } from "../client.ts";

const section = MSC4108.payloadSize;

const LARGEST = "x".repeat(4096);

export const sizeChecks: readonly Check2024[] = [
  {
    id: "largest",
    name: "4,096 bytes are created and written",
    section,
    level: "must",
    async run(client) {
      const session = await client.create(LARGEST);
      await client.holds(session, LARGEST);
      await client.written(session, session.etag, LARGEST.replaceAll("x", "y"));
      await client.holds(session, LARGEST.replaceAll("x", "y"));
    },
  },
  {
    id: "too-large",
    name: "4,097 bytes are refused with 413 M_TOO_LARGE, and change nothing",
    section,
    level: "must",
    async run(client) {
      failed(await client.post(`${LARGEST}x`), 413, "M_TOO_LARGE");
      const session = await client.create("small");
      failed(await client.write(session, session.etag, `${LARGEST}x`), 413, "M_TOO_LARGE");
      await client.holds(session, "small");
    },
  },
];
