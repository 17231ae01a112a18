/** A bare server that answers the bytes of a rendezvous server and checks nothing: what any handler is measured against. */
import process from "node:process";

const HEADERS = {
  "Access-Control-Allow-Origin": "*",
  "Access-Control-Allow-Methods": "GET, POST, PUT, DELETE, OPTIONS",
  "Access-Control-Allow-Headers": "X-Requested-With, Content-Type, Authorization",
  "Content-Type": "application/json",
  "Cache-Control": "no-store",
};

const TOKEN = "AAAAAAAAAAAAAAAA";
const ANSWERS: Readonly<Record<string, string>> = {
  POST: `{"id":"AAAAAAAAAAAAAAAAAAAAAA","sequence_token":"${TOKEN}","expires_in_ms":300000}`,
  GET: `{"data":"${"x".repeat(600)}","sequence_token":"${TOKEN}","expires_in_ms":299999}`,
  PUT: `{"sequence_token":"${TOKEN}"}`,
  DELETE: "{}",
};

interface BunServer {
  readonly port: number;
}
declare const Bun: {
  serve(options: { port: number; hostname: string; fetch(request: Request): Promise<Response> }): BunServer;
};

const server = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  async fetch(request) {
    // The body has to be read for the connection to go on, by whatever answers.
    if (request.method === "POST" || request.method === "PUT") await request.arrayBuffer();
    return new Response(ANSWERS[request.method], { headers: HEADERS });
  },
});
console.log(`listens on http://127.0.0.1:${server.port} (Bun ${process.versions.bun})`);
