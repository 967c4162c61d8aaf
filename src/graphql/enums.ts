import { registerEnumType } from '@nestjs/graphql';

/** Makes a list of codes of the domain into an enum of the schema; each value may have its own words. */
export function enumOf(
  name: string,
  values: readonly string[],
  description: string,
  words: Partial<Readonly<Record<string, string>>> = {},
): object {
  const codes = Object.fromEntries(values.map((value) => [value, value]));
  const valuesMap = Object.fromEntries(
    values.flatMap((value) => (words[value] === undefined ? [] : [[value, { description: `${words[value]}.` }]])),
  );
  registerEnumType(codes, { name, description, valuesMap });
  return codes;
}
