import { Controller, Get, Inject, type OnModuleInit, Post, Req, Res } from '@nestjs/common';
import { type Request, type Response } from 'express';
import { LinkDoor } from '../../access/link-door.service.js';
import { LinkPages, type OwnItem } from '../../access/link-pages.js';
import { Policy } from '../../access/signed-in.guard.js';
import { NeedsCode, Visiting } from '../../access/visitor.guard.js';
import { type Visitor } from '../../access/visitor.js';
import { longDate } from '../../authorities/civil-time.js';
import { type FormBody, type FormPage, parseForm, submitForm } from '../../web/forms.js';
import { paths } from '../../web/paths.js';
import { shown } from '../field.form.js';
import { type Contact } from '../contact.js';
import { ABSENCE_INPUTS, absenceFields, absenceForm, absenceValues, leaveOf } from './absence.form.js';
import { AbsencesService } from './absences.service.js';

/** One's own leave, behind the code: from when to when, and who covers. */
@Controller('my/time-away')
@Policy('link')
@NeedsCode()
export class OwnAbsenceController implements OnModuleInit {
  constructor(
    @Inject(AbsencesService) private readonly absences: AbsencesService,
    @Inject(LinkDoor) private readonly door: LinkDoor,
    @Inject(LinkPages) private readonly pages: LinkPages,
  ) {}

  onModuleInit(): void {
    this.pages.addSection({
      position: 40,
      heading: 'Time away',
      none: '',
      items: async ({ actor, contactId }) => {
        const { contact } = await this.absences.show(actor, contactId);
        return [itemOf(contact)];
      },
    });
  }

  @Get()
  async ask(@Visiting() visitor: Visitor, @Req() req: Request, @Res() res: Response): Promise<void> {
    const { contact } = await this.absences.show(visitor.actor, visitor.contactId);
    const { view, locals } = await this.page(visitor, req, res);
    res.render(view, { ...locals, form: shown(absenceValues(contact)) });
  }

  @Post()
  async plan(@Visiting() visitor: Visitor, @Req() req: Request, @Res() res: Response): Promise<void> {
    const body = (req.body ?? {}) as FormBody;
    await submitForm(res, body, {
      change: async () => {
        this.door.mustBeRead(req, body.nonce, { about: visitor.visitId, again: 'Check it and press Save again' });
        if (body.back === 'yes') await this.absences.end(visitor.actor, visitor.contactId);
        else {
          const form = parseForm(absenceForm, body);
          await this.absences.plan(visitor.actor, visitor.contactId, leaveOf(form), form.version);
        }
        return paths.own();
      },
      again: () => this.page(visitor, req, res),
      inputs: ABSENCE_INPUTS,
    });
  }

  private async page(visitor: Visitor, req: Request, res: Response): Promise<FormPage> {
    const { contact, colleagues } = await this.absences.show(visitor.actor, visitor.contactId);
    const nonce = this.door.nonce(req, res, visitor.visitId);
    const locals = { contact, nonce, fields: absenceFields(colleagues, true) };
    return { view: 'directory/absence/views/own-absence.njk', locals };
  }
}

function itemOf({ leaveFrom, leaveTo }: Contact): OwnItem {
  const until = leaveTo === null ? '' : `, back on ${longDate(leaveTo)}`;
  const lines = leaveFrom === null ? ['Nothing noted'] : [`Away from ${longDate(leaveFrom)}${until}`];
  return { href: paths.ownLeave(), title: 'Tell us when you are away and who covers', lines };
}
