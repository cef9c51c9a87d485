import { memo, useId, useMemo, type ReactElement } from 'react';
import type { Room } from '#contract/wire/live.ts';
import { useSpaceRow } from '#dashboard/web/live/live-context.tsx';
import { FitIcon, MinusIcon, PlusIcon } from '#dashboard/web/ui/icons.tsx';
import { useShownShelf } from '#dashboard/web/past/shown-shelf.ts';
import { useWords } from '#dashboard/web/words/i18n.ts';
import { placeText, placeWord } from '#dashboard/web/words/place-words.ts';
import { nearestShape, type FloorShapes, type Shape } from './floor-shapes.ts';
import type { PlanIndex } from './plan-index.ts';
import { labelPixels } from './label-pixels.ts';
import { UNITS, useMapView } from './use-map-view.ts';
import './floor-map.css';

/** Half of a fingertip. */
const REACH_PIXELS = 22;
/** A shelf with its neighbours and the ranges beside it, so that one knows where one is. */
const FOCUS_METRES = 11;

interface Props {
  readonly plan: PlanIndex;
  readonly shapes: FloorShapes;
  /** The floor's live room; `null` draws the shelves plain. */
  readonly room: Room | null;
  /** The library's space room, for people in the zones. */
  readonly space?: Room | null;
  readonly label: string;
  readonly selected: string | null;
  readonly homes?: readonly string[];
  /** Look at this shelf, not only at the whole floor. */
  readonly focusOn?: string | null;
  readonly onSelect?: (shelf: string) => void;
}

export function FloorMap(props: Props): ReactElement {
  const { plan, shapes, room, space = null, label, selected, homes, focusOn = null, onSelect } = props;
  const { t } = useWords();
  const hatch = useId();
  // A desk or a trolley can be where an item was last, so those can be lit too.
  const byId = useMemo(() => new Map([...shapes.areas, ...shapes.shelves].map((shape) => [shape.id, shape])), [shapes]);
  const near = focusOn === null ? undefined : byId.get(focusOn);
  const lit = selected === null ? undefined : byId.get(selected);
  const focus = useMemo(() => (near === undefined ? null : { center: near.center, widthMetres: FOCUS_METRES }), [near]);
  const view = useMapView({
    bounds: shapes.bounds,
    content: shapes.content,
    focus,
    onTap: (at, metresPerPixel) => {
      const shape = nearestShape(shapes.shelves, at, REACH_PIXELS * metresPerPixel);
      if (shape !== null) onSelect?.(shape.id);
    },
  });
  return (
    <div className="map">
      <div
        className="map-window"
        // The keys below belong to the map while it has the focus; every shelf can also be reached in the list.
        role="application"
        aria-label={t('map.keys', { label })}
        tabIndex={0}
        onKeyDown={(event) => {
          if (!event.ctrlKey && !event.metaKey && view.key(event.key)) event.preventDefault();
        }}
      >
        <svg ref={view.svg} className="floor" data-tappable={onSelect !== undefined || undefined} aria-hidden="true">
          <Hatch id={hatch} />
          <g transform={`scale(${UNITS})`}>
            {shapes.outline && <path className="outline" d={shapes.outline.d} />}
            {shapes.areas.map((shape) => (
              <path key={shape.id} className="area" data-kind={shape.kind} d={shape.d} />
            ))}
            {shapes.ranges.map((shape) => (
              <path key={shape.id} className="range" d={shape.d} />
            ))}
            {shapes.bays.map((shape) => (
              <path key={shape.id} className="bay" d={shape.d} />
            ))}
            {shapes.shelves.map((shape) => (
              <ShelfShape key={shape.id} plan={plan} shape={shape} room={room} hatch={hatch} />
            ))}
            {homes?.map((id) => {
              const shape = byId.get(id);
              return shape && <path key={id} className="home" d={shape.d} />;
            })}
            {lit && <path className="lit" d={lit.d} />}
          </g>
          <g data-scaled>
            <Labels plan={plan} shapes={shapes} space={space} />
            {room !== null && shapes.shelves.map((shape) => <ShelfMark key={shape.id} shape={shape} room={room} />)}
            {lit && focusOn !== null && (
              <g transform={at(lit)}>
                <circle className="lit-ring" r="22" />
              </g>
            )}
          </g>
        </svg>
      </div>
      <div className="map-buttons">
        <button
          type="button"
          aria-label={t('map.zoomIn')}
          onClick={() => {
            view.zoom(1);
          }}
        >
          <PlusIcon />
        </button>
        <button
          type="button"
          aria-label={t('map.zoomOut')}
          onClick={() => {
            view.zoom(-1);
          }}
        >
          <MinusIcon />
        </button>
        <button type="button" aria-label={t('map.fit')} onClick={view.fitAll}>
          <FitIcon />
        </button>
      </div>
    </div>
  );
}

function at(shape: Shape): string {
  return `translate(${shape.center[0] * UNITS} ${shape.center[1] * UNITS})`;
}

