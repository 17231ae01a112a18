import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort, startProgram } from "../../../integration/src/program.ts";

/** What a query gives: a value for each series, by its labels. */
export interface Sample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [time: number, value: string];
}

export interface Prometheus {
  /** Evaluates an expression as of now; rejects with Prometheus' own words where it is no expression. */
  query(expression: string): Promise<readonly Sample[]>;
  stop(): Promise<void>;
}

/** Starts one that scrapes these servers, each as a job of its own, several times a second. */
export async function startPrometheus(jobs: ReadonlyMap<string, string>): Promise<Prometheus> {
  const folder = await mkdtemp(join(tmpdir(), "prometheus-"));
  const url = `http://127.0.0.1:${await freePort()}`;
  const scrape_configs = [...jobs].map(([job_name, server]) => ({
    job_name,
    static_configs: [{ targets: [new URL(server).host] }],
  }));
  // JSON is YAML.
  const config = JSON.stringify({ global: { scrape_interval: "250ms", scrape_timeout: "250ms" }, scrape_configs });
  await writeFile(join(folder, "prometheus.yml"), config);
  const command = [
    "prometheus",
    `--config.file=${folder}/prometheus.yml`,
    `--storage.tsdb.path=${folder}/data`,
    `--web.listen-address=${new URL(url).host}`,
    "--log.level=warn",
  ];
  const program = await startProgram(command, `${url}/-/ready`, "scripts/services/prometheus.sh installs it");
  return {
    async query(expression) {
      const answer = await fetch(`${url}/api/v1/query?${new URLSearchParams({ query: expression })}`);
      const body = (await answer.json()) as { data?: { result: Sample[] }; error?: string };
      if (body.data === undefined) throw new Error(`${expression}: ${body.error}`);
      return body.data.result;
    },
    async stop() {
      await program.stop();
      await rm(folder, { recursive: true });
    },
  };
}
