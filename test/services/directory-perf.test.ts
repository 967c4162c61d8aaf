import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type Actor } from '../../src/access/actor.js';
import { UnitOfWork } from '../../src/database/unit-of-work.js';
import { ContactsService } from '../../src/directory/contacts.service.js';
import { PEOPLE_BY_WORDS } from '../../src/directory/people.sql.js';
import { AgenciesService } from '../../src/directory/agencies.service.js';
import { PeopleImportService } from '../../src/directory/people-import.service.js';
import { aCouncil } from '../support/matters.js';
import { startService, type TestService } from '../support/service.js';
let service: TestService; let owen: Actor;
beforeAll(async () => { service = await startService(); owen = (await aCouncil(service)).owen; });
afterAll(async () => { await service.stop(); });
it('x', async () => {
  const imp = service.get(PeopleImportService);
  const a = owen.authorityId;
  await service.look(`insert into agency (authority_id,id,name,category,created_at) select $1, gen_random_uuid(), 'Agency number '||g, 'HEALTH', now() from generate_series(1,2000) g`, [a]);
  await service.look(`insert into post (authority_id,id,agency_id,title) select $1, gen_random_uuid(), (array(select id from agency where authority_id=$1))[1+g%2000], 'Role '||g from generate_series(1,20000) g`, [a]);
  await service.look(`insert into contact (authority_id,id,name,email,address_key,created_at) select $1, gen_random_uuid(), initcap(md5(g::text)::text)||' '||initcap(substr(md5((g*7)::text),1,8)), 'c'||g||'@x.example','c'||g||'@x.example', now() from generate_series(1,20000) g`, [a]);
  await service.look('analyze');
  await service.look(`insert into holding (authority_id,id,contact_id,post_id,from_on) select $1, gen_random_uuid(), c.id, p.id, '2026-01-01' from contact c join post p on p.title = 'Role '||substr(split_part(c.email,'@',1),2) where c.email like '%x.example'`, [a]);
  await service.look('analyze');
  const cs = service.get(ContactsService);
  for (const part of ['', 'abc', 'ab', 'a', 'role 19', 'number 77 a', 'zzzz']) {
    const ts: number[] = [];
    for (let i=0;i<4;i++) { const t=performance.now(); await cs.search(owen,{part}); ts.push(Math.round(performance.now()-t)); }
    console.log(JSON.stringify(part), ts.join(' '));
  }
  for (const part of ['', 'number 7']) { const t=performance.now(); await service.get(AgenciesService).search(owen,{part}); console.log('agencies', part, Math.round(performance.now()-t)); }
  const plan = await service.get(UnitOfWork).run(owen, (tx) => tx.sql<Record<string,string>>('explain (analyze, costs off) '+PEOPLE_BY_WORDS, [a,'2026-11-30',['ACTIVE'],51,0,['%abc%'],'abc']));
  console.log(plan.map(r=>Object.values(r)[0]).join('\n'));
  expect(1).toBe(1);
}, 120000);
