import { readdir, readFile } from "node:fs/promises";
import { Hono } from "hono";
import { etag } from "hono/etag";

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  css: "text/css; charset=utf-8",
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  svg: "image/svg+xml",
  txt: "text/plain; charset=utf-8",
  woff2: "font/woff2",
};

/** Nothing that is not the page's own, nothing inline, nothing evaluated; and it speaks to its own server only. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join("; ");

const HEADERS: Readonly<Record<string, string>> = {
  "Content-Security-Policy": CONTENT_SECURITY_POLICY,
  "Cross-Origin-Resource-Policy": "same-origin",
  "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
  "Cache-Control": "no-cache",
};

export interface PageFile {
  readonly name: string;
  readonly contentType: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** The files of a built page. @throws Error where there are none */
export async function readPage(folder: URL): Promise<readonly PageFile[]> {
  const names = await readdir(folder).catch((): string[] => []);
  if (!names.includes("index.html")) {
    throw new Error("The playground's page is not built: run npm run build -w apps/playground");
  }
  const read = async (name: string): Promise<PageFile> => {
    const contentType = CONTENT_TYPES[name.slice(name.lastIndexOf(".") + 1)] ?? "application/octet-stream";
    return { name, contentType, bytes: Uint8Array.from(await readFile(new URL(name, folder))) };
  };
  return Promise.all(names.map(read));
}

/** Serves the files of a page in the folder `playground` of `basePath`. */
export function pageApp(files: readonly PageFile[], basePath: string): Hono {
  const app = new Hono();
  const folder = `${basePath}/playground`;
  app.use(`${folder}/*`, etag());
  // Relative, for proxies that take a prefix away. Without the slash, what the page loads would be sought beside it.
  app.get(folder, (c) => c.body(null, 308, { Location: "playground/" }));
  for (const { name, contentType, bytes } of files) {
    const path = `${folder}/${name === "index.html" ? "" : name}`;
    app.get(path, (c) => c.body(bytes, 200, { ...HEADERS, "Content-Type": contentType }));
  }
  return app;
}
