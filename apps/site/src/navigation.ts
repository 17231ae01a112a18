import type { DefaultTheme } from "vitepress";

/** All pages, in the order in which they are read; a test finds pages that are missing here. */
export const SIDEBAR: DefaultTheme.SidebarItem[] = [
  {
    text: "Start here",
    items: [
      { text: "What it is", link: "/" },
      { text: "Playground", link: "/playground" },
      { text: "Compare", link: "/compare" },
    ],
  },
  {
    text: "Run it",
    items: [
      { text: "Which way", link: "/run/" },
      { text: "Beside Synapse", link: "/synapse" },
      { text: "Behind a reverse proxy", link: "/reverse-proxies/" },
      { text: "The proxy in front of Synapse", link: "/synapse-proxy" },
      { text: "Alone", link: "/run/alone" },
      { text: "Several replicas", link: "/run/replicas" },
      { text: "As a single binary", link: "/deploy/binary" },
      { text: "As a container", link: "/deploy/container" },
      { text: "As a systemd service", link: "/deploy/systemd" },
      { text: "On Deno Deploy", link: "/deploy/deno-deploy" },
      { text: "Why no QR code? The doctor", link: "/doctor" },
    ],
  },
  {
    text: "Configure",
    items: [
      { text: "All settings", link: "/configuration" },
      { text: "Caps and rate limits", link: "/limits" },
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
      { text: "What is kept", link: "/operate/kept" },
      { text: "Capacity", link: "/operate/capacity" },
      { text: "Benchmarks", link: "/benchmarks" },
      { text: "What a client can take", link: "/bounds" },
      { text: "Security", link: "/security" },
    ],
  },
  {
    text: "Build with it",
    items: [
      { text: "Embed it", link: "/embed" },
      { text: "Use the client", link: "/client" },
      { text: "Write a store", link: "/write-a-store" },
      { text: "The conformance kit", link: "/conformance" },
      { text: "Protocol notes", link: "/protocol" },
      { text: "Releases", link: "/release" },
    ],
  },
];
