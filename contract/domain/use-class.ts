/** The broad class under which librarians report use: coarse on purpose, so that no single title can be read from it. */
import type { CallNumberScheme } from './plan.ts';

/** What cannot be read. */
export const NO_CLASS = '?';

/** Location words before the mark, such as `Ref` or `Oversize`, hold no class. */
const LCC = /(?:^|\s)([A-HJ-NP-VZ])[A-Z]{0,2}\s*\d/;
const DDC = /(?:^|[^\d.])(\d)\d{2}(?![\d])/;
const CLC = /(?:^|[\s*])([A-KN-VXZ])[A-Z]?\d*/;
const UDC = /(?:^|[\s(=])(\d)/;

/** LCC and CLC: the letter; Dewey: the hundred (`500`); UDC: the main class (`5`); otherwise {@link NO_CLASS}. */
export function useClass(scheme: CallNumberScheme, callNumber: string): string {
  switch (scheme) {
    case 'lcc':
      return LCC.exec(callNumber.toUpperCase())?.[1] ?? NO_CLASS;
    case 'clc':
      return CLC.exec(callNumber.toUpperCase())?.[1] ?? NO_CLASS;
    case 'ddc': {
      const hundred = DDC.exec(callNumber)?.[1];
      return hundred === undefined ? NO_CLASS : `${hundred}00`;
    }
    case 'udc':
      return UDC.exec(callNumber)?.[1] ?? NO_CLASS;
    case 'local':
      return NO_CLASS;
  }
}
