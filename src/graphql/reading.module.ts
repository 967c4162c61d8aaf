import { Global, Module } from '@nestjs/common';
import { NodeResolver } from './node.resolver.js';
import { Reads } from './reads.js';
import { InstantScalar, LocalDateScalar } from './scalars.js';

/** What every module's resolvers use. */
@Global()
@Module({ providers: [Reads, NodeResolver, InstantScalar, LocalDateScalar], exports: [Reads] })
export class ReadingModule {}
