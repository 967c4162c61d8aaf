import { Module } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { DirectoryModule } from '../directory/directory.module.js';
import { MeetingsModule } from '../meetings/meetings.module.js';
import { MailHoldController } from './mail-hold.controller.js';
import { MailTroubleInterceptor } from './mail-trouble.interceptor.js';
import { MessagesController } from './messages.controller.js';
import { HistoryController } from './history.controller.js';
import { WorklistController } from './worklist.controller.js';
import { WorklistService } from './worklist.service.js';

/** Pages that read from everywhere: what needs a person today, and what happened. */
@Module({
  imports: [DirectoryModule, MeetingsModule],
  controllers: [WorklistController, HistoryController, MessagesController, MailHoldController],
  providers: [WorklistService, { provide: APP_INTERCEPTOR, useClass: MailTroubleInterceptor }],
})
export class WorklistModule {}
