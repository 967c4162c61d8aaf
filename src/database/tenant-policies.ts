/**
 * The row-level security that every tenant table gets, as SQL for migrations: enabled and forced, one restrictive
 * policy for the authority, and for tables about a matter one permissive policy for the need to know. Without a
 * context no row is seen, so a stray query fails closed.
 */
export interface TenantTable {
  readonly table: string;
  /** Columns of the application's grants; the application's role never deletes unless the table is listed for it. */
  readonly grants: string;
  /** Only those with access to the row's matter see it (the table has `matter_id`). */
  readonly needToKnow?: boolean;
}

const tenant = 'authority_id = (select current_authority())';

/** `offset 0` keeps PostgreSQL from reading every matter somebody may know of to answer for fifty rows: it looks each up. */
function mayKnow(table: string): string {
  return `(select current_actor()) = '00000000-0000-0000-0000-000000000000' or exists (
    select 1 from matter_access a where a.authority_id = ${table}.authority_id and a.matter_id = ${table}.matter_id
    and a.person_id = (select current_actor()) and (a.until is null or a.until > now()) offset 0)`;
}

/** The statements that put one table under its authority. */
export function tenantPolicies({ table, grants, needToKnow = false }: TenantTable): string {
  const seen = needToKnow ? mayKnow(table) : 'true';
  return `
    alter table ${table} enable row level security;
    alter table ${table} force row level security;
    create policy authority on ${table} as restrictive to quorate_app, quorate_owner, quorate_audit
      using (${tenant}) with check (${tenant});
    create policy ${needToKnow ? 'need_to_know' : 'everyone'} on ${table} to quorate_app using (${seen}) with check (${seen});
    create policy owner on ${table} to quorate_owner using (true) with check (true);
    create policy guard on ${table} to quorate_guard using (true) with check (true);
    grant ${grants} on ${table} to quorate_app;
  `;
}
