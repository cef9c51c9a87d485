/** Where time comes from: handed in, so that tests and simulations can own it. */
export interface Clock {
  /** Unix milliseconds; may jump when the system clock is set. */
  nowMs(): number;
  /** Milliseconds since some fixed moment of this process; never jumps. */
  uptimeMs(): number;
}
