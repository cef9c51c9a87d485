/**
 * The life of the library: visitors come, walk, take books, read, put them back right or wrong, borrow and bring back;
 * staff clear the desk, shelve, and put right what they find wrong. Every move and every crossing is truth that the
 * platform can be measured against. Time comes in with {@link Life.advance}, never from a clock.
 */
import { assert } from '#contract/assert.ts';
import { AWAY, IN_HANDS, type Stock } from '#sim/world/stock.ts';
import { createRandom, restoreRandom, type Random, type RandomState } from '#sim/random/random.ts';
import { DESK, TROLLEY } from '#sim/world/building.ts';
import type { ZoneId } from '#sim/world/zones.ts';
import type { DemoLibrary } from '#sim/world/demo-library.ts';
import type { Shelf } from '#sim/world/ranges.ts';
import { Agenda, type Entry, type Happening } from './agenda.ts';
import { arrivalsPerMinute, hourReader, type Rates } from './rates.ts';
import { routeBetween, type Crossing, type Whereabouts } from './routes.ts';
import { planVisit, stepMs, type Step } from './visit.ts';

interface Person {
  readonly id: number;
  zone: Whereabouts;
  steps: Step[];
  carries: number[];
  /** Items to be borrowed. */
  keeps: number[];
}

/** Everything needed to go on later. */
export interface LifeState {
  readonly atMs: number;
  readonly random: RandomState;
  readonly nextPerson: number;
  readonly people: readonly Readonly<Person>[];
  readonly agenda: readonly Entry[];
  readonly waitingToReturn: readonly number[];
}

export interface LifeDeps {
  readonly demo: DemoLibrary;
  readonly stock: Stock;
  readonly rates: Rates;
  readonly seed: number;
  readonly startMs: number;
  readonly crossed: (crossing: Crossing, atMs: number) => void;
  /** A hand is in a shelf until then. */
  readonly reached: (place: string, untilMs: number) => void;
}

const MINUTE_MS = 60_000;
const OPENING_GAP_MS = 4000;
const HAND_MS = 3000;
const DESK_CLEAR_MS = 5000;
const BROUGHT_AT_ONCE_MAX = 3;

export class Life {
  readonly #deps: LifeDeps;
  readonly #random: Random;
  readonly #agenda: Agenda;
  readonly #people = new Map<number, Person>();
  readonly #shelvesByZone = new Map<ZoneId, { smart: Shelf[]; plain: Shelf[] }>();
  readonly #shelfById: ReadonlyMap<string, Shelf>;
  readonly #hourOf: (atMs: number) => number;
  #waitingToReturn: number[];
  #nextPerson: number;

  constructor(deps: LifeDeps, state?: LifeState) {
    this.#deps = deps;
    this.#hourOf = hourReader(deps.demo.library.timeZone);
    this.#shelfById = new Map(deps.demo.shelves.map((shelf) => [shelf.id, shelf]));
    for (const shelf of deps.demo.shelves) this.#addShelf(shelf);
    this.#random = state === undefined ? createRandom(deps.seed, 'life') : restoreRandom(state.random);
    // After a pause everything is as late as the pause was long; nothing happens all at once.
    const pauseMs = state === undefined ? 0 : deps.startMs - state.atMs;
    this.#agenda = new Agenda(state?.agenda.map(({ atMs, what }) => ({ atMs: atMs + pauseMs, what })));
    this.#waitingToReturn = [...(state?.waitingToReturn ?? [])];
    this.#nextPerson = state?.nextPerson ?? 1;
    for (const person of state?.people ?? []) {
      this.#people.set(person.id, copyOf(person));
    }
    if (state === undefined) this.#open();
  }

  /** Lets everything happen that is due, in order, each at its own time. */
  advance(nowMs: number): void {
    for (let due = this.#agenda.takeDue(nowMs); due !== undefined; due = this.#agenda.takeDue(nowMs)) {
      this.#happen(due);
    }
  }

