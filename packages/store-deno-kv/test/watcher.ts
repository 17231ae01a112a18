/** Says that it waits for a change of a session, and says when there was one. */
import process from "node:process";
import { openDenoKvStore } from "../src/index.ts";

const [path, id = "", knownToken = ""] = process.argv.slice(2);
const store = await openDenoKvStore(path);
const watching = store.watch?.(id, knownToken, AbortSignal.timeout(20_000));
console.log("waiting");
await watching;
const read = await store.read(id, 0);
console.log(read.type === "found" ? read.session.sequenceToken : read.type);
await store.close();
