/** Answers as `bun.ts` does, once it has looked at what our checks cannot do without: URL, headers, the client's address. */
import { answer } from "./answers.ts";

interface Server {
  readonly port: number;
  requestIP(request: Request): { readonly address: string } | null;
}

declare const Bun: {
  serve(options: {
    port: number;
    hostname: string;
    fetch(request: Request, server: Server): Response | Promise<Response>;
  }): Server;
};

const server = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  fetch(request, server) {
    const isSeen = request.url !== "" && !request.headers.has("Sec-Fetch-Dest") && server.requestIP(request) !== null;
    return isSeen ? answer(request) : new Response(null, { status: 400 });
  },
});
console.log(`listens on http://127.0.0.1:${server.port}`);
