import { civilTime } from '../authorities/civil-time.js';
import { LONDON } from '../authorities/working-days.js';
import { fixedId } from './population.js';
import { type Story } from './story.js';

/** A moment on a working day counted from today, by the clock in London. */
const moment = (story: Story, offset: number, time: string): Date => civilTime(story.day(offset), time, LONDON).instant;

const OWEN = fixedId(1, 'staff', 'owen.tidy@northshire.example');
const BEV = fixedId(1, 'staff', 'bev.castle@northshire.example');
const PRIYA = 'Priya Raman';
const SADIA = 'Sadia Noor';
const TOM = 'Tom Beck';
const LEANNE = 'Leanne Firth';

/** The designated officers' desk: a meeting about a head teacher who must not be told, half of it answered. */
export async function allegation(story: Story): Promise<void> {
  const owen = await story.staff(OWEN);
  await story.at(moment(story, -2, '11:20'), async () => {
    const matter = await story.open(owen, 'ALLEGATION', 'Enquiry 147, east', [
      'POSSIBLE_OFFENCE',
      'TEACHER',
      'SCHOOL_AGE',
    ]);
    const alternative = 'The chair of governors, Fiona Akande';
    await story.exclude(owen, matter, { contactId: story.contact('Graham Tull') }, 'IS_SUBJECT', alternative);
    const office = { inboxId: story.inbox('office@hillbrook.example') };
    await story.exclude(owen, matter, office, 'SHARED_INBOX_READABLE_BY_SUBJECT', alternative);
    const meeting = await story.schedule(owen, matter, {
      type: 'ALLEGATION_MEETING',
      on: story.day(2),
      from: '10:00',
      to: '11:15',
      chair: PRIYA,
      minuteTaker: 'Owen Tidy',
      invitees: [
        { name: 'Fiona Akande', role: 'EMPLOYER', required: 'BY_QUORUM' },
        { name: 'Joan Petty', role: 'HR', required: 'BY_QUORUM' },
        { name: LEANNE, required: 'BY_QUORUM' },
        { name: SADIA, required: 'BY_COORDINATOR' },
        { name: TOM, required: 'NO' },
      ],
    });
    await story.answer(owen, meeting, PRIYA, { kind: 'ACCEPTED' });
    await story.answer(owen, meeting, 'Joan Petty', { kind: 'ACCEPTED' });
    await story.answer(owen, meeting, TOM, { kind: 'DECLINED', reason: 'CLASH' });
  });
}

/** Who is asked to a strategy meeting about a child: the three core agencies, and the school. */
const core = (school: string) => ({
  chair: SADIA,
  minuteTaker: 'Bev Castle',
  invitees: [
    { name: LEANNE, required: 'BY_QUORUM' },
    { name: TOM, required: 'BY_QUORUM' },
    { name: school, required: 'NO' },
  ] as const,
});

/** The other desk: a meeting that was held, with one action overdue and one to come. */
export async function heldMeeting(story: Story): Promise<void> {
  const bev = await story.staff(BEV);
  const deputy = story.holder('Ashgrove Primary School', 'Designated');
  const { matter, meeting } = await story.at(moment(story, -8, '09:40'), async () => {
    const opened = await story.open(bev, 'CHILD_PROTECTION', 'Enquiry 12, east team', ['SCHOOL_AGE']);
    const scheduled = await story.schedule(bev, opened, {
      type: 'STRATEGY_MEETING',
      on: story.day(-5),
      from: '10:00',
      to: '11:00',
      ...core(deputy),
    });
    return { matter: opened, meeting: scheduled };
  });
  await story.at(moment(story, -6, '15:05'), async () => {
    for (const name of [SADIA, LEANNE, TOM]) await story.answer(bev, meeting, name, { kind: 'ACCEPTED' });
    await story.answer(bev, meeting, deputy, { kind: 'REPORT_ONLY' });
  });
  await story.at(moment(story, -5, '11:10'), async () => {
    await story.recordAttendance(bev, meeting);
    await story.agree(bev, meeting, 'Arrange a medical examination and tell the chair the time', TOM, story.day(-1));
    await story.agree(bev, meeting, 'Check earlier calls to the address and report to the chair', LEANNE, story.day(3));
    await story.agree(bev, meeting, 'See the child at school and record their wishes', SADIA, story.day(4));
  });
  await story.at(moment(story, -1, '16:30'), async () => {
    await story.schedule(bev, matter, {
      type: 'REVIEW_STRATEGY',
      on: story.day(6),
      from: '14:00',
      to: '15:00',
      ...core(deputy),
    });
  });
}

/** Eastmere: enough that one sees nothing of it from Northshire. */
export async function eastmere(story: Story): Promise<void> {
  const ruth = await story.staff(fixedId(2, 'staff', 'ruth.pell@eastmere.example'));
  await story.at(moment(story, -1, '09:15'), async () => {
    const matter = await story.open(ruth, 'CHILD_PROTECTION', 'Enquiry 3, harbour team', ['SCHOOL_AGE']);
    await story.schedule(ruth, matter, {
      type: 'STRATEGY_MEETING',
      on: story.day(1),
      from: '13:30',
      to: '14:30',
      chair: 'Ruth Pell',
      invitees: [
        { name: story.holder('Eastmere Police Public Protection', 'Detective Sergeant'), required: 'BY_QUORUM' },
        { name: story.holder('Eastmere Community Health', 'Specialist nurse'), required: 'BY_QUORUM' },
        { name: story.holder('Elmfield Primary School', 'Designated'), required: 'NO' },
      ],
    });
  });
}
