import type { ReactElement } from 'react';
import { AgeText } from '#dashboard/web/ui/age.tsx';
import { Badge, Sign, type Meaning } from '#dashboard/web/ui/badges.tsx';
import type { PlanIndex } from '#dashboard/web/map/plan-index.ts';
import { useWords } from '#dashboard/web/words/i18n.ts';
import { placeParts, type Words } from '#dashboard/web/words/place-words.ts';
import { commonParts } from './common-parts.ts';
import { familyName, linkKind } from './reader-words.ts';
import { readerFaults, type Antenna, type Gateway, type Reader } from './count-faults.ts';

const GATEWAY_MEANING = { online: 'fine', offline: 'act', never: 'unknown' } as const;
const READER_MEANING = { live: 'fine', connecting: 'look', dead: 'act' } as const;
const ANTENNA_MEANING: Record<Antenna['state'], Meaning> = {
  live: 'fine',
  unscheduled: 'unknown',
  blind: 'act',
  dead: 'act',
  unknown: 'unknown',
};

interface Props {
  readonly gateway: Gateway;
  readonly plan: PlanIndex | undefined;
}

export function GatewayCard({ gateway, plan }: Props): ReactElement {
  const { t, language } = useWords();
  const number = new Intl.NumberFormat(language);
  return (
    <article className="card gateway">
      <div className="card-head">
        <h3>{gateway.id}</h3>
        <Badge meaning={GATEWAY_MEANING[gateway.state]}>{t(`gateway.${gateway.state}`)}</Badge>
      </div>
      {gateway.state !== 'online' && <p className="advice">{t(`gateway.${gateway.state}.do`)}</p>}
      <dl className="facts">
        <div>
          <dt>{t('gateway.heard')}</dt>
          <dd>
            <AgeText at={gateway.lastHeardAt} never={t('age.neverHeard')} />
          </dd>
        </div>
        <div>
          <dt>{t('gateway.waiting')}</dt>
          <dd>{gateway.outboxDepth === null ? t('common.unknown') : number.format(gateway.outboxDepth)}</dd>
        </div>
        <div>
          <dt>{t('gateway.dropped')}</dt>
          <dd>{gateway.outboxDropped === null ? t('common.unknown') : number.format(gateway.outboxDropped)}</dd>
        </div>
        <div>
          <dt>{t('gateway.version')}</dt>
          <dd>{gateway.version ?? t('common.unknown')}</dd>
        </div>
      </dl>
      <div className="readers">
        {gateway.readers.map((reader) => (
          <ReaderBlock key={reader.id} reader={reader} plan={plan} />
        ))}
      </div>
    </article>
  );
}

function ReaderBlock({
  reader,
  plan,
}: {
  readonly reader: Reader;
  readonly plan: PlanIndex | undefined;
}): ReactElement {
  const { t } = useWords();
  const silent = readerFaults(reader);
  const where = reader.antennas.map((antenna) => antennaParts(antenna, plan, t));
  // One antenna alone says nothing more than its reader does.
  const shared = where.length === 1 ? (where[0]?.length ?? 0) : commonParts(where);
  const link = linkKind(reader.link);
  return (
    <details className="reader" open={silent > 0}>
      <summary>
        <span className="reader-name">
          {reader.id}
          <span className="muted small block reader-kind">
            {familyName(reader.driver) ?? t(`reader.family.${reader.driver}`, { defaultValue: reader.driver })}
            {link !== null && ` · ${t(`reader.link.${link}`)}`}
          </span>
        </span>
        {shared > 0 && (
          <span className="muted reader-place">{where[0]?.slice(0, shared).join(t('place.separator'))}</span>
        )}
        <Badge meaning={READER_MEANING[reader.state]}>{t(`reader.${reader.state}`)}</Badge>
        {reader.state !== 'dead' && silent > 0 && (
          <Badge meaning="act">{t('reader.silentAntennas', { count: silent })}</Badge>
        )}
        <span className="muted small reader-heard">
          <AgeText at={reader.lastHeardAt} word="age.heard" never={t('age.neverHeard')} />
        </span>
      </summary>
      {reader.state === 'dead' && <p className="advice">{t('reader.dead.do')}</p>}
      {reader.state === 'connecting' && <p className="muted">{t('reader.connecting.do')}</p>}
      <ul className="antennas">
        {reader.antennas.map((antenna, index) => (
          <li key={antenna.readPoint}>
            <Sign meaning={ANTENNA_MEANING[antenna.state]} />
            <span>
              {t('antenna.name', { number: antenna.antenna })} · {t(`antenna.${antenna.state}`)}
              {shared < (where[index]?.length ?? 0) && (
                <span className="muted small block">{where[index]?.slice(shared).join(t('place.separator'))}</span>
              )}
            </span>
          </li>
        ))}
      </ul>
      <p className="muted small reader-wire">
        {t('reader.forSupport')} {reader.driver} · {reader.link}
        {reader.detail !== null && ` · ${reader.detail}`}
      </p>
    </details>
  );
}

/** Where to walk to; the cable's own name only when the plan does not know it. */
function antennaParts(antenna: Antenna, plan: PlanIndex | undefined, t: Words): readonly string[] {
  const places = plan?.placesHeardBy(antenna.readPoint) ?? [];
  const [first] = places;
  if (plan === undefined || first === undefined) return [antenna.readPoint];
  const parts = placeParts(plan, first, t);
  return places.length === 1 ? parts : [...parts, t('detail.moreHomes', { count: places.length - 1 })];
}
