/**
 * The service itself, as `npm start` makes it but for who asks: a member of staff by a bearer token, which is checked
 * as a partner's is, so that the whole of an authority is seen and authentication costs both sides the same.
 */
import 'reflect-metadata';
import { createHmac, timingSafeEqual } from 'node:crypto';
import { type Request } from 'express';
import { type Actor } from '../src/access/actor.js';
import { AppModule } from '../src/app.module.js';
import { type Settings } from '../src/config.js';
import { Callers } from '../src/graphql/context.js';
import { usualSending } from '../src/mail/sending/sending-settings.js';
import { createApp } from '../src/web/create-app.js';
import { type Asker, serveMeasured, type ServerPlan } from './protocol.js';

function settingsOf(plan: ServerPlan): Settings {
  return {
    production: false,
    role: 'web',
    host: '127.0.0.1',
    port: 0,
    baseUrl: 'http://localhost:3000',
    databaseUrl: plan.databaseUrl,
    databaseOwnerUrl: undefined,
    databaseMailUrl: undefined,
    poolSize: plan.poolSize,
    smtpUrl: undefined,
    mailDomain: 'reply.quorate.example',
    mailHoldSeconds: 0,
    sending: usualSending(),
    dkim: undefined,
    linkPepper: plan.linkPepper,
    sealingKey: Buffer.from(plan.sealingKey, 'hex'),
    sessionSecret: plan.linkPepper,
    trustProxy: [],
    logLevel: 'silent',
  };
}

class BearerCallers extends Callers {
  private readonly known = new Map<string, { hash: Buffer; actor: Actor }>();

  constructor(private readonly plan: ServerPlan) {
    super();
    for (const asker of plan.askers) {
      const hash = this.hash(asker.token);
      this.known.set(hash.toString('base64'), { hash, actor: actorOf(asker) });
    }
  }

  async whoAsks(req: Request): Promise<Actor | undefined> {
    const hash = this.hash((req.headers.authorization ?? '').slice('Bearer '.length));
    const known = this.known.get(hash.toString('base64'));
    return known !== undefined && timingSafeEqual(known.hash, hash) ? known.actor : undefined;
  }

  private hash(token: string): Buffer {
    return createHmac('sha256', this.plan.linkPepper).update(`partner|${token}`).digest();
  }
}

function actorOf({ authorityId, staffId, name }: Asker): Actor {
  return { kind: 'STAFF', authorityId, id: staffId, knowsAs: staffId, name, roles: ['COORDINATOR'], scopes: [] };
}

serveMeasured(async (plan) => {
  const settings = settingsOf(plan);
  const app = await createApp(AppModule.with(settings), settings, ['warn', 'error', 'fatal']);
  const callers = new BearerCallers(plan);
  app.get(Callers, { strict: false }).whoAsks = (req) => callers.whoAsks(req);
  await app.listen(0, '127.0.0.1');
  return { server: app.getHttpServer(), stop: () => app.close() };
});
