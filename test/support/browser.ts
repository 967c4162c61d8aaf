import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import AxeBuilderSource from 'axe-core';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { loadDemonstration } from '../../src/demonstration/load-demonstration.js';
import { startService, type TestService } from './service.js';

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'];
const SCREENS = join(import.meta.dirname, '../../coverage/screens');

/** Without Chromium the tests of pages are skipped with a word of how to get it; CI does without no check. */
export const hasChromium = existsSync(CHROMIUM);
if (!hasChromium && process.env.CI !== 'true') {
  process.stderr.write(
    'Pages are not tested in a browser: install Chromium (apt-get install chromium) or set CHROMIUM.\n',
  );
}
export const canBrowse = hasChromium || process.env.CI === 'true';

/** A free port below those that systems give away by themselves. */
async function freePort(): Promise<number> {
  for (let port = 21_000 + (process.pid % 5_000); ; port += 1) {
    const free = await new Promise<boolean>((resolve) => {
      const probe = createServer()
        .once('error', () => {
          resolve(false);
        })
        .listen(port, '127.0.0.1', () =>
          probe.close(() => {
            resolve(true);
          }),
        );
    });
    if (free) return port;
  }
}

export interface BrowsedService {
  readonly service: TestService;
  readonly base: string;
  readonly browser: Browser;
  /** A fresh person: their own cookies, a desk's or a phone's screen, with JavaScript or without. */
  person(how?: { phone?: boolean; script?: boolean }): Promise<Page>;
  stop(): Promise<void>;
}

/** The whole service with the demonstration's people, listening, and a browser to look at it with. */
export async function browseService(options: { story?: boolean } = {}): Promise<BrowsedService> {
  const port = await freePort();
  const base = `http://localhost:${port}`;
  const folder = mkdtempSync(join(tmpdir(), 'quorate-screens-'));
  const service = await startService({ settings: { baseUrl: base, port } });
  await loadDemonstration(service.app, service.settings, folder, options);
  await service.app.listen(port, '127.0.0.1');
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
  const contexts: BrowserContext[] = [];
  return {
    service,
    base,
    browser,
    person: async ({ phone = false, script = true } = {}) => {
      const viewport = phone ? { width: 360, height: 740 } : { width: 1280, height: 900 };
      const context = await browser.newContext({
        viewport,
        javaScriptEnabled: script,
        baseURL: base,
        bypassCSP: false,
      });
      context.setDefaultTimeout(15_000);
      contexts.push(context);
      return context.newPage();
    },
    stop: async () => {
      for (const context of contexts) await context.close();
      await browser.close();
      await service.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/**
 * Keeps a picture for people to look at, and answers what axe finds wrong on the page. One rule is off: GOV.UK's radios say
 * `aria-expanded` where they reveal a question, which screen readers were found to read well.
 */
export async function look(page: Page, name: string): Promise<string[]> {
  mkdirSync(SCREENS, { recursive: true });
  await page.screenshot({ path: join(SCREENS, `${name}.png`), fullPage: true });
  const overflow = await page.evaluate(
    'document.documentElement.scrollWidth > document.documentElement.clientWidth + 1',
  );
  const found = await page.evaluate<{ id: string; nodes: number }[]>(
    `(() => { ${AxeBuilderSource.source}; return axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'], rules: { 'aria-allowed-attr': { enabled: false } } })
      .then((result) => result.violations.map((one) => ({ id: one.id + ': ' + one.nodes.map((n) => n.html).join(' ').slice(0, 200), nodes: one.nodes.length }))); })()`,
  );
  return [
    ...found.map(({ id }) => `${name} ${id}`),
    ...(overflow === true ? [`${name} is wider than the screen`] : []),
  ];
}