  peoplePerZone(): Readonly<Record<ZoneId, number>> {
    const counts: Record<ZoneId, number> = {
      hall: 0,
      'ground-shelves': 0,
      'ground-reading': 0,
      'upper-shelves': 0,
      'upper-quiet': 0,
    };
    for (const { zone } of this.#people.values()) if (zone !== null) counts[zone] += 1;
    return counts;
  }

  /** Items in visitors' hands. */
  carried(): readonly number[] {
    return [...this.#people.values()].flatMap(({ carries, keeps }) => [...carries, ...keeps]);
  }

  state(atMs: number): LifeState {
    return {
      atMs,
      random: this.#random.state(),
      nextPerson: this.#nextPerson,
      people: [...this.#people.values()].map(copyOf),
      agenda: this.#agenda.entries(),
      waitingToReturn: [...this.#waitingToReturn],
    };
  }

  #addShelf(shelf: Shelf): void {
    const own = this.#shelvesByZone.get(shelf.zone) ?? { smart: [], plain: [] };
    this.#shelvesByZone.set(shelf.zone, own);
    (shelf.antenna === undefined ? own.plain : own.smart).push(shelf);
  }

  /** The first day: some items stand wrong already, and people come in. */
  #open(): void {
    const { demo, rates, startMs } = this.#deps;
    const smart = demo.homes.flatMap((home, item) => (demo.shelves[home]?.antenna === undefined ? [] : [item]));
    for (let left = Math.round(smart.length * rates.misplacedAtStartShare); left > 0; left -= 1) {
      this.#misplace(this.#random.pick(smart), startMs);
    }
    for (let n = 0; n < rates.openingVisitors; n += 1) {
      this.#agenda.add(startMs + n * OPENING_GAP_MS * this.#random.next(), { kind: 'arrival', again: false });
    }
    this.#planArrival(startMs);
  }

  #planArrival(nowMs: number): void {
    const perMinute = arrivalsPerMinute(this.#deps.rates, this.#hourOf(nowMs));
    this.#agenda.add(nowMs + this.#random.exponential(MINUTE_MS / perMinute), { kind: 'arrival', again: true });
  }
  #happen({ atMs, what }: Entry): void {
    const { stock } = this.#deps;
    switch (what.kind) {
      case 'arrival':
        if (what.again) this.#planArrival(atMs);
        this.#arrive(atMs);
        return;
      case 'step': {
        const person = this.#people.get(what.person);
        if (person !== undefined) this.#step(person, atMs);
        return;
      }
      case 'clear-desk':
        if (stock.placeOf(what.item) !== DESK) return;
        stock.move(what.item, TROLLEY, atMs);
        this.#later(atMs, this.#deps.rates.onTrolleyMinutes, { kind: 'shelve', item: what.item });
        return;
      case 'shelve':
        if (stock.placeOf(what.item) !== TROLLEY) return;
        if (this.#random.next() < this.#deps.rates.staffSlipShare) this.#misplace(what.item, atMs);
        else this.#bringHome(what.item, atMs);
        return;
      case 'put-right':
        if (this.#shelfById.has(stock.placeOf(what.item))) this.#bringHome(what.item, atMs);
        return;
      case 'bring-back':
        if (stock.placeOf(what.item) === AWAY) this.#waitingToReturn.push(what.item);
    }
  }

  #arrive(nowMs: number): void {
    const { stock, rates } = this.#deps;
    const brings = this.#waitingToReturn.splice(0, BROUGHT_AT_ONCE_MAX);
    const id = this.#nextPerson;
    this.#nextPerson += 1;
    for (const item of brings) stock.move(item, IN_HANDS, nowMs);
    const person: Person = {
      id,
      zone: null,
      steps: planVisit(this.#random, rates, brings.length),
      carries: brings,
      keeps: [],
    };
    this.#people.set(id, person);
    this.#step(person, nowMs);
  }

  /** One step of a visitor; the last one is through the door, and then there is nobody any more. */
  #step(person: Person, nowMs: number): void {
    const step = person.steps[0];
    if (step === undefined) {
      this.#people.delete(person.id);
      return;
    }
    const isDone = step.kind === 'go' ? this.#go(person, step.to, nowMs) : this.#do(person, step, nowMs);
    if (isDone) person.steps = person.steps.slice(1);
    const durationMs = stepMs(step.kind, this.#random, this.#deps.rates);
    this.#agenda.add(nowMs + durationMs, { kind: 'step', person: person.id });
  }

  /** Crosses the next line on the way; true when there is no further one. */
  #go(person: Person, to: Whereabouts, nowMs: number): boolean {
    const [next, ...rest] = routeBetween(person.zone, to);
    if (next === undefined) return true;
    person.zone = next.to;
    this.#deps.crossed(next, nowMs);
    if (next.to === null) {
      for (const item of [...person.carries.splice(0), ...person.keeps.splice(0)]) this.#borrow(item, nowMs);
    }
    return rest.length === 0;
  }

  #do(person: Person, step: Exclude<Step, { readonly kind: 'go' }>, nowMs: number): boolean {
    switch (step.kind) {
      case 'take':
        this.#take(person, nowMs);
        break;
      case 'put-down':
        this.#putDown(person, nowMs);
        break;
      case 'return':
        this.#return(person, step.brought, nowMs);
        break;
      case 'stay':
    }
    return true;
  }

  #return(person: Person, brought: boolean, nowMs: number): void {
    const { stock, rates } = this.#deps;
    const item = person.carries.shift();
    if (item === undefined || stock.placeOf(item) !== IN_HANDS) return;
    const borrowedShare = 1 - rates.leftAtDeskShare - rates.putBackShare - rates.misplacedShare;
    if (!brought && this.#random.next() < borrowedShare / (borrowedShare + rates.leftAtDeskShare)) {
      person.keeps.push(item);
      return;
    }
    stock.move(item, DESK, nowMs);
    this.#agenda.add(nowMs + DESK_CLEAR_MS, { kind: 'clear-desk', item });
  }

