/** Every address of the API in one place; parts from people or places are escaped here and nowhere else. */
const part = encodeURIComponent;
const ofLibrary = (library: string): string => `/libraries/${part(library)}`;

function query(values: Readonly<Record<string, string | number | null | undefined>>): string {
  const pairs = new URLSearchParams();
  for (const [key, value] of Object.entries(values)) {
    if (value !== undefined && value !== null && value !== '') pairs.set(key, String(value));
  }
  const text = pairs.toString();
  return text === '' ? '' : `?${text}`;
}

export interface Page {
  readonly limit?: number;
  readonly cursor?: string | null;
}

export const paths = {
  session: '/session',
  password: '/session/password',
  items: (library: string, q: string, page: Page = {}): string =>
    `${ofLibrary(library)}/items${query({ q, limit: page.limit, cursor: page.cursor })}`,
  item: (library: string, item: string): string => `${ofLibrary(library)}/items/${part(item)}`,
  trail: (library: string, item: string): string => `${ofLibrary(library)}/items/${part(item)}/trail`,
  explanation: (library: string, item: string, at?: string): string =>
    `${ofLibrary(library)}/items/${part(item)}/explanation${query({ at })}`,
  pastFloor: (library: string, floor: string, fromMs: number): string =>
    `${ofLibrary(library)}/past/floors/${part(floor)}${query({ from: new Date(fromMs).toISOString() })}`,
  pastMoves: (
    library: string,
    hour: { readonly floor: string; readonly fromMs: number; readonly toMs: number },
  ): string =>
    `${ofLibrary(library)}/past/moves${query({
      from: new Date(hour.fromMs).toISOString(),
      to: new Date(hour.toMs).toISOString(),
      floor: hour.floor,
    })}`,
  pastItems: (library: string, place: string, atMs: number, page: Page = {}): string =>
    `${ofLibrary(library)}/past/places/${part(place)}/items${query({
      at: new Date(atMs).toISOString(),
      limit: page.limit,
      cursor: page.cursor,
    })}`,
  plan: (library: string): string => `${ofLibrary(library)}/plan`,
  placeItems: (library: string, place: string, page: Page = {}): string =>
    `${ofLibrary(library)}/places/${part(place)}/items${query({ limit: page.limit, cursor: page.cursor })}`,
  /** No kind means every kind that is walked. */
  work: (
    library: string,
    { kinds, floor }: { readonly kinds: readonly string[]; readonly floor: string | undefined },
    page: Page = {},
  ): string =>
    `${ofLibrary(library)}/work${query({ kind: kinds.join(','), floor, limit: page.limit, cursor: page.cursor })}`,
  tickOff: (library: string): string => `${ofLibrary(library)}/work/tick-off`,
  space: (library: string): string => `${ofLibrary(library)}/space`,
  spaceDay: (library: string, place: string, date: string): string =>
    `${ofLibrary(library)}/space/${part(place)}/day${query({ date })}`,
  gateEvents: (library: string, finding: string | undefined, page: Page = {}): string =>
    `${ofLibrary(library)}/gates/events${query({ finding, limit: page.limit, cursor: page.cursor })}`,
  devices: (library: string): string => `${ofLibrary(library)}/devices`,
  homeShifts: (library: string): string => `${ofLibrary(library)}/home-shifts`,
  homeShift: (library: string, shift: string): string => `${ofLibrary(library)}/home-shifts/${part(shift)}`,
  inHouse: (
    library: string,
    use: { readonly from: string; readonly to: string; readonly by: readonly string[] },
    page: Page = {},
  ): string =>
    `${ofLibrary(library)}/in-house-uses${query({ from: use.from, to: use.to, by: use.by.join(','), cursor: page.cursor })}`,
  antennas: (library: string, floor: string | undefined, page: Page = {}): string =>
    `${ofLibrary(library)}/antennas${query({ floor, cursor: page.cursor })}`,
  coverage: (library: string, readPoint: string): string =>
    `${ofLibrary(library)}/antennas/${part(readPoint)}/coverage`,
  offset: (library: string, readPoint: string): string => `${ofLibrary(library)}/antennas/${part(readPoint)}/offset`,
  referenceTags: (library: string): string => `${ofLibrary(library)}/reference-tags`,
  referenceTag: (library: string, tag: string): string => `${ofLibrary(library)}/reference-tags/${part(tag)}`,
  encodingReaders: (library: string): string => `${ofLibrary(library)}/encoding/readers`,
  programme: (library: string): string => `${ofLibrary(library)}/encoding/programme`,
  convert: (library: string): string => `${ofLibrary(library)}/encoding/convert`,
  commands: (library: string): string => `${ofLibrary(library)}/commands`,
  command: (library: string, command: string): string => `${ofLibrary(library)}/commands/${part(command)}`,
  wands: (library: string): string => `${ofLibrary(library)}/wands`,
  sweeps: (library: string, page: Page = {}): string =>
    `${ofLibrary(library)}/sweeps${query({ limit: page.limit, cursor: page.cursor })}`,
  sweep: (library: string, session: string): string => `${ofLibrary(library)}/sweeps/${part(session)}`,
  startSweep: (library: string): string => `${ofLibrary(library)}/sweeps/start`,
  endSweep: (library: string): string => `${ofLibrary(library)}/sweeps/end`,
  findOne: (library: string): string => `${ofLibrary(library)}/find`,
  tagProfile: (library: string): string => `${ofLibrary(library)}/tag-profile`,
} as const;
