/** The only way to sign in so far; others may follow. */
export type LoginProtocol = "device_authorization_grant" | (string & {});

/** Why a sign-in failed. MSC4108 "m.login.failure"; others may follow. */
export type FailureReason =
  | "authorization_expired"
  | "device_already_exists"
  | "device_not_found"
  | "unexpected_message_received"
  | "unsupported_protocol"
  | "user_cancelled"
  | "unable_to_open_verification_uri"
  | (string & {});

/** Existing device: how the new device can sign in, and where. */
export interface LoginProtocols {
  /** The message, in the words of MSC4108. */
  readonly type: "m.login.protocols";
  /** At most 16 of at most 255 characters; empty where the homeserver supports none. */
  readonly protocols: readonly LoginProtocol[];
  /** The homeserver's base URL, http or https. */
  readonly base_url: string;
}

/** New device: how it wants to sign in. */
export interface LoginProtocolChoice {
  /** The message, in the words of MSC4108. */
  readonly type: "m.login.protocol";
  /** One of those that the existing device offered. */
  readonly protocol: LoginProtocol;
  /** Present where `protocol` says so. From the answer to the new device's RFC 8628 authorization request. */
  readonly device_authorization_grant?: DeviceAuthorizationGrant | undefined;
  /** The device ID that the new device will have, 1 to 255 characters. */
  readonly device_id: string;
}

/** Where the user consents (RFC 8628). */
export interface DeviceAuthorizationGrant {
  /** http or https: the existing device opens it, and a malicious peer could otherwise make it run a script. */
  readonly verification_uri: string;
  /** The same with the user code in it; http or https. */
  readonly verification_uri_complete?: string | undefined;
}

/** Existing device: the user is being asked for consent. */
export interface LoginProtocolAccepted {
  /** The message, in the words of MSC4108. */
  readonly type: "m.login.protocol_accepted";
}

/** Either device: it is over. */
export interface LoginFailure {
  /** The message, in the words of MSC4108. */
  readonly type: "m.login.failure";
  /** Why. */
  readonly reason: FailureReason;
  /** The homeserver's server name, so that the user need not type it. */
  readonly homeserver?: string | undefined;
}

/** New device: the user said no. */
export interface LoginDeclined {
  /** The message, in the words of MSC4108. */
  readonly type: "m.login.declined";
}

/** New device: it has an access token. */
export interface LoginSuccess {
  /** The message, in the words of MSC4108. */
  readonly type: "m.login.success";
}

/** Existing device: what makes the new one trusted. Never log it. */
export interface LoginSecrets {
  /** The message, in the words of MSC4108. */
  readonly type: "m.login.secrets";
  /** The private keys of cross-signing. */
  readonly cross_signing: CrossSigningSecrets;
  /** The key of the key backup, where there is one. */
  readonly backup?: BackupSecret | undefined;
}

/** Private keys in unpadded base64. */
export interface CrossSigningSecrets {
  /** Signs the two others. */
  readonly master_key: string;
  /** Signs the user's own devices. */
  readonly self_signing_key: string;
  /** Signs other users. */
  readonly user_signing_key: string;
}

/** What opens the key backup on the homeserver. */
export interface BackupSecret {
  /** The backup's, such as `m.megolm_backup.v1.curve25519-aes-sha2`. */
  readonly algorithm: string;
  /** The decryption key in unpadded base64. */
  readonly key: string;
  /** Which of the backups on the homeserver it opens. */
  readonly backup_version: string;
}

/** What two devices say to each other over the secure channel. MSC4108 "Message reference". */
export type SignInMessage =
  | LoginProtocols
  | LoginProtocolChoice
  | LoginProtocolAccepted
  | LoginFailure
  | LoginDeclined
  | LoginSuccess
  | LoginSecrets;
