/** Counts open sockets, in all and per address, and says whether one more may stay. */
export interface Admission {
  /** `undefined`: refused. Otherwise call it once when the socket is closed. */
  admit(address: string): (() => void) | undefined;
  count(): number;
}

export function createAdmission(limits: {
  readonly socketsMax: number;
  readonly socketsPerAddressMax: number;
}): Admission {
  const perAddress = new Map<string, number>();
  let total = 0;

  return {
    admit: (address) => {
      const here = perAddress.get(address) ?? 0;
      if (total >= limits.socketsMax || here >= limits.socketsPerAddressMax) return undefined;
      total += 1;
      perAddress.set(address, here + 1);
      let isOpen = true;
      return () => {
        if (!isOpen) return;
        isOpen = false;
        total -= 1;
        const left = (perAddress.get(address) ?? 1) - 1;
        if (left === 0) perAddress.delete(address);
        else perAddress.set(address, left);
      };
    },
    count: () => total,
  };
}
