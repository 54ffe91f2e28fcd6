/** The OpenAPI document, from the endpoints' rows alone: no server need run. */
import { OpenAPIHono } from '@hono/zod-openapi';
import { problemBody } from '@seatwire/protocol';
import { z } from 'zod';
import type { Endpoint } from './endpoint.ts';

export function openApiDocument(endpoints: readonly Endpoint[]): object {
  const api = new OpenAPIHono().basePath('/api');
  api.openAPIRegistry.registerComponent('securitySchemes', 'bearer', {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
  });
  const { $schema: _, ...problem } = z.toJSONSchema(problemBody, { io: 'output' });
  api.openAPIRegistry.registerComponent('schemas', 'Problem', problem as object);
  for (const { route } of endpoints) api.openAPIRegistry.registerPath(route);
  return api.getOpenAPI31Document({
    openapi: '3.1.0',
    info: { title: 'Seatwire', version: '1.0.0', description: 'Hold, pay and confirm single places, live.' },
  });
}
