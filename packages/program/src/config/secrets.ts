import type { Config } from "./options.ts";

/** The configuration as it may be shown: without the password that a store's URL can have. */
export function masked<C extends Config>(config: C): C {
  return { ...config, store: config.store.replace(/(:\/\/[^/@]*?):[^/]*@/, "$1:***@") };
}
