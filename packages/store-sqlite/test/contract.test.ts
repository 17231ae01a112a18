import { storeTests } from "@matrix-rendezvous/testkit";
import { test } from "@matrix-rendezvous/testkit/runner";
import { sqliteUnderTest } from "./sandbox.ts";

storeTests(test, sqliteUnderTest);
