import { createContext, useContext } from 'react';
import type { SessionMemory } from './held-session.ts';

const MemoryContext = createContext<SessionMemory | null>(null);

/** What this device remembers of who was signed in. */
export const SessionMemoryProvider = MemoryContext.Provider;

export function useSessionMemory(): SessionMemory {
  const value = useContext(MemoryContext);
  if (value === null) throw new Error('the session gate was drawn without a memory');
  return value;
}
