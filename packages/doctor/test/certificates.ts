/** Certificates as authorities sign them, for one test run. */
import { generateKeyPairSync } from "node:crypto";
import forge from "node-forge";

/** A certificate and its key, in PEM. */
export interface Identity {
  readonly certificate: string;
  readonly key: string;
}

export interface Signing {
  /** Subject alternative names. @default localhost */
  readonly names?: readonly string[];
  /** From now, in days, both. @default from yesterday to in 90 days */
  readonly days?: readonly [from: number, to: number];
  /** May itself sign others. @default false */
  readonly isAuthority?: boolean;
}

const DAY_MS = 86_400_000;
let serialNumber = 1;

/** A certificate for `name`, signed by `issuer`, or by itself. */
export function sign(
  name: string,
  issuer: Identity | undefined,
  { names = ["localhost"], days: [from, to] = [-1, 90], isAuthority = false }: Signing = {},
): Identity {
  const { publicKey, privateKey: key } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  const subject = [{ name: "commonName", value: name }];
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.publicKeyFromPem(publicKey);
  certificate.serialNumber = String(serialNumber++).padStart(4, "0");
  certificate.validity.notBefore = new Date(Date.now() + from * DAY_MS);
  certificate.validity.notAfter = new Date(Date.now() + to * DAY_MS);
  certificate.setSubject(subject);
  const from_ = issuer && forge.pki.certificateFromPem(issuer.certificate);
  certificate.setIssuer(from_?.subject.attributes ?? subject);
  certificate.setExtensions([
    { name: "basicConstraints", cA: isAuthority, critical: true },
    ...(isAuthority
      ? [{ name: "keyUsage", keyCertSign: true, cRLSign: true, critical: true }]
      : [{ name: "subjectAltName", altNames: names.map((value) => ({ type: 2, value })) }]),
  ]);
  certificate.sign(forge.pki.privateKeyFromPem(issuer?.key ?? key), forge.md.sha256.create());
  return { certificate: forge.pki.certificateToPem(certificate), key };
}
