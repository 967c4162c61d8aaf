/**
 * The bank holidays of the United Kingdom, 2026 to 2028. Source: https://www.gov.uk/bank-holidays.json, whose three
 * divisions are England and Wales, Scotland, and Northern Ireland. A substitute day stands where the holiday itself
 * falls on a weekend. This is the copy that ships with the service: the last day it knows is `HOLIDAYS_KNOWN_UNTIL`,
 * and whoever counts working days past it says so.
 */
export type Jurisdiction = 'ENGLAND' | 'WALES' | 'SCOTLAND' | 'NORTHERN_IRELAND';

const ALL: readonly Jurisdiction[] = ['ENGLAND', 'WALES', 'SCOTLAND', 'NORTHERN_IRELAND'];
const NOT_SCOTLAND: readonly Jurisdiction[] = ['ENGLAND', 'WALES', 'NORTHERN_IRELAND'];
const NORTHERN_IRELAND: readonly Jurisdiction[] = ['NORTHERN_IRELAND'];
const SCOTLAND: readonly Jurisdiction[] = ['SCOTLAND'];

export const HOLIDAYS_KNOWN_FROM = '2026-01-01';
export const HOLIDAYS_KNOWN_UNTIL = '2028-12-31';

interface BankHoliday {
  readonly date: string;
  readonly name: string;
  readonly where: readonly Jurisdiction[];
}

function holidays(where: readonly Jurisdiction[], named: Record<string, string>): BankHoliday[] {
  return Object.entries(named).map(([date, name]) => ({ date, name, where }));
}

export const BANK_HOLIDAYS: readonly BankHoliday[] = [
  ...holidays(ALL, {
    '2026-01-01': 'New Year’s Day',
    '2026-04-03': 'Good Friday',
    '2026-05-04': 'the early May bank holiday',
    '2026-05-25': 'the spring bank holiday',
    '2026-12-25': 'Christmas Day',
    '2026-12-28': 'Boxing Day (substitute day)',
    '2027-01-01': 'New Year’s Day',
    '2027-03-26': 'Good Friday',
    '2027-05-03': 'the early May bank holiday',
    '2027-05-31': 'the spring bank holiday',
    '2027-12-27': 'Christmas Day (substitute day)',
    '2027-12-28': 'Boxing Day (substitute day)',
    '2028-01-03': 'New Year’s Day (substitute day)',
    '2028-04-14': 'Good Friday',
    '2028-05-01': 'the early May bank holiday',
    '2028-05-29': 'the spring bank holiday',
    '2028-12-25': 'Christmas Day',
    '2028-12-26': 'Boxing Day',
  }),
  ...holidays(NOT_SCOTLAND, {
    '2026-04-06': 'Easter Monday',
    '2026-08-31': 'the summer bank holiday',
    '2027-03-29': 'Easter Monday',
    '2027-08-30': 'the summer bank holiday',
    '2028-04-17': 'Easter Monday',
    '2028-08-28': 'the summer bank holiday',
  }),
  ...holidays(NORTHERN_IRELAND, {
    '2026-03-17': 'St Patrick’s Day',
    '2026-07-13': 'Battle of the Boyne (substitute day)',
    '2027-03-17': 'St Patrick’s Day',
    '2027-07-12': 'Battle of the Boyne',
    '2028-03-17': 'St Patrick’s Day',
    '2028-07-12': 'Battle of the Boyne',
  }),
  ...holidays(SCOTLAND, {
    '2026-01-02': '2nd January',
    '2026-06-15': 'the World Cup bank holiday',
    '2026-08-03': 'the summer bank holiday',
    '2026-11-30': 'St Andrew’s Day',
    '2027-01-04': '2nd January (substitute day)',
    '2027-08-02': 'the summer bank holiday',
    '2027-11-30': 'St Andrew’s Day',
    '2028-01-04': '2nd January (substitute day)',
    '2028-08-07': 'the summer bank holiday',
    '2028-11-30': 'St Andrew’s Day',
  }),
];