  #take(person: Person, nowMs: number): void {
    const { stock, rates } = this.#deps;
    const shelves = person.zone === null ? undefined : this.#shelvesByZone.get(person.zone);
    if (shelves === undefined) return;
    const [wanted, others] =
      this.#random.next() < rates.smartShare ? [shelves.smart, shelves.plain] : [shelves.plain, shelves.smart];
    // A zone of a small site may have shelves of one sort only.
    const shelf = this.#random.pick(wanted.length > 0 ? wanted : others);
    // In a fixed order: how a set was filled must not decide which item is taken.
    const items = [...stock.itemsAt(shelf.id)].sort((a, b) => a - b);
    if (items.length === 0) return;
    const item = this.#random.pick(items);
    this.#deps.reached(shelf.id, nowMs + HAND_MS);
    stock.move(item, IN_HANDS, nowMs);
    person.carries.push(item);
  }

  #putDown(person: Person, nowMs: number): void {
    const { stock, rates } = this.#deps;
    const chance = this.#random.next();
    // What is neither put back nor misplaced stays in the hand, for the desk or for home.
    if (chance >= rates.putBackShare + rates.misplacedShare) return;
    const item = person.carries.shift();
    if (item === undefined || stock.placeOf(item) !== IN_HANDS) return;
    if (chance < rates.putBackShare) this.#bringHome(item, nowMs);
    else this.#misplace(item, nowMs);
  }

  #borrow(item: number, nowMs: number): void {
    if (this.#deps.stock.placeOf(item) !== IN_HANDS) return;
    this.#deps.stock.move(item, AWAY, nowMs);
    this.#later(nowMs, this.#deps.rates.borrowedMinutes, { kind: 'bring-back', item });
  }

  #bringHome(item: number, nowMs: number): void {
    const home = this.#homeOf(item);
    this.#deps.reached(home.id, nowMs + HAND_MS);
    this.#deps.stock.move(item, home.id, nowMs);
  }

  /** Onto a shelf near its own one that is not its home; staff will find it. */
  #misplace(item: number, nowMs: number): void {
    const { demo, stock } = this.#deps;
    const home = this.#homeOf(item);
    const wrong = demo.shelves.filter((shelf) => isNear(shelf, home) && !demo.isHome(item, shelf.id));
    const shelf = this.#random.pick(wrong);
    this.#deps.reached(shelf.id, nowMs + HAND_MS);
    stock.move(item, shelf.id, nowMs);
    this.#later(nowMs, this.#deps.rates.wrongMinutes, { kind: 'put-right', item });
  }

  #homeOf(item: number): Shelf {
    const { demo } = this.#deps;
    const home = demo.shelves[demo.homes[item] ?? -1];
    assert(home !== undefined, 'every item has a home');
    return home;
  }

  /** A third of the mean time at least, and on average the mean. */
  #later(nowMs: number, meanMinutes: number, what: Happening): void {
    const meanMs = meanMinutes * MINUTE_MS;
    this.#agenda.add(nowMs + meanMs / 3 + this.#random.exponential((meanMs * 2) / 3), what);
  }
}

/** The same range and side, at most two tiers and two bays off. */
function isNear(shelf: Shelf, other: Shelf): boolean {
  const isSameSide = shelf.floor === other.floor && shelf.range === other.range && shelf.side === other.side;
  return isSameSide && Math.abs(shelf.tier - other.tier) <= 2 && Math.abs(shelf.bay - other.bay) <= 2;
}

function copyOf(person: Readonly<Person>): Person {
  return { ...person, steps: [...person.steps], carries: [...person.carries], keeps: [...person.keeps] };
}
