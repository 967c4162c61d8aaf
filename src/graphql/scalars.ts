import { type CustomScalar, Scalar } from '@nestjs/graphql';
import { GraphQLError, Kind, type ValueNode } from 'graphql';

const INSTANT =
  /^(\d{4})-(\d\d)-(\d\d)T([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.\d{1,9})?)?(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)$/;
const DATE = /^(\d{4})-(\d\d)-(\d\d)$/;

/** A moment. JavaScript alone would take 30 February for 2 March, and 24:00 for the next day. */
@Scalar('Instant', () => Date)
export class InstantScalar implements CustomScalar<string, Date> {
  description = 'A moment with its offset, such as `2026-12-02T10:00:00Z`. Always given back in UTC.';

  serialize = (value: unknown): string => {
    const at = value instanceof Date ? value : new Date(String(value));
    return at.toISOString();
  };

  parseValue = (value: unknown): Date => {
    const parts = typeof value === 'string' ? INSTANT.exec(value) : null;
    if (parts === null || !isDay(parts)) throw new GraphQLError('Not a moment: write it like 2026-12-02T10:00:00Z');
    return new Date(String(value));
  };

  parseLiteral = (node: ValueNode): Date => this.parseValue(node.kind === Kind.STRING ? node.value : undefined);
}

/** A day without a time, as `YYYY-MM-DD`; stands for the type in fields. */
// eslint-disable-next-line @typescript-eslint/no-extraneous-class -- a name for the type, nothing more
export class LocalDate {}

@Scalar('LocalDate', () => LocalDate)
export class LocalDateScalar implements CustomScalar<string, string> {
  description = 'A day in the authority’s own calendar, such as `2026-12-04`.';

  serialize = (value: unknown): string => String(value);

  parseValue = (value: unknown): string => {
    const parts = typeof value === 'string' ? DATE.exec(value) : null;
    if (parts === null || !isDay(parts)) throw new GraphQLError('Not a day: write it like 2026-12-04');
    return String(value);
  };

  parseLiteral = (node: ValueNode): string => this.parseValue(node.kind === Kind.STRING ? node.value : undefined);
}

/** Is there such a day? */
function isDay([, year, month, day]: RegExpExecArray): boolean {
  const [y, m, d] = [Number(year), Number(month), Number(day)];
  return y >= 1900 && m >= 1 && m <= 12 && d >= 1 && d <= new Date(Date.UTC(y, m, 0)).getUTCDate();
}
