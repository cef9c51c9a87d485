/** One measured figure, beside the bar it is held against. */
export interface BenchRow {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly bar: {
    readonly value: number;
    /** Whether the figure should be at least or at most the bar. */
    readonly is: 'at-least' | 'at-most';
  };
  /** What something else does, measured elsewhere on an idle machine of the same size. */
  readonly baseline?: { readonly name: string; readonly value: number };
  /** What the figure depends on, such as the load that was really reached. */
  readonly note?: string;
}
