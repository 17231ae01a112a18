import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";

/** The files of a certificate for `localhost`, made for one test run. */
export interface Certificate {
  readonly certificate: string;
  readonly key: string;
  /** Both in one file. */
  readonly both: string;
}

/** Makes a certificate in `folder`, and makes this process trust it. */
export function makeCertificate(folder: string): Certificate {
  const [certificate, key, both] = ["cert.pem", "key.pem", "both.pem"].map((name) => join(folder, name)) as Names;
  const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
  const options = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1"];
  execFileSync("openssl", ["req", ...options, ...subject, "-keyout", key, "-out", certificate], { stdio: "pipe" });
  const pem = readFileSync(certificate, "utf8");
  writeFileSync(both, pem + readFileSync(key, "utf8"));
  setDefaultCACertificates([...getCACertificates("default"), pem]);
  return { certificate, key, both };
}

type Names = [string, string, string];
