import { test } from "@matrix-rendezvous/testkit/runner";
import { type Case, check } from "./examination.ts";
import { CREATE_2024, PATH_2025, refusing, SESSIONS_2024, withHeaders } from "./spoils.ts";
import { pathOf, type Spoil, startStandIn, unusedUrl } from "./stand-in.ts";

const OF_2024 = "limited limited yes yes";
const OF_2025 = "yes yes limited limited";

/** Synapse's delegation, by way of whatever `answer` is. */
function delegating(answer: (request: Request) => Response): Spoil {
  return (request, next) =>
    pathOf(request) === CREATE_2024 && request.method === "POST" ? answer(request) : next(request);
}

const to = (location: string, headers: Record<string, string> = { "Access-Control-Allow-Origin": "*" }): Response =>
  new Response(null, { status: 307, headers: { Location: location, ...headers } });

const nowhere = `${await unusedUrl()}/rendezvous`;

const CASES: readonly Case[] = [
  {
    name: "CORS headers are stripped",
    spoil: withHeaders(PATH_2025, () => ({ "Access-Control-Allow-Origin": null })),
    answers: OF_2025,
    finding: "cors_missing",
    says: "preflight of POST: no Access-Control-Allow-Origin. Web clients of other origins do not get to see the answer.",
  },
  {
    name: "CORS headers are doubled",
    spoil: withHeaders(PATH_2025, () => ({ "Access-Control-Allow-Origin": "*, *" })),
    answers: OF_2025,
    finding: "cors_doubled",
    says: 'preflight of POST: Access-Control-Allow-Origin comes twice ("*, *"). Browsers refuse such an answer.',
  },
  {
    name: "one web client is let in",
    spoil: withHeaders(SESSIONS_2024, () => ({ "Access-Control-Allow-Origin": "https://app.example.org" })),
    answers: OF_2024,
    finding: "cors_origin",
    says: 'preflight of PUT: Access-Control-Allow-Origin is "https://app.example.org", which lets in one web client and no other.',
  },
  {
    name: "the preflight is refused",
    spoil: refusing("OPTIONS", SESSIONS_2024, 401),
    answers: OF_2024,
    finding: "preflight_refused",
    says: "preflight of PUT: OPTIONS, which browsers ask first, is refused with 401.",
  },
  {
    name: "PUT is not allowed",
    spoil: withHeaders(SESSIONS_2024, () => ({ "Access-Control-Allow-Methods": "GET, POST" })),
    answers: OF_2024,
    finding: "cors_method",
    says: "preflight of PUT: Access-Control-Allow-Methods is without PUT. Web clients cannot send it.",
  },
  {
    name: "If-Match is not allowed",
    spoil: withHeaders(SESSIONS_2024, () => ({ "Access-Control-Allow-Headers": "Content-Type" })),
    answers: OF_2024,
    finding: "cors_header",
    says: "preflight of PUT: Access-Control-Allow-Headers is without if-match. Web clients cannot send it.",
  },
  {
    name: "the ETag is not exposed",
    spoil: withHeaders(SESSIONS_2024, () => ({ "Access-Control-Expose-Headers": "Server" })),
    answers: OF_2024,
    finding: "etag_hidden",
    says: "reading: Access-Control-Expose-Headers is without ETag. Web clients cannot follow the session.",
  },
  {
    name: "delegation to an address where nobody is",
    spoil: delegating(() => to(nowhere)),
    answers: "no no yes yes",
    finding: "delegation_dead",
    says: `The homeserver sends those who create sessions on to ${nowhere}, and there is no rendezvous server there (connection refused).`,
  },
  {
    name: "delegation with a slash at the end",
    spoil: (request, next) => {
      if (pathOf(request) === `${CREATE_2024}/`) return new Response("", { status: 404 });
      return delegating(() => to(`${CREATE_2024}/`))(request, next);
    },
    answers: "no no yes yes",
    finding: "delegation_slash",
    says: `The homeserver sends those who create sessions on to URL${CREATE_2024}/, with a slash at its end, which is another path and 404.`,
  },
  {
    name: "delegation with a redirect that loses the body",
    spoil: delegating(() => new Response(null, { status: 302, headers: { Location: "/elsewhere" } })),
    answers: "no no yes yes",
    finding: "redirect_loses_body",
    says: "creating: redirected with 302, which turns what clients send into a GET without a body.",
  },
];

for (const one of CASES) test(one.name, () => check(one));

const WITHOUT_CORS = "delegation is followed, and browsers are not let through without CORS";

test(WITHOUT_CORS, async () => {
  const delegate = await startStandIn();
  try {
    await check({
      name: WITHOUT_CORS,
      spoil: delegating(() => to(delegate.url + CREATE_2024, {})),
      answers: OF_2024,
      finding: "redirect_cors",
      says: "The redirect to where sessions are created comes without Access-Control-Allow-Origin: *. Browsers do not follow it.",
    });
  } finally {
    await delegate.close();
  }
});
