import { DateTime } from 'luxon';
import { z } from 'zod';
import { type Release } from '../mail/messages/mail-holds.service.js';
import { choiceField, dateField, timeField } from '../web/fields.js';

const choice = choiceField(['ALL', 'DROP_BEFORE'], 'Select what becomes of the messages that wait');

/** What becomes of the messages that wait; a moment is asked for only when older ones are dropped. */
export const releaseForm = z
  .object({ choice })
  .loose()
  .transform((given, context): Release => {
    if (given.choice === 'ALL') return { choice: 'ALL' };
    const moment = z.object({ date: dateField('date'), time: timeField('time') }).safeParse(given);
    if (moment.success) return { choice: 'DROP_BEFORE', before: instant(moment.data) };
    for (const { path, message } of moment.error.issues) context.addIssue({ code: 'custom', path, message });
    return z.NEVER;
  });

/** On the clock of the United Kingdom, to the end of the minute that was typed. */
function instant({ date, time }: { date: string; time: string }): Date {
  return DateTime.fromISO(`${date}T${time}`, { zone: 'Europe/London' }).plus({ minutes: 1 }).toJSDate();
}
