/** A started part of Shelfwise, whichever it is. */
export interface RunningRole {
  /** Ends it cleanly: nothing accepted is lost, every handle is given back. Safe to call twice. */
  close(): Promise<void>;
}

/** A `close` that may be called twice. */
export function once(body: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => (done ??= body());
}
