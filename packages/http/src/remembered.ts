import { LRUCache } from "lru-cache";

/** Devices ask again and again, each from its address. */
const MOST = 10_000;

/** In characters. Longer than any address: what is no address may be of any length, and is not kept. */
const LONGEST = 64;

/** `tell`, which finds out about an address in more time than all else of a read takes, with its last answers kept. */
export function remembered<Answer extends NonNullable<unknown>>(tell: (address: string) => Answer): typeof tell {
  const answers = new LRUCache<string, Answer>({ max: MOST });
  return (address) => {
    const known = answers.get(address);
    if (known !== undefined) return known;
    const answer = tell(address);
    if (address.length <= LONGEST) answers.set(address, answer);
    return answer;
  };
}
