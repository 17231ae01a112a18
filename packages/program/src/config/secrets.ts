import type { Config } from "./options.ts";

/** The configuration as it may be shown: without the password that a store's URL can have. */
export function masked<C extends Config>(config: C): C {
  return { ...config, store: maskedUrl(config.store) };
}

/** What is a path, and so has no password. */
const PATH = /^(sqlite|deno-kv):/;

/** Up to the last `@`, because a password may have a slash or a question mark in it that should have been escaped. */
const USER_INFO = /^([a-z+]+:(?:\/\/)?[^:/@?]*):(?:[^?]*|[^/]*)@/;

/** A store's URL without its password, which can be in front of the host, and for PostgreSQL also a parameter. */
export function maskedUrl(store: string): string {
  if (PATH.test(store)) return store;
  return store.replace(USER_INFO, "$1:***@").replace(/([?&]password=)[^&#]*/gi, "$1***");
}
