import { Inject, Injectable, Logger } from '@nestjs/common';
import { type Settings, SETTINGS } from '../config.js';
import { Clock } from '../database/clock.js';
import { Sealing } from '../database/sealing.js';
import { Sender } from './sending/sender.js';
import { mailPool, whereMailGoes } from './sending/sending-parts.js';

/** The sending worker inside the service. */
@Injectable()
export class Dispatcher extends Sender {
  constructor(@Inject(SETTINGS) settings: Settings, @Inject(Clock) clock: Clock, @Inject(Sealing) sealing: Sealing) {
    const log = new Logger('Mail');
    const now = (): Date => clock.now();
    const pool = mailPool(settings);
    super({
      ...whereMailGoes(settings, pool, now),
      pool,
      settings: settings.sending,
      now,
      open: (sealed, place) => sealing.open(sealed, place),
      warn: (line) => {
        log.warn(line);
      },
    });
  }
}
