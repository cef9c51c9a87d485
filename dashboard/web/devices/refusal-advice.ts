/** What to do about something that was turned away. Twenty-odd reasons come down to six errands. */
const ADVICE = {
  'name-unknown': 'identity',
  'secret-wrong': 'identity',
  'client-id-refused': 'identity',
  'sign-in-locked': 'identity',
  'device-disabled': 'disabled',
  'device-revoked': 'disabled',
  'first-packet-not-connect': 'stranger',
  'connect-too-large': 'stranger',
  'connect-twice': 'stranger',
  'packet-too-large': 'stranger',
  'packet-malformed': 'stranger',
  'packet-type-refused': 'stranger',
  'protocol-error': 'stranger',
  'too-many-sockets': 'stranger',
  'connect-timeout': 'network',
  'tls-failed': 'network',
  'keepalive-missed': 'network',
  'topic-refused': 'settings',
  'topic-forbidden': 'settings',
  'filter-forbidden': 'settings',
  'qos-refused': 'settings',
  'retain-refused': 'settings',
  'will-refused': 'settings',
  'batch-unreadable': 'software',
  'observations-invalid': 'software',
  'status-unreadable': 'software',
  'payload-too-large': 'software',
  'payload-unreadable': 'settings',
  'registry-unavailable': 'waiting',
  'journal-unavailable': 'waiting',
} as const;

export type RefusalReason = keyof typeof ADVICE;
export type RefusalAdvice = (typeof ADVICE)[RefusalReason];

export const REFUSAL_REASONS = Object.keys(ADVICE) as readonly RefusalReason[];

/** `null` for a reason newer than this page: then the server's own words are shown. */
export function adviceFor(code: string): RefusalAdvice | null {
  return Object.hasOwn(ADVICE, code) ? ADVICE[code as RefusalReason] : null;
}
