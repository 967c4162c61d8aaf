import { Global, Module } from '@nestjs/common';
import { HistoryService } from './history.service.js';
import { Listeners } from './listeners.js';
import { HistoryResolver } from './history.resolver.js';

/** What happened, and who listens to it. */
@Global()
@Module({
  providers: [HistoryResolver, Listeners, HistoryService],
  exports: [Listeners, HistoryService],
})
export class HistoryModule {}
