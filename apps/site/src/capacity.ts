/** What was measured and assumed, as `docs/operate/capacity.json` has it. */
export interface Inputs {
  readonly measured: {
    /** What took the time, and where. */
    readonly with: string;
    readonly stores: readonly StoreCost[];
  };
  readonly assumed: Assumed;
}

/** CPU time for one request, in microseconds. */
export interface StoreCost {
  readonly name: string;
  /** Of the process that answers. */
  readonly server_us: number;
  /** Of the store's own server; 0 where there is none. */
  readonly store_us: number;
}

interface Assumed {
  /** Of one sign-in. */
  readonly discoveries: number;
  readonly writes: number;
  readonly seconds: number;
  readonly devices: number;
  /** How much of a core may be in use, 0 to 1: the rest is for what comes in bursts. */
  readonly busy: number;
  /** How many times the average the busiest minute is. */
  readonly peak: number;
  readonly users: number;
  readonly sign_ins_per_user_and_year: number;
  readonly lifetime_seconds: number;
  /** Most that a session takes in a store. */
  readonly bytes_per_session: number;
}

const SECONDS_A_DAY = 86_400;
const SECONDS_A_YEAR = 365 * SECONDS_A_DAY;
/** As long as the client lets a read wait at most. */
const HOLD_SECONDS = 25;

/** How many requests one sign-in takes, from clients that ask each second and from clients that wait. */
export function requests({ discoveries, writes, seconds, devices }: Assumed): { polling: number; waiting: number } {
  const always = discoveries + 1 + writes;
  const held = writes + devices * Math.ceil(seconds / HOLD_SECONDS);
  return { polling: always + devices * seconds, waiting: always + held };
}

/** What one core carries of clients that ask each second. */
export function oneCore({ server_us }: StoreCost, assumed: Assumed): { cpuMs: number; aSecond: number; aDay: number } {
  const cpuMs = (requests(assumed).polling * server_us) / 1000;
  const aSecond = (assumed.busy * 1000) / cpuMs;
  return { cpuMs, aSecond, aDay: (aSecond * SECONDS_A_DAY) / assumed.peak };
}

/** What all users ask for in the busiest minute. */
export function demand(assumed: Assumed): {
  aYear: number;
  average: number;
  signIns: number;
  requests: number;
  sessions: number;
  bytes: number;
} {
  const aYear = assumed.users * assumed.sign_ins_per_user_and_year;
  const average = aYear / SECONDS_A_YEAR;
  const signIns = average * assumed.peak;
  const sessions = signIns * assumed.lifetime_seconds;
  return {
    aYear,
    average,
    signIns,
    requests: signIns * requests(assumed).polling,
    sessions,
    bytes: sessions * assumed.bytes_per_session,
  };
}

/** How many cores that takes of servers, and of the store's server. */
export function cores(cost: StoreCost, assumed: Assumed): { server: number; store: number } {
  const perSecond = demand(assumed).requests / assumed.busy / 1_000_000;
  return { server: perSecond * cost.server_us, store: perSecond * cost.store_us };
}
