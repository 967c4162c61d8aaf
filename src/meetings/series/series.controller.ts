import { Body, Controller, Get, HttpCode, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { type Request, type Response } from 'express';
import { type Actor } from '../../access/actor.js';
import { Policy, SignedIn } from '../../access/signed-in.guard.js';
import { flash } from '../../web/flash.js';
import { emptyForm, failedForm, type FormBody, type FormPage, type FormState } from '../../web/forms.js';
import { IdPipe } from '../../web/id.pipe.js';
import { redirect } from '../../web/page.js';
import { paths } from '../../web/paths.js';
import { MeetingsService } from '../meetings.service.js';
import { readDates, readFollowUps, readRule, UNIT_ITEMS } from './series.form.js';
import { type FollowUp, SeriesService } from './series.service.js';

/** The meetings that follow one another, on one page: how often, the dates, what to think of twice, and send. */
@Controller('meetings/:id/series')
@Policy('coordinate')
export class SeriesController {
  constructor(
    @Inject(SeriesService) private readonly series: SeriesService,
    @Inject(MeetingsService) private readonly meetings: MeetingsService,
  ) {}

  @Get()
  async show(@SignedIn() by: Actor, @Param('id', IdPipe) id: string, @Res() res: Response): Promise<void> {
    const { view, locals } = await this.page(by, id, emptyForm({ count: '1', every: '1', unit: 'MONTHS' }));
    res.render(view, locals);
  }

  @Post()
  @HttpCode(200)
  async goOn(
    @SignedIn() by: Actor,
    @Param('id', IdPipe) id: string,
    @Body() body: FormBody,
    @Req() req: Request,
    @Res() res: Response,
  ): Promise<void> {
    try {
      if (body.do === 'send') {
        const called = await this.series.add(by, id, readFollowUps(body));
        flash(req, called.length === 1 ? 'The meeting is called' : `The ${called.length} meetings are called`);
        redirect(res, paths.meetingSeries(id));
        return;
      }
      const { view, locals } = await this.foreseen(by, id, body);
      res.render(view, locals);
    } catch (error) {
      const form = failedForm(body, error);
      const { view, locals } = await this.page(by, id, form, await this.previewed(by, id, body));
      res.status(422).render(view, locals);
    }
  }

  private async foreseen(by: Actor, id: string, body: FormBody): Promise<FormPage> {
    const { values } = failedForm(body, []);
    const dates = body.do === 'dates' ? await this.series.dates(by, id, readRule(body)) : readDates(body);
    for (const name of Object.keys(values)) if (name.startsWith('date[')) Reflect.deleteProperty(values, name);
    for (const [at, date] of dates.entries()) values[`date[${at + 1}]`] = date;
    return this.page(by, id, emptyForm(values), await this.series.preview(by, id, dates));
  }

  /** What the page listed before, where the dates are still such. */
  private async previewed(by: Actor, id: string, body: FormBody): Promise<FollowUp[]> {
    if (body.do === 'dates') return [];
    try {
      return await this.series.preview(by, id, readDates(body));
    } catch {
      return [];
    }
  }

  private async page(by: Actor, id: string, form: FormState, followUps: readonly FollowUp[] = []): Promise<FormPage> {
    const { meeting, matter } = await this.meetings.show(by, id);
    const types = (await this.series.types(by, id)).map(({ code, label }) => ({ value: code, text: label }));
    const typed = Object.keys(form.values).filter((name) => name.startsWith('date['));
    const locals = {
      meeting,
      matter,
      types,
      units: UNIT_ITEMS,
      series: await this.series.of(by, id),
      dates: typed.map((name, at) => ({ name, followUp: followUps[at] ?? null })),
      hasWarnings: followUps.some(({ warnings }) => warnings.length > 0),
      goesOn: meeting.status !== 'CANCELLED' && meeting.status !== 'DRAFT',
      form: { ...form, values: { type: meeting.typeCode, ...form.values } },
    };
    return { view: 'meetings/series/views/series.njk', locals };
  }
}
