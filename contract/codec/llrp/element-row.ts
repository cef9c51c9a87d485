/**
 * How the tables of LLRP write down a message or parameter: its type number, its name, its fields.
 *
 * Fields of a row, in the order of the wire, big-endian, most significant bit first:
 *
 *     Name:u1..u32        whole number of so many bits      Name:flag     one bit, true or false
 *     Name:s8 s16 s32     signed whole number               Name:u64      decimal text
 *     Name:u96            12 bytes                          Name:text     u16 bytes, UTF-8
 *     Name:bytes words    u16 count, hex                    Name:u8v u16v u32v   u16 count, list of numbers
 *     Name:bits/Count     u16 count of bits (shown as Count), hex padded to whole bytes
 *     Name:rest           hex of all that is left           ~7            reserved bits, shown only when not zero
 *
 * Source: EPCglobal Low Level Reader Protocol 1.1, section 17.2, binary encoding of parameters.
 */
export type ElementRow = readonly [type: number, name: string, fields?: string];
