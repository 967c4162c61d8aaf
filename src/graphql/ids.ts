/** Ids as programs see them: the type and the key of a row, in base64url, so that one id names one thing everywhere. */
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** An id that no row has: what a malformed id is read as, so that it is simply not there. */
export const NOBODY = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

export interface GlobalId {
  readonly type: string;
  readonly key: string;
}

export function globalId(type: string, key: string): string {
  return Buffer.from(`${type}:${key}`).toString('base64url');
}

/** What an id names, or nothing for something that is no id. */
export function readGlobalId(id: string): GlobalId | undefined {
  const text = /^[A-Za-z0-9_-]{1,200}$/.test(id) ? Buffer.from(id, 'base64url').toString('utf8') : '';
  const [, type, key] = /^([A-Za-z]{1,40}):([\x21-\x7e]{1,100})$/.exec(text) ?? [];
  if (type === undefined || key === undefined || globalId(type, key) !== id) return undefined;
  return { type, key };
}

/** The uuid of an id of one type; of anything else an id that no row has. */
export function uuidOf(type: string, id: string): string {
  const found = readGlobalId(id);
  return found?.type === type && UUID.test(found.key) ? found.key : NOBODY;
}

export function isUuid(key: string): boolean {
  return UUID.test(key);
}

/**
 * The same id made in SQL from a key's text. Names of types and keys are letters, digits, colon, hyphen and underscore,
 * fewer than 57: of these base64 makes neither `+` nor `/` nor a second line, so that only the padding has to go.
 */
export function globalIdSql(type: string, key: string): string {
  return `rtrim(encode(convert_to('${type}:' || ${key}, 'UTF8'), 'base64'), '=')`;
}

/** Text in base64url, made in SQL; `encode` breaks lines, which `translate` takes out. */
export function base64UrlSql(text: string): string {
  return `translate(encode(convert_to(${text}, 'UTF8'), 'base64'), E'+/=\\n', '-_')`;
}
