/**
 * What a message or parameter is to the bench tool: a name and a list of fields, read from the rows of the tables.
 *
 * Source: EPCglobal Low Level Reader Protocol 1.1, section 17.2, binary encoding of parameters.
 */
import { assert } from '#contract/assert.ts';
import { IMPINJ_MESSAGES, IMPINJ_PARAMETERS } from '#contract/codec/llrp/impinj.table.ts';
import type { ElementRow } from '#contract/codec/llrp/element-row.ts';
import { MESSAGES, TLV_PARAMETERS, TV_PARAMETERS } from '#contract/codec/llrp/elements.table.ts';

export type ElementField =
  | { readonly kind: 'unsigned' | 'signed'; readonly name: string; readonly bits: number }
  | { readonly kind: 'flag' | 'u64' | 'text' | 'rest'; readonly name: string }
  | { readonly kind: 'hex'; readonly name: string; readonly bytes: number }
  | { readonly kind: 'counted-hex'; readonly name: string; readonly unitBytes: number }
  | { readonly kind: 'numbers'; readonly name: string; readonly bits: number }
  | { readonly kind: 'bits'; readonly name: string; readonly countName: string }
  /** `name` tells several in one element apart. */
  | { readonly kind: 'reserved'; readonly name: string; readonly bits: number };

/** How an element is introduced: messages by their header, vendor ones inside a CUSTOM_MESSAGE or Custom. */
export type ElementForm = 'message' | 'tv' | 'tlv' | 'impinj-message' | 'impinj-parameter';

export interface Element {
  readonly form: ElementForm;
  readonly type: number;
  readonly name: string;
  readonly fields: readonly ElementField[];
}

/** For types of no known name; their bodies are hex. */
export const UNKNOWN = 'Unknown';

const OTHER_NAMES: Readonly<Record<string, string>> = {
  c1g2uhfrfmodetable: 'UHFC1G2RFModeTable',
  c1g2uhfrfmodetableentry: 'UHFC1G2RFModeTableEntry',
};

const ELEMENTS: readonly Element[] = [
  ...elementsOf('message', MESSAGES),
  ...elementsOf('tv', TV_PARAMETERS),
  ...elementsOf('tlv', TLV_PARAMETERS),
  ...elementsOf('impinj-message', IMPINJ_MESSAGES),
  ...elementsOf('impinj-parameter', IMPINJ_PARAMETERS),
];

const BY_TYPE = new Map(ELEMENTS.map((element) => [`${element.form} ${element.type}`, element]));
const MESSAGE_BY_NAME = byName((form) => form.endsWith('message'));
const PARAMETER_BY_NAME = byName((form) => !form.endsWith('message'));

/** All of them, for those who check the tables. */
export const ALL_ELEMENTS: readonly Element[] = ELEMENTS;

/** The element of this type number; undefined where the standard, or the vendor, has none. */
export function findElement(form: ElementForm, type: number): Element | undefined {
  return BY_TYPE.get(`${form} ${type}`);
}

/** Takes the names of the text and of the toolkits: EPC-96, EPC_96 and EPC96 are one. */
export function findElementByName(what: 'message' | 'parameter', name: string): Element | undefined {
  const plain = plainName(name);
  const known = OTHER_NAMES[plain];
  return (what === 'message' ? MESSAGE_BY_NAME : PARAMETER_BY_NAME).get(known === undefined ? plain : plainName(known));
}

function byName(isWanted: (form: ElementForm) => boolean): ReadonlyMap<string, Element> {
  return new Map(ELEMENTS.filter(({ form }) => isWanted(form)).map((element) => [plainName(element.name), element]));
}

function plainName(name: string): string {
  return name.replaceAll(/[^0-9A-Za-z]/g, '').toLowerCase();
}

function elementsOf(form: ElementForm, rows: readonly ElementRow[]): Element[] {
  return rows.map(([type, name, notation = '']) => {
    let reserved = 0;
    const words = notation === '' ? [] : notation.split(' ');
    const fields = words.map((word) => {
      if (!word.startsWith('~')) return fieldOf(word);
      reserved += 1;
      const suffix = reserved === 1 ? '' : String(reserved);
      return { kind: 'reserved', name: `reserved${suffix}`, bits: Number(word.slice(1)) } as const;
    });
    return { form, type, name, fields };
  });
}

function fieldOf(word: string): ElementField {
  const [name = '', type = ''] = word.split(':');
  const [kind = '', countName = ''] = type.split('/');
  const [, letter = '', digits = '', many = ''] = /^([us])(\d+)(v?)$/.exec(kind) ?? [];
  switch (kind) {
    case 'flag':
    case 'u64':
    case 'text':
    case 'rest':
      return { kind, name };
    case 'u96':
      return { kind: 'hex', name, bytes: 12 };
    case 'bytes':
      return { kind: 'counted-hex', name, unitBytes: 1 };
    case 'words':
      return { kind: 'counted-hex', name, unitBytes: 2 };
    case 'bits':
      return { kind, name, countName };
    default:
      assert(letter !== '', `the table says what ${word} is`);
      if (many !== '') return { kind: 'numbers', name, bits: Number(digits) };
      return { kind: letter === 'u' ? 'unsigned' : 'signed', name, bits: Number(digits) };
  }
}
