import { Injectable } from '@nestjs/common';

/** The service's clock. Everything that falls due is a row compared with it; tests move it. */
@Injectable()
export class Clock {
  now(): Date {
    return new Date();
  }
}
