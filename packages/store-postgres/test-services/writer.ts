/** Writes to a session until it is killed. */
import process from "node:process";
import { writeWithoutEnd } from "../../store-deno-kv/test/killed-writer.ts";
import { openPostgresStore } from "../src/index.ts";

const [url = "", schema, id = ""] = process.argv.slice(2);
await writeWithoutEnd(await openPostgresStore(url, { schema }), id);
