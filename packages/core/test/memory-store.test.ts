import { memoryUnderTest, storeTests } from "@matrix-rendezvous/testkit";
import { test } from "@matrix-rendezvous/testkit/runner";

storeTests(test, memoryUnderTest);
