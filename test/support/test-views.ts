import { type NestExpressApplication } from '@nestjs/platform-express';
import nunjucks from 'nunjucks';

const FORM_VIEW = `{% extends "web/views/layout.njk" %}
{% from "web/views/macros.njk" import textField, textareaField, dateField, timeField, selectField, radioField, checkboxField, confirmField, submitButton, tag %}
{% set title = "Meeting" %}{% set back = { href: paths.meetings(), text: "Meetings" } %}
{% block content %}<h1 class="govuk-heading-l">Meeting</h1>{{ tag("NO_RESPONSE") }}
<form method="post" novalidate>{{ csrfField() }}
{{ textField(form, "place", "Place", "Where to go") }}{{ textareaField(form, "agenda", "Agenda") }}
{{ dateField(form, "date", "Date") }}{{ timeField(form, "time", "Time") }}
{{ selectField(form, "chair", "Chair", [{ value: "a", text: "Priya Raman" }]) }}
{{ radioField(form, "mode", "How", [{ value: "VIDEO", text: "Video" }, { value: "PHONE", text: "Phone" }]) }}
{{ checkboxField(form, "needs", "Needs", [{ value: "BSL", text: "BSL" }, { value: "LOOP", text: "Loop" }]) }}
{{ confirmField(form, "confirmed", "Schedule it anyway") }}{{ submitButton("Schedule") }}</form>{% endblock %}`;
const LINK_VIEW = `{% extends "web/views/link-layout.njk" %}{% set title = "Your invitation" %}{% block content %}<h1>Hello</h1>{% endblock %}`;

/** Adds two pages for tests of the layouts: `test/form.njk` with a field of each kind, and `test/link.njk`. */
export function addTestViews(app: NestExpressApplication): void {
  addView(app, 'test/form.njk', FORM_VIEW);
  addView(app, 'test/link.njk', LINK_VIEW);
}

function addView(app: NestExpressApplication, view: string, src: string): void {
  const environment = app.getHttpAdapter().getInstance().get('nunjucksEnv') as { loaders: unknown[] };
  const getSource = (name: string): unknown => (name === view ? { src, path: view, noCache: false } : null);
  environment.loaders.push(Object.assign(new nunjucks.Loader(), { getSource, cache: {} }));
}
