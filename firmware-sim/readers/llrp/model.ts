/** In what simulated readers differ, as those on the market do. */
/** Fixed channels (Europe) or frequency hopping (America). */
export type FrequencyPlan = 'fixed' | 'hopping';

export interface ReaderModel {
  /** `impinj` offers its extensions; `none` refuses whatever a vendor adds. */
  readonly maker: 'none' | 'impinj';
  readonly band: FrequencyPlan;
  /** `uptime`: no clock of its own, times count from the last start. */
  readonly clock: 'utc' | 'uptime';
  /** General purpose inputs. */
  readonly gpis: number;
  /** General purpose outputs. */
  readonly gpos?: number;
}

export const PLAIN_MODEL: ReaderModel = { maker: 'none', band: 'fixed', clock: 'utc', gpis: 0 };
