import { enumOf } from '../graphql/enums.js';
import { AGENCY_CATEGORIES, CATEGORY_LABELS } from './agency-category.js';
import { CONTACT_STATUSES, VERIFIED_HOW, VERIFIED_LABELS } from './contact.js';
import { END_REASONS } from './holding.js';

export const CategoryCode = enumOf(
  'AgencyCategory',
  AGENCY_CATEGORIES,
  'What kind of agency it is: what quorum counts.',
  CATEGORY_LABELS,
);

export const ContactStatusCode = enumOf('ContactStatus', CONTACT_STATUSES, 'Whether somebody can be asked.', {
  ACTIVE: 'Can be asked',
  UNVERIFIED: 'Can be asked, though their particulars are in doubt',
  ON_LEAVE: 'Away for now',
  LEFT: 'Has left and is never asked again',
  MERGED: 'Was the same person as another contact',
});

export const VerifiedHowCode = enumOf(
  'VerifiedHow',
  VERIFIED_HOW,
  'How somebody’s particulars were last found to be right.',
  VERIFIED_LABELS,
);

export const EndReasonCode = enumOf('EndReason', END_REASONS, 'Why somebody no longer holds a post.');
