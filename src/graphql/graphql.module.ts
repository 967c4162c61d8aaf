import { type ApolloServerPlugin } from '@apollo/server';
import { ApolloServerPluginCacheControlDisabled } from '@apollo/server/plugin/disabled';
import { ApolloArmor } from '@escape.tech/graphql-armor';
import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { Module } from '@nestjs/common';
import { GraphQLModule } from '@nestjs/graphql';
import { type Request, type Response } from 'express';
import { Clock } from '../database/clock.js';
import { askingRules } from './asking-rules.js';
import { attach } from './attach.js';
import { Callers, type GraphqlContext } from './context.js';
import { formatError } from './format-error.js';
import { ReadingModule } from './reading.module.js';
import { Reads } from './reads.js';
import { SchemaController } from './schema.controller.js';
import { stringifyAnswer } from './whole-answers.js';

/** The endpoint of programs: limits first, then who asks, then one statement for each question. */
@Module({
  imports: [
    ReadingModule,
    GraphQLModule.forRootAsync<ApolloDriverConfig>({
      driver: ApolloDriver,
      imports: [ReadingModule],
      inject: [Callers, Reads, Clock],
      useFactory: optionsFor,
    }),
  ],
  controllers: [SchemaController],
})
export class GraphqlModule {}

/** At most so deep, so many aliases of one field, so many directives; what the limits are is not told. */
function armor(): ReturnType<ApolloArmor['protect']> {
  return new ApolloArmor({
    maxTokens: { enabled: false },
    costLimit: { enabled: false },
    maxDepth: { n: 10, exposeLimits: false },
    maxAliases: { n: 5, exposeLimits: false },
    maxDirectives: { n: 10, exposeLimits: false },
  }).protect();
}

function optionsFor(callers: Callers, reads: Reads, clock: Clock): Omit<ApolloDriverConfig, 'driver'> {
  const { plugins, validationRules } = armor();
  return {
    path: '/graphql',
    autoSchemaFile: true,
    sortSchema: true,
    transformSchema: (schema) => attach(schema, reads),
    graphiql: false,
    introspection: false,
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    persistedQueries: false,
    autoTransformHttpErrors: false,
    hideSchemaDetailsFromClientErrors: true,
    includeStacktraceInErrorResponses: false,
    maxRecursiveSelections: 1000,
    parseOptions: { maxTokens: 1000 },
    validationOptions: { maxErrors: 5 },
    executionOptions: { maxCoercionErrors: 5 },
    plugins: [...(plugins as ApolloServerPlugin[]), ApolloServerPluginCacheControlDisabled(), askingRules(reads)],
    validationRules,
    formatError,
    stringifyResult: stringifyAnswer,
    stopOnApplicationShutdown: true,
    context: async ({ req, res }: { req: Request; res: Response }): Promise<GraphqlContext> => {
      return { req, res, by: await callers.whoAsks(req), now: clock.now() };
    },
  };
}
