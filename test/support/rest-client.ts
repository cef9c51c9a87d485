/** Signs in at a dashboard as a program would and asks it over REST. */
import type { CommandView } from '#contract/wire/rest-commands.ts';
import { until } from './platform.ts';

export interface RestClient {
  /** Errors: any status but 200; so does {@link RestClient.post}. */
  get<T>(path: string): Promise<T>;
  /** Whatever the status; the body is undefined where there is none. */
  call<T>(method: string, path: string, body?: unknown): Promise<RestAnswer<T>>;
  post<T>(path: string, body: unknown): Promise<T>;
}

export interface RestAnswer<T> {
  readonly status: number;
  readonly body: T;
}

export interface Credentials {
  readonly name: string;
  readonly password: string;
  /** A first password has to be changed before anything else is answered. */
  readonly nextPassword?: string;
}

export async function signInOverRest(url: string, { name, password, nextPassword }: Credentials): Promise<RestClient> {
  let headers: Readonly<Record<string, string>> = {};
  const send = (method: string, path: string, body?: unknown): Promise<Response> =>
    fetch(`${url}/api/v1${path}`, {
      method,
      headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  const succeeded = async (answer: Response): Promise<Response> => {
    if (!answer.ok) throw new Error(`${answer.url}: ${answer.status} ${await answer.text()}`);
    return answer;
  };
  const answer = await succeeded(await send('POST', '/session', { name, password }));
  const { csrfToken } = (await answer.json()) as { csrfToken: string };
  headers = { cookie: answer.headers.getSetCookie()[0]?.split(';', 1)[0] ?? '', 'x-csrf-token': csrfToken };
  if (nextPassword !== undefined) {
    await succeeded(await send('POST', '/session/password', { current: password, next: nextPassword }));
  }
  const call = async <T>(method: string, path: string, body?: unknown): Promise<RestAnswer<T>> => {
    const reply = await send(method, path, body);
    const text = await reply.text();
    return { status: reply.status, body: (text === '' ? undefined : JSON.parse(text)) as T };
  };
  const bodyOf = async <T>(method: string, path: string, sent?: unknown): Promise<T> => {
    const { status, body } = await call<T>(method, path, sent);
    if (status !== 200) throw new Error(`${method} ${path}: ${status} ${JSON.stringify(body)}`);
    return body;
  };
  return { call, get: (path) => bodyOf('GET', path), post: (path, body) => bodyOf('POST', path, body) };
}

/** The same within one library: paths are those behind `/libraries/{library}/`. */
export function inLibrary(rest: RestClient, library: string): RestClient {
  const at = (path: string): string => `/libraries/${library}/${path}`;
  return {
    get: (path) => rest.get(at(path)),
    call: (method, path, body) => rest.call(method, at(path), body),
    post: (path, body) => rest.post(at(path), body),
  };
}

/** The command as it is when it is over and what follows from it is done; `rest` is that of its library. */
export function settled(rest: RestClient, id: string, timeoutMs: number): Promise<CommandView> {
  return until(`the outcome of ${id}`, timeoutMs, async () => {
    const view = await rest.get<CommandView>(`commands/${id}`);
    return view.isSettled ? view : undefined;
  });
}
