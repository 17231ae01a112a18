import type { ListenOptions } from "@matrix-rendezvous/http";
import type { Parts } from "./parts.ts";

/** How much may be under way at a time, as it is configured, and counted where it is refused. */
export function boundsOf({
  config,
  metrics,
}: Parts): Pick<ListenOptions, "maxConnections" | "onDropped" | "maxInFlight" | "onBusy"> {
  return {
    maxConnections: config["max-connections"] || undefined,
    onDropped: () => metrics?.rejections.inc({ reason: "too_many_connections" }),
    maxInFlight: config["max-in-flight"],
    onBusy: () => metrics?.rejections.inc({ reason: "too_busy" }),
  };
}
