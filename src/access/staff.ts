/**
 * A member of the council's staff who signs in: a coordinator, a designated officer, a chair. Their rights are read
 * anew on each request, so that taking one away works at once. Staff may be contacts too: the chair counts for quorum.
 */
import { type Actor, type Desk, type StaffRole } from './actor.js';

export class Staff {
  authorityId = 0;
  id = '';
  version = 1;
  name = '';
  email = '';
  roles: StaffRole[] = [];
  desk: Desk | null = null;
  contactId: string | null = null;
  disabledAt: Date | null = null;
  createdAt = new Date(0);

  /** This person as the one who acts. */
  asActor(): Actor {
    const { authorityId, id, name, roles, desk } = this;
    return { kind: 'STAFF', authorityId, id, name, knowsAs: id, roles, scopes: [], ...(desk ? { desk } : {}) };
  }
}
