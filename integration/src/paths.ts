/** Where sessions of the 2024 version (MSC4108) are created. */
export const CREATE_2024 = "/_matrix/client/unstable/org.matrix.msc4108/rendezvous";
/** What sessions of the 2024 version are under. */
export const SESSIONS_2024 = "/_synapse/client/rendezvous";
/** What the 2025 version (MSC4388) is under. */
export const UNSTABLE_2025 = "/_matrix/client/unstable/io.element.msc4388/rendezvous";
export const STABLE_2025 = "/_matrix/client/v1/rendezvous";
