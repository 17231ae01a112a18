import type { Config } from "./options.ts";

/** The configuration as it may be shown: without the password that a store's URL can have. */
export function masked<C extends Config>(config: C): C {
  return { ...config, store: maskedUrl(config.store) };
}

/** A store's URL without its password, which can be in front of the host, and for PostgreSQL also a parameter. */
export function maskedUrl(store: string): string {
  return store.replace(/(:\/\/[^/@]*?):[^/]*@/, "$1:***@").replace(/([?&]password=)[^&#]*/gi, "$1***");
}
