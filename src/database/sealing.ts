import { createHmac } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { type Settings, SETTINGS } from '../config.js';
import { openWith, sealWith } from './sealed.js';

/**
 * Secrets at rest. Sealed values can be read back only with the key, and only at the place they were sealed for;
 * hashes of link secrets are keyed, so whoever can write the database still cannot make a link.
 */
@Injectable()
export class Sealing {
  constructor(@Inject(SETTINGS) private readonly settings: Settings) {}

  /** Seals bytes for one place, such as `5|message|<id>|bytes`. */
  seal(content: Buffer, place: string): Buffer {
    return sealWith(this.settings.sealingKey, content, place);
  }

  /** Opens what was sealed for this place; throws when it was changed or moved. */
  open(sealed: Buffer, place: string): Buffer {
    return openWith(this.settings.sealingKey, sealed, place);
  }

  /** The keyed hash a secret is found by; `use` keeps links, visits and partners' tokens apart. */
  hash(use: string, secret: string): Buffer {
    return createHmac('sha256', this.settings.linkPepper).update(`${use}|${secret}`).digest();
  }
}
