import { DockerfileParser, type Instruction, JSONInstruction, PropertyInstruction } from "dockerfile-ast";

/** One instruction of a Dockerfile, as far as its builder has to know it. */
export type Step =
  | { readonly keyword: "FROM"; readonly image: string }
  | { readonly keyword: "RUN"; readonly command: string }
  | { readonly keyword: "COPY"; readonly from: string; readonly to: string; readonly mode: number | undefined }
  | { readonly keyword: "ENV" | "LABEL"; readonly values: Readonly<Record<string, string>> }
  | { readonly keyword: "USER" | "WORKDIR" | "VOLUME" | "EXPOSE" | "STOPSIGNAL"; readonly value: string }
  | { readonly keyword: "HEALTHCHECK" | "ENTRYPOINT"; readonly words: readonly string[] };

/** Reads a Dockerfile. @throws Error where it says something that nobody here can do */
export function readDockerfile(text: string): readonly Step[] {
  return DockerfileParser.parse(text).getInstructions().map(stepOf);
}

function stepOf(instruction: Instruction): Step {
  const keyword = instruction.getKeyword();
  const content = instruction.getArgumentsContent() ?? "";
  const words = instruction.getArguments().map((argument) => argument.getValue());
  switch (keyword) {
    case "FROM":
      return { keyword, image: only(words) };
    case "RUN":
      return { keyword, command: content };
    case "COPY":
      return copyOf(instruction, words);
    case "ENV":
    case "LABEL":
      return { keyword, values: valuesOf(instruction) };
    case "USER":
    case "WORKDIR":
    case "VOLUME":
    case "EXPOSE":
    case "STOPSIGNAL":
      return { keyword, value: only(words) };
    case "HEALTHCHECK":
      if (words[0] !== "CMD") break;
      return { keyword, words: JSON.parse(content.slice(content.indexOf("["))) };
    case "ENTRYPOINT":
      return { keyword, words: JSON.parse(content) };
  }
  throw new Error(`nobody here can do: ${instruction.toString()}`);
}

function copyOf(instruction: Instruction, words: readonly string[]): Step {
  const [from, to, ...more] = words;
  const flags = instruction instanceof JSONInstruction ? instruction.getFlags() : [];
  const [mode, ...others] = flags;
  if (from === undefined || to === undefined || more.length > 0 || others.length > 0) throw new Error("COPY of many");
  if (mode !== undefined && mode.getName() !== "chmod") throw new Error(`COPY --${mode.getName()}`);
  return { keyword: "COPY", from, to, mode: mode && Number.parseInt(mode.getValue() ?? "", 8) };
}

function valuesOf(instruction: Instruction): Readonly<Record<string, string>> {
  if (!(instruction instanceof PropertyInstruction)) throw new Error("no values");
  return Object.fromEntries(instruction.getProperties().map((each) => [each.getName(), each.getValue() ?? ""]));
}

function only(words: readonly string[]): string {
  const [word, ...more] = words;
  if (word === undefined || more.length > 0) throw new Error(`one word, and not ${words.join(" ")}`);
  return word;
}
