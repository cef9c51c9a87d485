/** What the device keeps beyond the page. Where a browser refuses storage, everything here lasts as long as the page. */
import { clear, createStore, del, entries, get, set, update, type UseStore } from 'idb-keyval';

export interface DeviceStore {
  get<T>(key: string): Promise<T | undefined>;
  set(key: string, value: unknown): Promise<void>;
  /** Reads and writes in one transaction, so that two pages never undo each other; answers what is kept now. */
  update<T>(key: string, step: (before: T | undefined) => T): Promise<T>;
  delete(key: string): Promise<void>;
  entries<T>(): Promise<readonly (readonly [key: string, value: T])[]>;
  clear(): Promise<void>;
}

export function openDeviceStore(name: string): DeviceStore {
  const memory = memoryStore();
  let place: UseStore;
  try {
    place = createStore(`shelfwise-${name}`, name);
  } catch {
    return memory;
  }
  const database = databaseStore(place);
  let isRefused = false;
  const either = async <T>(ask: (store: DeviceStore) => Promise<T>): Promise<T> => {
    if (isRefused) return ask(memory);
    try {
      return await ask(database);
    } catch {
      // Private windows and full disks refuse; from here on only the memory is asked, so that it stays one truth.
      isRefused = true;
      return ask(memory);
    }
  };
  return {
    get: <T>(key: string) => either((store) => store.get<T>(key)),
    set: (key, value) => either((store) => store.set(key, value)),
    update: <T>(key: string, step: (before: T | undefined) => T) => either((store) => store.update(key, step)),
    delete: (key) => either((store) => store.delete(key)),
    entries: <T>() => either((store) => store.entries<T>()),
    clear: () => either((store) => store.clear()),
  };
}

function databaseStore(place: UseStore): DeviceStore {
  return {
    get: (key) => get(key, place),
    set: (key, value) => set(key, value, place),
    async update<T>(key: string, step: (before: T | undefined) => T) {
      let after: T | undefined;
      await update<T>(
        key,
        (before) => {
          after = step(before);
          return after;
        },
        place,
      );
      return after as T;
    },
    delete: (key) => del(key, place),
    entries: <T>() => entries<string, T>(place),
    clear: () => clear(place),
  };
}

export function memoryStore(): DeviceStore {
  const values = new Map<string, unknown>();
  return {
    get: <T>(key: string) => Promise.resolve(values.get(key) as T | undefined),
    set(key, value) {
      values.set(key, value);
      return Promise.resolve();
    },
    update<T>(key: string, step: (before: T | undefined) => T) {
      const after = step(values.get(key) as T | undefined);
      values.set(key, after);
      return Promise.resolve(after);
    },
    delete(key) {
      values.delete(key);
      return Promise.resolve();
    },
    entries: <T>() => Promise.resolve([...values] as (readonly [string, T])[]),
    clear() {
      values.clear();
      return Promise.resolve();
    },
  };
}
