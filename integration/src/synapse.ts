import { createHmac } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort, startProgram } from "./program.ts";

const PYTHON = fileURLToPath(new URL("../../.services/synapse/bin/python", import.meta.url));
const MAIN = "from synapse.app.homeserver import main; main()";
const REGISTRATION_SECRET = "a secret of this test";
const PASSWORD = "a password of this test";

/** A Synapse with an empty database of its own. */
export interface Synapse {
  /** Where it listens, without a slash at its end. */
  readonly url: string;
  readonly serverName: string;
  readonly pid: number;
  /** What it has logged. */
  readonly output: () => string;
  /** Makes a user, and gives an access token of theirs; not where an authentication service does that. */
  register(localpart: string, admin?: boolean): Promise<User>;
  /** Another access token of that user. */
  login(user: User): Promise<string>;
  /** Sends a request with a JSON body and gives the JSON of the answer, which must be a 200. */
  ask(method: string, path: string, accessToken?: string, body?: object): Promise<Record<string, unknown>>;
  stop(): Promise<void>;
}

export interface User {
  readonly userId: string;
  readonly accessToken: string;
}

export interface SynapseOptions {
  /** What is different from the settings below, as in `homeserver.yaml`. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** More of it, as text: a second file, of which each top-level setting replaces the first file's. */
  readonly yaml?: string;
  /** @default one that is free */
  readonly port?: number;
  /** The beginning of a command that runs what follows in its own process, such as `["taskset", "-c", "0"]`. */
  readonly under?: readonly string[];
  /** Python that is run before its own code. */
  readonly python?: string;
}

/**
 * What a Synapse is started with that has `experimental_features` for QR sign-in: it refuses them without the settings of
 * an authentication service, and asks nothing of it to start.
 */
export function withAuthenticationService(experimental: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return {
    matrix_authentication_service: { enabled: true, endpoint: "http://127.0.0.1:9/", secret: "a secret of this test" },
    password_config: { enabled: false },
    experimental_features: experimental,
  };
}

export async function startSynapse(options: SynapseOptions = {}): Promise<Synapse> {
  const { settings = {}, yaml = "{}", port, under = [], python = "" } = options;
  const folder = await mkdtemp(join(tmpdir(), "synapse-"));
  const listensOn = port ?? (await freePort());
  const url = `http://127.0.0.1:${listensOn}`;
  const serverName = `localhost:${listensOn}`;
  const config = join(folder, "homeserver.yaml");
  await mkdir(join(folder, "media"));
  // Every JSON is a YAML, too.
  await writeFile(config, JSON.stringify({ ...defaults(folder, serverName, listensOn), ...settings }));
  const more = join(folder, "more.yaml");
  await writeFile(more, yaml);
  const configs = ["--config-path", config, "--config-path", more];
  const command = [...under, PYTHON, "-c", `${python}\n${MAIN}`, ...configs];
  const program = await startProgram(command, `${url}/health`, "scripts/services/synapse.sh installs it");
  const ask = (method: string, path: string, accessToken?: string, body?: object): Promise<Record<string, unknown>> =>
    askJson(method, url + path, accessToken, body);
  return {
    url,
    serverName,
    pid: program.pid,
    output: program.output,
    ask,
    register: (localpart, admin = false) => register(ask, localpart, admin),
    async login({ userId }) {
      const identifier = { type: "m.id.user", user: userId };
      const body = { type: "m.login.password", identifier, password: PASSWORD };
      return String((await ask("POST", "/_matrix/client/v3/login", undefined, body))["access_token"]);
    },
    async stop() {
      await program.stop();
      await rm(folder, { recursive: true });
    },
  };
}

function defaults(folder: string, serverName: string, port: number): Record<string, unknown> {
  return {
    server_name: serverName,
    public_baseurl: `http://127.0.0.1:${port}/`,
    listeners: [
      {
        port,
        type: "http",
        bind_addresses: ["127.0.0.1"],
        x_forwarded: true,
        resources: [{ names: ["client", "media"], compress: false }],
      },
    ],
    database: { name: "sqlite3", args: { database: join(folder, "homeserver.db") } },
    media_store_path: join(folder, "media"),
    signing_key: `ed25519 test ${Buffer.alloc(32, 1).toString("base64").replace(/=+$/, "")}`,
    macaroon_secret_key: "a secret of this test",
    form_secret: "a secret of this test",
    registration_shared_secret: REGISTRATION_SECRET,
    trusted_key_servers: [],
    bcrypt_rounds: 4,
    report_stats: false,
    // Tests log in more often than people do.
    rc_login: { address: UNLIMITED, account: UNLIMITED, failed_attempts: UNLIMITED },
    rc_registration: UNLIMITED,
  };
}

const UNLIMITED = { per_second: 1_000, burst_count: 1_000 };

/** https://element-hq.github.io/synapse/latest/admin_api/register_api.html */
async function register(ask: Synapse["ask"], username: string, admin: boolean): Promise<User> {
  const path = "/_synapse/admin/v1/register";
  const { nonce } = await ask("GET", path);
  const parts = [nonce, username, PASSWORD, admin ? "admin" : "notadmin"];
  const mac = createHmac("sha1", REGISTRATION_SECRET).update(parts.join("\0")).digest("hex");
  const answer = await ask("POST", path, undefined, { nonce, username, password: PASSWORD, admin, mac });
  return { userId: String(answer["user_id"]), accessToken: String(answer["access_token"]) };
}

async function askJson(
  method: string,
  url: string,
  accessToken: string | undefined,
  body: object | undefined,
): Promise<Record<string, unknown>> {
  const headers: HeadersInit = accessToken === undefined ? {} : { Authorization: `Bearer ${accessToken}` };
  const answer = await fetch(url, { method, headers, body: body === undefined ? null : JSON.stringify(body) });
  const text = await answer.text();
  if (answer.status !== 200)
    throw new Error(`${method} ${new URL(url).pathname} was answered ${answer.status} ${text}`);
  return JSON.parse(text) as Record<string, unknown>;
}
