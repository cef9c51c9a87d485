import { beepOf } from './signal.ts';

/** Loud enough beside a phone's own sounds, and without the click of a tone that starts at once. */
const VOLUME = 0.4;
const RAMP_SECONDS = 0.008;
/** While nothing is heard it is looked at again so often. */
const IDLE_MS = 100;

export interface BeeperSwitches {
  readonly isSounding: boolean;
  readonly isShaking: boolean;
}

/** Whether this device can be felt; on many phones and on every desktop it cannot. */
export function canShake(): boolean {
  return 'vibrate' in navigator;
}

/** Tone and vibration of the signal. Must be made in answer to a key or a touch: browsers allow sound only then. */
export class Beeper {
  readonly #context = new AudioContext();
  #timer: ReturnType<typeof setTimeout> | null = null;
  #percent: number | null = null;
  #switches: BeeperSwitches = { isSounding: true, isShaking: false };

  constructor() {
    void this.#context.resume();
    this.#step();
  }

  /** `null`: nothing is heard, and nothing sounds. */
  set(percent: number | null, switches: BeeperSwitches): void {
    this.#percent = percent;
    this.#switches = switches;
  }

  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    void this.#context.close();
  }

  #step(): void {
    let waitMs = IDLE_MS;
    if (this.#percent !== null) {
      const { hertz, everyMs, lengthMs } = beepOf(this.#percent);
      if (this.#switches.isSounding) this.#beep(hertz, lengthMs / 1000);
      if (this.#switches.isShaking && canShake()) navigator.vibrate(lengthMs);
      waitMs = everyMs;
    }
    this.#timer = setTimeout(() => {
      this.#step();
    }, waitMs);
  }

  #beep(hertz: number, seconds: number): void {
    const context = this.#context;
    const oscillator = context.createOscillator();
    const gain = context.createGain();
    const from = context.currentTime;
    oscillator.frequency.value = hertz;
    gain.gain.setValueAtTime(0, from);
    gain.gain.linearRampToValueAtTime(VOLUME, from + RAMP_SECONDS);
    gain.gain.setValueAtTime(VOLUME, from + seconds);
    gain.gain.linearRampToValueAtTime(0, from + seconds + RAMP_SECONDS);
    oscillator.connect(gain).connect(context.destination);
    oscillator.start(from);
    oscillator.stop(from + seconds + 2 * RAMP_SECONDS);
  }
}
