import type { FoundTag } from '#contract/wire/commands.ts';
import type { Meaning } from '#dashboard/web/ui/badges.tsx';

export const SECURITY_MEANING: Record<FoundTag['security']['state'], Meaning> = {
  secured: 'fine',
  unsecured: 'look',
  unknown: 'unknown',
  none: 'unknown',
};

export const hexByte = (value: number): string => value.toString(16).toUpperCase().padStart(2, '0');

/** The memory as rows of a block each, for a support desk. */
export function blocksOf(
  data: string,
  blockBytes: number,
): readonly { readonly block: number; readonly hex: string; readonly text: string }[] {
  const digits = blockBytes * 2;
  const rows = Array.from({ length: Math.ceil(data.length / digits) }, (_, block) =>
    data.slice(block * digits, (block + 1) * digits),
  );
  return rows.map((part, block) => {
    const bytes = part.match(/../g) ?? [];
    return {
      block,
      hex: bytes.join(' '),
      text: bytes.map((byte) => printable(Number.parseInt(byte, 16))).join(''),
    };
  });
}

function printable(byte: number): string {
  return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·';
}
