/** What a package offers to whoever imports it, as text: every signature, and no comment. */
import { execFile } from "node:child_process";
import process from "node:process";
import { promisify } from "node:util";
import { copyDeclarations } from "../pack/declarations.ts";
import { exportsOf, type Publishable } from "../pack/publishable.ts";

/** @param folder where the declarations are, without their comments */
export async function surfaceOf(publishable: Publishable, folder: string): Promise<string> {
  const { name } = publishable.manifest;
  const target = `${folder}/${name}`;
  copyDeclarations(publishable, folder, target, ".d.ts");
  const sections: string[] = [];
  for (const [path, module] of Object.entries(exportsOf(publishable.manifest))) {
    const file = `${target}/${module.replace("./src/", "").replace(/\.ts$/, ".d.ts")}`;
    sections.push(`## ${name}${path.slice(1)}\n\n\`\`\`text\n${await signatures(file)}\n\`\`\`\n`);
  }
  return `# ${name}\n\nWhat it exports, written by \`npm run api\`.\n\n${sections.join("\n")}`;
}

async function signatures(file: string): Promise<string> {
  const env = { ...process.env, NO_COLOR: "1" };
  const { stdout } = await promisify(execFile)("deno", ["doc", "--quiet", file], { env });
  return stdout
    .replace(/^Defined in .*\n\n/gm, "")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}
