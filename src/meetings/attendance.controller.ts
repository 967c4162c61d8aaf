import { Body, Controller, Get, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { type Request, type Response } from 'express';
import { type Actor } from '../access/actor.js';
import { Policy, SignedIn } from '../access/signed-in.guard.js';
import { type PersonInPost } from '../directory/person-in-post.js';
import { flash } from '../web/flash.js';
import { emptyForm, type FormBody, type FormPage, type FormState, submitForm } from '../web/forms.js';
import { IdPipe } from '../web/id.pipe.js';
import { paths } from '../web/paths.js';
import { ATTENDANCE_LABELS, ATTENDANCE_MODES, ATTENDANCE_STATUSES } from './attendance.js';
import { inputNames, readRegister, type TypedRow, typedRows, valuesOfRow, valuesOfRows } from './attendance.form.js';
import { AttendanceService, type RegisterRow, type RegisterView } from './attendance.service.js';

const MODE_LABELS = { IN_PERSON: 'In person', VIDEO: 'By video', PHONE: 'By telephone' } as const;
const STATUS_ITEMS = ATTENDANCE_STATUSES.map((value) => ({ value, text: ATTENDANCE_LABELS[value] }));
const MODE_ITEMS = ATTENDANCE_MODES.map((value) => ({ value, text: MODE_LABELS[value] }));
const VIEW = 'meetings/views/attendance.njk';

/** The page on which who came is recorded and corrected. */
@Policy('coordinate')
@Controller('meetings/:id/attendance')
export class AttendanceController {
  constructor(@Inject(AttendanceService) private readonly attendance: AttendanceService) {}

  @Get()
  async show(@SignedIn() by: Actor, @Param('id', IdPipe) id: string, @Res() res: Response): Promise<void> {
    const view = await this.attendance.register(by, id);
    const page = await this.page(by, view, emptyForm(valuesOfRows(view.rows)));
    res.render(page.view, page.locals);
  }

  @Post()
  async send(
    @SignedIn() by: Actor,
    @Param('id', IdPipe) id: string,
    @Body() body: FormBody,
    @Req() req: Request,
    @Res() res: Response,
  ): Promise<void> {
    const asked = typeof body.do === 'string' ? body.do : '';
    if (asked === '') await this.record(by, id, body, { req, res });
    else await this.change(by, id, { body, asked }, res);
  }

  /** Finds somebody, adds or removes a row: the page again, nothing recorded. */
  private async change(
    by: Actor,
    id: string,
    { body, asked }: { body: FormBody; asked: string },
    res: Response,
  ): Promise<void> {
    const view = await this.attendance.register(by, id);
    const [what = '', which = ''] = asked.split(':');
    const values = typedValues(body);
    if (what === 'add') await this.addRow(by, values, { contactId: which, status: 'NOT_INVITED_BUT_ATTENDED' });
    if (what === 'again') await this.addRow(by, values, { contactId: which, status: 'ATTENDED_PART' });
    if (what === 'remove') removeRow(values, which);
    const found = what === 'find' ? await this.attendance.search(by, typed(values.find)) : undefined;
    const page = await this.page(by, view, { values, errors: [] }, found);
    res.status(200).render(page.view, page.locals);
  }

  private async record(
    by: Actor,
    id: string,
    body: FormBody,
    { req, res }: { req: Request; res: Response },
  ): Promise<void> {
    const view = await this.attendance.register(by, id);
    await submitForm(res, body, {
      inputs: inputNames(typedRows(body)),
      change: async () => {
        await this.attendance.record(by, id, readRegister(body, view));
        flash(req, view.seenEntries === 0 ? 'Attendance recorded' : 'Attendance corrected');
        return paths.attendance(id);
      },
      again: (form) => this.page(by, view, form),
    });
  }

  private async addRow(
    by: Actor,
    values: FormState['values'],
    row: { contactId: string; status: RegisterRow['status'] },
  ): Promise<void> {
    const used = Object.keys(values).map((name) => Number(/^contact\[r(\d+)\]$/.exec(name)?.[1] ?? -1));
    const key = `r${Math.max(-1, ...used) + 1}`;
    const [joining] = await this.attendance.joining(by, [row.contactId]);
    if (joining !== undefined)
      Object.assign(values, { find: '' }, valuesOfRow(key, { ...joining, status: row.status }));
  }

  private async page(by: Actor, view: RegisterView, form: FormState, found?: PersonInPost[]): Promise<FormPage> {
    const rows = typedRows(form.values);
    const names = await this.names(by, view, rows);
    const people = rows.map((row, index) => ({
      ...row,
      ...names.get(row.contactId),
      isForetold: isForetold(view, rows, index),
    }));
    const substitutable = view.rows.map(({ contactId, name }) => ({ value: contactId, text: name }));
    const locals = { view, form, people, substitutable, found, statuses: STATUS_ITEMS, modes: MODE_ITEMS };
    return { view: VIEW, locals: { ...locals, labels: ATTENDANCE_LABELS } };
  }

  /** Who the rows are about: those of the register, and those just added. */
  private async names(by: Actor, view: RegisterView, rows: readonly TypedRow[]): Promise<Map<string, object>> {
    const known = new Map(view.rows.map((row) => [row.contactId, row]));
    const added = rows.map((row) => row.contactId).filter((contactId) => !known.has(contactId));
    const joining = added.length === 0 ? [] : await this.attendance.joining(by, added);
    const all = [...known.values(), ...joining];
    return new Map(
      all.map(({ contactId, name, agencyName, postTitle }) => [contactId, { name, agencyName, postTitle }]),
    );
  }
}

/** The first line of somebody who was asked stays on the page; lines added by hand may be taken out again. */
function isForetold(view: RegisterView, rows: readonly TypedRow[], index: number): boolean {
  const contactId = rows[index]?.contactId;
  const isFirst = rows.findIndex((row) => row.contactId === contactId) === index;
  return isFirst && view.rows.some((row) => row.contactId === contactId);
}

function typedValues(body: FormBody): FormState['values'] {
  const values: FormState['values'] = {};
  for (const [name, value] of Object.entries(body)) {
    if (typeof value === 'string' && name !== '_csrf' && name !== 'do') values[name] = value;
  }
  return values;
}

function removeRow(values: FormState['values'], key: string): void {
  for (const name of Object.keys(values)) {
    if (name.endsWith(`[${key}]`)) Reflect.deleteProperty(values, name);
  }
}

function typed(value: string | string[] | undefined): string {
  return typeof value === 'string' ? value : '';
}
