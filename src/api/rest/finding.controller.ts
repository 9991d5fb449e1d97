import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { Page } from '../../model/page.js';
import type { Principal } from '../../model/principal.js';
import { FindingService } from '../../service/finding.service.js';
import { WhyService } from '../../service/why.service.js';
import { CurrentPrincipal } from '../auth/current-principal.js';
import { FindingDto, FindingPageDto } from '../dto/finding.dto.js';
import { FindingQuery } from '../dto/list.query.js';
import { mapPage } from '../dto/page.dto.js';
import { FindingWhyDto } from '../dto/why.dto.js';
import { IdPipe } from '../id.pipe.js';
import { findingFilter, pageRequest } from '../requests.js';
import { ApiProblems } from './api-problems.js';

@ApiTags('findings')
@Controller('v1/findings')
export class FindingController {
  constructor(
    private readonly findings: FindingService,
    private readonly explanations: WhyService,
  ) {}

  @Get()
  @ApiOperation({ operationId: 'listFindings', summary: 'Findings of all targets, worst first' })
  @ApiOkResponse({ type: FindingPageDto })
  @ApiProblems('invalid_request', 'malformed_cursor')
  async list(@CurrentPrincipal() p: Principal, @Query() query: FindingQuery): Promise<Page<FindingDto>> {
    return mapPage(await this.findings.list(p, findingFilter(query), pageRequest(query)), FindingDto.of);
  }

  @Get(':id')
  @ApiParam({ name: 'id', type: String, format: 'uuid', description: 'Of the finding.' })
  @ApiOperation({ operationId: 'getFinding', summary: 'One finding' })
  @ApiOkResponse({ type: FindingDto })
  @ApiProblems('not_found')
  async get(@CurrentPrincipal() p: Principal, @Param('id', new IdPipe('finding')) id: string): Promise<FindingDto> {
    return FindingDto.of(await this.findings.get(p, id));
  }

  @Get(':id/why')
  @ApiParam({ name: 'id', type: String, format: 'uuid', description: 'Of the finding.' })
  @ApiOperation({
    operationId: 'explainFinding',
    summary: 'Why it is a finding',
    description:
      'The records that decided and those that were weighed, how the versions were ordered, the file, the layer, and the instruction that brought it; by what is stored now.',
  })
  @ApiOkResponse({ type: FindingWhyDto })
  @ApiProblems('not_found')
  async why(@CurrentPrincipal() p: Principal, @Param('id', new IdPipe('finding')) id: string): Promise<FindingWhyDto> {
    return FindingWhyDto.of(await this.explanations.get(p, id));
  }
}
