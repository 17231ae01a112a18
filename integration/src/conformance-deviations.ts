/** Where Synapse differs from the texts, by the ID of the check that finds it, and why. */
export interface Deviation {
  readonly check: string;
  /** As it is in the documentation. */
  readonly reason: string;
  /** Whether it takes two writes of one payload in the same millisecond, which most runs do not have. */
  readonly byChance?: true;
}

const SAME_MILLISECOND =
  "A token is a hash of the payload and the time: the same payload in the same millisecond has the same.";

export const SYNAPSE_DEVIATIONS: readonly Deviation[] = [
  {
    check: "2025.write.token-changes",
    reason: SAME_MILLISECOND,
    byChance: true,
  },
  {
    check: "2025.write.token-never-repeats",
    reason: "The same.",
    byChance: true,
  },
  {
    check: "2025.write.retry-any-token",
    reason:
      "Only the token just before the current one makes a write of what the slot holds a retry; with any other it is 409.",
  },
  {
    check: "2025.cancel.answers-object",
    reason: "A cancellation is answered `[]`, which is JSON and no object.",
  },
  {
    check: "2025.expiry.over",
    reason: "What has expired can't be read or written, but cancelled: with 200, until it has been swept out.",
  },
  {
    check: "2025.json.not-object",
    reason: '`["data"]` is taken for `{"data":"data"}`: members are also read by their place in an array.',
  },
  {
    check: "2025.json.not-json-errcode",
    reason: "What is no JSON is `M_INVALID_PARAM`, as all that is wrong with a body is.",
  },
  {
    check: "2025.json.not-utf-8-errcode",
    reason: "The same for what is no UTF-8.",
  },
  {
    check: "2024.expiry.over",
    reason: "The same, with 204.",
  },
  {
    check: "2024.write.etag-changes",
    reason: "The ETag is a hash of the payload: a message that says the same as the one before is not noticed.",
  },
  {
    check: "2024.write.several-if-match",
    reason: "`If-Match: *` and lists of ETags are accepted, which the MSC calls malformed.",
  },
];
