import { defineConfig, type UserConfig } from "vitepress";
import { comments } from "./comments.ts";
import { diagrams } from "./diagrams.ts";
import { copyFiles, links, REPOSITORY } from "./links.ts";
import { SIDEBAR } from "./navigation.ts";
import { tables } from "./tables.ts";

const config: UserConfig = defineConfig({
  title: "matrix-rendezvous",
  description: "The rendezvous server behind sign-in with a QR code in Matrix clients",
  lang: "en",
  head: [["link", { rel: "icon", href: "/icon.svg" }]],
  srcDir: "../../docs",
  outDir: "dist",
  // A folder's page is its README.md in the repository, and its index.html on the site.
  rewrites: (page) => page.replace(/README\.md$/, "index.md"),
  markdown: {
    theme: { light: "github-light-high-contrast", dark: "github-dark-high-contrast" },
    // What the pages say in angle brackets or braces is meant as it stands.
    html: false,
    attrs: { disable: true },
    // A file name such as homeserver.yaml is no address.
    linkify: false,
    config: (md) => {
      md.use(comments).use(links).use(diagrams).use(tables);
    },
  },
  themeConfig: {
    sidebar: SIDEBAR,
    socialLinks: [{ icon: "github", link: REPOSITORY }],
    outline: [2, 3],
    search: { provider: "local" },
  },
  buildEnd: ({ srcDir, outDir }) => copyFiles(srcDir, outDir),
});
export default config;
