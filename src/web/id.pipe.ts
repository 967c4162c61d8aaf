import { Injectable, type PipeTransform } from '@nestjs/common';

import { NotFound } from '../errors.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** An id in an address: `@Param('id', IdPipe) id: string`. A malformed one is simply not there. */
@Injectable()
export class IdPipe implements PipeTransform<unknown, string> {
  transform(value: unknown): string {
    const id = typeof value === 'string' ? value.toLowerCase() : '';
    if (!UUID.test(id)) throw new NotFound();
    return id;
  }
}
