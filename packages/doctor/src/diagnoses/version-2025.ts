import type { Diagnosis } from "./diagnosis.ts";

/** Diagnoses about the 2025 version. */
export type Name2025 =
  | "off_2025"
  | "needs_token"
  | "token_not_given"
  | "old_synapse"
  | "not_routed_2025"
  | "discovery_invalid"
  | "create_unavailable"
  | "create_failed_2025"
  | "answer_invalid_2025"
  | "session_not_routed_2025"
  | "session_lost_2025"
  | "payload_changed_2025"
  | "sequence_token_same"
  | "write_refused_2025"
  | "retry_refused"
  | "stale_write_accepted"
  | "read_needs_token"
  | "not_deleted_2025"
  | "gone_not_json"
  | "short_lived";

/** What happens to sessions of the 2025 version (MSC4388). */
export const VERSION_2025: Readonly<Record<Name2025, Diagnosis>> = {
  off_2025: {
    effect: "off",
    says: "The 2025 version is off.",
    change:
      "In homeserver.yaml: experimental_features.msc4388_mode: open, or authenticated to let only existing devices show a code.",
  },
  needs_token: {
    effect: "off",
    says: "Only who is signed in may create sessions of the 2025 version: a new device cannot show a code, and scans the one of an existing device.",
    change:
      "Nothing, if that is meant. Else experimental_features.msc4388_mode: open in homeserver.yaml (--mode open of the rendezvous server).",
  },
  token_not_given: {
    effect: "unknown",
    says: "Whether an existing device can show a code of the 2025 version takes an access token to find out.",
    change: "Run again with --access-token-file FILE.",
  },
  old_synapse: {
    effect: "breaks",
    says: "/versions offers io.element.msc4388, and discovery is {status}: this is an older Synapse{software}, whose 2025 version is not what clients speak.",
    change:
      "Update Synapse, and in homeserver.yaml write experimental_features.msc4388_mode: open where it says public: the mode was renamed in March 2026, and newer ones do not start with the old name.",
  },
  not_routed_2025: {
    effect: "breaks",
    says: "Discovery of the 2025 version is 404, and not by the homeserver: the reverse proxy does not route {path}.",
    change:
      "Send that path and all below it to Synapse's main process, or to the rendezvous server; if the 2025 version is not wanted, let Synapse answer.",
  },
  discovery_invalid: {
    effect: "breaks",
    says: "Discovery of the 2025 version gives no create_available ({status} {errcode}).",
    change: "See the log of the homeserver for this request.",
  },
  create_unavailable: {
    effect: "off",
    says: "The homeserver says that sessions of the 2025 version cannot be created (create_available: false).",
    change: "See the policy of the rendezvous server.",
  },
  create_failed_2025: {
    effect: "breaks",
    says: "Discovery says that sessions can be created, and creating one is refused ({status} {errcode}).",
    change:
      "See the log of the homeserver for this request. If discovery and creation go to different servers, send both to one.",
  },
  answer_invalid_2025: {
    effect: "breaks",
    says: "{what}: the answer ({status} {errcode}) lacks what MSC4388 wants in it: {members}.",
    change: "See what answers there, and whether anything changes its JSON on the way.",
  },
  session_not_routed_2025: {
    effect: "breaks",
    says: "A session was created, and reading it is 404 by a server that does not know the path.",
    change:
      "Send everything below {path} to where sessions are created, not only the path itself: a prefix, not an exact match (location = in nginx).",
  },
  session_lost_2025: {
    effect: "breaks",
    says: "A session was gone right after it had been created. Several processes answer, and each knows only its own sessions; or the limit of sessions is reached, and others throw it out.",
    change:
      "Send all rendezvous paths to one process of Synapse (its main process), or give all replicas of the rendezvous server one shared --store.",
  },
  payload_changed_2025: {
    effect: "breaks",
    says: "{what}: the payload came back changed.",
    change:
      "Switch off what rewrites answers on the way (sub_filter, mod_substitute), and report it to whoever makes the server if there is none.",
  },
  sequence_token_same: {
    effect: "breaks",
    says: "A write did not change the sequence token: the other device does not notice the message.",
    change: "See whether a cache answers, and report it to whoever makes the rendezvous server.",
  },
  write_refused_2025: {
    effect: "breaks",
    says: "{what} is refused ({status} {errcode}) though the sequence token is the current one.",
    change: "See whether several processes answer, and report it to whoever makes the rendezvous server if not.",
  },
  retry_refused: {
    effect: "hinders",
    says: "The same write, sent once more as clients do where an answer got lost, is refused ({status} {errcode}), and the sign-in ends.",
    change: "Report it to whoever makes the rendezvous server.",
  },
  stale_write_accepted: {
    effect: "hinders",
    says: "A write with an old sequence token was answered {status}, not 409: two devices that write at the same time lose a message.",
    change: "Report it to whoever makes the rendezvous server.",
  },
  read_needs_token: {
    effect: "breaks",
    says: "Reading a session takes an access token ({status}). The device that signs in has none.",
    change: "Take these paths out of what the reverse proxy authenticates; the server wants no token there.",
  },
  not_deleted_2025: {
    effect: "note",
    says: "A deleted session is still there ({status}): it stays until it expires.",
    change: "Pass DELETE on to the server.",
  },
  gone_not_json: {
    effect: "hinders",
    says: "A session that is over is answered {status} without JSON. matrix-js-sdk asks again and again without a pause.",
    change:
      "Pass the server's own errors on: no error_page with proxy_intercept_errors (nginx), no ProxyErrorOverride (Apache), no handle_errors (Caddy).",
  },
  short_lived: {
    effect: "hinders",
    says: "A session lives for {seconds} s. MSC4388 wants 120 to 300: people look for their other device, and type.",
    change: "Raise --session-ttl of the rendezvous server. Synapse has no setting for it.",
  },
};
