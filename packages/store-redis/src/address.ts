/** Where a Redis or Valkey is and how to talk to it, as its URL says. */
export interface Address {
  /** The one server, or those nodes of a cluster to ask for the others. Empty for a socket. */
  readonly nodes: readonly { readonly host: string; readonly port: number }[];
  readonly cluster: boolean;
  /** The path of a Unix socket. */
  readonly socket: string | undefined;
  readonly tls: boolean;
  /** The path of a PEM file with the authorities to trust. */
  readonly ca: string | undefined;
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly database: number;
  /** What the name of every key starts with. */
  readonly prefix: string;
  /** What a message may call the place: no user, no password. */
  readonly label: string;
}

const URL_SHAPE =
  /^(?<scheme>[a-z+]+):(?:\/\/)?(?:(?<user>[^/?:]*)(?::(?<password>[^/?]*))?@)?(?<hosts>[^/?@]*)(?<path>\/[^?]*)?(?:\?(?<query>.*))?$/;
const SCHEME_SHAPE = /^(?:redis(?<tls>s?)(?<cluster>\+cluster)?|(?<unix>unix))$/;
const HOST_SHAPE = /^(?<host>\[[\da-f:.]+\]|[^:[\]]*)(?::(?<port>\d+))?$/i;
const SPELLINGS = "redis://HOST:PORT/DATABASE, rediss://…, redis+cluster://HOST:PORT,HOST:PORT, unix:PATH";
const PARAMETERS = ["prefix", "ca", "db"];

/** @throws TypeError saying what is wrong with the URL, without repeating it: it may hold a password */
export function parseAddress(url: string): Address {
  const parts = URL_SHAPE.exec(url)?.groups ?? {};
  const { tls, cluster = "", unix } = SCHEME_SHAPE.exec(parts["scheme"] ?? "")?.groups ?? {};
  if (tls === undefined && unix === undefined) throw new TypeError(`not a Redis URL, which is spelled ${SPELLINGS}`);
  const { hosts = "", path = "" } = parts;
  const query = new URLSearchParams(parts["query"]);
  for (const name of query.keys()) {
    if (!PARAMETERS.includes(name))
      throw new TypeError(`"${name}" is no parameter; there are ${PARAMETERS.join(", ")}`);
  }
  const socket = unix === undefined ? undefined : decode(path);
  if (socket !== undefined && (hosts !== "" || socket === "")) throw new TypeError("a socket is spelled unix:PATH");
  const nodes = socket === undefined ? hosts.split(",").map(parseNode) : [];
  if (nodes.length > 1 && cluster === "") throw new TypeError("several hosts are for redis+cluster://");
  const database = parseDatabase(query.get("db") ?? (socket === undefined ? path.slice(1) : ""));
  if (cluster !== "" && database !== 0) throw new TypeError("a cluster has no database but 0");
  const prefix = query.get("prefix") ?? "rendezvous:";
  // Braces would gather all keys in one slot of a cluster; the others are for patterns, in ACLs as well.
  if (!/^[\w:.~-]{1,64}$/.test(prefix)) throw new TypeError("prefix must be 1 to 64 characters of [0-9A-Za-z_:.~-]");
  return {
    nodes,
    cluster: cluster !== "",
    socket,
    tls: tls === "s",
    ca: query.get("ca") ?? undefined,
    username: decode(parts["user"]) || undefined,
    password: decode(parts["password"]),
    database,
    prefix,
    label: socket ?? nodes.map(({ host, port }) => `${host}:${port}`).join(","),
  };
}

function parseNode(text: string): { host: string; port: number } {
  const { host = "", port = "6379" } = HOST_SHAPE.exec(text)?.groups ?? {};
  if ((host === "" && text !== "") || Number(port) > 65_535)
    throw new TypeError("hosts are spelled host:port,host:port");
  return { host: host.replace(/^\[|\]$/g, "") || "localhost", port: Number(port) };
}

function parseDatabase(text: string): number {
  if (/^\d{0,9}$/.test(text)) return Number(text);
  throw new TypeError("the database must be a number, as in redis://host:port/3");
}

function decode(text: string): string;
function decode(text: string | undefined): string | undefined;
function decode(text: string | undefined): string | undefined {
  try {
    return text === undefined ? undefined : decodeURIComponent(text);
  } catch {
    throw new TypeError("user, password and path must be percent-encoded");
  }
}
