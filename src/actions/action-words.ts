/**
 * The words of the messages about an action. They say that there is one, under which references and by when, and never
 * what it is: a message may be read on a lock screen or in a shared inbox, so what is to be done stands on the owner's own
 * page behind the emailed code. (This service's own rule for every message: nothing about a child, a family or an
 * allegation, and nothing that a coordinator typed.)
 */
import { longDate } from '../authorities/civil-time.js';
import { type MailWords } from '../mail/words.js';

export type ActionLetterKind = 'ASSIGNED' | 'RETURNED' | 'DATE_MOVED' | 'CANCELLED' | 'SENT_AGAIN' | 'OFFERED';

export interface ActionLetterFacts {
  readonly kind: ActionLetterKind;
  readonly recipientName: string;
  /** The matter's reference, neutral by itself. */
  readonly matterRef: string;
  readonly actionRef: string;
  /** `YYYY-MM-DD` */
  readonly dueOn: string;
  readonly authority: { readonly name: string; readonly phone: string };
  /** The owner's own; null where there is nothing left to do. */
  readonly link: string | null;
}

const ON_THE_PAGE =
  'What is to be done stands on your own page. There you can accept the action, say that it is not yours, or tell us that it is done. You do not need an account.';

/** Subject and body of one message. */
export function actionLetter(facts: ActionLetterFacts): { subject: string; words: MailWords } {
  const { recipientName, matterRef, actionRef, dueOn, link, authority } = facts;
  const words: MailWords = {
    greeting: `Dear ${recipientName}`,
    paragraphs: link === null ? [OPENINGS[facts.kind](facts)] : [OPENINGS[facts.kind](facts), ON_THE_PAGE],
    details: [
      { label: 'Reference', value: matterRef },
      { label: 'Action', value: actionRef },
      { label: 'Due', value: longDate(dueOn) },
    ],
    ...(link === null ? {} : { link: { label: 'See your action here', url: link } }),
    footer: [
      ...(link === null ? [] : ['This message and its link are personal to you: please do not forward it.']),
      `Questions? Ring ${authority.name} on ${authority.phone}. To check that this message is genuine, ring the number on the council’s own website.`,
    ],
  };
  return { subject: `Multi-agency meeting ${matterRef}: ${SUBJECTS[facts.kind](longDate(dueOn))}`, words };
}

const SUBJECTS: Readonly<Record<ActionLetterKind, (due: string) => string>> = {
  ASSIGNED: (due) => `an action for you, due ${due}`,
  RETURNED: (due) => `your action needs more, due ${due}`,
  DATE_MOVED: (due) => `your action is now due ${due}`,
  CANCELLED: () => 'your action is cancelled',
  SENT_AGAIN: (due) => `an action for you, due ${due}`,
  OFFERED: (due) => `an action of your post, due ${due}`,
};

const OPENINGS: Readonly<Record<ActionLetterKind, (facts: ActionLetterFacts) => string>> = {
  ASSIGNED: (facts) => youHave(facts),
  SENT_AGAIN: (facts) => youHave(facts),
  OFFERED: ({ matterRef, dueOn }) =>
    `Whoever held your post before you had an action from multi-agency meeting ${matterRef}, due ${longDate(dueOn)}. It is yours only if you accept it.`,
  RETURNED: ({ matterRef }) =>
    `Thank you for telling us that your action from multi-agency meeting ${matterRef} is done. Something is still missing.`,
  DATE_MOVED: ({ matterRef, dueOn }) =>
    `The date of your action from multi-agency meeting ${matterRef} has changed. It is now due ${longDate(dueOn)}.`,
  CANCELLED: ({ matterRef }) =>
    `Your action from multi-agency meeting ${matterRef} is cancelled. You do not need to do anything.`,
};

function youHave({ matterRef, dueOn }: ActionLetterFacts): string {
  return `You have an action from multi-agency meeting ${matterRef}, due ${longDate(dueOn)}.`;
}
