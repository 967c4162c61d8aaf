import { Body, Controller, Get, Inject, Param, Post, Res } from '@nestjs/common';
import { type Response } from 'express';
import { type Actor } from '../../access/actor.js';
import { Policy, SignedIn } from '../../access/signed-in.guard.js';
import { flash } from '../../web/flash.js';
import { emptyForm, type FormBody, type FormPage, type FormState, submitForm } from '../../web/forms.js';
import { IdPipe } from '../../web/id.pipe.js';
import { paths } from '../../web/paths.js';
import { ANSWER_LABELS } from '../response.js';
import { authenticationWords, HELD_LABELS } from './held-words.js';
import { HeldReplies } from './held-replies.service.js';
import { READ_ITEMS, readApplication, readNamed, readReason, readSeen, REASON_ITEMS } from './reply.form.js';

const APPLIED = 'The answer is recorded, and a confirmation is on its way to the invitee';

/** Replies that somebody has to look at. */
@Controller('replies')
@Policy('coordinate')
export class RepliesController {
  constructor(@Inject(HeldReplies) private readonly held: HeldReplies) {}

  @Get()
  async list(@SignedIn() by: Actor, @Res() res: Response): Promise<void> {
    const rows = await this.held.list(by);
    res.render('meetings/replies/views/replies.njk', { rows, reasons: HELD_LABELS, answers: ANSWER_LABELS });
  }

  @Get(':id')
  async show(@SignedIn() by: Actor, @Param('id', IdPipe) id: string, @Res() res: Response): Promise<void> {
    const { view, locals } = await this.page(by, id, emptyForm());
    res.render(view, locals);
  }

  @Post(':id/application')
  async apply(
    @SignedIn() by: Actor,
    @Param('id', IdPipe) id: string,
    @Body() body: FormBody,
    @Res() res: Response,
  ): Promise<void> {
    const { answer } = await this.held.show(by, id);
    await this.submit({ by, id, res, body }, async () => {
      await this.held.apply(by, id, readApplication(body, answer === 'DECLINED'));
      return APPLIED;
    });
  }

  @Post(':id/alias')
  async alias(
    @SignedIn() by: Actor,
    @Param('id', IdPipe) id: string,
    @Body() body: FormBody,
    @Res() res: Response,
  ): Promise<void> {
    await this.submit({ by, id, res, body }, async () => {
      await this.held.addAlias(by, id, readSeen(body));
      return 'The address is known as one of theirs from now on';
    });
  }

  @Post(':id/substitute')
  async substitute(
    @SignedIn() by: Actor,
    @Param('id', IdPipe) id: string,
    @Body() body: FormBody,
    @Res() res: Response,
  ): Promise<void> {
    await this.submit({ by, id, res, body }, async () => {
      const { outcome } = await this.held.substitute(by, id, readNamed(body));
      return outcome === 'INVITED'
        ? 'The substitute has an invitation of their own'
        : 'Nobody is invited yet: that address is not one of the agency’s own. Check it, then invite them from the meeting';
    });
  }

  @Post(':id/dismissal')
  async dismiss(
    @SignedIn() by: Actor,
    @Param('id', IdPipe) id: string,
    @Body() body: FormBody,
    @Res() res: Response,
  ): Promise<void> {
    await this.submit({ by, id, res, body }, async () => {
      await this.held.dismiss(by, id, readReason(body));
      return 'The reply is put aside; it stays in the record';
    });
  }

  private async submit(
    sent: { by: Actor; id: string; res: Response; body: FormBody },
    change: () => Promise<string>,
  ): Promise<void> {
    const { by, id, res, body } = sent;
    await submitForm(res, body, {
      inputs: { substitute: 'email', contactId: 'email', invitees: 'email' },
      change: async () => {
        flash(res.req, await change());
        return paths.replies();
      },
      again: (form) => this.page(by, id, form),
    });
  }

  private async page(by: Actor, id: string, form: FormState): Promise<FormPage> {
    const reply = await this.held.show(by, id);
    const locals = {
      reply,
      form: filled(form, reply),
      reasonWords: HELD_LABELS[reply.reason],
      checked: authenticationWords(reply.authentication),
      answerWords: reply.answer === null ? null : ANSWER_LABELS[reply.answer],
      presentWords: reply.present_answer === null ? null : ANSWER_LABELS[reply.present_answer],
      kinds: READ_ITEMS,
      reasons: REASON_ITEMS,
    };
    return { view: 'meetings/replies/views/reply.njk', locals };
  }
}

/** What a calendar said stands in the form already; words are for a person to read. */
function filled(
  form: FormState,
  reply: { sender_name: string | null; sender_address: string | null } & Said,
): FormState {
  const known = {
    kind: reply.answer ?? '',
    comment: reply.comment ?? '',
    email: reply.delegate ?? reply.address ?? reply.sender_address ?? '',
    name: reply.delegate === null ? (reply.sender_name ?? '') : '',
  };
  return { ...form, values: { ...known, ...form.values } };
}

interface Said {
  readonly answer: string | null;
  readonly comment: string | null;
  readonly address: string | null;
  readonly delegate: string | null;
}
