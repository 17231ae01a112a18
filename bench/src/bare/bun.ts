import { answer } from "./answers.ts";

declare const Bun: {
  serve(options: { port: number; hostname: string; fetch: typeof answer }): { readonly port: number };
};

const server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: answer });
console.log(`listens on http://127.0.0.1:${server.port}`);
