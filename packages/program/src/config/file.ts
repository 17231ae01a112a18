import { readFileSync } from "node:fs";
import { parseDocument } from "yaml";
import { type Given, type Source, unknownName } from "./given.ts";

/**
 * Reads a YAML file whose keys are option names, the flags without their dashes; `session_ttl` is `session-ttl`, too.
 *
 * @returns or the sentence that says why it cannot be read
 */
export function readConfigFile(path: string, names: readonly string[]): Source | string {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : error;
    return refuse(path, code === "ENOENT" ? "there is no such file" : `it cannot be read (${code})`);
  }
  const document = parseDocument(text);
  const [problem] = document.errors;
  if (problem?.code === "MULTIPLE_DOCS") return refuse(path, "it has more than one document");
  if (problem !== undefined) return refuse(path, `it is not YAML: ${firstLine(problem.message)}`);
  let content: unknown;
  try {
    content = document.toJS();
  } catch (error) {
    // An alias of nothing, or aliases of aliases that make too much of it.
    return refuse(path, `it is not YAML: ${firstLine(error instanceof Error ? error.message : String(error))}`);
  }
  if (content === null) return { given: new Map(), mistakes: [] };
  if (typeof content !== "object" || Array.isArray(content)) return refuse(path, "it is not a list of keys and values");
  return readKeys(path, content, names);
}

function readKeys(path: string, content: object, names: readonly string[]): Source {
  const given = new Map<string, Given>();
  const mistakes: string[] = [];
  for (const [key, value] of Object.entries(content)) {
    const name = key.replaceAll("_", "-");
    const before = given.get(name);
    if (before !== undefined) mistakes.push(`${key} in ${path} is there twice, as ${before.origin}: keep one`);
    else if (names.includes(name)) given.set(name, { value, origin: `${key} in ${path}` });
    else mistakes.push(`${path}: ${unknownName(key, names)}`);
  }
  return { given, mistakes };
}

function firstLine(message: string): string {
  return message.split("\n", 1)[0]?.replace(/:$/, "") ?? "";
}

function refuse(path: string, why: string): string {
  return `${path || '""'} cannot be the configuration: ${why}`;
}
