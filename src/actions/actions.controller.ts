import { Controller, Get, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { type Request, type Response } from 'express';
import { type Actor } from '../access/actor.js';
import { Policy, SignedIn } from '../access/signed-in.guard.js';
import { HistoryService } from '../history/history.service.js';
import { flash } from '../web/flash.js';
import { emptyForm, type FormBody, type FormPage, type FormState, parseForm, submitForm } from '../web/forms.js';
import { IdPipe } from '../web/id.pipe.js';
import { paths } from '../web/paths.js';
import { ACTION_LABELS, ACTION_MOVES, type ActionMove, type ActionStatus, OPEN_ACTION_STATUSES } from './action.js';
import { cancelForm, dueDateForm, ownerForm, returnForm, versionForm } from './action.form.js';
import { ActionLists, type ActionQuery } from './action-lists.service.js';
import { ActionsService } from './actions.service.js';
import { ownerItems } from './owner-items.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Actions for those who run meetings: the list, and one action with everything that can be done about it. */
@Policy('coordinate')
@Controller('actions')
export class ActionsController {
  constructor(
    @Inject(ActionLists) private readonly lists: ActionLists,
    @Inject(ActionsService) private readonly actions: ActionsService,
    @Inject(HistoryService) private readonly history: HistoryService,
  ) {}

  @Get()
  async list(@SignedIn() by: Actor, @Query() query: Record<string, string>, @Res() res: Response): Promise<void> {
    const asked = queryOf(query);
    const { show = 'open', mine = false, agencyId = '', page = 1 } = asked;
    const filter = { show, mine: mine ? 'yes' : '', agency: agencyId };
    const found = await this.lists.list(by, asked);
    res.render('actions/views/actions.njk', { ...found, filter, page, form: emptyForm(filter), labels: ACTION_LABELS });
  }

  @Get(':id')
  async show(@SignedIn() by: Actor, @Param('id', IdPipe) id: string, @Res() res: Response): Promise<void> {
    const page = await this.page(by, id, emptyForm());
    res.render(page.view, page.locals);
  }

  @Post(':id/owner')
  async reassign(
    @SignedIn() by: Actor,
    @Param('id', IdPipe) id: string,
    @Req() req: Request,
    @Res() res: Response,
  ): Promise<void> {
    await this.press({ by, id, req, res, inputs: {} }, async (body) => {
      const { owner: contactId, ownerName: typed, version } = parseForm(ownerForm, body);
      await this.actions.reassign(by, id, { contactId, typed }, version);
      return 'The action has another owner, who has been told';
    });
  }

  @Post(':id/due-date')
  async moveDueDate(
    @SignedIn() by: Actor,
    @Param('id', IdPipe) id: string,
    @Req() req: Request,
    @Res() res: Response,
  ): Promise<void> {
    await this.press({ by, id, req, res, inputs: { reason: 'dateReason' } }, async (body) => {
      const { dueOn, dateReason: reason, version } = parseForm(dueDateForm, body);
      await this.actions.moveDueDate(by, id, { dueOn, reason }, version);
      return 'The action has another date, and its owner has been told';
    });
  }

  @Post(':id/verification')
  async verify(
    @SignedIn() by: Actor,
    @Param('id', IdPipe) id: string,
    @Req() req: Request,
    @Res() res: Response,
  ): Promise<void> {
    await this.press({ by, id, req, res, inputs: {} }, async (body) => {
      const { version } = parseForm(versionForm, body);
      await this.actions.verify(by, id, version);
      return 'The action is done and checked';
    });
  }

  @Post(':id/return')
  async returnToOwner(
    @SignedIn() by: Actor,
    @Param('id', IdPipe) id: string,
    @Req() req: Request,
    @Res() res: Response,
  ): Promise<void> {
    await this.press({ by, id, req, res, inputs: { reason: 'returnReason' } }, async (body) => {
      const { returnReason, version } = parseForm(returnForm, body);
      await this.actions.returnToOwner(by, id, returnReason, version);
      return 'The action is with its owner again, who has been told';
    });
  }

  @Post(':id/cancellation')
  async cancel(
    @SignedIn() by: Actor,
    @Param('id', IdPipe) id: string,
    @Req() req: Request,
    @Res() res: Response,
  ): Promise<void> {
    await this.press({ by, id, req, res, inputs: { reason: 'cancelReason' } }, async (body) => {
      const { cancelReason, version } = parseForm(cancelForm, body);
      await this.actions.cancel(by, id, cancelReason, version);
      return 'The action is cancelled';
    });
  }

  @Post(':id/message')
  async resend(
    @SignedIn() by: Actor,
    @Param('id', IdPipe) id: string,
    @Req() req: Request,
    @Res() res: Response,
  ): Promise<void> {
    await this.press({ by, id, req, res, inputs: {} }, async () => {
      await this.actions.resend(by, id);
      return 'The owner gets the message again, with a new link';
    });
  }

  private async press(press: Press, change: (body: FormBody) => Promise<string>): Promise<void> {
    const { by, id, req, res, inputs } = press;
    const body = (req.body ?? {}) as FormBody;
    await submitForm(res, body, {
      inputs,
      change: async () => {
        flash(req, await change(body));
        return paths.action(id);
      },
      again: (form) => this.page(by, id, form),
    });
  }

  private async page(by: Actor, id: string, form: FormState): Promise<FormPage> {
    const { action, people, offers } = await this.lists.detail(by, id);
    const typed = form.values.ownerName;
    const found = typeof typed === 'string' ? await this.lists.matching(by, typed) : [];
    const { lines } = await this.history.lines(by, { object: `action:${id}` });
    const may = Object.fromEntries(SHOWN_MOVES.map((move) => [move, mayMove(move, action.status)]));
    const isOpen = OPEN_ACTION_STATUSES.includes(action.status);
    const others = ownerItems(people, found).filter(
      (one) => one.value !== action.ownerContactId || action.status === 'QUERIED',
    );
    return {
      view: 'actions/views/action.njk',
      locals: { action, offers, form, lines, may, isOpen, owners: others, labels: ACTION_LABELS },
    };
  }
}

/** Something sent from the page of one action; `inputs` names the inputs whose fields the rules call otherwise. */
interface Press {
  readonly by: Actor;
  readonly id: string;
  readonly req: Request;
  readonly res: Response;
  readonly inputs: Record<string, string>;
}

const SHOWN_MOVES = ['reassign', 'verify', 'returnToOwner', 'cancel'] as const satisfies readonly ActionMove[];

function mayMove(move: ActionMove, status: ActionStatus): boolean {
  return (ACTION_MOVES[move].from as readonly ActionStatus[]).includes(status);
}

/** What a filter asks for; anything else in the address is left out. */
function queryOf({ show, mine, agency, page }: Record<string, string | undefined>): ActionQuery {
  return {
    show: show === 'overdue' || show === 'all' ? show : 'open',
    mine: mine === 'yes',
    agencyId: agency !== undefined && UUID.test(agency) ? agency : undefined,
    page: page !== undefined && /^[1-9]\d{0,3}$/.test(page) ? Number(page) : 1,
  };
}
