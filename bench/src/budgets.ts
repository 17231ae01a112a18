/** What a number must not be above, or below. */
export interface Budget {
  /** Whether it bounds the row's own value, or its ratio to the row that it is measured against. */
  readonly of: "value" | "ratio";
  readonly most?: number;
  readonly least?: number;
}

/** What the server must keep to, each beside the number that tells. */
export const BUDGETS = {
  /** Server CPU per request on Bun, memory store, against a bare server. */
  flows: { of: "ratio", most: 1.15 },
  reads: { of: "ratio", most: 1.4 },
  /** Synapse's CPU per request against ours. */
  synapseFlows: { of: "ratio", least: 15 },
  synapseReads: { of: "ratio", least: 40 },
  /** Acknowledged writes a second in a file against those in memory. */
  sqliteWrites: { of: "ratio", least: 0.7 },
  /** Bytes for each of a million sessions, above the payload. */
  sessionBytes: { of: "value", most: 600 },
  /** Creating with a million live sessions against a thousand. */
  growth: { of: "ratio", most: 1.2 },
  /** Milliseconds from starting the process to the first answer, on Bun. */
  startUp: { of: "value", most: 250 },
  /** Milliseconds for the handshake of two clients, with long-polling. */
  handshake: { of: "value", most: 50 },
} as const satisfies Record<string, Budget>;
