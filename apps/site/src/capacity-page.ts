import { cores, demand, type Inputs, oneCore, requests, type StoreCost } from "./capacity.ts";

/** To two digits, as much as such an estimate is good for. */
function about(value: number): string {
  return Number(value.toPrecision(2)).toLocaleString("en");
}

function coreRow(cost: StoreCost, { assumed }: Inputs): string {
  const { cpuMs, aSecond, aDay } = oneCore(cost, assumed);
  return `| ${cost.name} | ${about(cost.server_us)} µs | ${about(cpuMs)} ms | ${about(aSecond)} | ${about(aDay)} |`;
}

function coresRow(cost: StoreCost, { assumed }: Inputs): string {
  const { server, store } = cores(cost, assumed);
  return `| ${cost.name} | ${about(server)} | ${cost.store_us === 0 ? "" : about(store)} |`;
}

/** `docs/operate/capacity.md`, computed from what was measured and assumed. */
export function capacityPage(inputs: Inputs): string {
  const { assumed, measured } = inputs;
  const { polling, waiting } = requests(assumed);
  const { aYear, average, signIns, requests: perSecond, sessions, bytes } = demand(assumed);
  const { discoveries, writes, seconds, devices, busy, peak, lifetime_seconds, users } = assumed;
  const shared = measured.stores.filter(({ store_us }) => store_us > 0);
  return `# Capacity

How many sign-ins one core carries, and what it takes to serve a homeserver of ${about(users)} users. What was measured and what
is assumed is in [capacity.json](capacity.json); put your own numbers there, and \`npm run docs:capacity\` computes this page anew.

## What a sign-in takes

| Requests | |
|---|---|
| discovery, by each device | ${discoveries} |
| creating the session | 1 |
| writes: two for the secure channel, the others for the messages of the sign-in | ${writes} |
| reads: both devices ask each second, for ${seconds} seconds | ${devices * seconds} |
| **together** | **${polling}** |

Nearly all of it is waiting. Clients that [wait for a change](../protocol.md#how-clients-wait) instead of asking each second
take ${waiting} requests; released clients ask, so the rest of this page counts ${polling}.

## What one core carries

CPU time of one server process for each request: ${measured.with}.
Those flows are of the 2025 version, and write more often than sign-ins do, so these are rather too many, for PostgreSQL most of all.
The core is in use to ${busy * 100} %, and the busiest minute has ${peak} times the average.

| Store | CPU for a request | for a sign-in | Sign-ins a second | Sign-ins a day, with such a peak |
|---|---|---|---|---|
${measured.stores.map((cost) => coreRow(cost, inputs)).join("\n")}

One process uses one core. For a second core, [share the port](README.md#several-processes-on-one-machine); for a second machine,
[share a store](../run/replicas.md).

## ${about(users)} users

1. Each signs in ${assumed.sign_ins_per_user_and_year} times a year: ${about(aYear)} sign-ins, ${about(average)} a second on average.
2. The busiest minute has ${peak} times that: ${about(signIns)} sign-ins a second.
3. Each takes ${polling} requests: ${about(perSecond)} requests a second.
4. A session takes a place for ${lifetime_seconds} seconds, for clients do not cancel it: ${about(sessions)} live sessions. That is
   above the default of [\`max-sessions\`](../configuration.md#max-sessions): set it to twice as many.
5. At ${about(assumed.bytes_per_session)} bytes, about what a session with the largest payload takes in any store, they are ${about(bytes / 1_000_000)} MB.

| Store | Cores for the server | Cores for the store |
|---|---|---|
${shared.map((cost) => coresRow(cost, inputs)).join("\n")}

All cores counted as in use to ${busy * 100} %. So it is a matter of a few machines, of which the second and third are there because
machines fail, and not because the first is too slow.

**Redis or PostgreSQL?** Redis does less work for a request, and shares the rate limits, which then cost one more command each.
Its writes are as durable as [\`appendfsync\`](../stores/redis.md#what-is-lost-when) makes them; who loses a sign-in to a crash scans the
code again. One Redis uses one core: where the table says more than 1, let it be busier than that, or take [a cluster](../stores/redis.md#on-a-cluster).
PostgreSQL is right where there is one anyway and its share above is small beside what it does already.

Token checks come on top: one question to the homeserver for each user who creates a session, ${about(signIns)} a second here.
`;
}
