import { serve } from "@matrix-rendezvous/bun";
import { adapterTests } from "@matrix-rendezvous/testkit/adapter";
import { test } from "@matrix-rendezvous/testkit/runner";

adapterTests(test, serve);
