import { Controller, Get, Inject, Render } from '@nestjs/common';
import { type Actor } from '../access/actor.js';
import { Policy, SignedIn } from '../access/signed-in.guard.js';
import { paths } from '../web/paths.js';
import { WORKLIST_KINDS, type WorklistPlace, type WorklistRow } from './worklist.js';
import { WorklistService } from './worklist.service.js';

interface ShownRow extends WorklistRow {
  readonly label: string;
  readonly button: string;
  readonly href: string;
}

@Controller()
@Policy('staff')
export class WorklistController {
  constructor(@Inject(WorklistService) private readonly worklist: WorklistService) {}

  @Get()
  @Render('worklist/views/worklist.njk')
  async show(@SignedIn() by: Actor): Promise<{ rows: ShownRow[] }> {
    const rows = await this.worklist.rows(by);
    return {
      rows: rows.map((row) => {
        const { label, button, opens } = WORKLIST_KINDS[row.kind];
        return { ...row, label, button, href: HREFS[opens](row.id) };
      }),
    };
  }
}

const HREFS: Readonly<Record<WorklistPlace, (id: string) => string>> = {
  REPLY: paths.reply,
  MEETING: paths.meeting,
  MEETING_ANSWERS: (id) => `${paths.meeting(id)}#every-answer`,
  MEETING_TIMES: (id) => `${paths.meeting(id)}#suggested-times`,
  INVITATIONS: paths.invitations,
  MEETING_CHANGES: paths.editMeeting,
  REGISTER: paths.attendance,
  ACTION: paths.action,
  CONTACT: paths.contact,
  MESSAGE: paths.message,
  MESSAGES: paths.messages,
  MAIL_HOLD: paths.mailHold,
  CLAIM: paths.claim,
  UPKEEP: () => paths.upkeep(),
};
