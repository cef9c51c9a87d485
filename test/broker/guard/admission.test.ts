import { describe, expect, test } from '@jest/globals';
import { addressKey } from '#broker/guard/address.ts';
import { createAdmission } from '#broker/guard/admission.ts';

describe('sockets per address and in all', () => {
  test('a third socket of one address waits, one of another does not', () => {
    const admission = createAdmission({ socketsMax: 10, socketsPerAddressMax: 2 });
    const first = admission.admit('a');
    admission.admit('a');
    expect(admission.admit('a')).toBeUndefined();
    expect(admission.admit('b')).toBeDefined();
    first?.();
    expect(admission.admit('a')).toBeDefined();
  });

  test('the total holds for all addresses together', () => {
    const admission = createAdmission({ socketsMax: 2, socketsPerAddressMax: 2 });
    admission.admit('a');
    admission.admit('b');
    expect(admission.admit('c')).toBeUndefined();
    expect(admission.count()).toBe(2);
  });

  test('giving a socket back twice frees one place only', () => {
    const admission = createAdmission({ socketsMax: 2, socketsPerAddressMax: 2 });
    const release = admission.admit('a');
    admission.admit('a');
    release?.();
    release?.();
    expect(admission.count()).toBe(1);
  });
});

describe('what one party holds', () => {
  test.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:db8:1:2::9', '2001:db8:1:2'],
    ['2001:db8::1', '2001:db8:0:0'],
    ['::1', '0:0:0:0'],
    [undefined, 'unknown'],
  ])('%s is %s', (address, key) => {
    expect(addressKey(address)).toBe(key);
  });
});
