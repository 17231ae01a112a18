/**
 * The secure channel of MSC4388 between the device that shows a QR code and the one that scans it.
 *
 * @module
 */
export { ChannelError, type ChannelErrorCode } from "./errors.ts";
export { type JoinChannelOptions, type JoinedChannel, joinChannel } from "./join.ts";
export { MAX_MESSAGE_BYTES } from "./lib/cipher.ts";
export { type ChannelOffer, type OfferChannelOptions, offerChannel } from "./offer.ts";
export type { Profile } from "./profile.ts";
export type { SecureChannel } from "./secure-channel.ts";
export { CHECK_CODE_ATTEMPTS, type UnconfirmedChannel } from "./unconfirmed-channel.ts";
