/** Writes to a session until it is killed. */
import process from "node:process";
import { openDenoKvStore } from "../src/index.ts";
import { writeWithoutEnd } from "./killed-writer.ts";

const [path, id = ""] = process.argv.slice(2);
await writeWithoutEnd(await openDenoKvStore(path), id);
