import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { PlimsollError } from '../../model/error.js';

const ROUTE = '/v1/vex';

/** JSON under the names that formats of VEX have. */
export const VEX_MEDIA_TYPES = [
  'application/vnd.openvex+json',
  'application/vnd.cyclonedx+json',
  'application/csaf+json',
];

/** Lets the route for VEX documents, and no other, take their media types. */
export function acceptVexTypes(app: NestFastifyApplication): void {
  const fastify = app.getHttpAdapter().getInstance();
  const parse = fastify.getDefaultJsonParser('error', 'error');
  fastify.addContentTypeParser<string>(VEX_MEDIA_TYPES, { parseAs: 'string' }, (request, body, done) => {
    if (request.routeOptions.url === ROUTE) parse(request, body, done);
    else done(new PlimsollError('unsupported_media_type', 'Expected a body of type application/json.'));
  });
}
