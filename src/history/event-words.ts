/** How the history says what happened: "Meeting rescheduled", by "Owen Tidy". */

/** `meeting.rescheduled` as a person would say it. */
export function actionWords(action: string): string {
  const words = action.replace('.', ' ').replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The name in `STAFF:<id> Owen Tidy`. */
export function actorName(actor: string): string {
  const space = actor.indexOf(' ');
  return space === -1 ? actor : actor.slice(space + 1);
}

/** A reason as it was typed; a code of ours, such as SHORT_NOTICE, as words. */
export function reasonWords(reason: unknown): string | undefined {
  if (typeof reason !== 'string' || reason === '') return undefined;
  if (!/^[A-Z_]+$/.test(reason)) return reason;
  const words = reason.toLowerCase().replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
