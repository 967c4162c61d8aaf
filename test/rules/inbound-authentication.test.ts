import { describe, expect, it } from '@jest/globals';
import { siteSpf } from '../../src/mail/inbound/authentication-results.js';

const header = (value: string): { key: string; value: string } => ({ key: 'authentication-results', value });
const ours = (rest: string): { key: string; value: string } => header(`mx.northshire.example; ${rest}`);
const spf = (...headers: { key: string; value: string }[]): object => siteSpf(headers, 'mx.northshire.example');

describe('what the site’s own mail server found', () => {
  it('is read from its line, remarks left out', () => {
    expect(spf(ours('dkim=none; spf=pass (sender (really) is; spf=fail) smtp.mailfrom=Bo@Force.Example'))).toEqual({
      domain: 'force.example',
      result: 'pass',
    });
    expect(spf(ours('spf=softfail smtp.helo=mail.force.example'))).toMatchObject({ domain: 'mail.force.example' });
  });
});

describe('refuses', () => {
  it('what another server, or somebody in its name further down, wrote', () => {
    const none = { domain: null, result: 'none' };
    expect(spf(header('mx.evil.example; spf=pass smtp.mailfrom=a@force.example'))).toEqual(none);
    expect(spf(header('mx.evil.example; spf=fail'), ours('spf=pass smtp.mailfrom=a@force.example'))).toEqual(none);
    expect(spf(header('x (mx.northshire.example); spf=pass'))).toEqual(none);
    expect(spf()).toEqual(none);
    expect(siteSpf([ours('spf=pass smtp.mailfrom=a@force.example')], undefined)).toEqual(none);
  });
});
