import { describe, expect, it } from '@jest/globals';
import { buildFeed } from '../../src/calendar/calendar.js';
describe('x', () => { it('y', () => {
 const m = { uid: 'a@b.example', sequence: 1, stampedAt: new Date('2026-11-30T10:00:00Z'), startsAt: new Date('2026-12-02T10:00:00Z'), endsAt: new Date('2026-12-02T11:00:00Z'), zone: 'Europe/London', title: 'ALL-2026-0147', cancelled: false, attends: 'YES' as const };
 console.log(buildFeed([m, {...m, uid: 'c', cancelled: true}])); console.log(buildFeed([])); expect(1).toBe(1);
});});
