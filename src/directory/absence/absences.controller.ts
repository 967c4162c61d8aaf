import { Body, Controller, Get, Inject, Param, Post, Render, Req, Res } from '@nestjs/common';
import { type Request, type Response } from 'express';
import { type Actor } from '../../access/actor.js';
import { Policy, SignedIn } from '../../access/signed-in.guard.js';
import { flash } from '../../web/flash.js';
import { type FormBody, type FormState, parseForm, submitForm } from '../../web/forms.js';
import { IdPipe } from '../../web/id.pipe.js';
import { redirect } from '../../web/page.js';
import { paths } from '../../web/paths.js';
import { contactVersionForm } from '../contact.form.js';
import { type AskedForm, FORM_VIEW, formPage, shown } from '../field.form.js';
import { ABSENCE_INPUTS, absenceFields, absenceForm, absenceValues, leaveOf } from './absence.form.js';
import { AbsencesService, type ShownAbsence } from './absences.service.js';

/** Pages where a coordinator writes down who is away, until when, and who covers. */
@Controller('directory/contacts/:id')
@Policy('administer')
export class AbsencesController {
  constructor(@Inject(AbsencesService) private readonly absences: AbsencesService) {}

  @Get('absence')
  @Render(FORM_VIEW)
  async ask(@SignedIn() by: Actor, @Param('id', IdPipe) id: string): Promise<AskedForm & { form: FormState }> {
    const absence = await this.absences.show(by, id);
    return { ...askedForm(absence), form: shown(absenceValues(absence.contact)) };
  }

  @Post('absence')
  async plan(
    @SignedIn() by: Actor,
    @Param('id', IdPipe) id: string,
    @Body() body: FormBody,
    @Req() req: Request,
    @Res() res: Response,
  ): Promise<void> {
    const absence = await this.absences.show(by, id);
    await submitForm(res, body, {
      change: async () => {
        const form = parseForm(absenceForm, body);
        await this.absences.plan(by, id, leaveOf(form), form.version);
        flash(req, 'Leave noted');
        return paths.contact(id);
      },
      again: () => formPage(askedForm(absence)),
      inputs: ABSENCE_INPUTS,
    });
  }

  @Post('back')
  async end(
    @SignedIn() by: Actor,
    @Param('id', IdPipe) id: string,
    @Body() body: FormBody,
    @Req() req: Request,
    @Res() res: Response,
  ): Promise<void> {
    await this.absences.end(by, id, parseForm(contactVersionForm, body).version);
    flash(req, 'Marked as back from leave');
    redirect(res, paths.contact(id));
  }
}

function askedForm({ contact, colleagues }: ShownAbsence): AskedForm {
  return {
    title: `${contact.name} is on leave`,
    back: { href: paths.contact(contact.id), text: 'Back to the person' },
    action: paths.contactPart(contact.id, 'absence'),
    submit: 'Save',
    fields: absenceFields(colleagues, false),
    lines: ['Invitations they have stay theirs. Whoever covers is asked first when they do not answer.'],
  };
}
