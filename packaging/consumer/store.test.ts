/** The tests of somebody's store. */
import { memoryUnderTest, storeTests } from "@matrix-rendezvous/testkit";
import { test } from "@matrix-rendezvous/testkit/runner";

storeTests(test, memoryUnderTest, { runs: 10 });
