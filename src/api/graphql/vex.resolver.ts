import { Args, Context, ID, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import type { Principal } from '../../model/principal.js';
import { VexService } from '../../service/vex.service.js';
import { CurrentPrincipal } from '../auth/current-principal.js';
import { JsonScalar } from '../dto/json.scalar.js';
import { VexDocumentDto, VexEffectDto, VexImportDto, VexStatementDto } from '../dto/vex.dto.js';
import { IdPipe } from '../id.pipe.js';
import { ConnectionArgs } from './connection.args.js';
import { type Connection, connect } from './connection.js';
import { VexDocumentConnection, VexStatementConnection } from './connections.js';
import { type GraphqlContext, spendRows } from './context.js';

const DOCUMENT_ID = new IdPipe('VEX document');

@Resolver(() => VexDocumentDto)
export class VexResolver {
  constructor(private readonly service: VexService) {}

  @Query(() => VexDocumentDto, { nullable: true, description: 'One VEX document.' })
  async vexDocument(
    @CurrentPrincipal() p: Principal,
    @Args('id', { type: () => ID }, DOCUMENT_ID) id: string,
  ): Promise<VexDocumentDto> {
    return VexDocumentDto.of(await this.service.get(p, id));
  }

  @Query(() => VexDocumentConnection, { description: 'VEX documents, newest first.' })
  vexDocuments(
    @CurrentPrincipal() p: Principal,
    @Args() args: ConnectionArgs,
    @Context() context: GraphqlContext,
  ): Promise<Connection<VexDocumentDto>> {
    spendRows(context, args.first);
    return connect(args, (page) => this.service.list(p, page), VexDocumentDto.of);
  }

  @ResolveField(() => VexStatementConnection, { description: 'What it says.' })
  statements(
    @CurrentPrincipal() p: Principal,
    @Parent() document: VexDocumentDto,
    @Args() args: ConnectionArgs,
    @Context() context: GraphqlContext,
  ): Promise<Connection<VexStatementDto>> {
    spendRows(context, args.first);
    return connect(args, (page) => this.service.statements(p, document.id, page), VexStatementDto.of);
  }

  @Mutation(() => VexImportDto, {
    description: 'Takes a VEX document: OpenVEX, CycloneDX or CSAF. One of more than 1 MiB or 16 levels goes by REST.',
  })
  async importVex(
    @CurrentPrincipal() p: Principal,
    @Args('document', { type: () => JsonScalar }) document: unknown,
  ): Promise<VexImportDto> {
    return VexImportDto.of(await this.service.import(p, document));
  }

  @Mutation(() => VexEffectDto, { description: 'Forgets a VEX document: findings are again what they are without it.' })
  async deleteVex(
    @CurrentPrincipal() p: Principal,
    @Args('id', { type: () => ID }, DOCUMENT_ID) id: string,
  ): Promise<VexEffectDto> {
    return VexEffectDto.of(await this.service.delete(p, id));
  }
}
