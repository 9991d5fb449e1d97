import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { ProblemDto } from './dto/problem.dto.js';

/** Of the API, not of the service: it changes when a client would have to. */
const API_VERSION = '1.0.0';

export function openApiDocument(app: INestApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Plimsoll')
    .setVersion(API_VERSION)
    .setDescription(
      'Container security audits with a history. Times are RFC 3339 in UTC, ids UUIDv7, positions decimal strings; what is absent is `null`, never missing. Errors are RFC 9457 problem details with a stable `code`.',
    )
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addTag('scans', 'Audits of targets, and what they found.')
    .addTag('findings', 'Problems on targets, over all scans.')
    .addTag('targets', 'What is audited.')
    .addTag('registries', 'How images are fetched: credentials, mirrors, certificates.')
    .addTag('vex', 'What vendors and you say of vulnerabilities.')
    .addTag('uploads', 'Files that clients send to be scanned.')
    .addTag('advisories', 'What feeds say of vulnerabilities and packages, and who has them.')
    .addTag('feeds', 'Where advisories come from.')
    .addTag('events', 'The append-only log.')
    .addTag('operations', 'For those who run the service.')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'A token of this service.' }, 'bearer')
    .addSecurityRequirements('bearer')
    .build();
  return SwaggerModule.createDocument(app, config, { extraModels: [ProblemDto] });
}
