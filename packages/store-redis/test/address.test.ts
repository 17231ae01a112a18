import assert from "node:assert/strict";
import { test } from "@matrix-rendezvous/testkit/runner";
import { type Address, parseAddress } from "../src/address.ts";

const DEFAULTS: Address = {
  nodes: [{ host: "localhost", port: 6379 }],
  cluster: false,
  socket: undefined,
  tls: false,
  ca: undefined,
  username: undefined,
  password: undefined,
  database: 0,
  prefix: "rendezvous:",
  label: "localhost:6379",
};
const at = (host: string, port: number): Partial<Address> => ({ nodes: [{ host, port }], label: `${host}:${port}` });
const socket = (path: string): Partial<Address> => ({ nodes: [], socket: path, label: path });

const SPELLINGS: Readonly<Record<string, Partial<Address>>> = {
  "redis://": {},
  "redis://localhost": {},
  "redis://localhost/": {},
  "redis://redis.example.org:7000/3": { ...at("redis.example.org", 7000), database: 3 },
  "redis://[2001:db8::1]:7000": at("2001:db8::1", 7000),
  "redis://:secret@10.0.0.1": { ...at("10.0.0.1", 6379), password: "secret" },
  "rediss://alice:p%40s%2Fs@10.0.0.1": { ...at("10.0.0.1", 6379), tls: true, username: "alice", password: "p@s/s" },
  "redis://alice:p@ss:w@10.0.0.1": { ...at("10.0.0.1", 6379), username: "alice", password: "p@ss:w" },
  "rediss://localhost?ca=/etc/ca.pem&prefix=sign-in:": { tls: true, ca: "/etc/ca.pem", prefix: "sign-in:" },
  "redis+cluster://a,b:7001,[::1]": {
    cluster: true,
    nodes: [
      { host: "a", port: 6379 },
      { host: "b", port: 7001 },
      { host: "::1", port: 6379 },
    ],
    label: "a:6379,b:7001,::1:6379",
  },
  "rediss+cluster://:secret@a": { ...at("a", 6379), cluster: true, tls: true, password: "secret" },
  "unix:/run/redis.sock": socket("/run/redis.sock"),
  "unix:///run/redis.sock?db=2": { ...socket("/run/redis.sock"), database: 2 },
  "unix:///run/a%20b@c.sock?prefix=x": { ...socket("/run/a b@c.sock"), prefix: "x" },
  "unix://alice:secret@/run/redis.sock": { ...socket("/run/redis.sock"), username: "alice", password: "secret" },
};

for (const [url, address] of Object.entries(SPELLINGS)) {
  test(`${url} is understood`, () => assert.deepEqual(parseAddress(url), { ...DEFAULTS, ...address }));
}

const MISTAKES: Readonly<Record<string, RegExp>> = {
  "": /not a Redis URL/,
  "localhost:6379": /not a Redis URL/,
  "http://:s3cret@localhost": /not a Redis URL/,
  "redis+unix:/s3cret": /not a Redis URL/,
  "redis://:s3cret@localhost:port": /hosts are spelled/,
  "redis://:s3cret@localhost:65536": /hosts are spelled/,
  "redis://:s3cret@:6379:1": /hosts are spelled/,
  "redis://:s3cret@a,b": /several hosts are for redis\+cluster:/,
  "redis://:s3cret@localhost/name": /the database must be a number/,
  "redis://:s3cret@localhost/-1": /the database must be a number/,
  "redis+cluster://:s3cret@localhost/1": /a cluster has no database but 0/,
  "redis://:s3cret@localhost?prefix=": /prefix must be 1 to 64 characters/,
  "redis://:s3cret@localhost?prefix={one}": /prefix must be 1 to 64 characters/,
  "redis://:s3cret@localhost?tls=true": /"tls" is no parameter/,
  "redis://:s3cret%@localhost": /must be percent-encoded/,
  "unix:": /a socket is spelled unix:/,
  "unix://:s3cret@host/run/redis.sock": /a socket is spelled unix:/,
};

for (const [url, message] of Object.entries(MISTAKES)) {
  test(`${url || "nothing"} is refused, and not repeated`, () => {
    assert.throws(
      () => parseAddress(url),
      (error) => error instanceof TypeError && message.test(error.message) && !/s3cret/.test(String(error.stack)),
    );
  });
}
