import { type Type } from '@nestjs/common';
import { ObjectType } from '@nestjs/graphql';

/** Types without rows of their own: parts of a field's JSON, seen by whoever sees that field. */
export const plainTypes = new Map<unknown, string>([]);

/** Marks a class as such a type. */
export function PlainType(name: string, description: string): ClassDecorator {
  return (type) => {
    plainTypes.set(type, name);
    ObjectType(name, { description })(type as unknown as Type);
  };
}

export function isPlainType(name: string): boolean {
  return name === 'Problem' || [...plainTypes.values()].includes(name);
}
