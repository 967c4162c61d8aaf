import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { AuthoritiesService } from '../../authorities/authorities.service.js';
import { formatSpan } from '../../authorities/civil-time.js';
import { newId } from '../../database/ids.js';
import { type Tx } from '../../database/tx.js';
import { Listeners } from '../../history/listeners.js';
import { Outbox } from '../../mail/outbox.js';
import { Matter } from '../../matters/matter.js';
import { Diaries } from '../diaries/diaries.service.js';
import { type Invitation } from '../invitation.js';
import { type Meeting } from '../meeting.js';
import { INBOXES_BEHIND } from './re-routing.sql.js';

const streamOf = (meetingId: string, inboxId: string): string => `meeting:${meetingId}:inbox:${inboxId}`;

/** The messages about a place that lost its person: none to whoever is gone, a neutral one to a shared inbox. */
@Injectable()
export class PlaceLetters implements OnModuleInit {
  constructor(
    @Inject(Listeners) private readonly listeners: Listeners,
    @Inject(Outbox) private readonly outbox: Outbox,
    @Inject(AuthoritiesService) private readonly authorities: AuthoritiesService,
    @Inject(Diaries) private readonly diaries: Diaries,
  ) {}

  onModuleInit(): void {
    this.listeners.on('exclusion.adding', (tx, { matterId, details }) =>
      tx.asService(() => this.excluded(tx, matterId ?? '', details.whos as string[])),
    );
  }

  /** Nothing unsent leaves any more for somebody who is gone. */
  async stop(tx: Tx, invitation: Invitation): Promise<void> {
    await this.diaries.drop(tx, invitation, 'LEFT');
  }

  /**
   * Asks whoever reads a shared inbox to name somebody: when, how urgent, whom to ring, and nothing else. It has no link,
   * for everybody who reads the inbox would share it.
   */
  async askInbox(tx: Tx, meeting: Meeting, inbox: { inboxId: string; address: string }): Promise<void> {
    const authority = await this.authorities.authority(tx);
    const { ref } = await tx.find(Matter, meeting.matterId);
    const when = `${formatSpan(meeting.startsAt, meeting.endsAt, meeting.zone)} (UK time)`;
    await this.outbox.queue(tx, {
      purpose: 'LINK',
      stream: streamOf(meeting.id, inbox.inboxId),
      dedupeKey: `pick-up:${newId()}`,
      to: { name: 'Colleagues', address: inbox.address },
      from: this.outbox.plainFrom(authority),
      subject: `Multi-agency meeting ${ref}: who can come for your team?`,
      words: {
        greeting: 'Dear colleagues',
        paragraphs: [
          'The person of your team who was asked to this meeting is not there any more. Please ring us and name who can come instead. That person gets an invitation of their own.',
        ],
        details: [
          { label: 'Reference', value: ref },
          { label: 'When', value: when },
          { label: 'Urgency', value: URGENCY[meeting.urgency] },
        ],
        footer: [
          `Ring ${authority.name} on ${authority.phone}. To check that this message is genuine, ring the number on the council’s own website.`,
        ],
      },
      matterId: meeting.matterId,
      meetingId: meeting.id,
      notAfter: meeting.startsAt,
      urgent: meeting.urgency === 'EMERGENCY',
    });
  }

  private async excluded(tx: Tx, matterId: string, keys: readonly string[]): Promise<void> {
    const rows = await tx.sql<{ inboxId: string; meetingId: string }>(INBOXES_BEHIND, [
      tx.by.authorityId,
      matterId,
      [...keys],
    ]);
    for (const { inboxId, meetingId } of rows) {
      await this.outbox.drop(tx, { stream: streamOf(meetingId, inboxId) }, 'EXCLUDED');
    }
  }
}

const URGENCY: Readonly<Record<Meeting['urgency'], string>> = {
  ROUTINE: 'Routine',
  URGENT: 'Urgent',
  EMERGENCY: 'Emergency',
};
