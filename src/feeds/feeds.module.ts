import { Inject, Module, type OnModuleInit } from '@nestjs/common';
import { LinkPages } from '../access/link-pages.js';
import { AccessModule } from '../access/access.module.js';
import { DirectoryModule } from '../directory/directory.module.js';
import { MeetingsModule } from '../meetings/meetings.module.js';
import { Outgoing, theInternet } from '../web/outgoing.js';
import { paths } from '../web/paths.js';
import { OwnAvailability } from './availability.service.js';
import { ContactCalendarController } from './contact-calendar.controller.js';
import { FeedsController } from './feeds.controller.js';
import { FeedsService } from './feeds.service.js';
import { OwnCalendarsService } from './own-calendars.service.js';
import { ReadingService } from './reading.service.js';
import { StaffCalendarController } from './staff-calendar.controller.js';
import { VisitorCalendarController } from './visitor-calendar.controller.js';
import './busy-time.type.js';

/** Meetings in people's own calendars, and when people are busy by those calendars. */
@Module({
  imports: [AccessModule, DirectoryModule, MeetingsModule],
  controllers: [FeedsController, VisitorCalendarController, StaffCalendarController, ContactCalendarController],
  providers: [
    FeedsService,
    OwnCalendarsService,
    ReadingService,
    OwnAvailability,
    { provide: Outgoing, useFactory: () => new Outgoing(theInternet) },
  ],
  exports: [FeedsService, OwnCalendarsService, ReadingService, Outgoing],
})
export class FeedsModule implements OnModuleInit {
  constructor(@Inject(LinkPages) private readonly pages: LinkPages) {}

  onModuleInit(): void {
    const item = {
      href: paths.ownCalendar(),
      title: 'Meetings in your calendar, and when you are busy',
      lines: ['Let your calendar program show your meetings, or let us see which times do not suit you.'],
    };
    this.pages.addSection({ position: 50, heading: 'Your calendar', none: '', items: () => Promise.resolve([item]) });
  }
}
