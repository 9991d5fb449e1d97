import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { Page } from '../../model/page.js';
import type { Principal } from '../../model/principal.js';
import { ClusterService } from '../../service/cluster.service.js';
import { CurrentPrincipal } from '../auth/current-principal.js';
import { mapPage } from '../dto/page.dto.js';
import { WorkloadDto, WorkloadPageDto } from '../dto/workload.dto.js';
import { WorkloadQuery } from '../dto/workload.query.js';
import { IdPipe } from '../id.pipe.js';
import { EXPLOITABLE, pageRequest } from '../requests.js';
import { ApiProblems } from './api-problems.js';

@ApiTags('scans')
@Controller('v1/scans/:id')
export class ClusterController {
  constructor(private readonly clusters: ClusterService) {}

  @Get('workloads')
  @ApiParam({ name: 'id', type: String, format: 'uuid', description: 'Of the scan of a cluster.' })
  @ApiOperation({
    operationId: 'listScanWorkloads',
    summary: 'The workloads of a cluster, with what is known of their images now',
    description:
      'With `ruleId=CVE-2021-44228&exposed=yes`: what runs there, can be reached from outside, and has the vulnerability open.',
  })
  @ApiOkResponse({ type: WorkloadPageDto })
  @ApiProblems('invalid_request', 'malformed_cursor', 'not_found', 'inventory_missing')
  async workloads(
    @CurrentPrincipal() p: Principal,
    @Param('id', new IdPipe('scan')) id: string,
    @Query() query: WorkloadQuery,
  ): Promise<Page<WorkloadDto>> {
    const { exploitable, exposed, ruleId, kev, minEpss } = query;
    const filter = {
      ...(exploitable !== undefined && { exploitable: EXPLOITABLE[exploitable] }),
      ...(exposed !== undefined && { exposed }),
      ...(ruleId !== undefined && { ruleId }),
      ...(kev !== undefined && { kev }),
      ...(minEpss !== undefined && { minEpss }),
    };
    return mapPage(await this.clusters.workloads(p, id, filter, pageRequest(query)), WorkloadDto.of);
  }
}
