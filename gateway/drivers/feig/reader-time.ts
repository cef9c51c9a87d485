/**
 * When a data set was recorded, on the gateway's clock: by how much older it is than the reader's own time now. So
 * neither the date nor the time zone of the reader need be right.
 *
 * Source: FEIG ID ISC.LRU3000 manual H90202-7e-ID-B, 8.2 (88); ID ISC.MR102 H01113-4e-ID-B, 6.13 (86).
 */
import type { Clock } from '#contract/clock.ts';
import type { DataSet, FeigDate, FeigTime } from '#contract/codec/feig/buffer.ts';
import { COMMAND, DATA_STATUSES } from '#contract/codec/feig/codes.ts';
import { DATE, TIME } from '#contract/codec/feig/messages.table.ts';
import { readLayout } from '#contract/codec/layout.ts';
import type { FeigLine } from '#gateway/drivers/feig/line.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** A record that seems older than this has a wrong date. */
const AGE_MS_MAX = 31 * DAY_MS;
/** The reader's clock runs on while it answers: a record may seem this much younger than now. */
const FUTURE_MS_MAX = 2000;

type Moment = FeigTime & Partial<FeigDate>;

/** The reader's own time, asked for; undefined once it has refused to tell. */
export class ReaderTime {
  readonly #line: FeigLine;
  readonly #clock: Clock;
  #command: number | undefined = COMMAND.systemTimeAndDate;

  constructor(line: FeigLine, clock: Clock) {
    this.#line = line;
    this.#clock = clock;
  }

  /** Errors: those of the line. */
  async timeOf(): Promise<(dataSet: DataSet) => number> {
    const now = await this.#ask();
    const nowMs = this.#clock.nowMs();
    return ({ time, date }) => {
      if (now === undefined || time === undefined) return nowMs;
      return nowMs - (ageMs(now, { ...time, ...date }) ?? 0);
    };
  }

  async #ask(): Promise<Moment | undefined> {
    while (this.#command !== undefined) {
      const answer = await this.#line.ask({ command: this.#command, body: new Uint8Array(0) });
      if (answer === undefined) return undefined;
      const isTime = this.#command === COMMAND.systemTimer;
      const moment = DATA_STATUSES.has(answer.status)
        ? readLayout(isTime ? TIME : [...DATE, ...TIME], answer.data)
        : undefined;
      if (moment !== undefined) return moment;
      this.#command = isTime ? undefined : COMMAND.systemTimer;
    }
    return undefined;
  }
}

/** Undefined when the two do not go together. */
function ageMs(now: Moment, then: Moment): number | undefined {
  const nowDay = dayMs(now);
  const thenDay = dayMs(then);
  const isDated = nowDay !== undefined && thenDay !== undefined;
  const age = timeMs(now) - timeMs(then) + (isDated ? nowDay - thenDay : 0);
  // Without a date the record is of the last day.
  const undated = age < -FUTURE_MS_MAX ? age + DAY_MS : age;
  const shown = isDated ? age : undated;
  return shown < -FUTURE_MS_MAX || shown > AGE_MS_MAX ? undefined : Math.max(0, shown);
}

function timeMs({ hour, minute, milliseconds }: FeigTime): number {
  return hour * HOUR_MS + minute * MINUTE_MS + milliseconds;
}

function dayMs({ century, year, month, day }: Partial<FeigDate>): number | undefined {
  if (century === undefined || year === undefined || month === undefined || day === undefined) return undefined;
  return Date.UTC(century * 100 + year, month - 1, day);
}
