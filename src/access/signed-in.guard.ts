import {
  type CanActivate,
  createParamDecorator,
  type CustomDecorator,
  type ExecutionContext,
  Inject,
  Injectable,
  SetMetadata,
  UnauthorizedException,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { type Response } from 'express';
import { NotAllowed } from '../errors.js';
import { type PageRequest, sessionOf, showPerson } from '../web/page.js';
import { type Actor } from './actor.js';
import { allows, needsSignIn, type PolicyName, WHO_CAN } from './policy.js';
import { StaffService } from './staff.service.js';

export const POLICY = 'quorate:policy';

/** Says who may use a route; a route without one stops the start. */
export const Policy = (name: PolicyName): CustomDecorator => SetMetadata(POLICY, name);

/** The signed-in person, for a route with the policy staff, coordinate or administer. */
export const SignedIn = createParamDecorator((_: unknown, context: ExecutionContext): Actor => {
  const { actor } = context.switchToHttp().getRequest<PageRequest>();
  if (actor === undefined) throw new UnauthorizedException();
  return actor;
});

/** Stands before every route: finds out who is asking, anew on each request, and whether they may. */
@Injectable()
export class SignedInGuard implements CanActivate {
  constructor(
    @Inject(Reflector) private readonly reflector: Reflector,
    @Inject(StaffService) private readonly staff: StaffService,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http') return true;
    const policy = this.reflector.getAllAndOverride<PolicyName | undefined>(POLICY, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (policy === undefined) throw new Error('A route without a policy');
    const req = context.switchToHttp().getRequest<PageRequest>();
    const res = context.switchToHttp().getResponse<Response>();
    const actor = await this.who(req, res);
    if (!needsSignIn(policy)) return true;
    if (actor === undefined) throw new UnauthorizedException();
    if (!allows(policy, actor)) throw new NotAllowed('You cannot do this with your account', WHO_CAN[policy]);
    return true;
  }

  private async who(req: PageRequest, res: Response): Promise<Actor | undefined> {
    const session = sessionOf(req)?.staff;
    if (session === undefined) return undefined;
    const found = await this.staff.signedIn(session.authorityId, session.staffId);
    if (found === undefined) return undefined;
    req.actor = found.actor;
    showPerson(res, { name: found.actor.name, authorityName: found.authorityName });
    return found.actor;
  }
}
