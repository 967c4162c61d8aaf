import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Messages } from '../../src/mail/messages/messages.service.js';
import { aKestrel, type Kestrel, theMeeting } from '../support/kestrel.js';
import { startService, type TestService } from '../support/service.js';

let service: TestService;
let cast: Kestrel;

beforeEach(async () => {
  service = await startService();
  cast = await aKestrel(service);
});
afterEach(() => service.stop());

const messages = (): Messages => service.get(Messages);

describe('the page of a message', () => {
  it('says what was sent to whom, when, because of what, and what came back', async () => {
    const meeting = await theMeeting(service, cast);
    await service.mail();
    const lines = await messages().ofMeeting(cast.council.owen, meeting.id);
    const [line] = lines;
    const shown = await messages().show(cast.council.owen, line?.id ?? '');
    expect(shown.message).toMatchObject({ purpose: 'INVITATION', state: 'SENT' });
  });
});
