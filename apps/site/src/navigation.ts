import type { DefaultTheme } from "vitepress";

/** All pages, in the order in which they are read; a test finds pages that are missing here. */
export const SIDEBAR: DefaultTheme.SidebarItem[] = [
  {
    text: "Start here",
    items: [
      { text: "What it is", link: "/" },
      { text: "Playground", link: "/playground" },
    ],
  },
  {
    text: "Run it",
    items: [
      { text: "Beside Synapse", link: "/synapse" },
      { text: "Behind a reverse proxy", link: "/reverse-proxies/" },
      { text: "The proxy in front of Synapse", link: "/synapse-proxy" },
      { text: "Why no QR code? The doctor", link: "/doctor" },
    ],
  },
  {
    text: "Configure",
    items: [
      { text: "All settings", link: "/configuration" },
      { text: "Rate limits", link: "/limits" },
      { text: "What a client can take", link: "/bounds" },
      { text: "Which store", link: "/stores/" },
      { text: "SQLite", link: "/stores/sqlite" },
      { text: "PostgreSQL", link: "/stores/postgres" },
      { text: "Redis", link: "/stores/redis" },
      { text: "Deno KV", link: "/stores/deno-kv" },
    ],
  },
  {
    text: "Operate",
    items: [
      { text: "Health, metrics, logs", link: "/operate/" },
      { text: "Benchmarks", link: "/benchmarks" },
    ],
  },
  {
    text: "Build with it",
    items: [{ text: "Write a store", link: "/write-a-store" }],
  },
];
