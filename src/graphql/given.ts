import { uuidOf } from './ids.js';

/** A value that a program left out or set to null, as the services want it: not there. */
export function given<T>(value: T | null | undefined): T | undefined {
  return value ?? undefined;
}

/** The uuid of an id that may have been left out. */
export function givenId(type: string, id: string | null | undefined): string | undefined {
  return id === null || id === undefined ? undefined : uuidOf(type, id);
}

/** Without the parts that were left out, so that the services see them as not there. */
export function compact<T extends object>(value: { readonly [K in keyof T]: T[K] | null | undefined }): T {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined && one !== null)) as T;
}
