import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, Res } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { Page } from '../../model/page.js';
import type { Principal } from '../../model/principal.js';
import { RegistryService } from '../../service/registry.service.js';
import { CurrentPrincipal } from '../auth/current-principal.js';
import { PageQuery } from '../dto/list.query.js';
import { mapPage } from '../dto/page.dto.js';
import { RegistryDto, RegistryPageDto } from '../dto/registry.dto.js';
import { CreateRegistryInput, UpdateRegistryInput } from '../dto/registry.input.js';
import { IdPipe } from '../id.pipe.js';
import { registrySettings } from '../registry-settings.js';
import { pageRequest } from '../requests.js';
import { ApiProblems } from './api-problems.js';

const REGISTRY_ID = new IdPipe('registry');
const ApiRegistryId = () => ApiParam({ name: 'id', type: String, format: 'uuid', description: 'Of the registry.' });

@ApiTags('registries')
@Controller('v1/registries')
export class RegistryController {
  constructor(private readonly registries: RegistryService) {}

  @Post()
  @HttpCode(201)
  @ApiOperation({
    operationId: 'createRegistry',
    summary: 'Say how images are fetched from a registry',
    description: 'A registry without an entry is spoken to by TLS and without credentials.',
  })
  @ApiCreatedResponse({
    type: RegistryDto,
    headers: { Location: { description: 'Of the registry.', schema: { type: 'string' } } },
  })
  @ApiProblems('invalid_request', 'malformed_json', 'conflict')
  async create(
    @CurrentPrincipal() p: Principal,
    @Body() input: CreateRegistryInput,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RegistryDto> {
    const registry = await this.registries.create(p, input.host, registrySettings(input));
    reply.header('location', `/v1/registries/${registry.id}`);
    return RegistryDto.of(registry);
  }

  @Get()
  @ApiOperation({ operationId: 'listRegistries', summary: 'Registries, by host' })
  @ApiOkResponse({ type: RegistryPageDto })
  @ApiProblems('invalid_request', 'malformed_cursor')
  async list(@CurrentPrincipal() p: Principal, @Query() query: PageQuery): Promise<Page<RegistryDto>> {
    return mapPage(await this.registries.list(p, pageRequest(query)), RegistryDto.of);
  }

  @Get(':id')
  @ApiRegistryId()
  @ApiOperation({ operationId: 'getRegistry', summary: 'One registry' })
  @ApiOkResponse({ type: RegistryDto })
  @ApiProblems('not_found')
  async get(@CurrentPrincipal() p: Principal, @Param('id', REGISTRY_ID) id: string): Promise<RegistryDto> {
    return RegistryDto.of(await this.registries.get(p, id));
  }

  @Patch(':id')
  @ApiRegistryId()
  @ApiOperation({
    operationId: 'updateRegistry',
    summary: 'Change a registry',
    description: 'The host cannot be changed: credentials must not follow to another.',
  })
  @ApiOkResponse({ type: RegistryDto })
  @ApiProblems('invalid_request', 'malformed_json', 'not_found')
  async update(
    @CurrentPrincipal() p: Principal,
    @Param('id', REGISTRY_ID) id: string,
    @Body() input: UpdateRegistryInput,
  ): Promise<RegistryDto> {
    return RegistryDto.of(await this.registries.update(p, id, registrySettings(input)));
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiRegistryId()
  @ApiOperation({ operationId: 'deleteRegistry', summary: 'Forget a registry and its credentials' })
  @ApiNoContentResponse()
  @ApiProblems('not_found')
  delete(@CurrentPrincipal() p: Principal, @Param('id', REGISTRY_ID) id: string): Promise<void> {
    return this.registries.delete(p, id);
  }
}
