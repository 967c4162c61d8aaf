/**
 * Another address of a contact, which a coordinator has recognised: the account that their telephone answers from, the
 * office's shared calendar. Answers under it are theirs; mail is never sent there.
 */
export class ContactAlias {
  authorityId: number;
  id: string;
  contactId: string;
  address: string;
  /** What all spellings of the address have in common. */
  addressKey: string;
  addedBy: string;
  addedAt: Date;
}
