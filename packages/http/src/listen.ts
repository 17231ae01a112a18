/** Where adapters listen unless told otherwise: other machines cannot reach it. */
export const DEFAULT_HOSTNAME = "127.0.0.1";
/** The port that adapters listen on unless told otherwise. */
export const DEFAULT_PORT = 8080;
/** How long adapters wait for the requests under way when they close, in milliseconds. */
export const DEFAULT_CLOSE_GRACE_MS = 10_000;

/** Where an adapter listens. */
export interface ListenOptions {
  /** A host name or address of this machine. @default "127.0.0.1", which other machines cannot reach */
  readonly hostname?: string | undefined;
  /** 0 to 65535; 0 takes a free one, which the answer tells. @default 8080 */
  readonly port?: number | undefined;
  /**
   * Most connections at a time; what comes beyond them is hung up on. Node alone can do that: the other adapters throw a
   * TypeError. Too few, and clients that keep idle connections shut others out.
   * @default as many as the system lets the process open
   */
  readonly maxConnections?: number | undefined;
  /**
   * Most requests at a time, reads that wait for a change among them; what comes beyond them is answered 503 with
   * `Retry-After`. Too few, and clients that wait shut others out.
   * @default no bound
   */
  readonly maxInFlight?: number | undefined;
  /** Hears of each connection that `maxConnections` refuses. */
  readonly onDropped?: (() => void) | undefined;
  /** Hears of each request that `maxInFlight` refuses: the handler does not. */
  readonly onBusy?: (() => void) | undefined;
  /**
   * Lets other processes listen on the same port, if all of them say so: the system deals connections out among them.
   * Linux does that; elsewhere it fails, or one process gets them all. On Deno it needs `--unstable-net`. Processes that
   * do not share a store do not find each other's sessions.
   * @default false
   */
  readonly reusePort?: boolean | undefined;
  /**
   * How long closing waits for the requests under way, in milliseconds; what is then still open is hung up on, on Deno
   * by the end of the process. Too short, and requests are lost; too long, and who sends slowly holds up the end.
   * @default 10,000
   */
  readonly closeGraceMs?: number | undefined;
}

/** A server that an adapter has started: connections are accepted. */
export interface Listening {
  /** As it was given, or the default. */
  readonly hostname: string;
  /** The real one, also where 0 was given. */
  readonly port: number;
  /**
   * Accepts nothing more, lets the requests under way be answered, as long as `closeGraceMs` allows, and resolves when
   * the last connection is gone.
   */
  close(): Promise<void>;
}
