import { EntitySchema } from 'typeorm';
import { HeldAnswer } from './held-answer.js';

export const heldAnswerTable = new EntitySchema<HeldAnswer>({
  name: 'HeldAnswer',
  target: HeldAnswer,
  tableName: 'held_answer',
  columns: {
    authorityId: { type: 'int', primary: true, name: 'authority_id' },
    id: { type: 'uuid', primary: true },
    matterId: { type: 'uuid', name: 'matter_id' },
    invitationId: { type: 'uuid', name: 'invitation_id' },
    address: { type: 'text', nullable: true },
    answer: { type: 'text', nullable: true },
    sequence: { type: 'int', nullable: true },
    statedAt: { type: 'timestamptz', name: 'stated_at' },
    comment: { type: 'text', nullable: true },
    startsAt: { type: 'timestamptz', name: 'starts_at', nullable: true },
    endsAt: { type: 'timestamptz', name: 'ends_at', nullable: true },
    delegate: { type: 'text', nullable: true },
  },
});
