/*
 * The instants that a calendar of somebody else's program means. Programs name their zone by its IANA name, by a Windows
 * name, or by a name of their own with its rules beside it; a time without any is taken as the reader's own wall clock,
 * and a whole day runs from midnight to midnight there. Rules in the file count only for a name nobody knows, since
 * programs write the rules of well-known zones wrongly more often than the name.
 */
import ICAL from 'ical.js';
import { DateTime, IANAZone } from 'luxon';
import { findIana } from 'windows-iana';

/** Turns the times of one calendar into instants. */
export class CalendarInstants {
  private readonly written = new Map<string, ICAL.Timezone>();
  private readonly known = new Map<string, string | undefined>();

  constructor(
    private readonly calendar: ICAL.Component,
    /** The zone of whole days and of times without a zone: an IANA name. */
    private readonly home: string,
  ) {}

  /** When that is. `tzid` is the zone the property names, if it does. Throws for a time that is none. */
  of(time: ICAL.Time, tzid: string | undefined): Date {
    if (time.isDate) return this.wall(time, this.home);
    if (time.zone.tzid === 'UTC') return this.wall(time, 'utc');
    if (tzid === undefined) return this.wall(time, this.home);
    const iana = this.ianaOf(tzid);
    if (iana !== undefined) return this.wall(time, iana);
    const zone = this.writtenZone(tzid);
    return zone === undefined ? this.wall(time, this.home) : inZone(time, zone);
  }

  private wall(time: ICAL.Time, zone: string): Date {
    const { year, month, day, hour, minute, second } = time;
    const found = DateTime.fromObject({ year, month, day, hour, minute, second: Math.min(second, 59) }, { zone });
    if (!found.isValid) throw new Error('A time that is none');
    return found.toJSDate();
  }

  private ianaOf(tzid: string): string | undefined {
    if (!this.known.has(tzid)) {
      const bare = tzid.replace(/^\/(?:[^/]+\/)*?(?=[A-Z][A-Za-z_]+\/[A-Z])/, '');
      const names = [bare, ...findIana(tzid)];
      this.known.set(
        tzid,
        names.find((name) => IANAZone.isValidZone(name)),
      );
    }
    return this.known.get(tzid);
  }

  private writtenZone(tzid: string): ICAL.Timezone | undefined {
    if (this.written.size === 0) {
      for (const component of this.calendar.getAllSubcomponents('vtimezone')) {
        const zone = new ICAL.Timezone(component);
        this.written.set(zone.tzid, zone);
      }
    }
    return this.written.get(tzid);
  }
}

function inZone(time: ICAL.Time, zone: ICAL.Timezone): Date {
  const there = time.clone();
  there.zone = zone;
  return there.toJSDate();
}
