import type { Diagnosis } from "./diagnosis.ts";

/** Diagnoses about clocks and waiting. */
export type TimeName =
  | "slow"
  | "dripping"
  | "wait_cut"
  | "wait_refused"
  | "wait_held"
  | "clock_wrong"
  | "clock_ends_sessions"
  | "unfinished";

/** What is about clocks, and about answers that come late. */
export const TIME: Readonly<Record<TimeName, Diagnosis>> = {
  slow: {
    effect: "note",
    says: "Half of the answers took over {ms} ms. Sign-in takes a dozen of them one after another.",
    change: "See what the homeserver is busy with, and how far away it is.",
  },
  dripping: {
    effect: "hinders",
    says: "Answers begin at once and arrive in drips: the end of one came {ms} ms after its head.",
    change: "Take these paths out of what is slowed down: limit_rate (nginx), rate-limit of mod_ratelimit (Apache).",
  },
  wait_cut: {
    effect: "hinders",
    says: "A read that is to wait for the next message was cut off after {ms} ms ({status}). Clients that wait so fail, or ask again all the time.",
    change:
      "Let reads wait for 35 s: proxy_read_timeout (nginx), ProxyTimeout (Apache), response_header_timeout of the transport (Caddy).",
  },
  wait_refused: {
    effect: "note",
    says: "The server says that reads can wait for the next message, and one was answered after {ms} ms with nothing new. Clients that wait so ask all the time.",
    change: "Pass the query string on to the server, and let no cache answer.",
  },
  wait_held: {
    effect: "hinders",
    says: "A device that waits for the next message got it {ms} ms after it had been written. Something on the way holds the answer back, and each message of a sign-in comes so late.",
    change:
      "Let nothing hold these answers or make one wait for another: no proxy_cache_lock, proxy_buffering off; (nginx), no CacheLock (Apache), flush_interval -1 (Caddy). Or several processes do not tell each other: give all replicas one shared --store.",
  },
  clock_wrong: {
    effect: "hinders",
    says: "The clock of {whose} is {seconds} s {way} the one here. Clients of the 2024 version tell by their own clock when a session ends.",
    change: "Synchronise that machine's clock by NTP (timedatectl set-ntp true), or the clock here if it is that one.",
  },
  clock_ends_sessions: {
    effect: "breaks",
    says: "By its Expires a session ends at {value}, which is past by the clock here: the server's clock is {seconds} s behind. matrix-js-sdk cancels at once.",
    change: "Synchronise the server's clock by NTP (timedatectl set-ntp true), or the clock here if it is that one.",
  },
  unfinished: {
    effect: "unknown",
    says: "The examination ended before it had come this far ({detail}).",
    change: "Run it again, and let it finish.",
  },
};
