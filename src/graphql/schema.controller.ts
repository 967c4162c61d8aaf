import { Controller, Get, Header, Inject } from '@nestjs/common';
import { GraphQLSchemaHost } from '@nestjs/graphql';
import { printSchema } from 'graphql';
import { Policy } from '../access/signed-in.guard.js';

/** The schema as a file, which is the manual: introspection is off. For staff and for partners. */
@Controller('schema.gql')
@Policy('partner')
export class SchemaController {
  constructor(@Inject(GraphQLSchemaHost) private readonly host: GraphQLSchemaHost) {}

  @Get()
  @Header('Content-Type', 'text/plain; charset=utf-8')
  show(): string {
    return `${printSchema(this.host.schema)}\n`;
  }
}
