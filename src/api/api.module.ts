import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { Module } from '@nestjs/common';
import { APP_FILTER, APP_PIPE, ModuleRef } from '@nestjs/core';
import { GraphQLModule, GraphQLSchemaHost } from '@nestjs/graphql';
import { CONFIG, type Config } from '../config/config.js';
import { ServiceModule } from '../service/service.module.js';
import { TokenService } from '../service/token.service.js';
import { CONTROLLERS } from './controllers.js';
import { ErrorFilter } from './error.filter.js';
import { graphqlOptions } from './graphql/graphql-options.js';
import { RESOLVERS } from './graphql/resolvers.js';
import { Metrics } from './metrics.js';
import { Shutdown } from './shutdown.js';
import { StrictValidationPipe } from './validation.pipe.js';

/** REST and GraphQL over the services. What the HTTP server itself needs is in create-app.ts. */
@Module({
  imports: [
    ServiceModule,
    GraphQLModule.forRootAsync<ApolloDriverConfig>({
      driver: ApolloDriver,
      imports: [ServiceModule],
      inject: [CONFIG, TokenService, ModuleRef],
      useFactory: (config: Config, tokens: TokenService, module: ModuleRef) =>
        graphqlOptions(config, tokens, () => module.get(GraphQLSchemaHost)),
    }),
  ],
  controllers: CONTROLLERS,
  providers: [
    ...RESOLVERS,
    Metrics,
    Shutdown,
    { provide: APP_FILTER, useClass: ErrorFilter },
    { provide: APP_PIPE, useClass: StrictValidationPipe },
  ],
})
export class ApiModule {}
