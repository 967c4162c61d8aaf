import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { type Settings, SETTINGS } from '../config.js';

const NONCE = 12;
const TAG = 16;

/**
 * Secrets at rest. Sealed values can be read back only with the key, and only at the place they were sealed for;
 * hashes of link secrets are keyed, so whoever can write the database still cannot make a link.
 */
@Injectable()
export class Sealing {
  private readonly key: KeyObject;

  constructor(@Inject(SETTINGS) private readonly settings: Settings) {
    this.key = createSecretKey(settings.sealingKey);
  }

  /** Seals bytes for one place, such as `5|message|<id>|bytes`. */
  seal(content: Buffer, place: string): Buffer {
    const nonce = randomBytes(NONCE);
    const cipher = createCipheriv('aes-256-gcm', this.key, nonce).setAAD(Buffer.from(place));
    const sealed = Buffer.concat([cipher.update(content), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
  }

  /** Opens what was sealed for this place; throws when it was changed or moved. */
  open(sealed: Buffer, place: string): Buffer {
    const decipher = createDecipheriv('aes-256-gcm', this.key, sealed.subarray(0, NONCE));
    decipher.setAAD(Buffer.from(place)).setAuthTag(sealed.subarray(NONCE, NONCE + TAG));
    return Buffer.concat([decipher.update(sealed.subarray(NONCE + TAG)), decipher.final()]);
  }

  /** The keyed hash a secret is found by; `use` keeps links, visits and partners' tokens apart. */
  hash(use: string, secret: string): Buffer {
    return createHmac('sha256', this.settings.linkPepper).update(`${use}|${secret}`).digest();
  }
}
