/** How often subjects are measured. */
export interface Turns {
  readonly rounds: number;
  /** Rounds before those that count. */
  readonly warmUps: number;
}

/**
 * Measures each subject once for each round, one after the other, every second round backwards: what the machine does
 * besides, and how it drifts, hits all alike.
 * @returns the measurements of each subject, round by round
 */
export async function inTurns<S, M>(
  subjects: readonly S[],
  { rounds, warmUps }: Turns,
  measure: (subject: S) => Promise<M>,
): Promise<M[][]> {
  const measured: M[][] = subjects.map(() => []);
  for (let round = -warmUps; round < rounds; round += 1) {
    const order = [...subjects.entries()];
    for (const [index, subject] of round % 2 === 0 ? order : order.toReversed()) {
      const measurement = await measure(subject);
      if (round >= 0) measured[index]?.push(measurement);
    }
  }
  return measured;
}
