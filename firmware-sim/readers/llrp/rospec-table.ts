/**
 * The ROSpecs of a reader and the states they may be in:
 *
 *     ADD -> disabled --ENABLE--> inactive --start--> active --stop, end--> inactive
 *                ^----------------DISABLE-------------------'    DELETE from any state
 *
 * Immediate ones start when they are enabled; periodic ones whenever their timer says so; the others wait for START.
 *
 * Source: EPCglobal Low Level Reader Protocol 1.1, section 11 (operation, ROSpec states).
 */
import { CUSTOM_PARAMETER } from '#contract/codec/llrp/custom.ts';
import type { Rospec } from '#contract/codec/llrp/rospec.ts';
import { STATUS, STATUS_OK, type LlrpStatus } from '#contract/codec/llrp/status.ts';

import { findRadioFault } from './capabilities.ts';
import { extensionsOf } from './extensions.ts';
import type { FrequencyPlan } from './model.ts';

export interface RospecHooks {
  readonly started: (rospec: Rospec) => void;
  readonly ended: (rospec: Rospec) => void;
}

/** Parameter type of a GPI trigger, which a reader without GPIs refuses. */
const GPI_TRIGGER = 181;
const LOOP_SPEC = 355;
const ROSPECS_MAX = 8;

export class RospecTable {
  readonly #rospecs = new Map<number, Rospec>();
  readonly #hooks: RospecHooks;
  readonly #antennas: number;
  readonly #band: FrequencyPlan;
  /** A maker's own parameters are refused until its extensions have been opened. */
  hasExtensions = false;
  #active: number | undefined;

  constructor(reader: { readonly antennas: number; readonly band: FrequencyPlan }, hooks: RospecHooks) {
    this.#antennas = reader.antennas;
    this.#band = reader.band;
    this.#hooks = hooks;
  }

  get active(): Rospec | undefined {
    return this.#active === undefined ? undefined : this.#rospecs.get(this.#active);
  }

