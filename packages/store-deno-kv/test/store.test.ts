import { storeTests } from "@matrix-rendezvous/testkit";
import { test } from "@matrix-rendezvous/testkit/runner";
import { denoKvUnderTest } from "./file.ts";

storeTests(test, denoKvUnderTest);
