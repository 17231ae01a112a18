import type { Diagnosis } from "./diagnosis.ts";

/** Diagnoses about what browsers need. */
export type WebName =
  | "cors_missing"
  | "cors_doubled"
  | "cors_origin"
  | "preflight_refused"
  | "cors_method"
  | "cors_header"
  | "etag_hidden";

/** What keeps web pages of other origins out. */
export const WEB: Readonly<Record<WebName, Diagnosis>> = {
  cors_missing: {
    effect: "hinders",
    says: "{what}: no Access-Control-Allow-Origin. Web clients of other origins do not get to see the answer.",
    change:
      "Pass the server's CORS headers on: no proxy_hide_header (nginx), no Header unset (Apache), no header_down - (Caddy).",
  },
  cors_doubled: {
    effect: "hinders",
    says: '{what}: Access-Control-Allow-Origin comes twice ("{value}"). Browsers refuse such an answer.',
    change:
      "Take the reverse proxy's own out: add_header Access-Control-Allow-Origin (nginx), Header add (Apache). The server sends it already.",
  },
  cors_origin: {
    effect: "hinders",
    says: '{what}: Access-Control-Allow-Origin is "{value}", which lets in one web client and no other.',
    change: "Let everybody in with *: these paths carry no cookies.",
  },
  preflight_refused: {
    effect: "hinders",
    says: "{what}: OPTIONS, which browsers ask first, is refused with {status}.",
    change: "Pass OPTIONS on to the server, without authentication.",
  },
  cors_method: {
    effect: "hinders",
    says: "{what}: Access-Control-Allow-Methods is without {method}. Web clients cannot send it.",
    change: "Pass the server's header on, or allow GET, POST, PUT, DELETE, OPTIONS.",
  },
  cors_header: {
    effect: "hinders",
    says: "{what}: Access-Control-Allow-Headers is without {headers}. Web clients cannot send it.",
    change: "Pass the server's header on, or allow Content-Type, If-Match, If-None-Match and Authorization.",
  },
  etag_hidden: {
    effect: "hinders",
    says: "{what}: Access-Control-Expose-Headers is without ETag. Web clients cannot follow the session.",
    change:
      "Pass the server's header on, or expose ETag: add_header Access-Control-Expose-Headers ETag always; (nginx).",
  },
};
