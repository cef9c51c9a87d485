/** The encoding desk: which readers can write tags, and the commands behind "programme", "convert" and "set". */
import { z } from 'zod';
import { HF_FORMATS } from '#contract/codec/tag/encode-content.ts';
import { DEFAULT_TAG_PROFILE, hasOwner, UHF_FORMATS } from '#contract/domain/tag-profile.ts';
import { AppError } from '#contract/errors.ts';
import {
  commandView,
  convertRequest,
  encodingReaders,
  programmeRequest,
  setRequest,
  type CommandView,
  type ProgrammeRequest,
} from '#contract/wire/rest-commands.ts';
import { addCommand, knownReaders, type KnownReader } from '#dashboard/server/commands.ts';
import { libraryRow, type Sources } from '#dashboard/server/sources.ts';
import { inLibrary, STAFF } from './paging.ts';
import { type Route, route } from './route.ts';
import { need } from './session-routes.ts';

export function encodingRoutes(sources: Sources): Route[] {
  return [
    route({
      method: 'get',
      path: '/libraries/{library}/encoding/readers',
      summary:
        'Readers that can read and write single tags, those that are away too, and the formats that can be written',
      access: STAFF,
      params: inLibrary,
      reply: encodingReaders,
      handle: ({ params: { library } }) => ({
        rows: knownReaders(sources, library)
          .filter(({ reader }) => canEncode(reader))
          .map(describeReader),
        formats: { hf: [...HF_FORMATS], uhf: [...UHF_FORMATS] },
        profileVersion: sources.registry.tagProfile(library)?.version ?? 0,
      }),
    }),
    route({
      method: 'post',
      path: '/libraries/{library}/encoding/programme',
      summary: 'Programme one tag for an item of the catalogue; its tags follow when the write is verified',
      access: STAFF,
      params: inLibrary,
      body: programmeRequest,
      reply: commandView,
      handle: ({ params: { library }, body, account }) =>
        programme(sources, { library, askedBy: need(account).name, wanted: body }),
    }),
    route({
      method: 'post',
      path: '/libraries/{library}/encoding/convert',
      summary: 'Write what stands on a tag in another format',
      access: STAFF,
      params: inLibrary,
      body: convertRequest,
      reply: commandView,
      handle({ params: { library }, body: { reader, tag, format, overwrite }, account }) {
        needAccess(sources, library, reader);
        checkFormat(tag, format);
        const args = { tag, format, ...(overwrite && { overwrite }) };
        return addCommand(sources, { library, kind: 'write-tag', target: reader, args, askedBy: need(account).name });
      },
    }),
    route({
      method: 'post',
      path: '/libraries/{library}/encoding/sets',
      summary: 'Programme the tags of one item as parts of a set, in the order given',
      access: STAFF,
      params: inLibrary,
      body: setRequest,
      reply: z.object({ rows: z.array(commandView) }),
      handle({ params: { library }, body: { tags, ...common }, account }) {
        const askedBy = need(account).name;
        const parts = tags.length;
        // All or none: the first is checked like the others before anything is asked for.
        const rows = tags.map((tag, at) => ({ ...common, tag, part: at + 1, parts }));
        for (const wanted of rows) prepare(sources, { library, wanted });
        return { rows: rows.map((wanted) => programme(sources, { library, askedBy, wanted })) };
      },
    }),
  ];
}

function describeReader({
  gateway,
  isOnline,
  status,
  reader,
}: KnownReader): z.input<typeof encodingReaders>['rows'][number] {
  return {
    reader: reader.id,
    gateway,
    driver: reader.driver,
    state: reader.state,
    isScanning: reader.scanning !== false,
    isOnline,
    can: reader.can ?? [],
    profileVersion: status.applied?.tagProfile ?? null,
  };
}

interface Wish {
  readonly library: string;
  readonly wanted: ProgrammeRequest;
}

function programme(sources: Sources, wish: Wish & { readonly askedBy: string }): CommandView {
  const { library, wanted, askedBy } = wish;
  const args = prepare(sources, wish);
  return addCommand(sources, {
    library,
    kind: 'write-tag',
    target: wanted.reader,
    args,
    barcode: wanted.barcode,
    askedBy,
  });
}

/** A wand reaches single tags too, but among hundreds on a shelf: nobody programmes a tag with it. */
function canEncode({ can = [] }: { readonly can?: readonly string[] | undefined }): boolean {
  return !can.includes('wand') && can.some((ability) => ability.endsWith('-access'));
}

/** Errors: `API_NOT_FOUND` (item, reader), `API_CONFLICT` (reader or profile cannot), `API_BAD_INPUT` (format). */
function prepare(sources: Sources, { library, wanted }: Wish): Record<string, unknown> {
  const { tag, barcode, part, parts, overwrite, secured } = wanted;
  needAccess(sources, library, wanted.reader);
  if (sources.registry.item(library, barcode) === undefined) {
    throw new AppError('API_NOT_FOUND', `There is no item ${barcode} in the catalogue.`);
  }
  const profile = sources.registry.tagProfile(library) ?? DEFAULT_TAG_PROFILE;
  const format = wanted.format ?? (tag.startsWith('uid:') ? profile.hf.format : profile.uhf.format);
  if (format === null) throw new AppError('API_CONFLICT', 'The tag profile names no format for UHF tags.');
  checkFormat(tag, format);
  const isil = hasOwner(format) ? (profile.ownerIsil ?? libraryRow(sources, library).isil) : null;
  const { usage = profile.usage } = wanted;
  const isUhf = tag.startsWith('epc:');
  const content = {
    itemId: barcode,
    ...(isil !== null && { isil }),
    ...(!isUhf && { usage }),
    part,
    parts,
  };
  return { tag, content, format, overwrite, ...(secured !== null && { secured }) };
}

function checkFormat(tag: string, format: string): void {
  const formats: readonly string[] = tag.startsWith('uid:') ? HF_FORMATS : UHF_FORMATS;
  if (!formats.includes(format)) {
    throw new AppError('API_BAD_INPUT', `This tag can be written as ${formats.join(', ')}.`);
  }
}

/** Asked before anything is written down: a desk should hear at once that its pad is not there. */
function needAccess(sources: Sources, library: string, id: string): void {
  const found = knownReaders(sources, library).filter(({ reader }) => reader.id === id);
  if (found.length === 0) throw new AppError('API_NOT_FOUND', `No gateway tells of a reader ${id}.`);
  const isReady = ({ reader, isOnline }: KnownReader): boolean =>
    isOnline && canEncode(reader) && reader.state === 'live' && reader.scanning !== false;
  if (!found.some(isReady)) {
    throw new AppError('API_CONFLICT', `The reader ${id} cannot write tags now.`);
  }
}
