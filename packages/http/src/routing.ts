import type { Context, Hono } from "hono";
import type { Answers } from "./respond.ts";

export type RouteHandler = (c: Context) => Promise<Response>;

/** Paths, relative to where they are mounted, and who answers which method on them. */
export type Routes = Readonly<Record<string, Readonly<Record<string, RouteHandler>>>>;

/** Mounts `routes` under `prefix`; what else is at or under it is answered as unknown. */
export function mount(app: Hono, prefix: string, routes: Routes, answers: Answers): void {
  for (const [path, methods] of Object.entries(routes)) {
    for (const [method, handler] of Object.entries(methods)) app.on(method, prefix + path, handler);
    app.options(prefix + path, () => answers.preflight());
    app.all(prefix + path, () => answers.wrongMethod(Object.keys(methods)));
  }
  app.options(`${prefix}/*`, () => answers.preflight());
  app.all(`${prefix}/*`, () => answers.unrecognized());
}
