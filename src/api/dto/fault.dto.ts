import { Property, Shape } from './property.js';

@Shape('Fault', 'Why something failed.')
export class FaultDto {
  @Property(String, { description: 'Stable; switch on this.', example: 'archive_truncated' })
  code: string;

  @Property(String, { description: 'For people: what was expected, what came, what to do.' })
  message: string;

  static of(fault: FaultDto): FaultDto {
    return Object.assign(new FaultDto(), { code: fault.code, message: fault.message });
  }
}
