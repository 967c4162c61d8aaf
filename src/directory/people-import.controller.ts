import { Body, Controller, Get, HttpCode, Inject, Post, Render, Req, Res } from '@nestjs/common';
import { type Request, type Response } from 'express';
import { type Actor } from '../access/actor.js';
import { Policy, SignedIn } from '../access/signed-in.guard.js';
import { RuleBroken } from '../errors.js';
import { flash } from '../web/flash.js';
import { emptyForm, failedForm, type FormBody, type FormState } from '../web/forms.js';
import { redirect } from '../web/page.js';
import { paths } from '../web/paths.js';
import { CATEGORY_LABELS } from './agency-category.js';
import { type ImportPreview, type ImportResult, PeopleImportService } from './people-import.service.js';
import { LIST_COLUMNS } from './people-list.js';

const ASK_VIEW = 'directory/views/people-import.njk';
const PREVIEW_VIEW = 'directory/views/people-preview.njk';

interface AskPage {
  readonly form: FormState;
  readonly columns: readonly string[];
  readonly categories: readonly string[];
}

/** Pages that bring people in from a list: choose it, see what it would do, do it. */
@Controller('directory/people-import')
@Policy('administer')
export class PeopleImportController {
  constructor(@Inject(PeopleImportService) private readonly people: PeopleImportService) {}

  @Get()
  @Render(ASK_VIEW)
  ask(): AskPage {
    return askPage(emptyForm());
  }

  /** Shows what the list would do; nothing is changed yet. */
  @Post('preview')
  @HttpCode(200)
  async preview(@SignedIn() by: Actor, @Res() res: Response, @Body() body: FormBody): Promise<void> {
    await this.show(by, res, body, emptyForm());
  }

  @Post()
  async apply(@SignedIn() by: Actor, @Req() req: Request, @Res() res: Response, @Body() body: FormBody): Promise<void> {
    const digest = typeof body.digest === 'string' ? body.digest : '';
    try {
      const result = await this.people.apply(by, listIn(body), { digest, skipBad: body.skipBad === 'yes' });
      flash(req, said(result));
      redirect(res, paths.directory());
    } catch (error) {
      if (!(error instanceof RuleBroken)) throw error;
      res.status(422);
      await this.show(by, res, body, failedForm(body, error));
    }
  }

  private async show(by: Actor, res: Response, body: FormBody, form: FormState): Promise<void> {
    const list = listIn(body);
    let preview: ImportPreview;
    try {
      preview = await this.people.preview(by, list);
    } catch (error) {
      res.status(422).render(ASK_VIEW, askPage(failedForm(body, error)));
      return;
    }
    res.render(PREVIEW_VIEW, { form, list, preview, kinds: kindsOf(preview), categories: CATEGORY_LABELS });
  }
}

/** The list as it was sent: its tabs and line breaks matter. */
function listIn(body: FormBody): string {
  return typeof body.list === 'string' ? body.list : '';
}

function askPage(form: FormState): AskPage {
  return { form, columns: LIST_COLUMNS, categories: Object.values(CATEGORY_LABELS) };
}

function kindsOf({ people }: ImportPreview): Record<string, ImportPreview['people']> {
  return {
    added: people.filter(({ kind }) => kind === 'NEW'),
    changed: people.filter(({ kind }) => kind === 'CHANGED'),
    unchanged: people.filter(({ kind }) => kind === 'UNCHANGED'),
  };
}

function said({ added, changed, unchanged, skipped }: ImportResult): string {
  const left = skipped === 0 ? '' : `, ${skipped} left out`;
  return `People from the list: ${added} added, ${changed} changed, ${unchanged} already there${left}`;
}
