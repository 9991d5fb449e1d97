import { Args, Context, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import type { Principal } from '../../model/principal.js';
import { RegistryService } from '../../service/registry.service.js';
import { CurrentPrincipal } from '../auth/current-principal.js';
import { RegistryDto } from '../dto/registry.dto.js';
import { CreateRegistryInput, UpdateRegistryInput } from '../dto/registry.input.js';
import { IdPipe } from '../id.pipe.js';
import { registrySettings } from '../registry-settings.js';
import { ConnectionArgs } from './connection.args.js';
import { type Connection, connect } from './connection.js';
import { RegistryConnection } from './connections.js';
import { type GraphqlContext, spendRows } from './context.js';

const REGISTRY_ID = new IdPipe('registry');

@Resolver(() => RegistryDto)
export class RegistryResolver {
  constructor(private readonly service: RegistryService) {}

  @Query(() => RegistryDto, { nullable: true, description: 'One registry.' })
  async registry(
    @CurrentPrincipal() p: Principal,
    @Args('id', { type: () => ID }, REGISTRY_ID) id: string,
  ): Promise<RegistryDto> {
    return RegistryDto.of(await this.service.get(p, id));
  }

  @Query(() => RegistryConnection, { description: 'How images are fetched from registries, by host.' })
  registries(
    @CurrentPrincipal() p: Principal,
    @Args() args: ConnectionArgs,
    @Context() context: GraphqlContext,
  ): Promise<Connection<RegistryDto>> {
    spendRows(context, args.first);
    return connect(args, (page) => this.service.list(p, page), RegistryDto.of);
  }

  @Mutation(() => RegistryDto, { description: 'Says how images are fetched from a registry.' })
  async createRegistry(
    @CurrentPrincipal() p: Principal,
    @Args('input') input: CreateRegistryInput,
  ): Promise<RegistryDto> {
    return RegistryDto.of(await this.service.create(p, input.host, registrySettings(input)));
  }

  @Mutation(() => RegistryDto, { description: 'Changes a registry: what is left out stays.' })
  async updateRegistry(
    @CurrentPrincipal() p: Principal,
    @Args('id', { type: () => ID }, REGISTRY_ID) id: string,
    @Args('input') input: UpdateRegistryInput,
  ): Promise<RegistryDto> {
    return RegistryDto.of(await this.service.update(p, id, registrySettings(input)));
  }

  @Mutation(() => ID, { description: 'Forgets a registry and its credentials; answers its id.' })
  async deleteRegistry(
    @CurrentPrincipal() p: Principal,
    @Args('id', { type: () => ID }, REGISTRY_ID) id: string,
  ): Promise<string> {
    await this.service.delete(p, id);
    return id;
  }
}
