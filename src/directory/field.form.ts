import { type FormState } from '../web/forms.js';

export interface Item {
  readonly value: string;
  readonly text: string;
}

/** One question of a form, by the macro that draws it. */
export interface Field {
  readonly kind: 'text' | 'email' | 'words' | 'date' | 'select' | 'radios' | 'ticks' | 'confirm';
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly items?: readonly Item[];
  /** What the first entry of a list says, which chooses nothing. */
  readonly blank?: string;
  /** Width in characters: 2, 3, 4, 5, 10 or 20. */
  readonly width?: number;
  readonly type?: 'tel';
  /** Starts a part of the form, with this heading. */
  readonly heading?: string;
}

/** What `form.njk` shows: one form of the directory. */
export interface AskedForm {
  readonly title: string;
  readonly back: { readonly href: string; readonly text: string };
  readonly action: string;
  readonly submit: string;
  readonly fields: readonly Field[];
  /** What the person should know before they go on. */
  readonly lines?: readonly string[];
  /** The same, when it cannot be undone easily. */
  readonly warn?: string;
}

export const FORM_VIEW = 'directory/views/form.njk';

/** The form as a page: `render` and `submitForm` take it. */
export function formPage(asked: AskedForm): { view: string; locals: AskedForm } {
  return { view: FORM_VIEW, locals: asked };
}

/** What a form that nobody has sent yet shows, with nothing where there is nothing. */
export function shown(values: Readonly<Record<string, string | number | string[] | null>>): FormState {
  const filled: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(values)) {
    if (value !== null) filled[name] = Array.isArray(value) ? value : String(value);
  }
  return { values: filled, errors: [] };
}

/** The choices of a labelled list of codes. */
export function itemsOf(labels: Readonly<Record<string, string>>): Item[] {
  return Object.entries(labels).map(([value, text]) => ({ value, text }));
}
