import { Inject, Injectable } from '@nestjs/common';
import { type Actor, coordinates } from '../access/actor.js';
import { type FormPage, type FormState } from '../web/forms.js';
import { ExclusionsService, mayReadExclusions } from './exclusions.service.js';
import {
  FACT_LABELS,
  type Matter,
  MATTER_FACTS,
  MATTER_KIND_LABELS,
  MATTER_KINDS,
  SENSITIVITY_LABELS,
} from './matter.js';
import { MatterSections } from './matter-sections.service.js';
import { ReadersService } from './readers.service.js';
import { REASON_LABELS } from './exclusion.js';
import { mayBeNamed, mayOpen } from './readers.js';

const words = {
  kindLabels: MATTER_KIND_LABELS,
  sensitivityLabels: SENSITIVITY_LABELS,
  factLabels: FACT_LABELS,
  reasonLabels: REASON_LABELS,
};

/** What the pages about matters show. */
@Injectable()
export class MatterPages {
  readonly words = words;

  constructor(
    @Inject(ReadersService) private readonly readers: ReadersService,
    @Inject(ExclusionsService) private readonly exclusions: ExclusionsService,
    @Inject(MatterSections) private readonly sections: MatterSections,
  ) {}

  /** The form for a new matter. */
  async newMatter(by: Actor, form: FormState): Promise<FormPage> {
    const kinds = MATTER_KINDS.filter((kind) => mayOpen(by, kind));
    const locals = { ...words, ...(await this.people(by)), kinds, facts: MATTER_FACTS, form };
    return { view: 'matters/views/new-matter.njk', locals };
  }

  /** The form that puts a matter right. */
  edit(matter: Matter, form: FormState): FormPage {
    const locals = { ...words, matter, facts: MATTER_FACTS, form };
    return { view: 'matters/views/edit-matter.njk', locals };
  }

  /** One matter with what the modules above add. */
  async matter(by: Actor, matter: Matter, form: FormState): Promise<FormPage> {
    const readers = await this.readers.readers(by, matter.id);
    const known = new Set(readers.map(({ id }) => id));
    const { others, coordinators } = await this.people(by, matter);
    const locals = {
      ...words,
      form,
      matter,
      readers,
      coordinator: readers.find(({ id }) => id === matter.coordinatorId),
      others: others.filter(({ value }) => !known.has(value)),
      coordinators: coordinators.filter(({ value }) => value !== matter.coordinatorId),
      mayChange: coordinates(by),
      exclusions: mayReadExclusions(by) ? await this.exclusions.list(by, matter.id) : null,
      sections: await this.sections.of(by, matter),
    };
    return { view: 'matters/views/matter.njk', locals };
  }

  private async people(
    by: Actor,
    matter?: Matter,
  ): Promise<{ coordinators: { value: string; text: string }[]; others: { value: string; text: string }[] }> {
    const kind = matter?.kind ?? 'CHILD_PROTECTION';
    const staff = await this.readers.staff(by);
    const item = ({ id, name }: { id: string; name: string }): { value: string; text: string } => ({
      value: id,
      text: name,
    });
    return {
      coordinators: staff.coordinators(kind).map(item),
      others: staff.all.filter((one) => one.id !== by.id && mayBeNamed(one, kind)).map(item),
    };
  }
}
