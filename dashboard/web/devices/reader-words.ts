/** A reader's family and wire as people say them; what this page does not know is left as the gateway says it. */

/** Names of makers and protocols, the same in every language. */
const FAMILIES: Readonly<Record<string, string>> = {
  llrp: 'LLRP',
  '3m': '3M',
  feig: 'FEIG OBID',
  uhfreader288: 'UHFReader288',
  uhfreader18: 'UHFReader18',
  'chafon-cf': 'Chafon CF',
  m100: 'M100',
  m6e: 'ThingMagic',
  r700: 'Impinj R700',
  zebra: 'Zebra',
  rfd40: 'Zebra RFD40',
  tsl: 'TSL',
};

export function familyName(driver: string): string | null {
  return Object.hasOwn(FAMILIES, driver) ? (FAMILIES[driver] ?? null) : null;
}

export const LINK_KINDS = ['tcp', 'tls', 'tcp-listen', 'serial', 'mqtt', 'mqtts', 'http', 'https', 'webhook'] as const;
export type LinkKind = (typeof LINK_KINDS)[number];

/** `null` for a wire newer than this page. */
export function linkKind(link: string): LinkKind | null {
  const scheme = link.slice(0, link.indexOf('://'));
  return LINK_KINDS.find((kind) => kind === scheme) ?? null;
}
