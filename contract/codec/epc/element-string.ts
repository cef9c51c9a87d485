/**
 * The same identity as barcodes carry it: GS1 application identifiers in brackets, check digits put in.
 *
 * Source: GS1 EPC Tag Data Standard 1.13, section 7 (correspondence between EPCs and GS1 keys).
 */
import { checkDigit } from '#contract/codec/epc/check-digit.ts';

export interface BarcodeText {
  /** The key alone, where it has a name of its own. */
  readonly gtin?: string;
  readonly sscc?: string;
  readonly gln?: string;
  readonly elementString: string;
}

type Fields = Readonly<Record<string, string>>;

/** Nothing for schemes that are no GS1 keys. `identity` is the scheme's name in pure identity URIs. */
export function toBarcodeText(identity: string, fields: Fields): BarcodeText | undefined {
  const text = (name: string): string => fields[name] ?? '';
  const prefix = text('companyPrefix');
  const serial = text('serial');
  switch (identity) {
    case 'sgtin': {
      const gtin = gtinOf(prefix, text('itemReference'));
      return { gtin, elementString: `(01)${gtin}(21)${serial}` };
    }
    case 'itip': {
      const gtin = gtinOf(prefix, text('itemReference'));
      return { gtin, elementString: `(8006)${gtin}${text('piece')}${text('total')}(21)${serial}` };
    }
    case 'sscc': {
      const reference = text('serialReference');
      const sscc = checked(reference.slice(0, 1) + prefix + reference.slice(1));
      return { sscc, elementString: `(00)${sscc}` };
    }
    case 'sgln': {
      const gln = checked(prefix + text('locationReference'));
      const extension = text('extension');
      return { gln, elementString: `(414)${gln}${extension === '0' ? '' : `(254)${extension}`}` };
    }
    case 'grai':
      return { elementString: `(8003)0${checked(prefix + text('assetType'))}${serial}` };
    case 'giai':
      return { elementString: `(8004)${prefix}${text('individualAssetReference')}` };
    case 'gsrn':
      return { elementString: `(8018)${checked(prefix + text('serviceReference'))}` };
    case 'gsrnp':
      return { elementString: `(8017)${checked(prefix + text('serviceReference'))}` };
    case 'gdti':
      return { elementString: `(253)${checked(prefix + text('documentType'))}${serial}` };
    case 'cpi':
      return { elementString: `(8010)${prefix}${text('componentPartReference')}(8011)${serial}` };
    case 'sgcn':
      return { elementString: `(255)${checked(prefix + text('couponReference'))}${serial}` };
    default:
      return undefined;
  }
}

function checked(digits: string): string {
  return digits + checkDigit(digits);
}

/** The first digit of the item reference is the indicator, which stands before the company prefix. */
function gtinOf(prefix: string, itemReference: string): string {
  return checked(itemReference.slice(0, 1) + prefix + itemReference.slice(1));
}
