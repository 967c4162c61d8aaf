import { Body, Controller, Get, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { type Request, type Response } from 'express';
import { z } from 'zod';
import { Clock } from '../database/clock.js';
import { choicesField, dateField, idField } from '../web/fields.js';
import { flash } from '../web/flash.js';
import { emptyForm, failedForm, type FormBody, type FormState, parseForm } from '../web/forms.js';
import { IdPipe } from '../web/id.pipe.js';
import { redirect } from '../web/page.js';
import { paths } from '../web/paths.js';
import { safeText } from '../web/safe-text.js';
import { type Actor } from './actor.js';
import { PARTNER_SCOPES, SCOPE_LABELS } from './partner-token.js';
import { PartnersService } from './partners.service.js';
import { Policy, SignedIn } from './signed-in.guard.js';

const form = z.object({
  agency: idField('Select the agency the system belongs to'),
  name: safeText({ label: 'name of the system' }),
  scopes: choicesField(PARTNER_SCOPES, 'Select what it may be used for'),
  expiresOn: dateField('last day of the token'),
});

const DAY_MS = 86_400_000;
/** What the form proposes: half a year. */
const USUAL_DAYS = 182;

/** The page of partner systems: which there are, a new token, taking one back. */
@Controller('partners')
@Policy('administer')
export class PartnersController {
  constructor(
    @Inject(PartnersService) private readonly partners: PartnersService,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  @Get()
  async show(@SignedIn() by: Actor, @Res() res: Response): Promise<void> {
    const expiresOn = new Date(this.clock.now().getTime() + USUAL_DAYS * DAY_MS).toISOString().slice(0, 10);
    await this.page(by, res, { form: emptyForm({ expiresOn }) });
  }

  /** Shows the new token on the answer itself, once: a redirect would have to keep it somewhere. */
  @Post()
  async issue(@SignedIn() by: Actor, @Body() body: FormBody, @Res() res: Response): Promise<void> {
    try {
      const { agency, name, scopes, expiresOn } = parseForm(form, body);
      const expiresAt = new Date(`${expiresOn}T23:59:59Z`);
      const { token } = await this.partners.issue(by, { agencyId: agency, name, scopes, expiresAt });
      await this.page(by, res, { form: emptyForm(), token, name });
    } catch (error) {
      const again = failedForm(body, error, { expiresAt: 'expiresOn' });
      res.status(422);
      await this.page(by, res, { form: again });
    }
  }

  @Post(':id/revocation')
  async revoke(
    @SignedIn() by: Actor,
    @Param('id', IdPipe) id: string,
    @Req() req: Request,
    @Res() res: Response,
  ): Promise<void> {
    await this.partners.revoke(by, id);
    flash(req, 'The token no longer works');
    redirect(res, paths.partners());
  }

  private async page(
    by: Actor,
    res: Response,
    shown: { form: FormState; token?: string; name?: string },
  ): Promise<void> {
    const tokens = await this.partners.list(by);
    const agencies = (await this.partners.agencies(by)).map(({ id, name }) => ({ value: id, text: name }));
    const scopes = PARTNER_SCOPES.map((value) => ({ value, text: SCOPE_LABELS[value], hint: { text: value } }));
    res.render('access/views/partners.njk', {
      ...shown,
      tokens,
      agencies,
      scopes,
      scopeLabels: SCOPE_LABELS,
      now: this.clock.now(),
    });
  }
}
