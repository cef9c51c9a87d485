/** What an answer of the library system says about a copy: lent, returned, on its way. Who has it is not looked at. */
import { ALERT_TYPES, readLoan, readReturn } from '#contract/codec/sip2/answers.ts';
import { sip2DateMs } from '#contract/codec/sip2/dates.ts';
import { fieldOf, type Sip2Message } from '#contract/codec/sip2/message.ts';
import type { IlsStatusName } from '#contract/domain/ils-status.ts';
import { barcode } from '#contract/domain/ids.ts';

export interface LearntWord {
  readonly barcode: string;
  readonly status: IlsStatusName;
  readonly atMs: number;
  readonly dueAtMs: number | null;
}

/** Undefined where the answer changes nothing. */
export function learnFrom(
  request: Pick<Sip2Message, 'fields'>,
  answer: Sip2Message,
  { atMs, timeZone }: { readonly atMs: number; readonly timeZone: string },
): LearntWord | undefined {
  const named = barcode.safeParse(fieldOf(answer, 'AB') ?? fieldOf(request, 'AB'));
  if (!named.success) return undefined;
  if (answer.code === '12' || answer.code === '30') {
    const { isOk, due } = readLoan(answer);
    const dueAtMs = due === undefined ? null : sip2DateMs(due, timeZone);
    return isOk ? { barcode: named.data, status: 'on-loan', atMs, dueAtMs } : undefined;
  }
  if (answer.code !== '10') return undefined;
  const { isOk, alertType } = readReturn(answer);
  return isOk ? { barcode: named.data, status: statusAfter(alertType), atMs, dueAtMs: null } : undefined;
}

function statusAfter(alertType: string | undefined): IlsStatusName {
  switch (ALERT_TYPES[alertType ?? '00']) {
    case 'hold-here':
      return 'on-hold';
    case 'hold-elsewhere':
    case 'send-to-branch':
    case 'interlibrary-loan':
      return 'in-transit';
    default:
      return 'available';
  }
}
