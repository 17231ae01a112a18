/** Clocks that are wrong, and answers that come late. */
import { setTimeout as pause } from "node:timers/promises";
import { test } from "@matrix-rendezvous/testkit/runner";
import { type Case, check } from "./examination.ts";
import { CREATE_2024, PATH_2025, withHeaders } from "./spoils.ts";
import { at, pathOf, type Spoil } from "./stand-in.ts";

const NO_2024 = "no no yes yes";
const OF_2024 = "limited limited yes yes";
const OF_2025 = "yes yes limited limited";
const ALL = "limited limited limited limited";
const WAITING = { limits: { holdMs: 1_000 } };

/** Moves these headers of new sessions by so many seconds. */
function moved(seconds: number, ...names: readonly string[]): Spoil {
  return withHeaders(CREATE_2024, (headers) =>
    Object.fromEntries(
      names.map((name) => {
        const time = Date.parse(headers.get(name) ?? new Date().toUTCString());
        return [name, new Date(time + seconds * 1000).toUTCString()];
      }),
    ),
  );
}

/** What is done to reads that wait. */
function waiting(answer: (request: Request, next: () => Promise<Response>) => Promise<Response>): Spoil {
  return (request, next) =>
    new URL(request.url).searchParams.has("since") ? answer(request, () => next(request)) : next(request);
}

/** Its first bytes at once, and its last after so many milliseconds. */
function dripping(text: string, ms: number): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  return new ReadableStream({
    async start(controller) {
      controller.enqueue(bytes.slice(0, 1));
      await pause(ms);
      controller.enqueue(bytes.slice(1));
      controller.close();
    },
  });
}

const CASES: readonly Case[] = [
  {
    name: "the server's clock is 10 minutes behind",
    spoil: moved(-600, "Date", "Last-Modified", "Expires"),
    answers: NO_2024,
    finding: "clock_ends_sessions",
    says: "By its Expires a session ends at TIME, which is past by the clock here: the server's clock is 600 s behind. matrix-js-sdk cancels at once.",
  },
  {
    name: "the server's clock is 2 minutes behind",
    spoil: moved(-120, "Date", "Last-Modified", "Expires"),
    answers: OF_2024,
    finding: "clock_wrong",
    says: "The clock of the server is 120 s behind the one here. Clients of the 2024 version tell by their own clock when a session ends.",
  },
  {
    name: "the server's clock is 10 minutes ahead",
    spoil: moved(600, "Date", "Last-Modified", "Expires"),
    answers: OF_2024,
    finding: "clock_wrong",
    says: "The clock of the server is 600 s ahead of the one here. Clients of the 2024 version tell by their own clock when a session ends.",
  },
  {
    name: "the clock behind the reverse proxy is 10 minutes ahead, and the proxy's is right",
    spoil: moved(600, "Last-Modified", "Expires"),
    answers: OF_2024,
    finding: "clock_wrong",
    says: "The clock of the server behind the reverse proxy is 600 s ahead of the one here. Clients of the 2024 version tell by their own clock when a session ends.",
  },
  {
    name: "Expires is past, and the clocks are right",
    spoil: moved(-86_400, "Expires"),
    answers: NO_2024,
    finding: "expires_invalid",
    says: 'The Expires header of a session is "TIME". matrix-js-sdk cancels at once when it does not parse, or is past, or more than 24 days ahead.',
  },
  {
    name: "Expires is a number",
    spoil: withHeaders(CREATE_2024, () => ({ Expires: "-1" })),
    answers: NO_2024,
    finding: "expires_invalid",
    says: 'The Expires header of a session is "-1". matrix-js-sdk cancels at once when it does not parse, or is past, or more than 24 days ahead.',
  },
  {
    name: "Expires is taken off",
    spoil: withHeaders(CREATE_2024, () => ({ Expires: null })),
    answers: "yes yes yes yes",
    finding: "expires_missing",
    says: "A session comes without Expires: clients do not learn when it ends.",
  },
  {
    name: "an answer that waits is held back until its time is over",
    spoil: waiting(async (_request, next) => {
      const [answer] = await Promise.all([next(), pause(1_000)]);
      return answer;
    }),
    options: WAITING,
    answers: OF_2025,
    finding: "wait_held",
    says: "A device that waits for the next message got it SOME ms after it had been written. Something on the way holds the answer back, and each message of a sign-in comes so late.",
  },
  {
    name: "an answer that waits is cut off by the reverse proxy",
    spoil: waiting(async () => new Response("Gateway Timeout", { status: 504 })),
    options: WAITING,
    answers: OF_2025,
    finding: "wait_cut",
    says: "A read that is to wait for the next message was cut off after SOME ms (504). Clients that wait so fail, or ask again all the time.",
  },
  {
    name: "an answer that waits is given up by the reverse proxy, which hangs up",
    spoil: waiting(async () => {
      const body = new ReadableStream({ start: (controller) => controller.error(new Error("cut")) });
      return new Response(body, { headers: { "Content-Length": "100" } });
    }),
    options: WAITING,
    answers: OF_2025,
    finding: "wait_cut",
    says: "A read that is to wait for the next message was cut off after SOME ms (connection lost). Clients that wait so fail, or ask again all the time.",
  },
  {
    name: "the query string is taken off",
    spoil: (request, next) =>
      request.method === "GET" && pathOf(request).startsWith(`${PATH_2025}/`)
        ? next(new Request(request.url.replace(/\?.*/, ""), { headers: request.headers }))
        : next(request),
    options: WAITING,
    answers: "yes yes yes yes",
    finding: "wait_refused",
    says: "The server says that reads can wait for the next message, and one was answered after SOME ms with nothing new. Clients that wait so ask all the time.",
  },
  {
    name: "answers arrive in drips",
    spoil: at("/_matrix/client/versions", () => {
      const text = JSON.stringify({ versions: ["v1.15"], unstable_features: { "org.matrix.msc4108": true } });
      return new Response(dripping(text, 300), { headers: { "Content-Type": "application/json" } });
    }),
    options: { limits: { slowMs: 200 } },
    answers: ALL,
    finding: "dripping",
    says: "Answers begin at once and arrive in drips: the end of one came SOME ms after its head.",
  },
  {
    name: "every answer takes its time",
    spoil: async (request, next) => {
      const [answer] = await Promise.all([next(request), pause(120)]);
      return answer;
    },
    options: { limits: { slowMs: 100 } },
    answers: "yes yes yes yes",
    finding: "slow",
    says: "Half of the answers took over SOME ms. Sign-in takes a dozen of them one after another.",
  },
];

for (const one of CASES) test(one.name, () => check(one));
