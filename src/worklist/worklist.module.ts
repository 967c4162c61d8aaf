import { Module } from '@nestjs/common';
import { MeetingsModule } from '../meetings/meetings.module.js';
import { WorklistController } from './worklist.controller.js';
import { WorklistService } from './worklist.service.js';

/** Home: what needs a person today. */
@Module({ imports: [MeetingsModule], controllers: [WorklistController], providers: [WorklistService] })
export class WorklistModule {}
