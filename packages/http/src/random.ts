/** How much is drawn at a time: a draw costs a call to the system, however little is asked for. */
const POOL_BYTES = 4096;

/** A source of random bytes, `length` at a time and each of them given once, that is cryptographically secure. */
export function secureRandomBytes(): (length: number) => Uint8Array {
  const pool = new Uint8Array(POOL_BYTES);
  let given = POOL_BYTES;
  return (length) => {
    if (length > POOL_BYTES) throw new RangeError(`length must be at most ${POOL_BYTES}, not ${length}`);
    if (given + length > POOL_BYTES) {
      crypto.getRandomValues(pool);
      given = 0;
    }
    const bytes = pool.slice(given, given + length);
    // What was given is somebody's secret: it is not kept here.
    pool.fill(0, given, given + length);
    given += length;
    return bytes;
  };
}
