import { ApiProperty } from '@nestjs/swagger';
import { IsOptional } from 'class-validator';
import { EXPOSED, type Exposed } from '../../model/cluster/running-workload.js';
import { ListOf, OneOf, RiskQuery } from './list.query.js';
import { IsPlainText } from './plain-text.validator.js';

/** With what is asked of the risk: workloads with an image that has an open vulnerability which is all of it. */
export class WorkloadQuery extends RiskQuery {
  @ListOf(EXPOSED, 'Exposed', 'Only workloads that somebody outside the cluster reaches, or not.')
  exposed?: Exposed[];

  @OneOf(
    ['true', 'false', 'unknown'],
    'Exploitable',
    'Only workloads with an image that has open vulnerabilities, without one, or of which that is not known.',
  )
  exploitable?: 'true' | 'false' | 'unknown';

  @ApiProperty({
    type: String,
    required: false,
    description: 'Only workloads with an image that has this vulnerability open.',
    example: 'CVE-2021-44228',
  })
  @IsOptional()
  @IsPlainText(255)
  ruleId?: string;
}
