/** Sections of the texts that checks follow: the document, and the title of the heading. */

/** MSC4388 at commit 726e115: the 2025 version. */
export const MSC4388 = {
  concept: 'MSC4388 "Concept"',
  send: 'MSC4388 "The send mechanism"',
  expiry: 'MSC4388 "Expiry"',
  discover: 'MSC4388 "GET /_matrix/client/v1/rendezvous"',
  create: 'MSC4388 "POST /_matrix/client/v1/rendezvous"',
  write: 'MSC4388 "PUT /_matrix/client/v1/rendezvous/{rendezvousId}"',
  read: 'MSC4388 "GET /_matrix/client/v1/rendezvous/{rendezvousId}"',
  cancel: 'MSC4388 "DELETE /_matrix/client/v1/rendezvous/{rendezvousId}"',
  example: 'MSC4388 "Example API usage"',
  payloadSize: 'MSC4388 "Maximum payload size"',
  duration: 'MSC4388 "Maximum duration of a rendezvous"',
  denialOfService: 'MSC4388 "Denial of Service attack surface"',
  unsafeContent: 'MSC4388 "Unsafe content"',
  unstablePrefix: 'MSC4388 "Unstable prefix"',
} as const;

/** MSC4108 at commit 87f8317a: the 2024 version. */
export const MSC4108 = {
  send: 'MSC4108 of 2024 "The send mechanism"',
  expiry: 'MSC4108 of 2024 "Expiry"',
  headers: 'MSC4108 of 2024 "Common HTTP response headers"',
  create: 'MSC4108 of 2024 "Create a rendezvous session and send initial payload"',
  write: 'MSC4108 of 2024 "Send a payload to the rendezvous session"',
  read: 'MSC4108 of 2024 "Receive a payload from the rendezvous session"',
  cancel: 'MSC4108 of 2024 "Cancel a rendezvous session"',
  payloadSize: 'MSC4108 of 2024 "Maximum payload size"',
  duration: 'MSC4108 of 2024 "Maximum duration of a rendezvous"',
  etags: 'MSC4108 of 2024 "ETags"',
  cors: 'MSC4108 of 2024 "CORS"',
  denialOfService: 'MSC4108 of 2024 "Denial of Service attack surface"',
} as const;

/** The Client-Server API of the Matrix specification. */
export const MATRIX = {
  browsers: 'Matrix specification "Web Browser Clients"',
  errors: 'Matrix specification "Standard error response"',
  errorCodes: 'Matrix specification "Common error codes"',
  standards: 'Matrix specification "API Standards"',
  rateLimiting: 'Matrix specification "Rate limiting"',
  accessTokens: 'Matrix specification "Using access tokens"',
  identifiers: 'Matrix specification "Opaque Identifiers"',
} as const;

/** What became of it in the Matrix specification: the errors for unknown paths and wrong methods. */
export const UNKNOWN_ENDPOINTS = 'MSC3743 "Proposal"';
