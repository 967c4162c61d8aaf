/** Addresses that lead inside, or nowhere anybody should be led. */
const FOUR = [
  ...[
    '0.0.0.0',
    '0.1.2.3',
    '10.0.0.1',
    '10.255.255.255',
    '100.64.0.1',
    '100.100.100.200',
    '127.0.0.1',
    '127.255.255.254',
  ],
  ...['169.254.169.254', '169.254.0.1', '172.16.0.1', '172.31.255.255', '192.0.0.1', '192.0.2.1', '192.168.0.1'],
  ...['192.168.255.255', '198.18.0.1', '198.51.100.7', '203.0.113.9', '224.0.0.1', '239.255.255.250', '240.0.0.1'],
  ...['255.255.255.255', '168.63.129.16', '192.88.99.1'],
];
const SIX = [
  ...['::', '::1', 'fe80::1', 'fe80::1%eth0', 'febf::1', 'fec0::1', 'fc00::1', 'fd00:ec2::254', 'ff02::1', 'ff0e::1'],
  ...['2001:db8::1', '3fff::1', '2001::1', '2001:2::1', '2001:10::1', '2001:20::1', '100::1', '4000::1', '5f00::1'],
  ...['64:ff9b:1::1', '::8.8.8.8', '2606:4700::5efe:10.0.0.1', '2606:4700::200:5efe:a00:1'],
];

const bytesOf = (four: string): number[] => four.split('.').map(Number);
const hex = (...bytes: number[]): string => bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('');

/** The forms in which one IPv4 address hides in an IPv6 one. */
function wrapped(four: string): string[] {
  const [a = 0, b = 0, c = 0, d = 0] = bytesOf(four);
  const [high, low] = [hex(a, b), hex(c, d)];
  return [
    ...[`::ffff:${four}`, `::ffff:${high}:${low}`, `0:0:0:0:0:ffff:${high}:${low}`, `::${high}:${low}`],
    ...[`::ffff:0:${high}:${low}`, `64:ff9b::${high}:${low}`, `64:ff9b::${four}`, `64:ff9b:1::${high}:${low}`],
    ...[`2002:${high}:${low}::`, `2002:${high}:${low}::1`, `2001:0:${high}:${low}::1`, `2001::${high}:${low}`],
  ];
}

/** As a resolver may answer. */
export const INSIDE: readonly string[] = [...new Set([...FOUR, ...SIX, ...FOUR.flatMap(wrapped)])];

/** The forms in which a browser understands one IPv4 address in a web address. */
function written(four: string): string[] {
  const [a = 0, b = 0, c = 0, d = 0] = bytesOf(four);
  const whole = ((a * 256 + b) * 256 + c) * 256 + d;
  const wide = Array.from(four, (sign) => (sign === '.' ? '\u3002' : String.fromCodePoint(0xff10 + Number(sign)))).join(
    '',
  );
  return [
    ...[four, `${four}.`, String(whole), `0x${whole.toString(16)}`, `0${whole.toString(8)}`, wide],
    ...[
      `${a}.${b}.${c * 256 + d}`,
      `${a}.${(b * 256 + c) * 256 + d}`,
      [a, b, c, d].map((n) => `0x${n.toString(16)}`).join('.'),
    ],
    ...[[a, b, c, d].map((n) => `0${n.toString(8)}`).join('.'), four.replaceAll('.', '%2e'), `user:pw@${four}`],
  ];
}

/** Web addresses that must not be asked, whatever names lead to. */
export const NO_ADDRESSES: readonly string[] = [
  ...FOUR.flatMap(written).map((host) => `https://${host}/calendar.ics`),
  ...INSIDE.filter((address) => address.includes(':')).map((address) => `https://[${address}]/calendar.ics`),
  ...['localhost', 'LOCALHOST', 'localhost.', 'intranet', 'calendars.example.', '-a.example', 'a..example'].map(
    (host) => `https://${host}/calendar.ics`,
  ),
  ...['http', 'ftp', 'file', 'gopher', 'javascript', 'data', 'ws', 'ldap'].map(
    (scheme) => `${scheme}://calendars.example/`,
  ),
  ...[80, 22, 25, 8080, 8443, 5432, 65535].map((port) => `https://calendars.example:${port}/`),
  ...['https://me@calendars.example/', 'https://me:pw@calendars.example/', 'https://calendars.example@127.0.0.1/'],
  ...[
    'https:\\\\127.0.0.1\\',
    'https:///127.0.0.1/',
    '//127.0.0.1/',
    '127.0.0.1',
    `https://calendars.example/${'x'.repeat(2_000)}`,
  ],
];
