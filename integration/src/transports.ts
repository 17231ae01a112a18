import { Agent, buildConnector, type Dispatcher, fetch as undiciFetch } from "undici";

/** How requests travel. */
export interface Transport {
  readonly name: string;
  readonly fetch: typeof fetch;
}

/**
 * HTTP in that version, as browsers and clients speak it to a proxy with TLS. Fails where the proxy agrees to no such
 * connection.
 *
 * @param localAddress of 127.0.0.0/8, from where to connect
 */
export function transport(version: "HTTP/1.1" | "HTTP/2", localAddress = "127.0.0.1"): Transport {
  const protocol = version === "HTTP/2" ? "h2" : "http/1.1";
  const connect = buildConnector({ allowH2: version === "HTTP/2" });
  const agent = new Agent({
    allowH2: version === "HTTP/2",
    connect: (options, callback) =>
      connect({ ...options, hostname: "127.0.0.1", localAddress }, (error, socket) => {
        if (error !== null) return callback(error, null);
        const agreed = ("alpnProtocol" in socket && socket.alpnProtocol) || "http/1.1";
        if (agreed === protocol) return callback(null, socket);
        callback(new Error(`the proxy speaks ${agreed}, not ${protocol}`), null);
      }),
  });
  return { name: version, fetch: fetchThrough(agent) };
}

function fetchThrough(dispatcher: Dispatcher): typeof fetch {
  const fetchWith = (input: unknown, init: object = {}): unknown =>
    undiciFetch(input as string, { ...init, dispatcher });
  // The same function as the runtime's, whose types come from elsewhere.
  return fetchWith as typeof fetch;
}
