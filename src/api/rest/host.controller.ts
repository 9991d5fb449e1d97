import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiOperation, ApiParam, ApiTags, getSchemaPath } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { Page } from '../../model/page.js';
import type { Principal } from '../../model/principal.js';
import { GraphService } from '../../service/graph.service.js';
import { HostService } from '../../service/host.service.js';
import { CurrentPrincipal } from '../auth/current-principal.js';
import { ContainerDto, ContainerPageDto } from '../dto/container.dto.js';
import { GraphDto } from '../dto/graph.dto.js';
import { ContainerQuery, GraphQuery } from '../dto/list.query.js';
import { mapPage } from '../dto/page.dto.js';
import { IdPipe } from '../id.pipe.js';
import { EXPLOITABLE, pageRequest } from '../requests.js';
import { ApiProblems } from './api-problems.js';

const SCAN_ID = new IdPipe('scan');
const ApiScanId = () => ApiParam({ name: 'id', type: String, format: 'uuid', description: 'Of the scan.' });

@ApiTags('scans')
@ApiExtraModels(GraphDto)
@Controller('v1/scans/:id')
export class HostController {
  constructor(
    private readonly hosts: HostService,
    private readonly graphs: GraphService,
  ) {}

  @Get('graph')
  @ApiScanId()
  @ApiOperation({
    operationId: 'getScanGraph',
    summary: 'Who reaches whom among the containers of a host, or the workloads of a cluster',
    description:
      'Of a host: networks, published ports, namespaces, volumes and folders that they share, and who controls it. Of a cluster: what is exposed, what policies let through, and who may come to whose rights.',
  })
  @ApiOkResponse({
    description: 'The graph.',
    content: {
      'application/json': { schema: { $ref: getSchemaPath(GraphDto) } },
      'text/vnd.graphviz': { schema: { type: 'string' } },
    },
  })
  @ApiProblems('invalid_request', 'not_found', 'inventory_missing')
  async graph(
    @CurrentPrincipal() p: Principal,
    @Param('id', SCAN_ID) id: string,
    @Query() { format }: GraphQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<GraphDto | string> {
    if (format === 'json') return GraphDto.of(await this.graphs.graph(p, id));
    const text = await this.graphs.dot(p, id);
    reply.header('content-type', 'text/vnd.graphviz; charset=utf-8');
    return text;
  }

  @Get('containers')
  @ApiScanId()
  @ApiOperation({
    operationId: 'listScanContainers',
    summary: 'The containers of a host, with what is known of their images now',
    description:
      'With `exploitable=true`: what runs there and has open vulnerabilities; with `kev=true`: some that CISA knows to be exploited.',
  })
  @ApiOkResponse({ type: ContainerPageDto })
  @ApiProblems('invalid_request', 'malformed_cursor', 'not_found', 'inventory_missing')
  async containers(
    @CurrentPrincipal() p: Principal,
    @Param('id', SCAN_ID) id: string,
    @Query() query: ContainerQuery,
  ): Promise<Page<ContainerDto>> {
    const { exploitable, kev, minEpss } = query;
    const filter = {
      ...(exploitable !== undefined && { exploitable: EXPLOITABLE[exploitable] }),
      ...(kev !== undefined && { kev }),
      ...(minEpss !== undefined && { minEpss }),
    };
    return mapPage(await this.hosts.containers(p, id, filter, pageRequest(query)), ContainerDto.of);
  }
}
