import { Global, Module } from '@nestjs/common';
import { HistoryController } from './history.controller.js';
import { HistoryService } from './history.service.js';
import { Listeners } from './listeners.js';
import { HistoryResolver } from './history.resolver.js';

/** What happened, who listens to it, and the page that shows it. */
@Global()
@Module({
  controllers: [HistoryController],
  providers: [HistoryResolver, Listeners, HistoryService],
  exports: [Listeners, HistoryService],
})
export class HistoryModule {}
