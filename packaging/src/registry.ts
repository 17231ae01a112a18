/** A registry of the tests' own, with the packed packages in it; all others come from npm's configured registry. */
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { runServer } from "verdaccio";
import { run } from "./command.ts";
import type { Packed } from "./packed.ts";

export interface Registry {
  readonly url: string;
  close(): Promise<void>;
}

/** @param folder where it keeps everything */
export async function startRegistry(folder: string, env: NodeJS.ProcessEnv): Promise<Registry> {
  const upstream = (await run("npm config get registry", folder, env)).trim();
  const ours = { access: "$all", publish: "$all" };
  const app = await runServer({
    self_path: folder,
    storage: `${folder}/storage`,
    uplinks: { upstream: { url: upstream } },
    packages: {
      "matrix-rendezvous": ours,
      "@matrix-rendezvous/*": ours,
      "**": { access: "$all", proxy: "upstream" },
    },
    log: { type: "stdout", format: "json", level: "fatal" },
  });
  const server = app.listen(0, "127.0.0.1");
  await once(server, "listening");
  const close = async (): Promise<void> => {
    server.close();
    server.closeAllConnections();
    await once(server, "close");
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, close };
}

export async function publish(packages: readonly Packed[], folder: string, env: NodeJS.ProcessEnv): Promise<void> {
  // npm sends nothing without a token; the registry takes any.
  const token = `--${env["NPM_CONFIG_REGISTRY"]?.replace("http:", "")}:_authToken=any`;
  // Provenance is said by the services that build releases, and by nobody else.
  const flags = `--provenance=false --ignore-scripts ${token}`;
  await Promise.all(packages.map(({ tarball }) => run(`npm publish ${tarball} ${flags}`, folder, env)));
}
