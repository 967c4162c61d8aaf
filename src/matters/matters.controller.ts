import { Body, Controller, Get, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { type Request, type Response } from 'express';
import { type Actor } from '../access/actor.js';
import { Policy, SignedIn } from '../access/signed-in.guard.js';
import { flash } from '../web/flash.js';
import { emptyForm, type FormBody, type FormPage, type FormState, parseForm, submitForm } from '../web/forms.js';
import { IdPipe } from '../web/id.pipe.js';
import { paths } from '../web/paths.js';
import { editMatterForm, handOverForm, matterValues, newMatterForm, readerForm, reasonForm } from './matter.form.js';
import { MatterPages } from './matter-pages.service.js';
import { MATTER_KINDS, MATTER_STATUSES } from './matter.js';
import { MattersService } from './matters.service.js';
import { ReadersService } from './readers.service.js';

/** Pages about matters. */
@Controller('matters')
@Policy('staff')
export class MattersController {
  constructor(
    @Inject(MattersService) private readonly matters: MattersService,
    @Inject(ReadersService) private readonly readers: ReadersService,
    @Inject(MatterPages) private readonly pages: MatterPages,
  ) {}

  @Get()
  async list(@SignedIn() by: Actor, @Res() res: Response, @Query() query: Record<string, unknown>): Promise<void> {
    const wanted = {
      search: typeof query.search === 'string' ? query.search : '',
      kind: MATTER_KINDS.find((kind) => kind === query.kind),
      status: MATTER_STATUSES.find((status) => status === query.status),
      page: typeof query.page === 'string' && /^\d{1,6}$/.test(query.page) ? Number(query.page) : 1,
    };
    const found = await this.matters.list(by, wanted);
    const form = emptyForm({ search: wanted.search, kind: wanted.kind ?? '', status: wanted.status ?? '' });
    res.render('matters/views/matters.njk', { ...this.pages.words, ...found, wanted, form });
  }

  @Get('new')
  @Policy('coordinate')
  async showNew(@SignedIn() by: Actor, @Res() res: Response): Promise<void> {
    const { view, locals } = await this.pages.newMatter(
      by,
      emptyForm({ sensitivity: 'STANDARD', coordinatorId: by.id }),
    );
    res.render(view, locals);
  }

  @Post()
  @Policy('coordinate')
  async open(@SignedIn() by: Actor, @Req() req: Request, @Res() res: Response, @Body() body: FormBody): Promise<void> {
    await submitForm(res, body, {
      change: async () => {
        const matter = await this.matters.open(by, parseForm(newMatterForm, body));
        flash(req, `${matter.ref} is open. Say next who must not be told.`);
        return paths.matter(matter.id);
      },
      again: (form) => this.pages.newMatter(by, form),
    });
  }

  @Get(':id')
  async show(@SignedIn() by: Actor, @Res() res: Response, @Param('id', IdPipe) id: string): Promise<void> {
    const { view, locals } = await this.pages.matter(by, await this.matters.read(by, id), emptyForm());
    res.render(view, locals);
  }

  @Get(':id/edit')
  @Policy('coordinate')
  async showEdit(@SignedIn() by: Actor, @Res() res: Response, @Param('id', IdPipe) id: string): Promise<void> {
    const matter = await this.matters.find(by, id);
    const { view, locals } = this.pages.edit(matter, emptyForm(matterValues(matter)));
    res.render(view, locals);
  }

  @Post(':id/edit')
  @Policy('coordinate')
  async correct(
    @SignedIn() by: Actor,
    @Req() req: Request,
    @Res() res: Response,
    @Param('id', IdPipe) id: string,
    @Body() body: FormBody,
  ): Promise<void> {
    await submitForm(res, body, {
      change: async () => {
        const { version, ...facts } = parseForm(editMatterForm, body);
        await this.matters.correct(by, id, facts, version);
        flash(req, 'Matter changed');
        return paths.matter(id);
      },
      again: async (form) => this.pages.edit(await this.matters.find(by, id), form),
    });
  }

  @Post(':id/closure')
  @Policy('coordinate')
  async close(
    @SignedIn() by: Actor,
    @Req() req: Request,
    @Res() res: Response,
    @Param('id', IdPipe) id: string,
    @Body() body: FormBody,
  ): Promise<void> {
    await submitForm(res, body, {
      change: async () => {
        const { version, reason } = parseForm(reasonForm, body);
        flashing(req, await this.matters.close(by, id, reason ?? '', version), 'is closed');
        return paths.matter(id);
      },
      again: (form) => this.again(by, id, form),
    });
  }

  @Post(':id/reopening')
  @Policy('coordinate')
  async reopen(
    @SignedIn() by: Actor,
    @Req() req: Request,
    @Res() res: Response,
    @Param('id', IdPipe) id: string,
    @Body() body: FormBody,
  ): Promise<void> {
    await submitForm(res, body, {
      change: async () => {
        const { version, reason } = parseForm(reasonForm, body);
        flashing(req, await this.matters.reopen(by, id, reason ?? '', version), 'is open again');
        return paths.matter(id);
      },
      again: (form) => this.again(by, id, form),
    });
  }

  @Post(':id/coordinator')
  @Policy('coordinate')
  async handOver(
    @SignedIn() by: Actor,
    @Req() req: Request,
    @Res() res: Response,
    @Param('id', IdPipe) id: string,
    @Body() body: FormBody,
  ): Promise<void> {
    await submitForm(res, body, {
      change: async () => {
        const { version, coordinatorId } = parseForm(handOverForm, body);
        flashing(req, await this.readers.handOver(by, id, coordinatorId, version), 'has another coordinator now');
        return paths.matter(id);
      },
      again: (form) => this.again(by, id, form),
    });
  }

  @Post(':id/readers')
  @Policy('coordinate')
  async admit(
    @SignedIn() by: Actor,
    @Req() req: Request,
    @Res() res: Response,
    @Param('id', IdPipe) id: string,
    @Body() body: FormBody,
  ): Promise<void> {
    await submitForm(res, body, {
      change: async () => {
        await this.readers.admit(by, id, parseForm(readerForm, body).reader);
        flash(req, 'They may now read this matter');
        return paths.matter(id);
      },
      again: (form) => this.again(by, id, form),
    });
  }

  @Post(':id/readers/:staffId')
  @Policy('coordinate')
  async dismiss(
    @SignedIn() by: Actor,
    @Req() req: Request,
    @Res() res: Response,
    @Param('id', IdPipe) id: string,
    @Param('staffId', IdPipe) staffId: string,
  ): Promise<void> {
    await submitForm(
      res,
      {},
      {
        change: async () => {
          await this.readers.dismiss(by, id, staffId);
          flash(req, 'They may no longer read this matter');
          return staffId === by.id ? paths.matters() : paths.matter(id);
        },
        again: (form) => this.again(by, id, form),
      },
    );
  }

  private async again(by: Actor, id: string, form: FormState): Promise<FormPage> {
    return this.pages.matter(by, await this.matters.find(by, id), form);
  }
}

function flashing(req: Request, matter: { ref: string }, what: string): void {
  flash(req, `${matter.ref} ${what}`);
}
