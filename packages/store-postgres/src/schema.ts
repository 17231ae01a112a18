/** How many counters share the total, so that creations of several processes do not wait for one row. */
const COUNTERS = 16;
/** How many expired sessions a creation that found no place removes, beyond the one whose place it takes. */
const CLEARED_PER_CREATE = 100;
/** How many sessions one sweep removes at most. */
const SWEEP_BATCH = 1000;
/** How many hexadecimal digits of the hash of a session's ID a notification carries. */
export const WATCH_KEY_LENGTH = 8;
/** As `MAX_TRANSACTIONS` of core: it is part of the schema, so a change of it is a migration. */
const MAX_TRANSACTIONS = 16;

/** The schema's versions, each a script that takes the schema of a name from the one before; no published one is edited. */
export const VERSIONS: readonly ((name: string) => string)[] = [(name) => version1(name, `"${name}"`)];

/**
 * A function's plans are kept for the life of a connection, and may be made while the table is empty: nothing but an
 * index must ever look good to the planner. (JIT takes tens of milliseconds to speed up what takes microseconds.)
 */
const PLANS = "set enable_seqscan = off set enable_bitmapscan = off set jit = off";

// Every operation is a function: one round trip, one transaction, and kept plans without prepared statements, which not
// every pooler between us and PostgreSQL carries.
const version1 = (name: string, schema: string): string => `
-- Times are Unix milliseconds of the caller; no function reads a clock.
create table ${schema}.sessions (
  id text collate "C" primary key,
  owner text collate "C" not null,
  -- Which of the counters has this session.
  counter smallint not null,
  sequence_token text collate "C" not null,
  payload bytea not null,
  modified_at double precision not null,
  expires_at double precision not null,
  -- [{"transactionId", "sequenceToken"}], the oldest first.
  transactions jsonb not null default '[]',
  -- Whether somebody may wait for its next change. To notify costs: PostgreSQL lets transactions that do commit one by one.
  watched boolean not null default false
) with (fillfactor = 60, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);
-- Payloads are ciphertext: trying to compress them is work for nothing.
alter table ${schema}.sessions alter column payload set storage external;
create index sessions_by_expiry on ${schema}.sessions (expires_at);
create index sessions_by_owner on ${schema}.sessions (owner, expires_at);

-- The total, in parts. A part never exceeds its share of the cap, so their sum never exceeds the cap.
-- Nobody deadlocks, because all wait for locks in one order: an owner, then counters by their numbers, then sessions.
-- Whoever removes a session holds its counter already, and so is the only one who removes sessions of that counter.
-- Counters are held by advisory locks: \`for update skip locked\` can wait all the same, where the row was just updated.
create table ${schema}.counters (
  counter smallint primary key,
  sessions bigint not null
) with (fillfactor = 10);
insert into ${schema}.counters select counter, 0 from generate_series(0, ${COUNTERS - 1}) counter;

create function ${schema}.hold(counters smallint[]) returns void language sql as $$
  select pg_advisory_xact_lock(hashtext('${schema}'), counter)
    from (select distinct counter from unnest(counters) counter order by counter) ordered
$$;
create function ${schema}.hold_all() returns void language sql as $$
  select ${schema}.hold(array(select generate_series(0, ${COUNTERS - 1})::smallint))
$$;

create function ${schema}.share(cap double precision, counter smallint) returns double precision
language sql immutable as 'select floor((cap + ${COUNTERS - 1} - counter) / ${COUNTERS})';

-- Counting by triggers keeps the counters right whoever removes rows, by whichever statement.
create function ${schema}.count_sessions() returns trigger language plpgsql as $$
begin
  if tg_op = 'TRUNCATE' then
    update ${schema}.counters set sessions = 0;
  else
    update ${schema}.counters c set sessions = c.sessions + case tg_op when 'INSERT' then n else -n end
      from (select counter, count(*) n from changed group by counter) part where c.counter = part.counter;
  end if;
  return null;
end $$;
create trigger count_inserted after insert on ${schema}.sessions
  referencing new table as changed execute function ${schema}.count_sessions();
create trigger count_deleted after delete on ${schema}.sessions
  referencing old table as changed execute function ${schema}.count_sessions();
create trigger count_truncated after truncate on ${schema}.sessions execute function ${schema}.count_sessions();

-- Who may connect to the database may listen: a part of a hash tells them no ID, and is enough to wake who waits for it.
create function ${schema}.notify_watchers() returns trigger language plpgsql as $$
begin
  perform pg_notify('${name}', left(encode(sha256(convert_to(old.id, 'UTF8')), 'hex'), ${WATCH_KEY_LENGTH}));
  return null;
end $$;
create trigger notify_written after update of sequence_token on ${schema}.sessions
  for each row when (old.watched) execute function ${schema}.notify_watchers();
create trigger notify_deleted after delete on ${schema}.sessions
  for each row when (old.watched) execute function ${schema}.notify_watchers();

create function ${schema}.create_session(
  new_id text, new_owner text, new_token text, new_payload bytea, new_expires_at double precision,
  max_sessions double precision, max_per_owner double precision, evict boolean, now_ms double precision
) returns table (outcome text, retry_at double precision) language plpgsql ${PLANS} as $$
declare
  candidate smallint;
  place smallint;
  evicted text[] := '{}';
begin
  if exists (select from ${schema}.sessions where id = new_id and expires_at > now_ms) then
    return query select 'exists', null::double precision;
    return;
  end if;

  -- A cap per owner above the total says nothing. Otherwise one creation of an owner at a time: two cannot both take its
  -- last place, and the count, of no more rows than the cap, stays true until this one is committed.
  if max_per_owner <= max_sessions and max_per_owner < 'infinity' then
    perform pg_advisory_xact_lock(hashtextextended('${schema} ' || new_owner, 0));
    if max_per_owner <= (select count(*) from (
      select from ${schema}.sessions where owner = new_owner and expires_at > now_ms limit max_per_owner::bigint
    ) owned) then
      if not evict then
        return query select 'owner', coalesce(min(expires_at), now_ms) from ${schema}.sessions
          where owner = new_owner and expires_at > now_ms;
        return;
      end if;
      evicted := array(
        select id from ${schema}.sessions where owner = new_owner and expires_at > now_ms
          order by expires_at desc offset max_per_owner::bigint - 1
      );
    end if;
  end if;

  -- All this in one statement sees one moment. Where every place is taken, and by a live session, nothing is locked or
  -- written to refuse: turning a flood away costs a read.
  if not evict and not exists (select from ${schema}.counters where sessions < ${schema}.share(max_sessions, counter))
    and not exists (select from ${schema}.sessions where expires_at <= now_ms)
  then
    return query select 'total', coalesce(min(expires_at), now_ms) from ${schema}.sessions where expires_at > now_ms;
    return;
  end if;

  begin
    if evicted <> '{}' then
      perform ${schema}.hold(array(select counter from ${schema}.sessions where id = any(evicted)));
      delete from ${schema}.sessions where id = any(evicted);
    end if;
    -- The emptiest counter that no other creation is holding until its commit.
    for candidate in select counter from ${schema}.counters
      where sessions < ${schema}.share(max_sessions, counter) order by sessions
    loop
      if pg_try_advisory_xact_lock(hashtext('${schema}'), candidate) then
        select counter into place from ${schema}.counters
          where counter = candidate and sessions < ${schema}.share(max_sessions, counter);
        exit when found;
      end if;
    end loop;
    if place is null then
      raise no_data_found;
    end if;
  exception when no_data_found then
    -- The end of that block undid it and unlocked what it had locked, so that the order is kept here as well.
    perform ${schema}.hold_all();
    delete from ${schema}.sessions where id = any(evicted);
    delete from ${schema}.sessions where id = any(array(
      select id from ${schema}.sessions where expires_at <= now_ms order by expires_at
        limit (select greatest(sum(sessions) - max_sessions, 0) + ${CLEARED_PER_CREATE} from ${schema}.counters)
    ));
    if evict then
      delete from ${schema}.sessions where id = any(array(
        select id from ${schema}.sessions order by expires_at
          limit (select greatest(sum(sessions) - max_sessions + 1, 0) from ${schema}.counters)
      ));
    end if;
    select counter into place from ${schema}.counters where sessions < ${schema}.share(max_sessions, counter)
      order by sessions limit 1;
    if not found then
      return query select 'total', coalesce(min(expires_at), now_ms) from ${schema}.sessions where expires_at > now_ms;
      return;
    end if;
  end;

  insert into ${schema}.sessions as old
    (id, owner, counter, sequence_token, payload, modified_at, expires_at)
    values (new_id, new_owner, place, new_token, new_payload, now_ms, new_expires_at)
    -- An expired session with this ID was counted, and its place is taken over with its row.
    on conflict (id) do update set
      owner = excluded.owner, sequence_token = excluded.sequence_token, payload = excluded.payload,
      modified_at = excluded.modified_at, expires_at = excluded.expires_at, transactions = '[]', watched = false
      where old.expires_at <= now_ms;
  return query select case when found then 'created' else 'exists' end, null::double precision;
end $$;

create function ${schema}.read_session(wanted text, now_ms double precision)
returns setof ${schema}.sessions language plpgsql stable ${PLANS} as $$
begin
  return query select * from ${schema}.sessions where id = wanted and expires_at > now_ms;
end $$;

create function ${schema}.remember(records jsonb, transaction_id text, token text) returns jsonb
language sql immutable as $$
  select case when jsonb_array_length(records) < ${MAX_TRANSACTIONS} then records else records - 0 end
    || jsonb_build_object('transactionId', transaction_id, 'sequenceToken', token)
$$;

create function ${schema}.write_session(
  wanted text, expected text, next text, new_payload bytea, transaction_id text, now_ms double precision
) returns table (outcome text, sequence_token text, modified_at double precision, expires_at double precision)
language plpgsql ${PLANS} as $$
#variable_conflict use_column
declare
  slot ${schema}.sessions;
  record jsonb;
begin
  return query update ${schema}.sessions s set payload = new_payload, sequence_token = next, modified_at = now_ms, watched = false,
    transactions = case when transaction_id is null then s.transactions
      else ${schema}.remember(s.transactions, transaction_id, next) end
    where s.id = wanted and s.expires_at > now_ms and s.sequence_token = expected and (transaction_id is null
      or not s.transactions @> jsonb_build_array(jsonb_build_object('transactionId', transaction_id)))
    returning 'written', s.sequence_token, s.modified_at, s.expires_at;
  if found then
    return;
  end if;

  select * into slot from ${schema}.sessions s where s.id = wanted and s.expires_at > now_ms for update;
  if not found then
    return;
  end if;
  select r into record from jsonb_array_elements(slot.transactions) r where r ->> 'transactionId' = transaction_id;
  if found then
    outcome := case when record ->> 'sequenceToken' is null then 'conflict' else 'replayed' end;
    slot.sequence_token := coalesce(record ->> 'sequenceToken', slot.sequence_token);
  else
    outcome := case when slot.payload = new_payload then 'unchanged' else 'conflict' end;
    if transaction_id is not null then
      update ${schema}.sessions s set transactions = ${schema}.remember(
        s.transactions, transaction_id, case outcome when 'unchanged' then slot.sequence_token end
      ) where s.id = wanted;
    end if;
  end if;
  return query select outcome, slot.sequence_token, slot.modified_at, slot.expires_at;
end $$;

create function ${schema}.cancel_session(wanted text, now_ms double precision) returns boolean
language plpgsql ${PLANS} as $$
declare
  place smallint;
begin
  select counter into place from ${schema}.sessions where id = wanted and expires_at > now_ms;
  perform ${schema}.hold(array[place]);
  delete from ${schema}.sessions where id = wanted and counter = place and expires_at > now_ms;
  return found;
end $$;

-- Whether the session has that token still; if so, its next change notifies.
create function ${schema}.watch_session(wanted text, known text) returns boolean language plpgsql ${PLANS} as $$
begin
  -- A crash that undoes the mark also ends the connection that listens, and whoever waits then asks again.
  perform set_config('synchronous_commit', 'off', true);
  update ${schema}.sessions set watched = true where id = wanted and sequence_token = known and not watched;
  return found or exists (select from ${schema}.sessions where id = wanted and sequence_token = known);
end $$;

create function ${schema}.count_all() returns double precision
language sql stable as 'select sum(sessions)::double precision from ${schema}.counters';

create function ${schema}.sweep_sessions(now_ms double precision) returns double precision
language plpgsql ${PLANS} as $$
declare
  removed bigint;
begin
  if not exists (select from ${schema}.sessions where expires_at <= now_ms) then
    return 0;
  end if;
  perform ${schema}.hold_all();
  delete from ${schema}.sessions where id = any(array(
    select id from ${schema}.sessions where expires_at <= now_ms order by expires_at limit ${SWEEP_BATCH}
  ));
  get diagnostics removed = row_count;
  return removed;
end $$;
`;
