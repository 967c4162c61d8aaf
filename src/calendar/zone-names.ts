/*
 * The zone that a calendar's TZID means. Exchange writes Windows names, sometimes with ` 1` behind them; some programs put
 * a path of their own before the name. A zone block that comes along (VTIMEZONE) is never run: its rules can be made to
 * go on for ever, and a name that nobody knows is for a person to look at.
 */
import { IANAZone } from 'luxon';
import * as windows from 'windows-iana';

/** `Europe/London` for `Europe/London`, `GMT Standard Time`, `GMT Standard Time 1`; undefined for what nobody knows. */
export function zoneNamed(tzid: string): string | undefined {
  const plain = tzid.replace(/^"|"$/g, '').trim();
  const path = /[A-Z][A-Za-z_]+\/[A-Za-z_+-]+(?:\/[A-Za-z_]+)?$/.exec(plain)?.[0];
  const spellings = [plain, plain.replace(/ \d+$/, ''), ...(path === undefined ? [] : [path])];
  for (const name of spellings) {
    const found = windows.findIana(name)[0] ?? name;
    if (isZone(found)) return found;
  }
  return undefined;
}

/* Names such as `UTC+9`, which the library knows too, are not names that a calendar means. */
function isZone(name: string): boolean {
  return /^[A-Za-z_]+(\/[A-Za-z_+-]+)*$/.test(name) && IANAZone.isValidZone(name);
}
