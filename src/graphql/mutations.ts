import { Inject, Injectable } from '@nestjs/common';
import { type GraphQLResolveInfo } from 'graphql';
import { type Actor } from '../access/actor.js';
import { fieldVerdict } from '../access/field-policy.js';
import { type Tx } from '../database/tx.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { NotAllowed, RuleBroken } from '../errors.js';
import { type GraphqlContext } from './context.js';
import { nodeOf } from './graph.js';
import { digestOf, findAnswer, keepAnswer, type Keyed, type KeptAnswer, keyMissing, keyOf } from './kept-answers.js';
import { mutations, type PayloadFacts, payloads } from './payloads.js';
import { askingOf, type FieldAsking, Reads } from './reads.js';
import { selectedBelow } from './selection.js';
import { askedBy } from './unauthenticated.js';

/** One change as it was asked for. */
export interface Asked {
  readonly input: { readonly clientMutationId?: string | null };
  readonly context: GraphqlContext;
  readonly info: GraphQLResolveInfo;
}

/** What was made or changed: keys of rows by the payload's fields, and whatever is told once. */
export interface Done {
  readonly keys: Readonly<Record<string, string>>;
  readonly once?: Readonly<Record<string, unknown>>;
}

interface Answering {
  readonly asking: FieldAsking;
  readonly payload: PayloadFacts;
  readonly clientMutationId: string | null;
}

/**
 * Makes changes for programs. The change, its answer as the question wanted it and the key under which it can be asked for
 * again are one transaction; what a person can put right comes back as problems, and leaves nothing behind.
 */
@Injectable()
export class Mutations {
  constructor(
    @Inject(UnitOfWork) private readonly work: UnitOfWork,
    @Inject(Reads) private readonly reads: Reads,
  ) {}

  /** Runs one change of a service, called with an actor that takes part in the transaction. */
  async run({ input, context, info }: Asked, change: (by: Actor) => Promise<Done>): Promise<KeptAnswer> {
    const by = askedBy(context);
    const answering = answeringOf(info, input.clientMutationId ?? null);
    if (fieldVerdict(mutations.get(info.fieldName) ?? 'coordinate', by) !== 'SEEN') {
      throw new NotAllowed('You cannot make this change', 'A coordinator or a designated officer');
    }
    try {
      const keyed = keyedOf(by, context, input.clientMutationId);
      const { answer, replayed, once } = await this.work.run(by, async (tx) => {
        const kept = keyed === undefined ? undefined : await findAnswer(tx, keyed);
        if (kept !== undefined) return { answer: kept, replayed: true, once: {} };
        const done = await change(tx.joining());
        const made = await this.answer(tx, answering, done.keys, context.now);
        if (keyed !== undefined) await keepAnswer(tx, keyed, made);
        return { answer: made, replayed: false, once: done.once ?? {} };
      });
      if (replayed) context.res.setHeader('Idempotency-Replayed', 'true');
      return { ...answer, ...toldOnce(answering, once) };
    } catch (error) {
      return problems(answering, error);
    }
  }

  /** The payload as it was asked for, read in the transaction that made the change. */
  private async answer(tx: Tx, at: Answering, keys: Done['keys'], now: Date): Promise<KeptAnswer> {
    const answer = plainAnswer(at, []);
    for (const selected of partsOf(at)) {
      const node = at.payload.nodes[selected.name];
      const key = keys[selected.name];
      if (node === undefined || key === undefined) continue;
      const root = { kind: 'one', node: nodeOf(node()), filters: {}, byKey: true } as const;
      const run = { by: tx.by, now, variables: at.asking.variables, key };
      const { text, values } = this.reads.statement(root, { ...at.asking, selected }, run);
      const [row] = await tx.sql<{ answer: string }>(text, values);
      answer[selected.key] = row === undefined ? null : JSON.parse(row.answer);
    }
    return answer;
  }
}

function answeringOf(info: GraphQLResolveInfo, clientMutationId: string | null): Answering {
  const payload = payloads.get(String(info.returnType).replace('!', ''));
  if (payload === undefined) throw new Error(`${info.fieldName} answers with no payload`);
  const parent = info.schema.getType(payload.name) as FieldAsking['parent'];
  return { asking: { ...askingOf(info), parent }, payload, clientMutationId };
}

function keyedOf(by: Actor, { req }: GraphqlContext, clientMutationId: string | null | undefined): Keyed | undefined {
  const key = keyOf(clientMutationId, req.get('idempotency-key'));
  if (key === null && by.kind === 'PARTNER') throw keyMissing();
  if (key === null) return undefined;
  const { query, variables } = req.body as { query?: unknown; variables?: unknown };
  return { key, digest: digestOf(String(query), variables) };
}

function partsOf({ asking }: Answering): ReturnType<typeof selectedBelow> {
  return selectedBelow(asking, asking.parent, asking.selected.nodes);
}

/** The payload without any rows, by response keys. */
function plainAnswer(at: Answering, found: readonly object[]): KeptAnswer {
  const values: Readonly<Record<string, unknown>> = { problems: found, clientMutationId: at.clientMutationId };
  return Object.fromEntries(partsOf(at).map(({ key, name }) => [key, values[name] ?? null]));
}

function toldOnce(at: Answering, once: Readonly<Record<string, unknown>>): KeptAnswer {
  const told = partsOf(at).filter(({ name }) => name in once);
  return Object.fromEntries(told.map(({ key, name }) => [key, once[name]]));
}

/** What a person can put right, as the payload; anything else is thrown on. */
function problems(at: Answering, error: unknown): KeptAnswer {
  const found: unknown[] = Array.isArray(error) ? error : [error];
  if (found.length === 0 || !found.every((one) => one instanceof RuleBroken)) throw error;
  return plainAnswer(
    at,
    found.map(({ code, message, field }) => ({ code, message, field: field ?? null })),
  );
}
