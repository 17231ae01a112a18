/**
 * The messages with which two devices agree on a sign-in over the secure channel (MSC4108).
 *
 * @module
 */
export { encodeSignInMessage } from "./encode.ts";
export type {
  BackupSecret,
  CrossSigningSecrets,
  DeviceAuthorizationGrant,
  FailureReason,
  LoginDeclined,
  LoginFailure,
  LoginProtocol,
  LoginProtocolAccepted,
  LoginProtocolChoice,
  LoginProtocols,
  LoginSecrets,
  LoginSuccess,
  SignInMessage,
} from "./messages.ts";
export {
  type ParsedSignInMessage,
  parseSignInMessage,
  SignInMessageError,
  type SignInMessageErrorCode,
} from "./parse.ts";
