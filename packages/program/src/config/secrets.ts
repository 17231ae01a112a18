import type { Config } from "./options.ts";

/** The configuration as it may be shown: without the password that a store's URL can have. */
export function masked<C extends Config>(config: C): C {
  return { ...config, store: maskedUrl(config.store) };
}

/** A store's URL without its password. */
export function maskedUrl(store: string): string {
  return store.replace(/(:\/\/[^/@]*?):[^/]*@/, "$1:***@");
}
