/**
 * What a person would read of an HTML message, without its looks: for a coordinator who has to see what somebody wrote,
 * never for showing as HTML. Goes through the text once, whatever it contains.
 */

const HIDDEN = ['script', 'style', 'head', 'title'];
const BREAKS = /^\/?(?:br|p|div|tr|li|ul|ol|table|h[1-6]|blockquote)\b/i;
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

/** The words of it, lines where a reader would see lines; at most `most` characters. */
export function textOfHtml(html: string, most: number): string {
  let words = '';
  let at = 0;
  while (at < html.length && words.length < most) {
    const opens = html.indexOf('<', at);
    words += html.slice(at, opens === -1 ? html.length : opens);
    if (opens === -1) break;
    const closes = html.indexOf('>', opens);
    if (closes === -1) break;
    const tag = html.slice(opens + 1, Math.min(closes, opens + 200));
    if (BREAKS.test(tag)) words += '\n';
    at = endOf(html, tag, closes + 1);
  }
  return unescape(words.slice(0, most))
    .replace(/[ \t]+/g, ' ')
    .replace(/ ?\n(?: ?\n)+/g, '\n\n')
    .trim();
}

/** Where reading goes on after a tag: behind the end of what is never shown. */
function endOf(html: string, tag: string, from: number): number {
  const name = /^[a-z]+/i.exec(tag)?.[0].toLowerCase() ?? '';
  if (!HIDDEN.includes(name)) return from;
  const ends = html.toLowerCase().indexOf(`</${name}`, from);
  return ends === -1 ? html.length : ends;
}

function unescape(text: string): string {
  return text.replace(/&(#x?[0-9a-f]{1,6}|[a-z]{2,6});/gi, (whole, code: string) => {
    if (!code.startsWith('#')) return ENTITIES[code.toLowerCase()] ?? whole;
    const point = code[1]?.toLowerCase() === 'x' ? parseInt(code.slice(2), 16) : parseInt(code.slice(1), 10);
    return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : ' ';
  });
}
