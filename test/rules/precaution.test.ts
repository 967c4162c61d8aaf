import { describe, expect, it } from '@jest/globals';
import { passPrecautions, precautionsOf, type Recipient } from '../../src/meetings/precautions/precaution.js';
import { refusal } from '../support/refusal.js';

const person = (n: number, more: Partial<Recipient> = {}): Recipient => ({
  name: `Person ${n}`,
  email: `p${n}@police.example`,
  agencyDomains: ['police.example'],
  colleagues: [],
  ...more,
});
const people = (count: number): Recipient[] => Array.from({ length: count }, (_, n) => person(n));

describe('before invitations leave', () => {
  it('ten people at their agencies’ addresses are not asked about', () => {
    expect(precautionsOf(people(10))).toEqual([]);
  });

  it('eleven are, and so is each strange address', () => {
    const found = precautionsOf([...people(10), person(11, { email: 'pat@gmail.com' })]);
    expect(found.map(({ kind }) => kind)).toEqual(['MANY', 'ADDRESS']);
    expect(found[1]?.message).toContain('pat@gmail.com');
  });

  it('an agency of which no domain is known says nothing about addresses', () => {
    expect(precautionsOf([person(1, { agencyDomains: [], email: 'pat@gmail.com' })])).toEqual([]);
    expect(precautionsOf([person(1, { agencyDomains: null })])).toEqual([]);
  });

  it('go once somebody has looked', () => {
    expect(() => {
      passPrecautions(precautionsOf(people(11)), true);
    }).not.toThrow();
  });
});

describe('refuses', () => {
  it('many people and an address almost a colleague’s until somebody has looked', () => {
    const like = person(1, { email: 'marc@police.example', colleagues: ['mark@police.example'] });
    expect(
      refusal(() => {
        passPrecautions(precautionsOf(people(11)), false);
      }),
    ).toMatchObject({ code: 'NEEDS_CONFIRMATION', field: 'sure' });
    expect(
      refusal(() => {
        passPrecautions(precautionsOf([like]), false);
      }),
    ).toMatchObject({ code: 'NEEDS_CONFIRMATION', field: 'sure' });
  });
});
