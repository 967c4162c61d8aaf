import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { readSettings } from '../../src/config.js';

const folder = mkdtempSync(join(tmpdir(), 'quorate-settings-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const PRODUCTION = {
  NODE_ENV: 'production',
  DATABASE_URL: 'postgresql://quorate_app@db.example/quorate',
  BASE_URL: 'https://quorate.northshire.example',
  SMTP_URL: 'smtp://relay.example:587',
  MAIL_DOMAIN: 'reply.northshire.example',
  LINK_PEPPER: 'p'.repeat(32),
  SEALING_KEY: 'ab'.repeat(32),
  SESSION_SECRET: 's'.repeat(32),
  TRUST_PROXY: '10.0.0.2',
};

describe('the settings', () => {
  it('of a trial need nothing, and keep the secrets they made', () => {
    const trial = { folder, appUrl: 'postgresql://a', ownerUrl: 'postgresql://o', mailUrl: 'postgresql://m' };
    const first = readSettings({}, trial);
    expect(first.baseUrl).toBe('http://localhost:3000');
    expect(readSettings({}, trial).linkPepper).toBe(first.linkPepper);
    expect(readSettings({ PORT: '' }, trial).port).toBe(3000);
    expect(first.mailHoldSeconds).toBe(0);
  });

  it('of production are taken when all are there', () => {
    const settings = readSettings(PRODUCTION, { folder: '/nowhere' });
    expect(settings).toMatchObject({
      production: true,
      mailHoldSeconds: 60,
      mailDomain: 'reply.northshire.example',
      trustProxy: ['10.0.0.2'],
    });
  });
});

describe('refuses', () => {
  it.each(Object.keys(PRODUCTION).filter((name) => name !== 'NODE_ENV'))('production without %s', (name) => {
    const rest = Object.fromEntries(Object.entries(PRODUCTION).filter(([key]) => key !== name));
    expect(() => readSettings(rest, { folder: '/nowhere' })).toThrow(new RegExp(`${name} is not set`));
  });

  it.each([
    ['BASE_URL', 'http://quorate.example', /https/],
    ['SEALING_KEY', 'short', /SEALING_KEY must be 64 hexadecimal digits/],
    ['LINK_PEPPER', 'short', /LINK_PEPPER must have at least 32 characters/],
    ['SMTP_URL', 'relay.example', /SMTP_URL must start with smtp/],
    ['PORT', '70000', /PORT/],
    ['QUORATE_ROLE', 'mail', /QUORATE_ROLE/],
  ])('%s=%s', (name, value, sentence) => {
    expect(() => readSettings({ ...PRODUCTION, [name]: value }, { folder: '/nowhere' })).toThrow(sentence);
  });
});
