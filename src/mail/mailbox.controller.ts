import { Controller, Get, Inject, Param, Post, Query, Render, Res } from '@nestjs/common';
import { type Response } from 'express';
import { Policy } from '../access/signed-in.guard.js';
import { IdPipe } from '../web/id.pipe.js';
import { redirect } from '../web/page.js';
import { paths } from '../web/paths.js';
import { type CaughtMail, Mailbox, type MailboxLine } from './mailbox.js';
import { cleanLine } from './text.js';

@Controller('mailbox')
@Policy('anybody')
export class MailboxController {
  constructor(@Inject(Mailbox) private readonly mailbox: Mailbox) {}

  @Get()
  @Render('mail/views/mailbox.njk')
  async list(@Query('to') to?: unknown): Promise<{ lines: MailboxLine[]; to: string | undefined }> {
    this.mailbox.requireOpen();
    const typed = typeof to === 'string' ? cleanLine(to) : '';
    const search = typed === '' ? undefined : typed;
    return { lines: await this.mailbox.lines(search), to: search };
  }

  @Get(':id')
  @Render('mail/views/message.njk')
  async show(@Param('id', IdPipe) id: string): Promise<{ mail: CaughtMail }> {
    this.mailbox.requireOpen();
    return { mail: await this.mailbox.open(id) };
  }

  @Get(':id/source')
  async source(@Param('id', IdPipe) id: string, @Res() res: Response): Promise<void> {
    this.mailbox.requireOpen();
    const { bytes } = await this.mailbox.open(id);
    res.type('text/plain; charset=utf-8').send(bytes.toString('utf8'));
  }

  @Post(':id/sending')
  async sendNow(@Param('id', IdPipe) id: string, @Res() res: Response): Promise<void> {
    this.mailbox.requireOpen();
    await this.mailbox.sendNow(id);
    redirect(res, paths.mailbox());
  }
}
