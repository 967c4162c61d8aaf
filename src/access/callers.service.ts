import { Inject, Injectable } from '@nestjs/common';
import { type Request } from 'express';
import { Callers } from '../graphql/context.js';
import { sessionOf } from '../web/page.js';
import { type Actor } from './actor.js';
import { StaffService } from './staff.service.js';
import { TokenDoor } from './token-door.service.js';

/** Who asks a question by program: a token in the Authorization header, else the session of somebody signed in. */
@Injectable()
export class AccessCallers extends Callers {
  constructor(
    @Inject(StaffService) private readonly staff: StaffService,
    @Inject(TokenDoor) private readonly tokens: TokenDoor,
  ) {
    super();
  }

  async whoAsks(req: Request): Promise<Actor | undefined> {
    const { authorization } = req.headers;
    if (authorization !== undefined) {
      const [, token] = /^Bearer ([\x21-\x7e]{1,200})$/i.exec(authorization) ?? [];
      return token === undefined ? undefined : this.tokens.open(token);
    }
    const session = sessionOf(req)?.staff;
    if (session === undefined) return undefined;
    return (await this.staff.signedIn(session.authorityId, session.staffId))?.actor;
  }
}
