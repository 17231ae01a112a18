/** `child.ts STORE-URL SIZE OPERATIONS`: fills a store, says so, and then times a round for each line it hears. */
import process from "node:process";
import { createInterface } from "node:readline";
import { openStore } from "../../../packages/program/src/stores.ts";
import { costs, empty, fill } from "./operations.ts";

const [url = "memory:", ...counts] = process.argv.slice(2);
const [size = 0, operations = 0] = counts.map(Number);
const store = await openStore(url, console.error);
const say = (what: unknown): void => console.log(JSON.stringify(what));

await fill(store, size);
say("filled");
for await (const _ of createInterface({ input: process.stdin })) say(await costs(store, size, operations));
await empty(store);
await store.close();
