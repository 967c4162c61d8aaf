/** What was measured, as tables for a page. */
import { median, type Shown } from './measuring.js';
import { type Question, TITLES } from './questions.js';

export interface Result {
  readonly question: Question;
  readonly connections: number;
  readonly ours: readonly Shown[];
  readonly bare: readonly Shown[];
}

export interface Growth {
  readonly question: Question;
  readonly smaller: readonly Shown[];
  readonly bigger: readonly Shown[];
}

type Take = (shown: Shown) => number;

const digits = (value: number): string => {
  if (Number.isNaN(value)) return '–';
  if (value >= 100) return value.toFixed(0);
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
};
const of = (shown: readonly Shown[], take: Take): string => digits(median(shown.map(take)));

/** The median of the rounds' own ratios, since the two sides of a round were measured next to each other. */
function ratio(over: readonly Shown[], under: readonly Shown[], take: Take): string {
  return median(over.map((shown, round) => take(shown) / take(under[round] ?? shown))).toFixed(2);
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

/** Medians of the rounds; ours first, then the bare server's. */
export function resultTable(results: readonly Result[]): string {
  const lines = [
    row(['Question', 'At once', 'Requests/s', 'Ratio', 'CPU ms', 'PostgreSQL CPU ms', 'p50 ms', 'p99 ms', 'Memory MB']),
    row(['---', '--:', '--:', '--:', '--:', '--:', '--:', '--:', '--:']),
  ];
  for (const { question, connections, ours, bare } of results) {
    const both = (take: Take): string => `${of(ours, take)} / ${of(bare, take)}`;
    lines.push(
      row([
        TITLES[question],
        String(connections),
        both(({ perSecond }) => perSecond),
        `**${ratio(ours, bare, ({ perSecond }) => perSecond)}**`,
        both(({ cpu }) => cpu),
        both(({ postgresCpu }) => postgresCpu),
        both(({ p50 }) => p50),
        both(({ p99 }) => p99),
        both(({ memory }) => memory),
      ]),
    );
  }
  return `\n${lines.join('\n')}\n`;
}

/** The service with two sizes of its tables. */
export function growthTable(results: readonly Growth[], smaller: number, bigger: number): string {
  const sizes = [smaller, bigger].map((size) => size.toLocaleString('en-GB'));
  const lines = [
    row(['Question', `Requests/s, ${sizes.join(' / ')} meetings`, 'Ratio', 'PostgreSQL CPU ms', 'Bytes an answer']),
    row(['---', '--:', '--:', '--:', '--:']),
  ];
  for (const { question, smaller: small, bigger: big } of results) {
    const both = (take: Take): string => `${of(small, take)} / ${of(big, take)}`;
    const perSecond: Take = (shown) => shown.perSecond;
    const cells = [
      both(perSecond),
      `**${ratio(big, small, perSecond)}**`,
      both((shown) => shown.postgresCpu),
      both((shown) => shown.size),
    ];
    lines.push(row([TITLES[question], ...cells]));
  }
  return `\n${lines.join('\n')}\n`;
}
