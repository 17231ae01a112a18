/** The form of `--json`, from which its JSON schema is made. */
import { type Report, ROUTES } from "@matrix-rendezvous/doctor";
import { toJsonSchema } from "@valibot/to-json-schema";
import * as v from "valibot";

const Finding = v.strictObject({
  name: v.pipe(v.string(), v.description("The diagnosis, in the table of the documentation")),
  effect: v.picklist(["breaks", "off", "unknown", "hinders", "note"]),
  affects: v.array(v.picklist(ROUTES)),
  says: v.pipe(v.string(), v.description("What it means")),
  change: v.pipe(v.string(), v.description("What to change")),
});

const Step = v.strictObject({
  id: v.string(),
  title: v.string(),
  outcome: v.picklist(["ok", "attention", "problem", "skipped"]),
  exchanges: v.array(v.strictObject({ asked: v.string(), came: v.string() })),
  means: v.array(v.string()),
  findings: v.array(Finding),
});

const Verdict = v.strictObject({
  route: v.picklist(ROUTES),
  question: v.string(),
  answer: v.picklist(["yes", "limited", "no", "off", "unknown"]),
  because: v.pipe(v.array(v.string()), v.description("Names of the findings that decided it")),
});

/** Fails to compile where it is another form than the type. */
export const ReportSchema: v.GenericSchema<Report, Report> = v.strictObject({
  version: v.literal(1),
  target: v.pipe(v.string(), v.description("As it was given")),
  baseUrl: v.pipe(v.string(), v.description("The homeserver's, as clients find it; empty where they do not")),
  ok: v.pipe(v.boolean(), v.description("Whether what was asked for works")),
  steps: v.array(Step),
  verdicts: v.array(Verdict),
});

/** The text of `docs/doctor.schema.json`. */
export function publishedSchema(): string {
  return `${JSON.stringify({ title: "Report of matrix-rendezvous doctor", ...toJsonSchema(ReportSchema) }, null, 2)}\n`;
}
