-- The jobs: one table is the queue and the history.
CREATE TABLE jobs (
  number INTEGER PRIMARY KEY AUTOINCREMENT, -- the order in which they were added
  id TEXT NOT NULL UNIQUE,
  idempotency_key TEXT UNIQUE,
  request TEXT NOT NULL CHECK (json_valid(request)),
  state TEXT NOT NULL,
  detail TEXT NOT NULL CHECK (json_valid(detail)), -- the rest of the state
  version INTEGER NOT NULL,
  submissions INTEGER NOT NULL CHECK (submissions BETWEEN 0 AND 2),
  cancel_requested INTEGER NOT NULL CHECK (cancel_requested IN (0, 1)),
  added_ms INTEGER NOT NULL,
  changed_ms INTEGER NOT NULL,
  started_ms INTEGER,
  ended_ms INTEGER,
  not_before_ms INTEGER, -- of a queued job
  holder TEXT, -- host:pid:server:claim of whoever works on it
  claimable_ms INTEGER, -- from when on it may be claimed: its time, or the end of the holder's lease; NULL once it has ended
  CHECK ((state = 'queued') = (not_before_ms IS NOT NULL)),
  CHECK ((state IN ('succeeded', 'failed', 'cancelled')) = (claimable_ms IS NULL)),
  CHECK (claimable_ms IS NOT NULL OR holder IS NULL)
) STRICT;

CREATE INDEX jobs_to_claim ON jobs (not_before_ms, number, claimable_ms) WHERE claimable_ms IS NOT NULL;
CREATE INDEX jobs_held ON jobs (holder) WHERE holder IS NOT NULL;
CREATE INDEX jobs_by_state ON jobs (state, number);

CREATE TRIGGER jobs_begin BEFORE INSERT ON jobs
WHEN NEW.state <> 'queued' OR NEW.version <> 1
BEGIN
  SELECT raise(ABORT, 'IllegalMove: a job begins in the queue');
END;

-- The same pairs as in MOVES (jobs/job.ts); a test compares them.
CREATE TRIGGER jobs_move BEFORE UPDATE OF state ON jobs
WHEN OLD.state <> NEW.state AND (OLD.state || ' ' || NEW.state) NOT IN (
  'queued preparing', 'queued failed', 'queued cancelled',
  'preparing uploading', 'preparing queued', 'preparing failed', 'preparing cancelled',
  'uploading preparing', 'uploading running', 'uploading queued', 'uploading failed', 'uploading cancelled',
  'running fetching', 'running queued', 'running failed', 'running cancelled',
  'fetching succeeded', 'fetching queued', 'fetching failed', 'fetching cancelled',
  'failed queued',
  'cancelled queued'
)
BEGIN
  SELECT raise(ABORT, 'IllegalMove: this state does not lead to that one');
END;

CREATE TRIGGER jobs_version BEFORE UPDATE OF state, detail, version ON jobs
WHEN (OLD.state <> NEW.state OR OLD.detail <> NEW.detail OR OLD.version <> NEW.version)
  AND NEW.version <> OLD.version + 1
BEGIN
  SELECT raise(ABORT, 'IllegalMove: each change is the next version');
END;

CREATE TRIGGER jobs_end BEFORE UPDATE ON jobs
WHEN OLD.state = NEW.state AND OLD.claimable_ms IS NULL
BEGIN
  SELECT raise(ABORT, 'IllegalMove: a job that has ended stays as it is');
END;

-- Prompts left on a box that did not answer.
CREATE TABLE abandoned (
  box TEXT NOT NULL,
  prompt_id TEXT NOT NULL,
  PRIMARY KEY (box, prompt_id)
) STRICT, WITHOUT ROWID;
