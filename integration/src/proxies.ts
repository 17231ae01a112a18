import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Certificate, makeCertificate } from "./certificate.ts";
import { freePort, startProgram } from "./program.ts";

/** What a reverse proxy is in front of; URLs with nothing after the port. */
export interface Behind {
  readonly rendezvous: string;
  readonly synapse: string;
}

export interface ReverseProxy {
  /** Such as `https://localhost:12345`; this process trusts its certificate. */
  readonly url: string;
  stop(): Promise<void>;
}

interface Place extends Certificate {
  /** A folder of the proxy's own. */
  readonly folder: string;
  readonly port: number;
  /** The file of the documentation, with the places of the test in it. */
  readonly documented: string;
}

interface Product {
  /** In `docs/reverse-proxies`. */
  readonly file: string;
  /** What surrounds that file where it is installed as its package comes; and how to start the product with it. */
  readonly setUp: (place: Place) => { readonly file: string; readonly text: string; readonly command: string[] };
}

const DOCUMENTED = new URL("../../docs/reverse-proxies/", import.meta.url);

export type ProductName = "nginx" | "Caddy" | "Apache" | "HAProxy";

const PRODUCTS: Readonly<Record<ProductName, Product>> = {
  nginx: {
    file: "nginx.conf",
    setUp: ({ folder, documented }) => ({
      file: "nginx.conf",
      text: `user root; pid ${folder}/pid; error_log stderr; events {} http { access_log off; ${TEMPORARY.map(
        (name) => `${name}_temp_path ${folder}/${name};`,
      ).join(" ")} ${documented} }`,
      command: ["nginx", "-p", folder, "-c", `${folder}/nginx.conf`, "-g", "daemon off;"],
    }),
  },
  Caddy: {
    file: "Caddyfile",
    setUp: ({ folder, documented, certificate, key, port }) => ({
      file: "Caddyfile",
      // Where the documented site is a name, Caddy gets the certificate for it by itself.
      text: `{\nadmin off\nauto_https off\n}\n${documented.replace(
        "matrix.example.org {",
        `https://localhost:${port} {\ntls ${certificate} ${key}`,
      )}`,
      command: ["caddy", "run", "--config", `${folder}/Caddyfile`, "--adapter", "caddyfile"],
    }),
  },
  Apache: {
    file: "apache.conf",
    setUp: ({ folder, documented, port }) => ({
      file: "apache.conf",
      text: [
        ...APACHE_MODULES.map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`),
        `ServerName localhost\nPidFile ${folder}/pid\nErrorLog ${folder}/error.log\nDefaultRuntimeDir ${folder}`,
        `User nobody\nGroup nogroup\nListen ${port}`,
        // With fewer at the ready, it hangs up on kept connections to make room.
        "StartServers 4\nThreadsPerChild 64\nMinSpareThreads 64\nMaxRequestWorkers 256",
        documented,
      ].join("\n"),
      command: ["apache2", "-d", folder, "-f", `${folder}/apache.conf`, "-D", "FOREGROUND"],
    }),
  },
  HAProxy: {
    file: "haproxy.cfg",
    setUp: ({ folder, documented, both, certificate }) => ({
      file: "haproxy.cfg",
      text: documented.replace(certificate, both),
      command: ["haproxy", "-db", "-f", `${folder}/haproxy.cfg`],
    }),
  },
};

const TEMPORARY = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];

const APACHE_MODULES = [
  ...["mpm_event", "authz_core", "ssl", "http2", "proxy", "proxy_http", "headers", "filter", "deflate"],
];

/**
 * Starts a reverse proxy with the very file that the documentation has for it.
 *
 * @param spoil makes something of it that is wrong
 */
export async function startProxy(
  name: ProductName,
  { rendezvous, synapse }: Behind,
  spoil: (text: string) => string = (text) => text,
): Promise<ReverseProxy> {
  const { file, setUp } = PRODUCTS[name];
  const folder = await mkdtemp(join(tmpdir(), "proxy-"));
  const port = await freePort();
  const files = makeCertificate(folder);
  const documented = spoil(await readFile(new URL(file, DOCUMENTED), "utf8"))
    .replaceAll("127.0.0.1:8080", new URL(rendezvous).host)
    .replaceAll("127.0.0.1:8008", new URL(synapse).host)
    .replaceAll("/etc/ssl/matrix.example.org.pem", files.certificate)
    .replaceAll("/etc/ssl/matrix.example.org.key", files.key)
    .replaceAll(/(?<=listen |:)443\b/g, String(port));
  const { file: main, text, command } = setUp({ ...files, folder, port, documented });
  await writeFile(join(folder, main), text);
  const url = `https://localhost:${port}`;
  const program = await startProgram(command, url, "scripts/services/proxies.sh installs it", { HOME: folder });
  return {
    url,
    async stop() {
      await program.stop();
      await rm(folder, { recursive: true });
    },
  };
}
