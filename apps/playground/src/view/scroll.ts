/** Brings an element into sight, as the user likes things to move. */
export function showElement(element: Element | null, block: ScrollLogicalPosition): void {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  element?.scrollIntoView({ behavior: still ? "instant" : "smooth", block });
}
