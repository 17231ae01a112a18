/**
 * Who tells whose an access token is: the homeserver, or its authorization server.
 *
 * @module
 */
export { type CacheOptions, cachedVerifier } from "./cached.ts";
export { type IntrospectionOptions, introspectionVerifier } from "./introspection.ts";
export { type WhoamiOptions, whoamiVerifier } from "./whoami.ts";
