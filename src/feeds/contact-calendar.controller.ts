import { Body, Controller, Get, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { type Request, type Response } from 'express';
import { type Actor } from '../access/actor.js';
import { Policy, SignedIn } from '../access/signed-in.guard.js';
import { ContactsService } from '../directory/contacts.service.js';
import { flash } from '../web/flash.js';
import { emptyForm, type FormBody, parseForm, submitForm } from '../web/forms.js';
import { IdPipe } from '../web/id.pipe.js';
import { redirect } from '../web/page.js';
import { paths } from '../web/paths.js';
import { addressForm } from './own-calendar.form.js';
import { OwnCalendarsService } from './own-calendars.service.js';

const VIEW = 'feeds/views/contact-calendar.njk';

/** The calendar that a contact publishes, given by a coordinator whom they told its address. */
@Controller('directory/contacts/:id/calendar')
@Policy('coordinate')
export class ContactCalendarController {
  constructor(
    @Inject(OwnCalendarsService) private readonly calendars: OwnCalendarsService,
    @Inject(ContactsService) private readonly contacts: ContactsService,
  ) {}

  @Get()
  async show(@SignedIn() by: Actor, @Param('id', IdPipe) id: string, @Res() res: Response): Promise<void> {
    res.render(VIEW, { ...(await this.locals(by, id)), form: emptyForm() });
  }

  @Post()
  async give(
    @SignedIn() by: Actor,
    @Param('id', IdPipe) id: string,
    @Body() body: FormBody,
    @Req() req: Request,
    @Res() res: Response,
  ): Promise<void> {
    await submitForm(res, body, {
      change: async () => {
        await this.calendars.give(by, id, parseForm(addressForm, body).address);
        flash(req, 'The address is kept, and nobody is shown it again');
        return paths.contactPart(id, 'calendar');
      },
      again: async () => ({ view: VIEW, locals: await this.locals(by, id) }),
    });
  }

  @Post('ending')
  async stop(
    @SignedIn() by: Actor,
    @Param('id', IdPipe) id: string,
    @Req() req: Request,
    @Res() res: Response,
  ): Promise<void> {
    await this.calendars.stop(by, id);
    flash(req, 'The address of their calendar is forgotten, with everything read there');
    redirect(res, paths.contact(id));
  }

  private async locals(by: Actor, id: string): Promise<object> {
    const { contact } = await this.contacts.detail(by, id);
    return { contact, calendar: await this.calendars.show(by, id) };
  }
}
