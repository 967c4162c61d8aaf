import { Controller, Get, Inject, type OnModuleInit, Param, Post, Req, Res } from '@nestjs/common';
import { type Request, type Response } from 'express';
import { type Actor, coordinates } from '../access/actor.js';
import { Policy, SignedIn } from '../access/signed-in.guard.js';
import { RuleBroken } from '../errors.js';
import { bounceSentence, labelOf, OUTCOME_LABELS, reasonSentence } from '../mail/messages/message-words.js';
import { type MessageLine, Messages } from '../mail/messages/messages.service.js';
import { MeetingSections } from '../meetings/meeting-sections.js';
import { flash } from '../web/flash.js';
import { IdPipe } from '../web/id.pipe.js';
import { redirect } from '../web/page.js';
import { paths } from '../web/paths.js';

/** A line of a list of messages, in words. */
interface ShownLine extends MessageLine {
  readonly label: string;
  readonly delivery: string;
  readonly why: string | null;
}

/** On the page of a meeting; the others are one press away, so that a phone does not scroll past them all. */
const SHOWN_AT_ONCE = 8;

/** Pages about what was sent: one message, those of a meeting, and those that may be missing or doubled. */
@Controller()
@Policy('staff')
export class MessagesController implements OnModuleInit {
  constructor(
    @Inject(Messages) private readonly messages: Messages,
    @Inject(MeetingSections) private readonly sections: MeetingSections,
  ) {}

  onModuleInit(): void {
    this.sections.register('Messages', async (by, meetingId) => {
      const lines = (await this.messages.ofMeeting(by, meetingId)).map(shown);
      const waiting = lines.filter(({ state, purpose }) => state === 'PENDING' && purpose !== 'CONFIRMATION').length;
      const latest = lines.slice(0, SHOWN_AT_ONCE);
      const earlier = lines.slice(SHOWN_AT_ONCE);
      const locals = { latest, earlier, waiting, meetingId, mayStop: coordinates(by) };
      return { view: 'worklist/views/messages-of-meeting.njk', locals };
    });
  }

  @Get('messages')
  async list(@SignedIn() by: Actor, @Res() res: Response): Promise<void> {
    const lines = (await this.messages.troubled(by)).map(shown);
    res.render('worklist/views/messages.njk', { lines });
  }

  @Get('messages/:id')
  async show(@SignedIn() by: Actor, @Res() res: Response, @Param('id', IdPipe) id: string): Promise<void> {
    const { message, attempts, ...rest } = await this.messages.show(by, id);
    res.render('worklist/views/message.njk', {
      ...rest,
      sent: shown(message),
      attempts: attempts.map((one) => ({ ...one, words: OUTCOME_LABELS[one.outcome] })),
    });
  }

  @Post('messages/:id/stop')
  @Policy('coordinate')
  async stop(
    @SignedIn() by: Actor,
    @Req() req: Request,
    @Res() res: Response,
    @Param('id', IdPipe) id: string,
  ): Promise<void> {
    await said(req, async () => {
      await this.messages.stop(by, id);
      return 'The message will not be sent. Tell them yourself if they need to know';
    });
    redirect(res, paths.message(id));
  }

  @Post('messages/:id/again')
  @Policy('coordinate')
  async again(
    @SignedIn() by: Actor,
    @Req() req: Request,
    @Res() res: Response,
    @Param('id', IdPipe) id: string,
  ): Promise<void> {
    await said(req, async () => {
      await this.messages.tryAgain(by, id);
      return 'The message is tried again';
    });
    redirect(res, paths.message(id));
  }

  @Post('meetings/:id/messages/stop')
  @Policy('coordinate')
  async stopAll(
    @SignedIn() by: Actor,
    @Req() req: Request,
    @Res() res: Response,
    @Param('id', IdPipe) id: string,
  ): Promise<void> {
    await said(req, async () => {
      const stopped = await this.messages.stopAllOf(by, id);
      if (stopped === 0) return 'Nothing was stopped: every message has left already';
      return stopped === 1 ? 'One message will not be sent' : `${stopped} messages will not be sent`;
    });
    redirect(res, paths.meeting(id));
  }
}

/** A rule that is broken here is one that somebody else, or the worker, was quicker about: the next page says it. */
async function said(req: Request, change: () => Promise<string>): Promise<void> {
  try {
    flash(req, await change());
  } catch (error) {
    if (!(error instanceof RuleBroken)) throw error;
    flash(req, error.message);
  }
}

function shown<T extends MessageLine>(line: T): T & ShownLine {
  return { ...line, label: labelOf(line), delivery: deliveryOf(line), why: whyOf(line) };
}

/** That it came back counts more than that it was sent. */
function deliveryOf({ state, bounce_kind: bounce }: MessageLine): string {
  if (bounce !== null) return bounce === 'UNCLEAR' ? 'CAME_BACK' : `BOUNCED_${bounce}`;
  if (state === 'DEAD') return 'DROPPED';
  return state === 'PENDING' || state === 'SENDING' ? 'QUEUED' : state;
}

function whyOf({ state, reason, bounce_kind: bounce }: MessageLine): string | null {
  if (bounce !== null) return bounceSentence(bounce);
  return state === 'DEAD' ? reasonSentence(reason) : null;
}
