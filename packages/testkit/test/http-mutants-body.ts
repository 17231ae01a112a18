import { asking, bodies, fields, instead, parsed } from "./http-faults.ts";
import { data, error, type Mutants } from "./http-mutant.ts";

export const bodyMutants: Mutants = {
  "payloads are normalised": {
    fault: data((text) => text.normalize("NFC")),
    caughtBy: [
      "write: tells payloads apart that only look the same",
      "payloads: whatever is written is what is read, byte for byte",
    ],
  },
  "a byte order mark is lost": {
    fault: fields("data", (before) => ({ ...before, data: String(before["data"]).replace(/^\ufeff/, "") })),
    caughtBy: ["json: JSON is read, in whatever legal way it is written"],
  },
  "a payload ends at its first NUL": {
    fault: data((text) => text.split("\u0000")[0] ?? ""),
    caughtBy: [
      "json: JSON is read, in whatever legal way it is written",
      "sizes: 4,096 NULs are created and written",
      "payloads: whatever is created is what is read, byte for byte",
    ],
  },
  "line breaks are made alike": {
    fault: data((text) => text.replaceAll("\r\n", "\n")),
    caughtBy: ["payloads: whatever is written is what is read, byte for byte"],
  },
  "invalid UTF-8 is repaired": {
    fault: bodies((text) => text),
    caughtBy: ["json: what is no UTF-8 is answered 400", "json: what is no UTF-8 is answered 400 M_NOT_JSON"],
  },
  "lone surrogates are repaired": {
    fault: data((text) => text.toWellFormed()),
    caughtBy: ["json: a lone surrogate is answered 400"],
  },
  "a payload's characters are counted, not its bytes": {
    fault: data((text) => (text.length <= 4096 && new TextEncoder().encode(text).length > 4096 ? "cut" : text)),
    caughtBy: ["sizes: 2,048 characters of two bytes, and one are refused with 413 M_TOO_LARGE, and change nothing"],
  },
  "a body's bytes are counted, not its payload's": {
    fault: instead((request) =>
      Number(request.headers.get("content-length") ?? 0) > 8192 ? error(413, "M_TOO_LARGE") : undefined,
    ),
    caughtBy: ["sizes: 4,096 control characters, in a body of 24 KiB are created and written"],
  },
  "__proto__ is looked into": {
    fault: bodies((text) => {
      const body = parsed(text);
      const inherited = Object(Object.getOwnPropertyDescriptor(body, "__proto__")?.value);
      return "data" in inherited ? JSON.stringify({ ...body, data: inherited.data }) : text;
    }),
    caughtBy: ["json: an object without data is answered 400"],
  },
  "numbers are taken for strings": {
    fault: bodies((text) => text.replace(/"data":(\d+)/, '"data":"$1"')),
    caughtBy: ["json: data that is no string is answered 400"],
  },
  "deep JSON is a breakdown": {
    fault: asking(async (request) => {
      if ((await request.clone().text()).includes("[".repeat(5000))) throw new Error("too deep");
      return request;
    }),
    caughtBy: ["json: JSON that is no object is answered 400", "json: data that is no string is answered 400"],
  },
  "only one Content-Type is read": {
    fault: instead((request) =>
      request.method === "POST" && request.headers.get("content-type") !== "application/json"
        ? error(400, "M_NOT_JSON")
        : undefined,
    ),
    caughtBy: [
      "create: reads JSON that is sent without a Content-Type",
      "create: reads JSON that is sent as application/json; charset=utf-8",
    ],
  },
  "a body is read to its end before it is found too large": {
    fault: asking(async (request) => {
      await request.clone().arrayBuffer();
      return request;
    }),
    target: { waitMs: 500 },
    caughtBy: ["uploads: a declared length of 1048576 bytes is refused before they are sent"],
  },
};
