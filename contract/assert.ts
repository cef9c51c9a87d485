/** An assumption of ours that turned out wrong. Never caught on purpose: the process ends and is started again. */
export class AssertionError extends Error {
  override readonly name = 'AssertionError';
}

/** Ends the caller when an assumption about our own code does not hold. Never used on data from outside. */
export function assert(condition: boolean, assumption: string): asserts condition {
  if (!condition) throw new AssertionError(assumption);
}
