import { type Answer, jsonOf } from "../answer.ts";
import { ROUTES } from "../report.ts";
import { answered, commonTrouble, type Step, type Visit } from "../visit.ts";

const STABLE = "/_matrix/client/v1/auth_metadata";
const UNSTABLE = "/_matrix/client/unstable/org.matrix.msc2965/auth_metadata";
const DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code";

export const oauth: Step = {
  id: "oauth",
  title: "The authentication service",
  async run(visit) {
    const { notes } = visit;
    const stable = await ask(visit, STABLE);
    if (stable === undefined) return;
    const isStable = stable.status !== 404;
    const answer = isStable ? stable : await ask(visit, UNSTABLE);
    if (answer === undefined) return;
    if (answer.status === 404) return await nameTheLack(visit);
    const { status } = answer;
    if (status === 500 || status === 502 || status === 503 || status === 504) {
      return notes.find("auth_service_away", ROUTES, { status: String(status) });
    }
    if (commonTrouble(notes, answer, "auth_metadata", ROUTES)) return;
    const metadata = jsonOf(answer);
    if (status !== 200 || metadata === undefined) {
      return notes.find("auth_metadata_invalid", ROUTES, { status: String(status) });
    }
    if (!isStable) notes.find("auth_metadata_unstable");
    judge(visit, metadata);
  },
};

async function ask({ notes, wire, baseUrl }: Visit, path: string): Promise<Answer | undefined> {
  const url = baseUrl + path;
  const outcome = await wire.ask("GET", url);
  const issuer = outcome.came ? jsonOf(outcome)?.["issuer"] : undefined;
  notes.exchange(`GET ${url}`, outcome, typeof issuer === "string" ? `issuer ${issuer}` : "");
  return answered(notes, outcome, "auth_metadata", ROUTES) ? outcome : undefined;
}

/** What a client would do next, which shows why there is no metadata. */
async function nameTheLack({ notes, wire, baseUrl }: Visit): Promise<void> {
  const url = `${baseUrl}/_matrix/client/v3/login`;
  const outcome = await wire.ask("GET", url);
  const listed: unknown = outcome.came ? jsonOf(outcome)?.["flows"] : undefined;
  const flows = (Array.isArray(listed) ? listed : []).map((flow: unknown) => String(Object(flow).type));
  notes.exchange(`GET ${url}`, outcome, flows.join(", "));
  notes.find(flows.includes("m.login.password") ? "own_accounts" : "no_auth_metadata");
}

function judge({ notes, baseUrl }: Visit, metadata: Readonly<Record<string, unknown>>): undefined {
  const { grant_types_supported: grants, device_authorization_endpoint: endpoint } = metadata;
  const offers = Array.isArray(grants) && grants.includes(DEVICE_GRANT);
  if (!offers) return notes.find("no_device_grant", ROUTES, { grant: DEVICE_GRANT });
  if (typeof endpoint !== "string") return notes.find("no_device_endpoint");
  if (baseUrl.startsWith("https:") && !endpoint.startsWith("https:")) {
    return notes.find("device_endpoint_http", ROUTES, { url: endpoint });
  }
  notes.means("The device authorization grant is offered: a new device can be signed in by another.");
}
