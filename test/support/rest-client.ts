/** Signs in at a dashboard as a program would and asks it over REST. */
export interface RestClient {
  get<T>(path: string): Promise<T>;
}

export interface Credentials {
  readonly name: string;
  readonly password: string;
  /** A first password has to be changed before anything else is answered. */
  readonly nextPassword?: string;
}

export async function signInOverRest(url: string, { name, password, nextPassword }: Credentials): Promise<RestClient> {
  const post = (path: string, body: object, headers: Readonly<Record<string, string>> = {}): Promise<Response> =>
    fetch(`${url}/api/v1${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  const asked = async (answer: Response): Promise<Response> => {
    if (!answer.ok) throw new Error(`${answer.url}: ${answer.status} ${await answer.text()}`);
    return answer;
  };
  const answer = await asked(await post('/session', { name, password }));
  const { csrfToken } = (await answer.json()) as { csrfToken: string };
  const cookie = answer.headers.getSetCookie()[0]?.split(';', 1)[0] ?? '';
  if (nextPassword !== undefined) {
    const change = { current: password, next: nextPassword };
    await asked(await post('/session/password', change, { cookie, 'x-csrf-token': csrfToken }));
  }
  return {
    async get<T>(path: string) {
      const found = await asked(await fetch(`${url}/api/v1${path}`, { headers: { cookie } }));
      return (await found.json()) as T;
    },
  };
}
