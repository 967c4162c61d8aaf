import { Field, ID, InputType } from '@nestjs/graphql';
import { ChangeInput } from '../graphql/change-input.js';
import { column, Node } from '../graphql/graph.js';
import { Payload } from '../graphql/payloads.js';
import { LocalDate } from '../graphql/scalars.js';

const administer = 'administer';

@Node({
  name: 'PartnerToken',
  description: 'What a partner’s system proves itself with. The token itself is kept nowhere.',
  table: 'partner_token',
  policy: administer,
  fields: {
    name: column('name', () => String, { description: 'Which system uses it.', policy: administer }),
    keyId: column('key_id', () => String, { description: 'The part of it that is no secret.', policy: administer }),
    scopes: column('scopes', () => [String], { description: 'What it may be used for.', policy: administer }),
    issuedAt: column('issued_at', () => Date, { description: 'When it was issued.', policy: administer }),
    expiresAt: column('expires_at', () => Date, { description: 'When it ends.', policy: administer }),
    lastUsedOn: column('last_used_on', () => LocalDate, {
      description: 'The last day on which it was used.',
      policy: administer,
    }),
    revokedAt: column('revoked_at', () => Date, { description: 'When it was taken back.', policy: administer }),
  },
})
export class PartnerTokenNode {}

@InputType({ description: 'A token for a partner’s system.' })
export class IssuePartnerTokenInput extends ChangeInput {
  @Field(() => ID, { description: 'The agency it belongs to.' })
  readonly agency: string;

  @Field(() => String, { description: 'Which system uses it.' })
  readonly name: string;

  @Field(() => [String], { description: 'What it may be used for, such as invitations:own-agency.' })
  readonly scopes: string[];

  @Field(() => Date, { description: 'When it ends: within a year.' })
  readonly expiresAt: Date;
}

@InputType({ description: 'A token to be taken back.' })
export class RevokePartnerTokenInput extends ChangeInput {
  @Field(() => ID, { description: 'The token.' })
  readonly partnerToken: string;
}

@Payload({
  name: 'IssuePartnerTokenPayload',
  description: 'The token that was issued.',
  nodes: { partnerToken: () => PartnerTokenNode },
  once: {
    token: {
      type: () => String,
      description: 'The token itself, told this once: null when the same change is sent again.',
    },
  },
})
export class IssuePartnerTokenPayload {}
@Payload({
  name: 'RevokePartnerTokenPayload',
  description: 'The token that was taken back.',
  nodes: { partnerToken: () => PartnerTokenNode },
})
export class RevokePartnerTokenPayload {}
