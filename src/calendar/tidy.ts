/*
 * The shape every calendar program can read (RFC 5545 sections 3.1 and 3.6): a block's own lines before the blocks
 * inside it, lines of at most 75 octets folded between characters, `mailto:` in lower case, CRLF also at the end.
 */

const LONGEST_LINE = 75;

/** A block between BEGIN and END: its own lines, unfolded, and the blocks inside. */
export interface Block {
  name: string;
  lines: string[];
  blocks: Block[];
}

/** The lines of a calendar with the folding taken out. */
export function unfold(text: string): string[] {
  return text
    .replace(/\r\n[ \t]/g, '')
    .split('\r\n')
    .filter((line) => line !== '');
}

/* Fills a block from the line after its BEGIN and answers where its END stands. */
function fill(block: Block, lines: string[], from: number): number {
  for (let at = from; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    if (line.startsWith('END:')) {
      if (line === `END:${block.name}`) return at;
      throw new Error(`${line} closes nothing.`);
    }
    if (line.startsWith('BEGIN:')) {
      const inner: Block = { name: line.slice('BEGIN:'.length), lines: [], blocks: [] };
      block.blocks.push(inner);
      at = fill(inner, lines, at + 1);
    } else {
      block.lines.push(line);
    }
  }
  throw new Error(`BEGIN:${block.name} is not closed.`);
}

/** Reads lines into blocks; the outermost block stands for the file. Throws if BEGIN and END do not pair. */
export function readBlocks(lines: string[]): Block {
  const file: Block = { name: 'file', lines: [], blocks: [] };
  fill(file, [...lines, 'END:file'], 0);
  return file;
}

function print(block: Block): string[] {
  return [`BEGIN:${block.name}`, ...block.lines, ...block.blocks.flatMap(print), `END:${block.name}`];
}

function fold(line: string): string {
  let folded = '';
  let octets = 0;
  for (const character of line) {
    const size = Buffer.byteLength(character);
    if (octets + size > LONGEST_LINE) {
      folded += '\r\n ';
      octets = 1;
    }
    folded += character;
    octets += size;
  }
  return folded;
}

const lowerMailto = (line: string): string =>
  line.startsWith('ATTENDEE') ? line.replace(':MAILTO:', ':mailto:') : line;

/** Puts what the builder printed into the shape every reader accepts; the content stays the same. */
export function tidy(text: string): string {
  return readBlocks(unfold(text))
    .blocks.flatMap(print)
    .map((line) => `${fold(lowerMailto(line))}\r\n`)
    .join('');
}
