import { Module } from '@nestjs/common';
import { AuthoritiesModule } from '../../authorities/authorities.module.js';
import { DirectoryModule } from '../../directory/directory.module.js';
import { MeetingsModule } from '../meetings.module.js';
import { AnswerEntries } from './answer-entries.service.js';
import { CalendarReplies } from './calendar-replies.service.js';
import { HeldReplies } from './held-replies.service.js';
import { OtherMail } from './other-mail.service.js';
import { ProposalsController } from './proposals.controller.js';
import { ProposalsService } from './proposals.service.js';
import { RepliesController } from './replies.controller.js';
import { ReplyLetters } from './reply-letters.service.js';
import { ReplySections } from './reply-sections.service.js';
import './replies.type.js';

/** What comes back by email about meetings: answers from calendars, suggested times, and what has to be looked at. */
@Module({
  imports: [AuthoritiesModule, DirectoryModule, MeetingsModule],
  controllers: [RepliesController, ProposalsController],
  providers: [AnswerEntries, CalendarReplies, HeldReplies, OtherMail, ProposalsService, ReplyLetters, ReplySections],
})
export class RepliesModule {}
