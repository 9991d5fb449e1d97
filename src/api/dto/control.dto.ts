import { ApiSchema } from '@nestjs/swagger';
import type { ControlResult, ControlStatus, Evidence } from '../../model/control.js';
import type { Severity } from '../../model/severity.js';
import { ControlStatuses, Severities } from './enumerations.js';
import { PageOf } from './page.dto.js';
import { Property, Shape } from './property.js';

@Shape('Evidence', 'What shows that a control failed, or what a person has to look at. Never a secret.')
export class EvidenceDto {
  @Property(String, {
    description: 'What it is about: a variable, a step of the build, a layer, `Kind/namespace/name`.',
    nullable: true,
    example: 'ENV DB_PASSWORD',
  })
  resource: string | null;

  @Property(String, { description: 'A file.', nullable: true, example: '/usr/bin/su' })
  path: string | null;

  @Property(String, { description: 'What was found there.', nullable: true, example: '4755 0:0' })
  value: string | null;

  static of({ resource, path, value }: Evidence): EvidenceDto {
    return Object.assign(new EvidenceDto(), { resource, path, value });
  }
}

@Shape('ControlResult', 'What one control said of a target.')
export class ControlResultDto {
  @Property(String, { description: 'Of the control; the `ruleId` of its finding.', example: 'non-root-user' })
  id: string;

  @Property(String, { description: 'What is asked for.' })
  title: string;

  @Property(Severities, { description: 'How bad a failure is.' })
  severity: Severity;

  @Property(ControlStatuses, { description: 'What it said.' })
  status: ControlStatus;

  @Property(String, { description: 'Why.' })
  reason: string;

  @Property([EvidenceDto], { description: 'At most 50 pieces; the reason says how many there are.' })
  evidence: EvidenceDto[];

  @Property(String, { description: 'What to do when it fails.' })
  remediation: string;

  static of({ id, title, severity, status, reason, evidence, remediation }: ControlResult): ControlResultDto {
    const dto = { id, title, severity, status, reason, evidence: evidence.map(EvidenceDto.of), remediation };
    return Object.assign(new ControlResultDto(), dto);
  }
}

@ApiSchema({ name: 'ControlResultPage' })
export class ControlResultPageDto extends PageOf(ControlResultDto) {}
