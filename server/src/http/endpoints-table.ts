/** The endpoints as a table of docs/rest.md: npm run generate writes it from the same rows that are served. */
import { code, table } from '@seatwire/protocol/generate';
import { ANYWHERE } from './endpoint.ts';
import { ENDPOINTS } from './endpoints.ts';

export function endpointsTable(): string {
  const rows = ENDPOINTS.map(({ spec, codes }) => [
    code(`${spec.method.toUpperCase()} /api${spec.path}`),
    spec.summary,
    spec.access,
    spec.idempotent,
    spec.rate,
    [...codes]
      .filter((one) => !ANYWHERE.includes(one))
      .map(code)
      .join(', '),
  ]);
  return table(['endpoint', 'what it does', 'who may', 'repeated safely', 'rate', 'refused with'], rows);
}
