import type { Coverage } from '../../model/coverage.js';
import { Property, Shape } from './property.js';

@Shape('CoverageItem', 'Something that could not be examined, and why.')
export class CoverageItemDto {
  @Property(String, { description: 'Stable; switch on this.', example: 'file_unparsable' })
  code: string;

  @Property(String, { description: 'A path, a layer, a purl or an ecosystem.', example: '/var/lib/dpkg/status' })
  subject: string;

  @Property(String, { description: 'For people.' })
  message: string;
}

@Shape('Coverage', 'What a scan could not examine. A scan with any item is `partial`.')
export class CoverageDto {
  @Property(Boolean, { description: 'Whether everything was examined.' })
  complete: boolean;

  @Property([CoverageItemDto], { description: 'What was not.' })
  items: CoverageItemDto[];

  static of(coverage: Coverage): CoverageDto {
    return Object.assign(new CoverageDto(), {
      complete: coverage.complete,
      items: coverage.items.map(({ code, subject, message }) => ({ code, subject, message })),
    });
  }
}
