import { useCallback, useState } from 'react';

/** A switch that the device remembers. */
export function useSwitch(key: string, isOnFirst: boolean): { readonly isOn: boolean; readonly toggle: () => void } {
  const [isOn, setOn] = useState(() => keptSwitch(key) ?? isOnFirst);
  const toggle = useCallback(() => {
    setOn(!isOn);
    try {
      localStorage.setItem(key, isOn ? 'off' : 'on');
    } catch {
      // Storage is switched off: the choice holds until the page is closed.
    }
  }, [key, isOn]);
  return { isOn, toggle };
}

function keptSwitch(key: string): boolean | null {
  try {
    const kept = localStorage.getItem(key);
    return kept === null ? null : kept === 'on';
  } catch {
    return null;
  }
}
