import { type MigrationInterface, type QueryRunner } from 'typeorm';

/**
 * Who was written to about a matter is as sensitive as the matter: its messages are seen by those who may know of it. Who
 * must not be told, and why, is for the council's staff: not for the holders of links and partners' systems who may know
 * of the matter itself. A message on its way can be called back for the case that it returns, and whoever lost access
 * ends nobody else's. (`offset 0`: each row's matter is looked up, instead of all that somebody may know of.)
 */
export class NarrowerAccess1764000000005 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop policy everyone on message;
      create policy need_to_know on message to quorate_app using (
        matter_id is null or (select current_actor()) = '00000000-0000-0000-0000-000000000000' or exists (
          select 1 from matter_access a where a.authority_id = message.authority_id and a.matter_id = message.matter_id
          and a.person_id = (select current_actor()) and (a.until is null or a.until > now()) offset 0));
      grant update (not_after) on message to quorate_app;

      drop policy need_to_know on exclusion;
      create policy need_to_know on exclusion to quorate_app using (
        (select current_actor()) = '00000000-0000-0000-0000-000000000000' or (
          exists (select 1 from staff s where s.authority_id = exclusion.authority_id and s.id = (select current_actor()))
          and exists (
            select 1 from matter_access a where a.authority_id = exclusion.authority_id and a.matter_id = exclusion.matter_id
            and a.person_id = (select current_actor()) and (a.until is null or a.until > now()) offset 0)));
    `);
    await runner.query(`
      set role quorate_guard;
      create or replace function end_matter_access(p_matter uuid, p_person uuid) returns void
      language plpgsql security definer set search_path = pg_catalog, public as $$
      begin
        update public.matter_access set until = now() where authority_id = public.current_authority()
          and matter_id = p_matter and person_id = p_person
          and (public.current_actor() = '00000000-0000-0000-0000-000000000000' or exists (select 1 from public.matter_access g
            where g.authority_id = public.current_authority() and g.matter_id = p_matter
            and g.person_id = public.current_actor() and (g.until is null or g.until > now())));
      end $$;
      set role quorate_owner;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop policy need_to_know on message;
      create policy everyone on message to quorate_app using (true) with check (true);
      revoke update (not_after) on message from quorate_app;
      drop policy need_to_know on exclusion;
      create policy need_to_know on exclusion to quorate_app using (
        (select current_actor()) = '00000000-0000-0000-0000-000000000000' or exists (
          select 1 from matter_access a where a.authority_id = exclusion.authority_id and a.matter_id = exclusion.matter_id
          and a.person_id = (select current_actor()) and (a.until is null or a.until > now())));
    `);
  }
}
