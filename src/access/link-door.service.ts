import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { type Request, type Response } from 'express';
import { type Settings, SETTINGS } from '../config.js';
import { RuleBroken } from '../errors.js';
import { cookieName, dropCookie, keepCookie, readCookie } from '../web/cookies.js';
import { showAuthority } from '../web/page.js';
import { FormNonces, type FormPlace } from './form-nonces.service.js';
import { type FoundLink } from './found-link.js';
import { LinksService } from './links.service.js';
import { RateLimits } from './rate-limits.service.js';
import { VISIT_COOKIE } from './visitor.guard.js';
import { VisitsService } from './visits.service.js';

const FORM_COOKIE = 'form';
const BROWSER = /^[A-Za-z0-9_-]{22}$/;
/** As long as a form may be sent. */
const FORM_MS = 2 * 60 * 60_000;
/** As long as a visit may last. */
const VISIT_MS = 8 * 60 * 60_000;

/** The way in for whoever opens an emailed link: finds it, gives forms their nonce, opens the visit. */
@Injectable()
export class LinkDoor {
  private readonly https: boolean;

  constructor(
    @Inject(SETTINGS) settings: Settings,
    @Inject(LinksService) private readonly links: LinksService,
    @Inject(VisitsService) private readonly visits: VisitsService,
    @Inject(FormNonces) private readonly nonces: FormNonces,
    @Inject(RateLimits) private readonly limits: RateLimits,
  ) {
    this.https = settings.baseUrl.startsWith('https:');
  }

  /** The link, if it works; the page then says whose it is. Changes nothing. */
  async find(res: Response, secret: string): Promise<FoundLink | undefined> {
    const found = await this.links.find(secret);
    if (found === undefined || found.revoked) return undefined;
    showAuthority(res, found.authority);
    return found;
  }

  /** The one page of links that never were, were taken back, or lead to what their holder may not see: it names nobody. */
  gone(res: Response): void {
    delete res.locals.authority;
    res.status(404).render('access/views/gone.njk');
  }

  /** Gives a form shown now its nonce, and this browser the cookie that goes with it. */
  nonce(req: Request, res: Response, about: string, revision = 0): string {
    const browser = this.browser(req) ?? this.newBrowser(req, res);
    return this.nonces.make({ about, revision, browser });
  }

  /** What a form was shown for, as its nonce must say; undefined where the browser keeps no cookies. */
  private place(req: Request, about: string, revision = 0): FormPlace | undefined {
    const browser = this.browser(req);
    return browser === undefined ? undefined : { about, revision, browser };
  }

  /** Throws FORM_EXPIRED, which says `again`, unless a form was sent by somebody who could have read it. */
  mustBeRead(req: Request, nonce: unknown, form: { about: string; revision?: number; again: string }): string {
    const place = this.place(req, form.about, form.revision);
    const given = typeof nonce === 'string' ? nonce : '';
    if (place !== undefined && this.nonces.judge(given, place) === 'GOOD') return given;
    throw new RuleBroken('FORM_EXPIRED', `Nothing has been sent yet. ${form.again}`);
  }

  /** Throws TOO_MANY_TRIES when forms are sent faster than people do: 30 an hour a link, 600 an hour from one place. */
  async mustNotRush(req: Request, about: string): Promise<void> {
    const place = { key: `from:${req.ip ?? ''}`, most: 600, minutes: 60 };
    if (await this.limits.within({ key: `form:${about}`, most: 30, minutes: 60 }, place)) return;
    throw new RuleBroken('TOO_MANY_TRIES', 'That was too often for one hour. Wait a while, or ring us');
  }

  /** Opens a visit and gives its secret to this browser. */
  async visit(res: Response, found: FoundLink): Promise<void> {
    keepCookie(res, this.https, VISIT_COOKIE, { value: await this.visits.open(found), maxAge: VISIT_MS });
  }

  /** Makes this browser forget its visit. */
  forget(res: Response): void {
    dropCookie(res, this.https, VISIT_COOKIE);
  }

  private browser(req: Request): string | undefined {
    const kept = readCookie(req, cookieName(this.https, FORM_COOKIE));
    return kept !== undefined && BROWSER.test(kept) ? kept : undefined;
  }

  /** The secret of a browser that has none yet; several forms of one page share it. */
  private newBrowser(req: Request, res: Response): string {
    const value = randomBytes(16).toString('base64url');
    keepCookie(res, this.https, FORM_COOKIE, { value, maxAge: FORM_MS });
    req.headers.cookie = `${req.headers.cookie ?? ''}; ${cookieName(this.https, FORM_COOKIE)}=${value}`;
    return value;
  }
}
