/**
 * Sign-in with a QR code between two Matrix clients: the code, the rendezvous session, the secure channel over it
 * (MSC4388) and the messages that go through it (MSC4108).
 *
 * @module
 */
export * from "./channel/index.ts";
export * from "./qr/index.ts";
export * from "./session/index.ts";
export * from "./sign-in/index.ts";
