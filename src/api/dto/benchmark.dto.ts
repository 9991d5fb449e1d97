import { Int } from '@nestjs/graphql';
import type { BenchmarkReport, RequirementResult } from '../../model/benchmark.js';
import type { ControlStatus } from '../../model/control.js';
import { EvidenceDto } from './control.dto.js';
import { ControlStatuses } from './enumerations.js';
import { Property, Shape } from './property.js';

@Shape('RequirementCounts', 'How many requirements have each status.')
export class RequirementCountsDto implements Record<ControlStatus, number> {
  @Property(Int, { description: 'Met.' })
  pass: number;

  @Property(Int, { description: 'Not met.' })
  fail: number;

  @Property(Int, { description: 'For a person to judge.' })
  manual: number;

  @Property(Int, { description: 'Not about this target.' })
  not_applicable: number;

  @Property(Int, { description: 'Could not be decided.' })
  undetermined: number;
}

@Shape('RequirementResult', 'What the controls say of one requirement of a benchmark.')
export class RequirementResultDto {
  @Property(String, { description: 'As the document numbers it.', example: '4.1' })
  id: string;

  @Property(String, { description: 'What it asks for.' })
  title: string;

  @Property(ControlStatuses, { description: 'Failed when a control failed; undetermined counts before passed.' })
  status: ControlStatus;

  @Property([String], { description: 'Ids of the controls that judge it; none where only a person can.' })
  controls: string[];

  @Property([EvidenceDto], { description: 'Evidence of the controls that failed.' })
  failed: EvidenceDto[];

  static of({ id, title, status, controls, failed }: RequirementResult): RequirementResultDto {
    const dto = { id, title, status, controls, failed: failed.map(EvidenceDto.of) };
    return Object.assign(new RequirementResultDto(), dto);
  }
}

@Shape('BenchmarkReport', 'What a scan means for one benchmark.')
export class BenchmarkReportDto {
  @Property(String, { description: 'Of the benchmark.', example: 'cis-docker' })
  name: string;

  @Property(String, { description: 'Of the published document.', example: '1.6.0' })
  version: string;

  @Property(RequirementCountsDto, { description: 'How many requirements have each status.' })
  counts: RequirementCountsDto;

  @Property([RequirementResultDto], { description: 'Those about targets of this kind, in the order of the document.' })
  items: RequirementResultDto[];

  static of({ name, version, counts, items }: BenchmarkReport): BenchmarkReportDto {
    const { pass, fail, manual, not_applicable, undetermined } = counts;
    return Object.assign(new BenchmarkReportDto(), {
      name,
      version,
      counts: { pass, fail, manual, not_applicable, undetermined },
      items: items.map(RequirementResultDto.of),
    });
  }
}
