import { Inject, Injectable } from '@nestjs/common';
import { Sealing } from '../../database/sealing.js';
import { type InboundMail } from './inbound-mail.table.js';
import { bytesPlace } from './intake.service.js';
import { MailOpener } from './mail-opener.js';
import { type InboundHoldReason, type InboundOutcome, type OpenedMail } from './opened-mail.js';
import { SenderCheck } from './sender-check.js';
import { type Sorted, sort } from './sorting.js';

/** A kept message opened, checked and sorted; held at once when it could not be, or when it contradicts itself. */
export interface Understood {
  readonly opened: OpenedMail | null;
  readonly hold: InboundOutcome | null;
}

const HOLD_NOTES: Partial<Record<InboundHoldReason, string>> = {
  METHOD_MISMATCH: 'The calendar and the part it stands in say different things',
  OTHER_METHOD: 'It holds a calendar that is no answer to an invitation',
};

/** What a message that could not be read is held with. */
export function unread(why: string): Understood {
  return { opened: null, hold: { state: 'HELD', reason: 'UNREADABLE', note: `It could not be read: ${why}` } };
}

/** Opens what was kept: outside any transaction, for it takes time and asks the domain name system. */
@Injectable()
export class Understanding {
  constructor(
    @Inject(Sealing) private readonly sealing: Sealing,
    @Inject(MailOpener) private readonly opener: MailOpener,
    @Inject(SenderCheck) private readonly senders: SenderCheck,
  ) {}

  /** Opens, checks and sorts one message; throws only when its bytes are not those that were kept. */
  async of(kept: InboundMail): Promise<Understood> {
    const bytes = this.sealing.open(kept.sealedBytes, bytesPlace(kept.authorityId, kept.id));
    const opening = await this.opener.open(bytes);
    if (!('mail' in opening)) return unread(opening.why);
    const { hold, ...sorted } = sort(opening.mail, { addressKind: kept.addressKind, returnPath: kept.envelopeFrom });
    const authentication = await this.senders.of(bytes, opening.mail);
    const { from: sender, subject, sentAt, messageId, inReplyTo, text } = opening.mail;
    const said = { sender, subject, sentAt, messageId, inReplyTo, text };
    return { opened: { ...placeOf(kept), ...said, ...sorted, authentication }, hold: heldFor(hold) };
  }
}

function placeOf(kept: InboundMail): Omit<OpenedMail, keyof Sorted | Said | 'authentication'> {
  const { authorityId, id, addressKind, invitationId, meetingId, matterId, contactId, ofMessageId } = kept;
  const { receivedAt, envelopeFrom: returnPath } = kept;
  return {
    authorityId,
    id,
    addressKind,
    invitationId,
    meetingId,
    matterId,
    contactId,
    ofMessageId,
    receivedAt,
    returnPath,
  };
}

type Said = 'sender' | 'subject' | 'sentAt' | 'messageId' | 'inReplyTo' | 'text';

function heldFor(reason: InboundHoldReason | null): InboundOutcome | null {
  return reason === null ? null : { state: 'HELD', reason, note: HOLD_NOTES[reason] ?? 'A person has to look at it' };
}
