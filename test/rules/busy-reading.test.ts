import { describe, expect, it } from '@jest/globals';
import { readApart } from '../../src/calendar/read-apart.js';

describe('x', () => {
  it('y', async () => {
    const text = ['BEGIN:VCALENDAR','VERSION:2.0','BEGIN:VEVENT','UID:1','DTSTART:20261201T100000Z','DTEND:20261201T110000Z','END:VEVENT','END:VCALENDAR',''].join('\r\n');
    const t=Date.now();
    const r = await readApart({ text, zone: 'Europe/London', window: { from: new Date('2026-11-30T00:00:00Z'), to: new Date('2027-01-25T00:00:00Z') } });
    console.log(Date.now()-t);
    expect(r).toEqual([{ startsAt: new Date('2026-12-01T10:00:00Z'), endsAt: new Date('2026-12-01T11:00:00Z'), kind: 'BUSY' }]);
  });
});
