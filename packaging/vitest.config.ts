import { defineConfig } from "vitest/config";

export default defineConfig({ test: { globalSetup: "src/set-up.ts", hookTimeout: 60_000 } });
