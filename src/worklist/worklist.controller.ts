import { Controller, Get, Inject, Render } from '@nestjs/common';
import { type Actor } from '../access/actor.js';
import { Policy, SignedIn } from '../access/signed-in.guard.js';
import { paths } from '../web/paths.js';
import { WORKLIST_KINDS, type WorklistRow } from './worklist.js';
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
        const { label, button } = WORKLIST_KINDS[row.kind];
        return { ...row, label, button, href: hrefOf(row) };
      }),
    };
  }
}

function hrefOf(row: WorklistRow): string {
  if (row.kind === 'REGISTER_DUE') return paths.attendance(row.id);
  if (row.kind === 'REQUIRED_DECLINED') return paths.invitations(row.id);
  if (row.kind === 'CONTACT_UNVERIFIED') return paths.contact(row.id);
  return row.kind.startsWith('ACTION_') ? paths.action(row.id) : paths.meeting(row.id);
}
