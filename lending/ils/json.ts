/** Reads what an ILS sent, with a schema of just those parts that are used. */
import type { ZodType } from 'zod';
import type { HttpClient, HttpOutcome, HttpRequest } from './http-client.ts';
import { AWAY, refuse, UNKNOWN, type IlsAnswer, type RefusalCode } from './port.ts';

/** The answer's value, or what its absence means. `refusal` says why a status other than 2xx came. */
export async function askFor<Value>(
  http: HttpClient,
  request: HttpRequest,
  schema: ZodType<Value>,
  refusal: (status: number, json: unknown) => RefusalCode = () => 'refused',
): Promise<IlsAnswer<Value>> {
  const outcome: HttpOutcome = await http.ask(request);
  if (outcome.kind !== 'answer') return outcome.kind === 'away' ? AWAY : UNKNOWN;
  // A key that is refused is no word about the copy or the reader: somebody must mend it, and meanwhile nothing is sent.
  if (outcome.status === 401 || (outcome.status === 403 && (request.method ?? 'GET') === 'GET')) return AWAY;
  if (outcome.status >= 300) return refuse(refusal(outcome.status, outcome.json));
  const parsed = schema.safeParse(outcome.json);
  if (parsed.success) return { outcome: 'done', value: parsed.data };
  // It was done; only its words are strange.
  return (request.method ?? 'GET') === 'GET' ? AWAY : UNKNOWN;
}

/** A time of an ILS in ms; null where there is none. */
export function timeOf(text: string | null | undefined): number | null {
  const ms = Date.parse(text ?? '');
  return Number.isNaN(ms) ? null : ms;
}

/** Goes on with the value; hands everything else through. */
export async function andThen<Value, Next>(
  answer: IlsAnswer<Value>,
  next: (value: Value) => Promise<IlsAnswer<Next>> | IlsAnswer<Next>,
): Promise<IlsAnswer<Next>> {
  return answer.outcome === 'done' ? next(answer.value) : answer;
}

/** Nothing was changed yet: an answer that stayed away was one to a question. */
export function beforeSending<Value>(answer: IlsAnswer<Value>): IlsAnswer<Value> {
  return answer.outcome === 'unknown' ? AWAY : answer;
}