/** Two patterns with distances in screen pixels are not worth their cost; eight centimetres read well at every zoom. */
function Hatch({ id }: { readonly id: string }): ReactElement {
  return (
    <defs>
      <pattern id={id} width="0.09" height="0.09" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <rect className="hatch-ground" width="0.09" height="0.09" />
        <rect className="hatch-line" width="0.03" height="0.09" />
      </pattern>
    </defs>
  );
}

interface ShelfProps {
  readonly plan: PlanIndex;
  readonly shape: Shape;
  readonly room: Room | null;
  readonly hatch: string;
}

const ShelfShape = memo(function ShelfShape({ plan, shape, room, hatch }: ShelfProps): ReactElement {
  const { t } = useWords();
  const row = useShownShelf(room, shape.id);
  const state = room === null && row === undefined ? 'plain' : (row?.state ?? 'unequipped');
  const isSilent = state === 'dead' || state === 'blind' || state === 'unknown';
  return (
    <path
      className="shelf"
      data-state={state}
      data-wrong={(row?.wrong ?? 0) > 0 || undefined}
      d={shape.d}
      {...(isSilent ? { fill: `url(#${hatch})` } : {})}
    >
      <title>{placeText(plan, shape.id, t)}</title>
    </path>
  );
});

/** Above all shelves, so that no neighbour covers it: a sign where something stands wrong, a count when near. */
const ShelfMark = memo(function ShelfMark({
  shape,
  room,
}: {
  readonly shape: Shape;
  readonly room: Room;
}): ReactElement | null {
  const row = useShownShelf(room, shape.id);
  if (row === undefined || row.state === 'unequipped' || row.state === 'unknown') return null;
  return (
    <g transform={at(shape)}>
      {row.wrong > 0 && <path className="wrong-mark" d="M0 -7L7 0L0 7L-7 0Z" />}
      <text className="label-count" dy={row.wrong > 0 ? '1.7em' : '0.35em'}>
        {row.items}
      </text>
    </g>
  );
});

interface LabelsProps {
  readonly plan: PlanIndex;
  readonly shapes: FloorShapes;
  readonly space: Room | null;
}

const Labels = memo(function Labels({ plan, shapes, space }: LabelsProps): ReactElement {
  const { t } = useWords();
  const middles = new Map(shapes.ranges.map((shape) => [shape.id, shape.center]));
  return (
    <g className="labels">
      {shapes.areas.map((shape) => {
        const place = plan.get(shape.id);
        return place && <AreaLabel key={shape.id} shape={shape} words={placeWord(place, t)} space={space} />;
      })}
      {shapes.ranges.map((shape) => {
        const isWide = shape.size[0] >= shape.size[1];
        const x = (shape.center[0] - (isWide ? shape.size[0] / 2 : 0)) * UNITS;
        const y = (shape.center[1] - (isWide ? 0 : shape.size[1] / 2)) * UNITS;
        return (
          <g key={shape.id} transform={`translate(${x} ${y})`}>
            <text className="label-range" data-wide={isWide || undefined}>
              {plan.get(shape.id)?.name}
            </text>
          </g>
        );
      })}
      {shapes.bays.map((shape) => {
        const isWide = shape.size[0] >= shape.size[1];
        const range = plan.ancestor(shape.id, 'range')?.id;
        // On the outer side of the range, so that no bay's name covers the shelves behind it.
        const side = (axis: 0 | 1): -1 | 1 =>
          shape.center[axis] > (middles.get(range ?? '')?.[axis] ?? Infinity) ? 1 : -1;
        const x = (shape.center[0] + (isWide ? 0 : (side(0) * shape.size[0]) / 2)) * UNITS;
        const y = (shape.center[1] + (isWide ? (side(1) * shape.size[1]) / 2 : 0)) * UNITS;
        return (
          <g key={shape.id} transform={`translate(${x} ${y})`}>
            <text
              className="label-bay"
              data-wide={isWide || undefined}
              data-far={side(isWide ? 1 : 0) === 1 || undefined}
            >
              {plan.get(shape.id)?.name}
            </text>
          </g>
        );
      })}
    </g>
  );
});

interface AreaProps {
  readonly shape: Shape;
  readonly words: string;
  readonly space: Room | null;
}

const PADDING_PIXELS = 16;

/** The map view moves it about, so that it can be read wherever a part of the area is in view. */
function AreaLabel({ shape, words, space }: AreaProps): ReactElement {
  const { t } = useWords();
  const row = useSpaceRow(shape.kind === 'zone' || shape.kind === 'room' ? space : null, shape.id);
  const people = row === undefined || row.people === null || row.stale ? null : Math.round(row.people);
  const said = people === null ? '' : t('map.people', { count: people });
  const [x, y] = [shape.center[0] - shape.size[0] / 2, shape.center[1] - shape.size[1] / 2];
  return (
    <g
      data-area={`${x} ${y} ${shape.size[0]} ${shape.size[1]}`}
      data-pixels={PADDING_PIXELS + labelPixels(words)}
      data-more={PADDING_PIXELS + labelPixels(said)}
      data-kind={shape.kind}
      data-hidden
    >
      <text className="label-area">
        {words}
        {said !== '' && (
          <tspan className="label-people" dx="0.6em">
            {said}
          </tspan>
        )}
      </text>
    </g>
  );
}
