import { Module } from '@nestjs/common';
import { MeetingsModule } from '../meetings/meetings.module.js';
import { HistoryController } from './history.controller.js';
import { WorklistController } from './worklist.controller.js';
import { WorklistService } from './worklist.service.js';

/** Pages that read from everywhere: what needs a person today, and what happened. */
@Module({
  imports: [MeetingsModule],
  controllers: [WorklistController, HistoryController],
  providers: [WorklistService],
})
export class WorklistModule {}
