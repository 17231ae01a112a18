import { readFileSync } from "node:fs";

/** A code block of a Markdown page. */
export interface CodeBlock {
  /** Its place among the blocks of its page, from 0. */
  readonly index: number;
  /** What follows its first fence, such as `ts`; may be empty. */
  readonly language: string;
  /** Without the indentation that it has where it stands in a list. */
  readonly code: string;
}

/** The code blocks of a page. */
export function codeBlocks(path: string): CodeBlock[] {
  return blocksIn(readFileSync(path, "utf8"));
}

/** The code blocks of the docstrings in a TypeScript file. */
export function docstringBlocks(path: string): CodeBlock[] {
  return blocksIn(readFileSync(path, "utf8").replace(/^\s*\* ?/gm, ""));
}

function blocksIn(markdown: string): CodeBlock[] {
  const found = markdown.matchAll(/^( *)```([^\n]*)\n(.*?)^\1```$/gms);
  return [...found].map(([, indentation = "", language = "", code = ""], index) => ({
    index,
    language: language.trim(),
    code: code.replaceAll(new RegExp(`^${indentation}`, "gm"), ""),
  }));
}
