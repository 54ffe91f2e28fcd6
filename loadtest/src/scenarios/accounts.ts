/** The buyers' tokens. One that is about to end is replaced by signing in again, so that a run may outlast it. */
import http from 'k6/http';
import { run } from './run.ts';

/** The client asks shortly before a token ends; what is left then is too little. */
const ENOUGH_MS = 60_000;

interface Token {
  readonly token: string;
  readonly expiresAt: number;
}
/** Of this virtual user: several of its sockets may be one buyer. */
const latest = new Map<string, Promise<Token>>();

/** A token of the socket's buyer that is good for a while. Rejects when signing in fails; the client then tries again. */
export async function tokenOf(socket: number, refused: string | null): Promise<string> {
  const account = run.buyers[socket % run.buyers.length]!;
  const known = await (latest.get(account.email) ?? account);
  if (known.token !== refused && known.expiresAt - Date.now() > ENOUGH_MS) return known.token;
  const again = signIn(account);
  latest.set(account.email, again);
  again.catch(() => latest.delete(account.email));
  return (await again).token;
}

async function signIn({ email, password }: { email: string; password: string }): Promise<Token> {
  const answer = await http.asyncRequest(
    'POST',
    `${run.httpUrl}/api/auth/login`,
    JSON.stringify({ email, password }),
    { headers: { 'content-type': 'application/json' }, timeout: '10s' },
  );
  if (answer.status !== 200) throw new Error(`signing in again: status ${answer.status}`);
  const session = answer.json() as unknown as { accessToken: string; accessTokenExpiresAt: string };
  return { token: session.accessToken, expiresAt: Date.parse(session.accessTokenExpiresAt) };
}
