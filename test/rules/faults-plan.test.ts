import { describe, expect, it } from '@jest/globals';
import { acceptanceOf } from '../../faults/acceptance.js';
import { draw, MAIL_FAULTS, OTHER_FAULTS, SIZES } from '../../faults/plan.js';
import { buildCalendar } from '../../src/calendar/calendar.js';
import { renderMessage } from '../../src/mail/render.js';
import { aCalendarMail } from '../support/calendar-mails.js';

describe('the plan of a run', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(draw(7, SIZES.ordinary)).toEqual(draw(7, SIZES.ordinary));
    expect(draw(8, SIZES.ordinary)).not.toEqual(draw(7, SIZES.ordinary));
  });

  it('claims as many faults as its size says, every kind at least once, and plans no fewer', () => {
    for (const size of Object.values(SIZES)) {
      const plan = draw(7, size);
      expect([...plan.quotas.values()].reduce((sum, one) => sum + one, 0)).toBe(size.faults);
      const planned = [...plan.conduct.values()].flat();
      for (const fault of MAIL_FAULTS) {
        const claimed = plan.quotas.get(fault) ?? 0;
        expect(claimed).toBeGreaterThan(0);
        expect(planned.filter((one) => one === fault).length).toBeGreaterThanOrEqual(claimed);
      }
      for (const fault of OTHER_FAULTS) {
        expect(plan.events.filter((one) => one === fault)).toHaveLength(plan.quotas.get(fault) ?? 0);
      }
    }
  });

  it('lets a refusal for good be the last thing that happens to a message', () => {
    const after = [...draw(7, SIZES.long).conduct.values()].flatMap((faults) =>
      faults.slice(0, -1).filter((fault, at) => fault === 'refuses for good (550)' && faults[at + 1] !== fault),
    );
    expect(after).toEqual([]);
  });
});

describe('what the mail server notes', () => {
  it('is what stands in the message, not what its sender says elsewhere', async () => {
    const mail = aCalendarMail();
    const { bytes, sha256 } = await renderMessage({
      from: { name: 'Council meetings', address: mail.organiser.address },
      to: mail.invitee.address,
      subject: 'Meeting',
      messageId: '<one@reply.quorate.example>',
      date: new Date('2026-11-30T11:20:00Z'),
      text: 'Come to the meeting.',
      html: '<p>Come to the meeting.</p>',
      calendar: { method: 'REQUEST', content: buildCalendar(mail) },
    });
    const envelope = { from: 'b-token@reply.quorate.example', to: [mail.invitee.address] };
    expect(acceptanceOf(envelope, bytes, 1, 2)).toMatchObject({
      order: 1,
      at: 2,
      ...envelope,
      messageId: '<one@reply.quorate.example>',
      sha256,
      headed: [mail.invitee.address],
      calendar: { method: 'REQUEST', uid: mail.uid, sequence: mail.sequence, attendees: [mail.invitee.address] },
    });
  });
});

describe('refuses', () => {
  it('to read a calendar where there is none', () => {
    const bytes = Buffer.from('Message-ID: <one@x.example>\r\nTo: pat@agency.example\r\n\r\nMETHOD:REQUEST\r\n');
    const { calendar, headed } = acceptanceOf({ from: '', to: ['pat@agency.example'] }, bytes, 1, 2);
    expect(calendar).toBeNull();
    expect(headed).toEqual(['pat@agency.example']);
  });
});
