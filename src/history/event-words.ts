/** How the history says what happened: "Meeting rescheduled", by "Owen Tidy". */

/** Where the name of an event would not be what people say. */
const WORDS: Readonly<Record<string, string>> = {
  'action.not-possible': 'Action not possible any more',
  'action.offer-accepted': 'Action accepted by the new holder of the post',
  'action.offer-queried': 'Query of the new holder of the post about an action',
  'action.offer-withdrawn': 'Action no longer offered',
  'action.offered': 'Action offered to the new holder of the post',
  'action.orphaned': 'Owner of an action has left',
  'action.sent-again': 'Message about an action sent again',
  'claim.confirmed': 'New holder of a post confirmed',
  'claim.made': 'Somebody says that they hold a post now',
  'claim.refused': 'New holder of a post refused',
  'contact.alias-added': 'Another address of a contact recognised',
  'contact.bounced': 'Address of a contact does not work',
  'contact.doubted': 'Details of a contact in doubt',
  'feed.made': 'Private calendar address made',
  'feed.revoked': 'Private calendar address stopped',
  'handover.started': 'What a leaver had is passed on',
  'handover.undone': 'Departure taken back',
  'holding.ended': 'Post given up',
  'holding.resumed': 'Post held again',
  'holding.started': 'Post taken up',
  'invitation.answer-kept': 'Answer kept in the record only',
  'invitation.away-noted': 'Automatic reply noted',
  'invitation.need-changed': 'Changed whether somebody is needed',
  'invitation.proposal-accepted': 'Suggested time taken',
  'invitation.proposal-overtaken': 'Suggested time overtaken',
  'invitation.proposal-refused': 'Suggested time not taken',
  'invitation.re-routed': 'Somebody else asked instead',
  'invitation.receipt-noted': 'Receipt of an invitation noted',
  'invitation.reply-applied': 'Reply taken as an answer',
  'invitation.reply-became-substitute': 'Whoever replied invited as a substitute',
  'invitation.reply-dismissed': 'Reply put aside',
  'invitation.reply-held': 'Reply waits to be looked at',
  'invitation.reply-recognised': 'Reply recognised as theirs',
  'invitation.resent': 'Invitation sent again',
  'invitation.time-proposed': 'Another time suggested',
  'link.sent-again': 'Link sent again',
  'mail.held': 'Incoming mail waits to be looked at',
  'mail.read': 'Incoming mail read',
  'mail.released': 'Held mail released',
  'message.bounced': 'Message came back',
  'message.tried-again': 'Message to be tried again',
  'own-calendar.given': 'Published calendar given',
  'own-calendar.stopped': 'Published calendar no longer used',
  'reorganisation.applied': 'Restructure done',
  'reorganisation.reversed': 'Restructure taken back',
  'reorganisation.scheduled': 'Restructure planned',
};

/** `meeting.rescheduled` as a person would say it. */
export function actionWords(action: string): string {
  const own = WORDS[action];
  if (own !== undefined) return own;
  const words = action.replace('.', ' ').replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The name in `STAFF:<id> Owen Tidy`. */
export function actorName(actor: string): string {
  const space = actor.indexOf(' ');
  return space === -1 ? actor : actor.slice(space + 1);
}

/** Says no more than the event it belongs to. */
const SAID_ALREADY = ['RE_ROUTED'];

/** A reason as it was typed; a code of ours, such as SHORT_NOTICE, as words. */
export function reasonWords(reason: unknown): string | undefined {
  if (typeof reason !== 'string' || reason === '' || SAID_ALREADY.includes(reason)) return undefined;
  if (!/^[A-Z_]+$/.test(reason)) return reason;
  const words = reason.toLowerCase().replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
