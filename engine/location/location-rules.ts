/** The numbers of the location rules, each with its reason. Handed in, so that tests and odd sites can change them. */
export interface LocationRules {
  /** Memory of the evidence in live cycles of the antenna: long enough to average the fading, short enough to move on. */
  readonly memoryCycles: number;
  /** Spread of the power of one read: 4 dB of fading in dB is 5 dB on a mean of milliwatts. */
  readonly fadingDb: number;
  /** Spread of what does not average out: how the book stands, what it is made of, how the antenna hangs. */
  readonly shadowDb: number;
  /** How much weaker an antenna hears a tag of the next shelf, of one further, and of any other place. */
  readonly gapDb: readonly [own: number, next: number, further: number, elsewhere: number];
  /** A residual counts at most this many standard errors: one odd reflection must not decide. */
  readonly residualMax: number;
  /** Odds in favour of the shelf where the item belongs, all else equal. */
  readonly homeOdds: number;
  /** Odds for a place whose antenna just lost the tag: a hand or another book may stand before it. */
  readonly lostOdds: number;
  /** What an antenna costs a far candidate that appeared after it fell silent, and how much louder it may have been. */
  readonly outdatedPenalty: number;
  readonly outdatedMarginDb: number;
  /** The challenger takes over when it is the better place with this probability… */
  readonly switchProbability: number;
  /** …and was heard in at least this many cycles. */
  readonly switchCyclesSeen: number;
  /** The antenna of the present place must have had this many cycles first: early evidence is one read each. */
  readonly settleCycles: number;
  /** While the antenna of the present place cannot speak, a challenger must also be this much stronger. */
  readonly silentHomeMarginDb: number;
  /** A report this far from what was known (in standard errors) means that something moved: old evidence then fades. */
  readonly surpriseSigma: number;
  readonly surpriseKeeps: number;
  /** A place heard the tag after the lost one did when its last read is this much younger: more than a scan cycle. */
  readonly heardSinceMs: number;
  /** After the last antenna lost the tag: time for a hand or a trolley to go away. */
  readonly departAfterMs: number;
  /** A sighting older than the newest one of its tag by more than this tells of the past only. */
  readonly lateMs: number;
}

export const LOCATION_RULES: LocationRules = {
  memoryCycles: 10,
  fadingDb: 5,
  shadowDb: 2.2,
  gapDb: [0, 4, 7.5, 11],
  residualMax: 3.5,
  homeOdds: 3,
  lostOdds: 0.01,
  outdatedPenalty: 1,
  outdatedMarginDb: 3,
  switchProbability: 0.9,
  switchCyclesSeen: 2,
  settleCycles: 3,
  silentHomeMarginDb: 4,
  surpriseSigma: 2.5,
  surpriseKeeps: 0.2,
  heardSinceMs: 12_000,
  departAfterMs: 20_000,
  lateMs: 60_000,
};
