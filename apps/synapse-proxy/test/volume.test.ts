import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { connect } from "node:net";
import { type Runtime, test } from "@matrix-rendezvous/testkit/runner";
import { type ProxyProcess, RUNTIMES, startProxy } from "./proxy-process.ts";

const GIB = 2 ** 30;
const CHUNK = new Uint8Array(256 * 1024).fill(7);

/** How much more than before a transfer the proxy may occupy during it: buffers, and what each runtime lets lie before it tidies up. */
const SLACK_MIB: Record<Runtime, number> = { node: 192, bun: 96, deno: 448 };

/** Answers a GET with 1 GiB, and anything else with the number of bytes that came in. */
async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method === "GET") {
    response.setHeader("Content-Length", GIB);
    for (let sent = 0; sent < GIB; sent += CHUNK.length) {
      if (!response.write(CHUNK)) await once(response, "drain");
    }
    response.end();
    return;
  }
  let received = 0;
  for await (const chunk of request) received += chunk.length;
  response.end(String(received));
}

/** The most that the proxy occupied while `transfer` ran, which calls what it is given now and then. */
async function peakMiB(proxy: ProxyProcess, transfer: (tick: () => void) => Promise<void>): Promise<number> {
  let peak = 0;
  let ticks = 0;
  await transfer(() => {
    ticks += 1;
    if (ticks % 64 === 0) peak = Math.max(peak, proxy.residentMiB());
  });
  return peak;
}

for (const runtime of RUNTIMES) {
  const server = createServer(answer).listen(0, "127.0.0.1");
  await once(server, "listening");
  const homeserver = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  test(`${runtime}: a download of 1 GiB passes, and occupies next to nothing`, async () => {
    const proxy = await startProxy(runtime, homeserver);
    await (await fetch(`${proxy.url}/warm`, { method: "POST", body: "up" })).text();
    const before = proxy.residentMiB();
    let received = 0;
    const peak = await peakMiB(proxy, async (tick) => {
      const socket = connect(proxy.port, "127.0.0.1");
      socket.write("GET /media HTTP/1.0\r\nHost: a\r\n\r\n");
      for await (const chunk of socket) {
        received += chunk.length;
        tick();
      }
    });
    assert.ok(received > GIB && received < GIB + 1024, `${received} bytes`);
    assert.ok(peak < before + SLACK_MIB[runtime], `${before.toFixed()} MiB before, ${peak.toFixed()} MiB in between`);
    assert.equal(await proxy.stop(), 0);
  });

  test(`${runtime}: an upload of 1 GiB passes, and occupies next to nothing`, async () => {
    const proxy = await startProxy(runtime, homeserver);
    await (await fetch(`${proxy.url}/warm`, { method: "POST", body: "up" })).text();
    const before = proxy.residentMiB();
    let text = "";
    const peak = await peakMiB(proxy, async (tick) => {
      const socket = connect(proxy.port, "127.0.0.1").setEncoding("utf8");
      socket.write(`POST /media HTTP/1.0\r\nHost: a\r\nContent-Length: ${GIB}\r\n\r\n`);
      for (let sent = 0; sent < GIB; sent += CHUNK.length) {
        if (!socket.write(CHUNK)) await once(socket, "drain");
        tick();
      }
      for await (const chunk of socket) text += chunk;
    });
    assert.match(text, new RegExp(`\r\n\r\n${GIB}$`));
    assert.ok(peak < before + SLACK_MIB[runtime], `${before.toFixed()} MiB before, ${peak.toFixed()} MiB in between`);
    assert.equal(await proxy.stop(), 0);
  });

  test(`${runtime}: a reader that stops reading stops the homeserver, and occupies next to nothing`, async () => {
    const proxy = await startProxy(runtime, homeserver);
    await (await fetch(`${proxy.url}/warm`, { method: "POST", body: "up" })).text();
    const before = proxy.residentMiB();
    const socket = connect(proxy.port, "127.0.0.1");
    socket.write("GET /media HTTP/1.1\r\nHost: a\r\n\r\n");
    const [response] = (await once(server, "request")) as [IncomingMessage];
    socket.pause();
    // Until the homeserver's side has been full for a while, it is still filling buffers on the way.
    let sent = -1;
    while (sent !== response.socket.bytesWritten) {
      sent = response.socket.bytesWritten;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    const now = proxy.residentMiB();
    assert.ok(sent < GIB / 8, `the homeserver got rid of ${sent} bytes`);
    assert.ok(now < before + SLACK_MIB[runtime], `${before.toFixed()} MiB before, ${now.toFixed()} MiB now`);
    socket.destroy();
    assert.equal(await proxy.stop(), 0);
  });
}
