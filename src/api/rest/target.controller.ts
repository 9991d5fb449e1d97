import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { Page } from '../../model/page.js';
import type { Principal } from '../../model/principal.js';
import { TargetService } from '../../service/target.service.js';
import { CurrentPrincipal } from '../auth/current-principal.js';
import { TargetQuery } from '../dto/list.query.js';
import { mapPage } from '../dto/page.dto.js';
import { TargetDto, TargetPageDto } from '../dto/target.dto.js';
import { IdPipe } from '../id.pipe.js';
import { pageRequest, targetFilter } from '../requests.js';
import { ApiProblems } from './api-problems.js';

@ApiTags('targets')
@Controller('v1/targets')
export class TargetController {
  constructor(private readonly targets: TargetService) {}

  @Get()
  @ApiOperation({ operationId: 'listTargets', summary: 'What is audited' })
  @ApiOkResponse({ type: TargetPageDto })
  @ApiProblems('invalid_request', 'malformed_cursor')
  async list(@CurrentPrincipal() p: Principal, @Query() query: TargetQuery): Promise<Page<TargetDto>> {
    return mapPage(await this.targets.list(p, targetFilter(query), pageRequest(query)), TargetDto.of);
  }

  @Get(':id')
  @ApiParam({ name: 'id', type: String, format: 'uuid', description: 'Of the target.' })
  @ApiOperation({ operationId: 'getTarget', summary: 'One target' })
  @ApiOkResponse({ type: TargetDto })
  @ApiProblems('not_found')
  async get(@CurrentPrincipal() p: Principal, @Param('id', new IdPipe('target')) id: string): Promise<TargetDto> {
    return TargetDto.of(await this.targets.get(p, id));
  }
}
