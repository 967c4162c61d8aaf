import { Global, Module } from '@nestjs/common';
import { Mutations } from './mutations.js';
import { NodeResolver } from './node.resolver.js';
import { Reads } from './reads.js';
import { InstantScalar, LocalDateScalar } from './scalars.js';

/** What every module's resolvers use. */
@Global()
@Module({ providers: [Reads, Mutations, NodeResolver, InstantScalar, LocalDateScalar], exports: [Reads, Mutations] })
export class ReadingModule {}
