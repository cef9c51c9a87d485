/** The numbers of the location rules, each with its reason. Handed in, so that tests and odd sites can change them. */
export interface LocationRules {
  /** Memory of the evidence in live cycles of the antenna: a book stands for days; a move starts a new memory. */
  readonly memoryCycles: number;
  /** Spread of the power of one read. */
  readonly fadingDb: number;
  /** Spread of what does not average out: how the book stands, what it is made of, how the antenna hangs. */
  readonly shadowDb: number;
  /** How much weaker an antenna hears a tag of the next shelf, of one further, and of any other place. */
  readonly gapDb: readonly [own: number, next: number, further: number, elsewhere: number];
  /** How fast the odds of being heard in a cycle fall with the power. */
  readonly logitPerDb: number;
  /** No share of cycles is surer than this, and a tag at its own shelf is heard at least in the last one. */
  readonly shareMin: number;
  readonly shareMax: number;
  readonly ownShareMin: number;
  /** Hits and misses count as this many independent ones at most: in all evidence, and in one report. */
  readonly shareCyclesMax: number;
  readonly reportCyclesMax: number;
  /** What one antenna may cost a candidate: one odd reflection must not decide. */
  readonly antennaPenaltyMax: number;
  /** Odds in favour of the shelf where the item belongs against any other one: until it was handled, and since. */
  readonly homeOdds: number;
  readonly handledHomeOdds: number;
  /** Odds for a place whose antenna just lost the tag: a hand or another book may stand before it. */
  readonly lostOdds: number;
  /** What an antenna costs a far candidate that appeared after it fell silent, and how much louder it may have been. */
  readonly outdatedPenalty: number;
  readonly outdatedMarginDb: number;
  /** A tag arrives when its best place has this probability (first: never handled) and had so many live cycles. */
  readonly arriveProbability: number;
  readonly returnProbability: number;
  readonly returnCycles: readonly [atHome: number, elsewhere: number, late: number];
  readonly arriveCycles: readonly [atHome: number, elsewhere: number, late: number];
  /**
   * The challenger takes over when it is the better place with this probability on all evidence of the stay, and was heard
   * in so many of so many cycles; more easily while a handled tag stands there for a few cycles only.
   */
  readonly switchSettled: SwitchRule;
  readonly switchFresh: SwitchRule;
  /** The antenna of its place lost it, and the challenger heard it since. */
  readonly switchLost: SwitchRule;
  readonly freshCycles: number;
  /** …or when it is that much likelier that the tag moved there, as a logarithm: to a place next to it, or any other. */
  readonly moveOdds: readonly [next: number, other: number];
  /** So much more when the two antennas are of different readers. */
  readonly otherReaderOdds: number;
  /** The antenna of the present place must have had this many cycles first: early evidence is one read each. */
  readonly settleCycles: number;
  /** A move is suspected only of a tag that stood there for so many cycles; the first guess about it is worth the second. */
  readonly suspectCycles: number;
  readonly guessCycles: number;
  /** One report moves a suspicion by this at most. */
  readonly reportOddsMax: number;
  /** The same for a report of silence. */
  readonly silenceOddsMax: number;
  /** While the antenna of the present place cannot speak, a challenger must also be this much stronger. */
  readonly silentHomeMarginDb: number;
  /** A place heard the tag after the lost one did when its last read is this much younger: more than a scan cycle. */
  readonly heardSinceMs: number;
  /** Silence everywhere for this long after the present place lost the tag: somebody had it in the hand. */
  readonly inHandsMs: number;
  /** After the last antenna lost the tag: time for a hand or a trolley to go away. */
  readonly departAfterMs: number;
  /** A sighting older than the newest one of its tag by more than this tells of the past only. */
  readonly lateMs: number;
}

export interface SwitchRule {
  readonly probability: number;
  readonly live: number;
  readonly seen: number;
}

export const LOCATION_RULES: LocationRules = {
  memoryCycles: 24,
  fadingDb: 4.5,
  shadowDb: 1.8,
  gapDb: [0, 4, 7.5, 11],
  logitPerDb: 0.5,
  shareMin: 0.02,
  shareMax: 0.97,
  ownShareMin: 0.3,
  shareCyclesMax: 8,
  reportCyclesMax: 8,
  antennaPenaltyMax: 7,
  homeOdds: 300,
  handledHomeOdds: 3,
  lostOdds: 0.01,
  outdatedPenalty: 0.5,
  outdatedMarginDb: 3,
  arriveProbability: 0.97,
  returnProbability: 0.8,
  returnCycles: [2, 2, 3],
  arriveCycles: [2, 5, 9],
  switchSettled: { probability: 0.9995, live: 8, seen: 4 },
  switchLost: { probability: 0.995, live: 3, seen: 1.8 },
  switchFresh: { probability: 0.9, live: 2, seen: 1.8 },
  freshCycles: 12,
  moveOdds: [12, 9],
  otherReaderOdds: 2,
  settleCycles: 3,
  suspectCycles: 8,
  guessCycles: 4,
  reportOddsMax: 5,
  silenceOddsMax: 2,
  silentHomeMarginDb: 4,
  heardSinceMs: 12_000,
  inHandsMs: 32_000,
  departAfterMs: 20_000,
  lateMs: 60_000,
};
