/** Mode `authenticated` with the users and the access tokens of a real Synapse. */
import assert from "node:assert/strict";
import { test } from "@matrix-rendezvous/testkit/runner";
import { afterAll } from "vitest";
import { RUNTIMES, startServer } from "../../apps/server/test/server-process.ts";
import { UNSTABLE_2025 } from "../src/paths.ts";
import { freePort } from "../src/program.ts";
import { startSynapse } from "../src/synapse.ts";

const stops: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  for (const stop of stops.reverse()) await stop();
}, 60_000);

/** Synapse lets guests in only where everybody can register, and wants it to be said that this is meant. */
const WITH_GUESTS = {
  allow_guest_access: true,
  enable_registration: true,
  enable_registration_without_verification: true,
};

const [home, elsewhere] = await Promise.all([
  startSynapse({ settings: { ...WITH_GUESTS, refreshable_access_token_lifetime: "3s" } }),
  startSynapse(),
]);
stops.push(home.stop, elsewhere.stop);
const admin = await home.register("admin", true);

interface Refusal {
  readonly status: number;
  readonly errcode?: unknown;
}

for (const runtime of RUNTIMES) {
  const start = async (homeserver: string, cache: string): Promise<string> => {
    const flags = ["--store", "memory:", "--mode", "authenticated", "--homeserver", homeserver, "--token-cache", cache];
    const server = await startServer(runtime, flags);
    stops.push(server.stop);
    return server.url + UNSTABLE_2025;
  };
  const [rendezvous, remembering, orphaned] = await Promise.all([
    start(home.url, "0"),
    start(home.url, "2s"),
    start(`http://127.0.0.1:${await freePort()}`, "0"),
  ]);

  const create = (accessToken?: string, url = rendezvous): Promise<Response> => {
    const headers: HeadersInit = accessToken === undefined ? {} : { Authorization: `Bearer ${accessToken}` };
    return fetch(url, { method: "POST", headers, body: '{"data":"from a user"}' });
  };
  const discover = async (accessToken: string, url = rendezvous): Promise<number> =>
    (await fetch(url, { headers: { Authorization: `Bearer ${accessToken}` } })).status;
  const outcome = async (accessToken?: string): Promise<Refusal> => {
    const created = await create(accessToken);
    const { errcode } = (await created.json()) as Record<string, unknown>;
    if (accessToken !== undefined) assert.equal(await discover(accessToken), created.status, "discovery says the same");
    return errcode === undefined ? { status: created.status } : { status: created.status, errcode };
  };
  const allowed = { status: 200 };
  const unknown = { status: 401, errcode: "M_UNKNOWN_TOKEN" };

  test(`${runtime}: a user creates a session, and another device uses it without an access token`, async () => {
    const { accessToken } = await home.register(`${runtime}-user`);
    assert.deepEqual(await outcome(accessToken), allowed);
    const created = await create(accessToken);
    const { id, sequence_token } = (await created.json()) as { id: string; sequence_token: string };
    const body = JSON.stringify({ sequence_token, data: "from the other device" });
    const url = `${rendezvous}/${id}`;
    assert.equal((await fetch(url, { method: "PUT", body })).status, 200);
    assert.equal(((await (await fetch(url)).json()) as { data: string }).data, "from the other device");
    assert.equal((await fetch(url, { method: "DELETE" })).status, 200);
  });

  test(`${runtime}: no access token, and one that never was`, async () => {
    assert.deepEqual(await outcome(), { status: 401, errcode: "M_MISSING_TOKEN" });
    assert.deepEqual(await outcome("syt_never_was"), unknown);
  });

  test(`${runtime}: an access token that is logged out stops working, the user's others do not`, async () => {
    const user = await home.register(`${runtime}-leaving`);
    const second = await home.login(user);
    assert.deepEqual(await outcome(second), allowed);
    await home.ask("POST", "/_matrix/client/v3/logout", second, {});
    assert.deepEqual(await outcome(second), unknown);
    assert.deepEqual(await outcome(user.accessToken), allowed);
  });

  test(`${runtime}: an access token that is logged out works no longer than it is remembered`, async () => {
    const { accessToken } = await home.register(`${runtime}-remembered`);
    const asked = performance.now();
    assert.equal(await discover(accessToken, remembering), 200);
    const remembered = performance.now();
    await home.ask("POST", "/_matrix/client/v3/logout", accessToken, {});
    let last = remembered;
    for (let sent = last; (await discover(accessToken, remembering)) === 200; sent = performance.now()) last = sent;
    assert.ok(last - asked > 500, "it is remembered, or the homeserver is asked for every request");
    assert.ok(last - remembered < 2_000, `it was let in ${last - remembered} ms after it was remembered`);
  });

  test(`${runtime}: an access token that has expired`, async () => {
    await home.register(`${runtime}-expiring`);
    const identifier = { type: "m.id.user", user: `${runtime}-expiring` };
    const password = "a password of this test";
    const login = { type: "m.login.password", identifier, password, refresh_token: true };
    const { access_token } = await home.ask("POST", "/_matrix/client/v3/login", undefined, login);
    assert.deepEqual(await outcome(String(access_token)), allowed);
    while ((await discover(String(access_token))) === 200);
    assert.deepEqual(await outcome(String(access_token)), unknown);
  });

  test(`${runtime}: a user who is deactivated, and one who is locked`, async () => {
    for (const [name, path, method, body] of [
      ["deactivated", "/_synapse/admin/v1/deactivate/", "POST", {}],
      ["locked", "/_synapse/admin/v2/users/", "PUT", { locked: true }],
    ] as const) {
      const { userId, accessToken } = await home.register(`${runtime}-${name}`);
      assert.deepEqual(await outcome(accessToken), allowed);
      await home.ask(method, path + userId, admin.accessToken, body);
      assert.equal((await outcome(accessToken)).status, 401, name);
    }
  });

  test(`${runtime}: a guest is refused, as Synapse would`, async () => {
    const guest = await home.ask("POST", "/_matrix/client/v3/register?kind=guest", undefined, {});
    assert.deepEqual(await outcome(String(guest["access_token"])), { status: 403, errcode: "M_FORBIDDEN" });
  });

  test(`${runtime}: a user of another server`, async () => {
    const { accessToken } = await elsewhere.register(`${runtime}-stranger`);
    await elsewhere.ask("GET", "/_matrix/client/v3/account/whoami", accessToken);
    assert.deepEqual(await outcome(accessToken), unknown);
  });

  test(`${runtime}: while the homeserver is away nobody is let in, and everybody is told so`, async () => {
    const { accessToken } = await home.register(`${runtime}-waiting`);
    const answer = await create(accessToken, orphaned);
    assert.equal(answer.status, 503);
    assert.equal(answer.headers.get("Access-Control-Allow-Origin"), "*");
    assert.ok(Number(answer.headers.get("Retry-After")) > 0);
    const { error } = (await answer.json()) as { error: string };
    assert.ok(error.length > 0 && !error.includes(accessToken));
  });
}
