/** A sleep that a hint or the end cuts short. */
export interface Wake {
  /** Resolves after `ms`, at the next hint, or at once when a hint came since the last sleep. */
  sleep(ms: number): Promise<void>;
  hint(): void;
}

export function createWake(): Wake {
  let isHinted = false;
  let wakeUp: (() => void) | undefined;
  return {
    sleep(ms) {
      if (isHinted) {
        isHinted = false;
        return Promise.resolve();
      }
      return new Promise((resolve) => {
        const done = (): void => {
          clearTimeout(timer);
          wakeUp = undefined;
          isHinted = false;
          resolve();
        };
        const timer = setTimeout(done, ms);
        wakeUp = done;
      });
    },
    hint() {
      isHinted = true;
      wakeUp?.();
    },
  };
}
