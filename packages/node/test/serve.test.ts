import { serve } from "@matrix-rendezvous/node";
import { adapterTests } from "@matrix-rendezvous/testkit/adapter";
import { test } from "@matrix-rendezvous/testkit/runner";

adapterTests(test, serve);
