import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import type { Handler, Listening, ListenOptions } from "@matrix-rendezvous/http";
import type { Test } from "./runner.ts";

/** What an adapter exports as `serve`. */
export type Serve = (handler: Handler, options?: ListenOptions) => Promise<Listening>;

/** What every adapter's `serve` must do, whatever the handler answers. */
export function adapterTests(test: Test, serve: Serve): void {
  test("port 0 takes a free port and tells it", async () => {
    const listening = await serve(async () => new Response("here"), { port: 0 });
    assert.notEqual(listening.port, 0);
    const answer = await fetch(`http://${listening.hostname}:${listening.port}/`);
    assert.equal(await answer.text(), "here");
    await listening.close();
  });

  test("the handler gets the request as it came, and the client's address", async () => {
    const listening = await serve(echo, { port: 0 });
    const url = `http://127.0.0.1:${listening.port}/a%20b//c?q=%2F`;
    const answer = await fetch(url, { method: "PUT", body: "\u0000é", headers: { "X-One": "1" } });
    assert.deepEqual(await answer.json(), {
      method: "PUT",
      path: "/a%20b//c?q=%2F",
      header: "1",
      body: "\u0000é",
      clientAddress: "127.0.0.1",
    });
    await listening.close();
  });

  test("a port in use rejects with EADDRINUSE", async () => {
    const listening = await serve(echo, { port: 0 });
    await assert.rejects(serve(echo, { port: listening.port }), { code: "EADDRINUSE" });
    await listening.close();
  });

  test("a port is shared by those who all say so, and each gets some of the connections", async () => {
    const first = await serve(async () => new Response("first"), { port: 0, reusePort: true });
    const second = await serve(async () => new Response("second"), { port: first.port, reusePort: true });
    await assert.rejects(serve(echo, { port: first.port }), { code: "EADDRINUSE" });
    const answers = new Set<string>();
    // Each goes to either of them: that all of so many go to one does not happen.
    for (let asked = 0; asked < 100; asked += 1) answers.add(await askAnew(first.port));
    assert.deepEqual([...answers].toSorted(), ["first", "second"]);
    await Promise.all([first.close(), second.close()]);
  });

  test("what comes beyond the cap on requests in flight is refused, and only that", async () => {
    const held = Promise.withResolvers<Response>();
    const arrived = Promise.withResolvers<void>();
    const handler: Handler = (request) => {
      if (!request.url.endsWith("/held")) return Promise.resolve(new Response("here"));
      arrived.resolve();
      return held.promise;
    };
    let busy = 0;
    const listening = await serve(handler, { port: 0, maxInFlight: 1, onBusy: () => (busy += 1) });
    const url = `http://127.0.0.1:${listening.port}/`;
    const first = fetch(`${url}held`);
    await arrived.promise;
    const refused = await fetch(url);
    assert.equal(refused.status, 503);
    assert.equal(refused.headers.get("Retry-After"), "1");
    assert.equal(refused.headers.get("Access-Control-Allow-Origin"), "*");
    assert.equal(((await refused.json()) as { errcode: string }).errcode, "M_UNKNOWN");
    assert.equal(await (await fetch(url, { method: "OPTIONS" })).text(), "here");
    held.resolve(new Response("held"));
    assert.equal(await (await first).text(), "held");
    assert.equal(busy, 1);
    assert.equal(await (await fetch(url)).text(), "here");
    await listening.close();
  });

  test("a cap on requests in flight that is no count is refused", async () => {
    await assert.rejects(serve(echo, { port: 0, maxInFlight: 0 }), RangeError);
  });

  test("closing lets the request under way be answered, and then refuses", async () => {
    const arrived = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<Response>();
    const listening = await serve(
      () => {
        arrived.resolve();
        return answer.promise;
      },
      { port: 0 },
    );
    const url = `http://127.0.0.1:${listening.port}/`;
    const asked = fetch(url);
    await arrived.promise;
    const closed = listening.close();
    answer.resolve(new Response("in time"));
    assert.equal(await (await asked).text(), "in time");
    await closed;
    await assert.rejects(fetch(url));
  });

  test("closing does not wait for ever for who never comes to the end of a request", async () => {
    const arrived = Promise.withResolvers<void>();
    const handler: Handler = async (request) => {
      arrived.resolve();
      return new Response(await request.text());
    };
    const listening = await serve(handler, { port: 0, closeGraceMs: 50 });
    const [head, body] = [connect(listening.port, "127.0.0.1"), connect(listening.port, "127.0.0.1")];
    await Promise.all([once(head, "connect"), once(body, "connect")]);
    for (const socket of [head, body]) socket.on("error", () => {});
    head.write("GET / HT");
    body.write("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n1");
    await arrived.promise;
    await listening.close();
    for (const socket of [head, body]) socket.destroy();
  });
}

/** The last line of the answer to a request on a connection of its own. */
async function askAnew(port: number): Promise<string> {
  const socket = connect(port, "127.0.0.1").setEncoding("utf8");
  socket.end("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  let answer = "";
  for await (const text of socket) answer += text;
  return answer.trim().split("\r\n").at(-1) ?? "";
}

const echo: Handler = async (request, context) => {
  const { pathname, search } = new URL(request.url);
  return Response.json({
    method: request.method,
    path: pathname + search,
    header: request.headers.get("X-One"),
    body: await request.text(),
    clientAddress: context?.clientAddress,
  });
};