  all(): readonly Rospec[] {
    return [...this.#rospecs.values()];
  }

  add(rospec: Rospec, version: 1 | 2): LlrpStatus {
    if (rospec.id === 0) return fieldError('ROSpecID 0 is reserved', STATUS.fieldOutOfRange);
    if (this.#rospecs.has(rospec.id)) return fieldError('there is a ROSpec of this id', STATUS.fieldInvalid);
    if (rospec.state !== 'disabled') return fieldError('a new ROSpec is disabled', STATUS.fieldInvalid);
    if (this.#rospecs.size >= ROSPECS_MAX) return { code: STATUS.messageOverflowParameter, description: 'too many' };
    const refusal = this.#unsupported(rospec, version);
    if (refusal !== undefined) return refusal;
    this.#rospecs.set(rospec.id, rospec);
    return STATUS_OK;
  }

  delete(id: number): LlrpStatus {
    return this.#each(id, (rospec) => {
      this.#end(rospec);
      this.#rospecs.delete(rospec.id);
    });
  }

  enable(id: number): LlrpStatus {
    return this.#each(id, (rospec) => {
      if (rospec.state !== 'disabled') return;
      this.#set(rospec, 'inactive');
      if (rospec.boundary.start.kind === 'immediate') this.#begin(rospec.id);
    });
  }

  disable(id: number): LlrpStatus {
    return this.#each(id, (rospec) => {
      this.#end(rospec);
      this.#set(rospec, 'disabled');
    });
  }

  start(id: number): LlrpStatus {
    const rospec = this.#rospecs.get(id);
    if (rospec === undefined) return fieldError('no such ROSpec', STATUS.fieldInvalid);
    if (rospec.state === 'disabled') return fieldError('the ROSpec is disabled', STATUS.fieldInvalid);
    if (rospec.state === 'active') return fieldError('the ROSpec is active already', STATUS.fieldInvalid);
    if (this.#active !== undefined) return fieldError('another ROSpec is active', STATUS.fieldInvalid);
    this.#begin(id);
    return STATUS_OK;
  }

  stop(id: number): LlrpStatus {
    const rospec = this.#rospecs.get(id);
    if (rospec === undefined) return fieldError('no such ROSpec', STATUS.fieldInvalid);
    if (rospec.state !== 'active') return fieldError('the ROSpec is not active', STATUS.fieldInvalid);
    this.#end(rospec);
    return STATUS_OK;
  }

  /** The active ROSpec has done its work; an immediate one starts again at once. */
  finish(): void {
    const rospec = this.active;
    if (rospec === undefined) return;
    this.#end(rospec);
    if (rospec.boundary.start.kind === 'immediate') this.#begin(rospec.id);
  }

  /** A restart of the device: everything is forgotten. */
  clear(): void {
    this.#rospecs.clear();
    this.#active = undefined;
  }

  #begin(id: number): void {
    const rospec = this.#rospecs.get(id);
    if (rospec === undefined || this.#active !== undefined) return;
    this.#active = id;
    this.#hooks.started(this.#set(rospec, 'active'));
  }

  #end(rospec: Rospec): void {
    if (this.#active !== rospec.id) return;
    this.#active = undefined;
    this.#hooks.ended(this.#set(rospec, 'inactive'));
  }

  #set(rospec: Rospec, state: Rospec['state']): Rospec {
    const changed = { ...rospec, state };
    this.#rospecs.set(rospec.id, changed);
    return changed;
  }

  /** Id 0 means all, also where there are none. */
  #each(id: number, change: (rospec: Rospec) => void): LlrpStatus {
    if (id !== 0 && !this.#rospecs.has(id)) return fieldError('no such ROSpec', STATUS.fieldInvalid);
    for (const rospec of this.all()) if (id === 0 || rospec.id === id) change(rospec);
    return STATUS_OK;
  }

  #unsupported(rospec: Rospec, version: 1 | 2): LlrpStatus | undefined {
    const { start, stop } = rospec.boundary;
    if (start.kind === 'gpi' || stop.kind === 'gpi') return parameterError('no GPI on this reader', GPI_TRIGGER);
    for (const spec of rospec.specs) {
      if (spec.kind === 'other') return parameterError('this kind of spec is not supported', spec.type);
      if (spec.kind === 'loop') {
        if (version === 1) return parameterError('LoopSpec came with LLRP 1.1', LOOP_SPEC);
      } else if (spec.stop.kind === 'gpi') return parameterError('no GPI on this reader', GPI_TRIGGER);
      else if (spec.antennaIds.some((port) => port > this.#antennas)) {
        return fieldError('an antenna that this reader does not have', STATUS.fieldOutOfRange);
      }
    }
    if (extensionsOf(rospec).length > 0 && !this.hasExtensions) {
      return parameterError('vendor parameters are not known here', CUSTOM_PARAMETER);
    }
    const antennas = rospec.specs.flatMap((spec) => (spec.kind === 'aispec' ? spec.inventories : []));
    for (const antenna of antennas.flatMap((inventory) => inventory.antennas)) {
      const fault = findRadioFault(antenna, this.#band);
      if (fault !== undefined) return fieldError(fault, STATUS.fieldOutOfRange);
    }
    const hasAispec = rospec.specs.some((spec) => spec.kind === 'aispec');
    return hasAispec ? undefined : { code: STATUS.messageMissingParameter, description: 'a ROSpec needs an AISpec' };
  }
}

function fieldError(description: string, code: number): LlrpStatus {
  return { code: STATUS.messageFieldError, description, fieldError: { fieldIndex: 0, code } };
}

function parameterError(description: string, parameterType: number): LlrpStatus {
  const parameter = { parameterType, code: STATUS.parameterUnsupportedParameter };
  return { code: STATUS.messageParameterError, description, parameterError: parameter };
}
