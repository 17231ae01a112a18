import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { ANSWERS, HEADERS } from "./answers.ts";

const server = createServer((request, response) => {
  // The body has to be read for the connection to go on, by whatever answers.
  request.resume().once("end", () => {
    const body = ANSWERS[request.method ?? ""] ?? "";
    response.writeHead(200, { ...HEADERS, "Content-Length": body.length }).end(body);
  });
});
server.listen(0, "127.0.0.1", () => {
  console.log(`listens on http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
