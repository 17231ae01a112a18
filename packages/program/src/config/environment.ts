import { type Given, type Source, unknownName } from "./given.ts";

const PREFIX = "RENDEZVOUS_";

/** What Kubernetes sets in every pod beside a Service that is called `rendezvous`. */
const SERVICE_LINK = /^RENDEZVOUS_(SERVICE_(HOST|PORT)|PORT_\d+_(TCP|UDP|SCTP)|PORT=(tcp|udp|sctp):\/\/)/;

/** The variables of a process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The variable of an option: `RENDEZVOUS_SESSION_TTL` for `session-ttl`. */
export function variableOf(name: string): string {
  return PREFIX + name.toUpperCase().replaceAll("-", "_");
}

/** Reads the `RENDEZVOUS_*` variables; an empty one, and what Kubernetes says of a Service, counts as not given. */
export function readEnvironment(environment: Environment, names: readonly string[]): Source {
  const options = new Map([...names, "config"].map((name) => [variableOf(name), name]));
  const given = new Map<string, Given>();
  const mistakes: string[] = [];
  for (const [variable, value] of Object.entries(environment)) {
    if (!variable.startsWith(PREFIX) || value === undefined || value === "") continue;
    if (SERVICE_LINK.test(`${variable}=${value}`)) continue;
    const name = options.get(variable);
    if (name === undefined) mistakes.push(unknownName(variable, [...options.keys()]));
    else given.set(name, { value, origin: variable });
  }
  return { given, mistakes };
}
