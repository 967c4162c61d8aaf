import { randomUUIDv7 } from 'node:crypto';

/** A new id; they sort by the time they were made. Made here and not by the database, which may be an older release. */
export const newId = (): string => randomUUIDv7();
