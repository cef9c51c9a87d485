import { AppError } from '#contract/errors.ts';
import type { HistorySeriesQuery, HistoryValue } from './history.ts';

/** A year of hours; no screen draws more. */
const STEPS_MAX = 10_000;
const FIELD_NAME = /^[A-Za-z][A-Za-z0-9_]{0,63}$/;

/** How many rows the answer has. Errors: `STO_BAD_VALUE` for a question that makes no sense. */
export function countSteps({ fromMs, toMs, stepMs, field }: HistorySeriesQuery): number {
  if (!FIELD_NAME.test(field)) throw new AppError('STO_BAD_VALUE', 'that is no name of a field', { field });
  const isWhole = Number.isSafeInteger(fromMs) && Number.isSafeInteger(toMs) && Number.isSafeInteger(stepMs);
  if (!isWhole || fromMs < 0 || stepMs < 1) {
    throw new AppError('STO_BAD_VALUE', 'times and steps are whole milliseconds', { fromMs, toMs, stepMs });
  }
  const count = Math.max(0, Math.ceil((toMs - fromMs) / stepMs));
  if (count > STEPS_MAX) throw new AppError('STO_BAD_VALUE', `more than ${STEPS_MAX} steps`, { count });
  return count;
}

/** One row per step, `null` where `values` knows nothing. */
export function fillSteps(query: HistorySeriesQuery, values: ReadonlyMap<number, number>): readonly HistoryValue[] {
  return Array.from({ length: countSteps(query) }, (_, index) => ({
    atMs: query.fromMs + index * query.stepMs,
    value: values.get(index) ?? null,
  }));
}
