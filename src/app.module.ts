import { type DynamicModule, Module } from '@nestjs/common';
import { AccessModule } from './access/access.module.js';
import { ActionsModule } from './actions/actions.module.js';
import { AuthoritiesModule } from './authorities/authorities.module.js';
import { type Settings, SETTINGS } from './config.js';
import { DatabaseModule } from './database/database.module.js';
import { DirectoryModule } from './directory/directory.module.js';
import { FeedsModule } from './feeds/feeds.module.js';
import { GraphqlModule } from './graphql/graphql.module.js';
import { HealthModule } from './health.module.js';
import { HistoryModule } from './history/history.module.js';
import { MailModule } from './mail/mail.module.js';
import { MattersModule } from './matters/matters.module.js';
import { MeetingsModule } from './meetings/meetings.module.js';
import { RepliesModule } from './meetings/replies/replies.module.js';
import { WorklistModule } from './worklist/worklist.module.js';

/** The modules of the service, those that others stand on first. */
@Module({})
export class AppModule {
  /** The whole service with these settings. */
  static with(settings: Settings): DynamicModule {
    return {
      module: AppModule,
      providers: [{ provide: SETTINGS, useValue: settings }],
      exports: [SETTINGS],
      global: true,
      imports: [
        DatabaseModule,
        HistoryModule,
        MailModule,
        AccessModule,
        AuthoritiesModule,
        MattersModule,
        MeetingsModule,
        RepliesModule,
        ActionsModule,
        FeedsModule,
        GraphqlModule,
        HealthModule,
        DirectoryModule,
        WorklistModule,
      ],
    };
  }
}
