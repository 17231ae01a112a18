import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { serve } from "@matrix-rendezvous/node";
import { adapterTests } from "@matrix-rendezvous/testkit/adapter";
import { test } from "@matrix-rendezvous/testkit/runner";

adapterTests(test, serve);

test("a connection beyond the cap is hung up on and told of, and the one before it is served", async () => {
  let dropped = 0;
  const onDropped = (): void => {
    dropped += 1;
  };
  const listening = await serve(async () => new Response("here"), { port: 0, maxConnections: 1, onDropped });
  const first = connect(listening.port, "127.0.0.1");
  await once(first, "connect");
  const second = connect(listening.port, "127.0.0.1").resume();
  await once(second, "close");
  assert.equal(dropped, 1);
  first.write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const [answer] = await once(first, "data");
  assert.match(String(answer), /^HTTP\/1\.1 200 /);
  first.destroy();
  await listening.close();
});
