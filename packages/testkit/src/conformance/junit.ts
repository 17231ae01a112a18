import Builder from "fast-xml-builder";
import { counts, type Report, type Result } from "./report.ts";

const ATTRIBUTES = "$";

type Attributes = Readonly<Record<string, string | number>>;
type Element = Readonly<Record<string, unknown>>;

/** The report as JUnit XML, as CI servers read it: a suite for each version, a test case for each check. */
export function junit(report: Report): string {
  const { results, level } = report;
  const versions = [...new Set(results.map(({ check }) => check.version))];
  const suites = versions.map((version) => {
    const own = results.filter(({ check }) => check.version === version);
    const testcase = own.map((result) => caseOf(result, report));
    return element({ name: `rendezvous ${version}`, ...totals(own, report) }, { testcase });
  });
  const name = `matrix-rendezvous conformance at level ${level}`;
  const document = {
    "?xml": element({ version: "1.0", encoding: "UTF-8" }),
    testsuites: element({ name, ...totals(results, report) }, { testsuite: suites }),
  };
  const builder = new Builder({
    ignoreAttributes: false,
    attributesGroupName: ATTRIBUTES,
    attributeNamePrefix: "",
    format: true,
    suppressEmptyNode: true,
  });
  return builder.build(document).trimEnd();
}

function caseOf({ check, outcome, reason, tookMs }: Result, { level }: Report): Element {
  const property = Object.entries({ level: check.level, section: check.section }).map(([name, value]) =>
    element({ name, value }),
  );
  const message =
    outcome === "failed" && !counts(check, level) ? `below the level that was asked for: ${reason}` : reason;
  // Readers know no failure that is forgiven.
  const verdict = outcome === "failed" && counts(check, level) ? "failure" : "skipped";
  return element(
    { name: `${check.id} ${check.name}`, classname: check.id.replace(/\.[^.]*$/, ""), time: seconds(tookMs) },
    { properties: { property }, ...(outcome === "passed" ? {} : { [verdict]: element({ message }) }) },
  );
}

function totals(results: readonly Result[], { level }: Report): Attributes {
  const failures = results.filter(({ check, outcome }) => outcome === "failed" && counts(check, level)).length;
  const passed = results.filter(({ outcome }) => outcome === "passed").length;
  const time = seconds(results.reduce((sum, { tookMs }) => sum + tookMs, 0));
  return { tests: results.length, failures, errors: 0, skipped: results.length - failures - passed, time };
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3);
}

function element(attributes: Attributes, children: Element = {}): Element {
  return { [ATTRIBUTES]: attributes, ...children };
}
