import type { Diagnosis } from "./diagnoses/diagnosis.ts";
import { HOMESERVER, type HomeserverName } from "./diagnoses/homeserver.ts";
import { NETWORK, type NetworkName } from "./diagnoses/network.ts";
import { TIME, type TimeName } from "./diagnoses/time.ts";
import { TLS, type TlsName } from "./diagnoses/tls.ts";
import { type Name2024, VERSION_2024 } from "./diagnoses/version-2024.ts";
import { type Name2025, VERSION_2025 } from "./diagnoses/version-2025.ts";
import { WEB, type WebName } from "./diagnoses/web.ts";

/** The name of a failure: stable, and in the table of the documentation. */
export type DiagnosisName = NetworkName | TlsName | TimeName | HomeserverName | WebName | Name2024 | Name2025;

/** Every failure that is known by name. */
export const DIAGNOSES: Readonly<Record<DiagnosisName, Diagnosis>> = {
  ...NETWORK,
  ...TLS,
  ...TIME,
  ...HOMESERVER,
  ...WEB,
  ...VERSION_2024,
  ...VERSION_2025,
};
