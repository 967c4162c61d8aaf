import { type Request, type Response } from 'express';
import { type Actor } from '../access/actor.js';

/** What every resolver has at hand: who asks, and when by the service's clock. */
export interface GraphqlContext {
  readonly req: Request;
  readonly res: Response;
  /** Nobody, when neither a session nor a token proved who it is. */
  readonly by: Actor | undefined;
  readonly now: Date;
}

/** Finds out who asks: a member of staff by their session, a partner's system by its token. */
export abstract class Callers {
  abstract whoAsks(req: Request): Promise<Actor | undefined>;
}
