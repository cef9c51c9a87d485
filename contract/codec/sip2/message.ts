/**
 * One SIP2 message as its parts.
 *
 *     | code 2 | fixed part, by position | XXvalue|XXvalue|... | AYn | AZhhhh |
 *
 * Source: 3M Standard Interchange Protocol 2.00, "Message format" and "Error detection".
 */

/** A variable field: its two letters and its value. */
export type Sip2Field = readonly [id: string, value: string];

export interface Sip2Message {
  /** Two digits. */
  readonly code: string;
  /** As the document calls the message. */
  readonly name: string;
  /** The fixed part by name, in wire order, blanks kept. */
  readonly fixed: Readonly<Record<string, string>>;
  /** In wire order, repeated and unknown ones too. */
  readonly fields: readonly Sip2Field[];
  /** 0 to 9; null without `AY`. */
  readonly sequence: number | null;
  /** null without `AZ`: the other end does no error detection. */
  readonly checksumValid: boolean | null;
}

/** What is needed to write a message: the rest follows. */
export type Sip2Draft = Omit<Sip2Message, 'name'>;

/** Longest message in either direction. A full patron record with 300 loans has some 20 kB. */
export const MESSAGE_BYTES_MAX = 65_536;

/** 64 answers list one field an item; libraries lend at most some hundred to a person. */
export const FIELDS_MAX = 2000;

/** The first field of that name. */
export function fieldOf(message: Pick<Sip2Message, 'fields'>, id: string): string | undefined {
  return message.fields.find(([name]) => name === id)?.[1];
}

/** Every field of that name, in order. */
export function fieldsOf(message: Pick<Sip2Message, 'fields'>, id: string): readonly string[] {
  return message.fields.flatMap(([name, value]) => (name === id ? [value] : []));
}
