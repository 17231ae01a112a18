import { once } from "node:events";
import { connect, type Socket } from "node:net";
import type { ServerProcess } from "./server-process.ts";

const PATH = "/_matrix/client/unstable/io.element.msc4388/rendezvous";
const BODY = '{"data":"hello"}';
const BEGUN = 5;

/** What is left to send on a connection of {@link beginCreation}. */
export const REST_OF_CREATION: string = BODY.slice(BEGUN);

/** A connection on which a creation has been begun and not finished, and the server has it in hand. */
export async function beginCreation(server: ServerProcess): Promise<Socket> {
  const socket = connect(Number(new URL(server.url).port), "127.0.0.1");
  const first = "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n";
  const second = `POST ${PATH} HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${BODY.length}\r\n\r\n`;
  // Both in one segment: the answer to the first shows that the server has received the second.
  socket.write(first + second + BODY.slice(0, BEGUN));
  await once(socket, "data");
  return socket;
}
