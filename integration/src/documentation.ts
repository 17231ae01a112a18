import { readFileSync } from "node:fs";

const DOCUMENTATION = new URL("../../docs/", import.meta.url);

/** A page of the documentation. */
export function page(path: string): string {
  return readFileSync(new URL(path, DOCUMENTATION), "utf8");
}

/** The first settings that a page shows. */
export function documentedYaml(path: string): string {
  const indented = /^( *)```yaml\n(.*?)^\1```$/ms.exec(page(path));
  if (indented === null) throw new Error(`${path} shows no settings`);
  const [, indentation = "", text = ""] = indented;
  return text.replaceAll(new RegExp(`^${indentation}`, "gm"), "");
}
