import { storeTests } from "@matrix-rendezvous/testkit";
import { test } from "@matrix-rendezvous/testkit/runner";
import { postgresUnderTest } from "./server.ts";

storeTests(test, postgresUnderTest);
