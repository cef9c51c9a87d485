import { useCallback, useMemo, type ReactElement } from 'react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Devices } from '#contract/wire/rest.ts';
import { getJson } from '#dashboard/web/api/http.ts';
import { paths } from '#dashboard/web/api/paths.ts';
import { usePlan } from '#dashboard/web/api/use-plan.ts';
import { useSession } from '#dashboard/web/app/session.tsx';
import { useRoomChange } from '#dashboard/web/live/live-context.tsx';
import { AgeText } from '#dashboard/web/ui/age.tsx';
import { Badge } from '#dashboard/web/ui/badges.tsx';
import { CsvLink } from '#dashboard/web/ui/csv-link.tsx';
import { DataTable } from '#dashboard/web/ui/data-table.tsx';
import { PageHead } from '#dashboard/web/ui/page-head.tsx';
import { FailureNote, PageSkeleton } from '#dashboard/web/ui/states.tsx';
import { useNow } from '#dashboard/web/ui/use-now.ts';
import { momentText } from '#dashboard/web/words/age.ts';
import { useWords } from '#dashboard/web/words/i18n.ts';
import { countFaults } from './count-faults.ts';
import { GatewayCard } from './gateway-card.tsx';
import { adviceFor } from './refusal-advice.ts';
import './devices.css';

const REFETCH_MS = 5000;

export function DevicesScreen(): ReactElement {
  const { t } = useWords();
  const { library } = useSession();
  const client = useQueryClient();
  const { plan } = usePlan();
  const { data, error, refetch } = useQuery({
    queryKey: ['devices', library],
    queryFn: ({ signal }) => getJson<Devices>(paths.devices(library), signal),
    refetchInterval: REFETCH_MS,
  });
  useRoomChange(
    useMemo(() => ({ kind: 'devices', library }) as const, [library]),
    useCallback(() => void client.invalidateQueries({ queryKey: ['devices', library] }), [client, library]),
  );
  const faults = data === undefined ? 0 : countFaults(data);
  return (
    <div className="devices">
      <PageHead
        title={t('devices.title')}
        summary={
          data && (
            <span className="live">
              <Badge meaning={faults === 0 ? 'fine' : 'act'}>
                {faults === 0 ? t('devices.allFine') : t('devices.faults', { count: faults })}
              </Badge>
            </span>
          )
        }
        tools={
          <>
            <Link to="/antennas" className="tool">
              {t('antennas.title')}
            </Link>
            <CsvLink path={paths.devices(library)} />
          </>
        }
      />
      {data === undefined && error === null && <PageSkeleton lines={8} />}
      {data === undefined && error !== null && <FailureNote error={error} onRetry={() => void refetch()} />}
      {data !== undefined && (
        <div className="live">
          <Parts parts={data.parts} />
          <section>
            <h2>{t('devices.gateways')}</h2>
            {data.gateways.length === 0 && <p className="muted">{t('devices.noGateways')}</p>}
            {data.gateways.map((gateway) => (
              <GatewayCard key={gateway.id} gateway={gateway} plan={plan} />
            ))}
          </section>
          <Sensors sensors={data.sensors} />
          <Refusals refusals={data.refusals} />
        </div>
      )}
    </div>
  );
}

const PART_MEANING = { ok: 'fine', behind: 'look', down: 'act' } as const;
const PARTS_KNOWN = new Set(['broker', 'engine', 'history']);

function Parts({ parts }: { readonly parts: Devices['parts'] }): ReactElement {
  const { t, language } = useWords();
  const number = new Intl.NumberFormat(language);
  return (
    <section>
      <h2>{t('devices.parts')}</h2>
      <ul className="parts">
        {parts.map((part) => {
          const isKnown = PARTS_KNOWN.has(part.part);
          return (
            <li key={part.part} className="card">
              <div className="card-head">
                <h3>{isKnown ? t(`part.${part.part}`) : part.part}</h3>
                <Badge meaning={PART_MEANING[part.state]}>{t(`part.${part.state}`)}</Badge>
              </div>
              {isKnown && <p className="muted small">{t(`part.${part.part}.what`)}</p>}
              {part.state === 'behind' && (
                <p>{t('part.behindBy', { count: part.behind, number: number.format(part.behind) })}</p>
              )}
              {part.state === 'down' && isKnown && <p className="advice">{t(`part.${part.part}.do`)}</p>}
              {part.detail !== null && <p className="small">{part.detail}</p>}
              <p className="muted small">
                <AgeText at={part.at} word="age.heard" never={t('age.neverHeard')} />
              </p>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function Sensors({ sensors }: { readonly sensors: Devices['sensors'] }): ReactElement | null {
  const { t } = useWords();
  if (sensors.length === 0) return null;
  return (
    <section>
      <h2>{t('devices.sensors')}</h2>
      <ul className="sensors">
        {sensors.map((sensor) => (
          <li key={sensor.id}>
            <span>{sensor.id}</span>
            <AgeText at={sensor.lastHeardAt} word="age.heard" never={t('age.neverHeard')} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Refusals({ refusals }: { readonly refusals: Devices['refusals'] }): ReactElement {
  const { t, language } = useWords();
  const nowMs = useNow();
  return (
    <section>
      <h2>{t('devices.refusals')}</h2>
      {refusals.length === 0 ? (
        <p className="muted">{t('devices.noRefusals')}</p>
      ) : (
        <DataTable
          label={t('devices.refusals')}
          columns={[{ words: t('refusal.time') }, { words: t('refusal.who') }, { words: t('refusal.why') }]}
        >
          {refusals.map((refusal, index) => (
            <tr key={`${refusal.at} ${index}`}>
              <td className="nowrap">{momentText(refusal.at, nowMs, language)}</td>
              <td>
                {refusal.client ?? t('refusal.unknown')}
                <span className="muted small block">{refusal.address}</span>
              </td>
              <td>
                <RefusalWords refusal={refusal} />
              </td>
            </tr>
          ))}
        </DataTable>
      )}
    </section>
  );
}

/** In plain words with what to do; the code stays for the support desk. */
function RefusalWords({ refusal }: { readonly refusal: Devices['refusals'][number] }): ReactElement {
  const { t } = useWords();
  const advice = adviceFor(refusal.code);
  return (
    <>
      {advice === null ? refusal.detail : t(`refused.${refusal.code}`)}
      {advice !== null && <span className="block refusal-do">{t(`refused.do.${advice}`)}</span>}
      <span className="muted small block">
        {refusal.code}
        {refusal.topic !== null && ` · ${refusal.topic}`}
      </span>
    </>
  );
}
