import { answer } from "./answers.ts";

interface ServeOptions {
  readonly port: number;
  readonly hostname: string;
  onListen(address: { readonly port: number }): void;
}

declare const Deno: { serve(options: ServeOptions, handler: typeof answer): void };

const onListen: ServeOptions["onListen"] = ({ port }) => console.log(`listens on http://127.0.0.1:${port}`);
Deno.serve({ port: 0, hostname: "127.0.0.1", onListen }, answer);
