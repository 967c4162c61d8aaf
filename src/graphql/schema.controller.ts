import { Controller, Get, Header, Inject, Req, UnauthorizedException } from '@nestjs/common';
import { GraphQLSchemaHost } from '@nestjs/graphql';
import { type Request } from 'express';
import { printSchema } from 'graphql';
import { Policy } from '../access/signed-in.guard.js';
import { Callers } from './context.js';

/** The schema as a file, which is the manual: introspection is off. For staff and for partners. */
@Controller('schema.gql')
@Policy('partner')
export class SchemaController {
  constructor(
    @Inject(GraphQLSchemaHost) private readonly host: GraphQLSchemaHost,
    @Inject(Callers) private readonly callers: Callers,
  ) {}

  @Get()
  @Header('Content-Type', 'text/plain; charset=utf-8')
  async show(@Req() req: Request): Promise<string> {
    if ((await this.callers.whoAsks(req)) === undefined) throw new UnauthorizedException();
    return `${printSchema(this.host.schema)}\n`;
  }
}
