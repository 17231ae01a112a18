/**
 * Whether a browser is about to show the answer as a page, a frame, an image … of its own, rather than hand it to a
 * script. A payload is whatever somebody wrote, so only scripts get it (MSC4388 "Unsafe content").
 */
export function isUnsafeFetch(headers: Headers): boolean {
  const destination = headers.get("Sec-Fetch-Dest");
  return (
    (destination !== null && destination !== "empty") ||
    headers.get("Sec-Fetch-Mode") === "navigate" ||
    headers.get("Sec-Fetch-User") === "?1" ||
    headers.get("Sec-Fetch-Site") === "none"
  );
}
