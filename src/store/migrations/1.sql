-- What a database of moderation holds. Times are milliseconds since 1970 in UTC; shares are millionths.

-- Marks the file as ours: "vigi".
PRAGMA application_id = 0x76696769;

CREATE TABLE setting (name TEXT PRIMARY KEY, value ANY NOT NULL) STRICT, WITHOUT ROWID;

-- The models that scored here, so that an earlier one can be restored.
CREATE TABLE model (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,      -- changes whenever a score could
  base TEXT,                      -- the one that it was fitted from
  file BLOB NOT NULL,
  made INTEGER NOT NULL,
  report TEXT                     -- JSON: what a retraining measured
) STRICT;

CREATE TABLE page (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, title TEXT) STRICT;

CREATE TABLE author (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;

-- Who asked to be forgotten, as a salted digest: their comments do not come back with the next import.
CREATE TABLE forgotten (author BLOB PRIMARY KEY) STRICT, WITHOUT ROWID;

CREATE TABLE comment (
  id INTEGER PRIMARY KEY,
  uid BLOB NOT NULL,              -- random: what the log names it by
  key BLOB NOT NULL UNIQUE,       -- digest of what makes it the same comment in another import
  page INTEGER NOT NULL REFERENCES page (id),
  name TEXT NOT NULL,             -- its id on the page
  author INTEGER REFERENCES author (id),
  date TEXT,                      -- as shown
  day TEXT,                       -- YYYY-MM-DD, where the date tells it
  parent TEXT,                    -- the id of the comment answered
  status TEXT,
  votes INTEGER,
  found TEXT NOT NULL,
  replies INTEGER NOT NULL DEFAULT 0,
  language TEXT NOT NULL,
  trust INTEGER NOT NULL,         -- 0 where the scores can be trusted less
  scores BLOB NOT NULL,           -- by label of the active model: ten thousandths, two bytes each, big-endian
  severity INTEGER NOT NULL,      -- of what is in the text, 1000000 where there is nothing special
  band INTEGER NOT NULL,          -- the advice: 0 approve, 1 review, 2 reject
  label TEXT NOT NULL,            -- the label that stands highest in its bands
  harm INTEGER NOT NULL,          -- expected harm
  sample INTEGER,                 -- the rate at which it was drawn for the audit, where it was
  item INTEGER NOT NULL,
  state INTEGER NOT NULL DEFAULT 0, -- 0 open, 1 deferred, 2 approved, 3 rejected, 4 replaced by a later version
  decision INTEGER NOT NULL DEFAULT 0, -- the last one on it
  text TEXT NOT NULL              -- last: whoever asks for the rest need not pass over it
) STRICT;
CREATE INDEX comment_by_name ON comment (page, name);
CREATE INDEX comment_by_parent ON comment (page, parent) WHERE parent IS NOT NULL;
CREATE INDEX comment_by_item ON comment (item);

CREATE VIRTUAL TABLE word USING fts5 (
  text, content = 'comment', content_rowid = 'id', tokenize = "unicode61 remove_diacritics 2", columnsize = 0
);
-- Words of one transaction are sorted in memory before they are written: bytes.
INSERT INTO word (word, rank) VALUES ('hashsize', 16777216);

-- One row of the queue: a comment, or near-duplicates folded into one. What can be filtered by is its leading comment's.
CREATE TABLE item (
  id INTEGER PRIMARY KEY,         -- that of the comment that began it
  lead INTEGER NOT NULL,
  members INTEGER NOT NULL,
  open INTEGER NOT NULL,
  deferred INTEGER NOT NULL,
  approved INTEGER NOT NULL,
  rejected INTEGER NOT NULL,
  place INTEGER NOT NULL,         -- the greater, the sooner; its harm, unless it was drawn for the audit
  doubt INTEGER NOT NULL,         -- how far its nearest label is from its threshold, in ten thousandths
  chance INTEGER NOT NULL,        -- random
  flagged INTEGER NOT NULL,       -- to be looked at: review, reject, or drawn for the audit
  band INTEGER NOT NULL,
  label TEXT NOT NULL,
  language TEXT NOT NULL,
  page INTEGER NOT NULL,
  author INTEGER,
  day TEXT
) STRICT;
-- What the text of an item's first comment looks like: near-duplicates join it.
CREATE TABLE fold (item INTEGER PRIMARY KEY, signature BLOB NOT NULL) STRICT;

-- What moderators said. Rows are only ever added; each holds the digest of itself and of the row before it.
CREATE TABLE decision (
  seq INTEGER PRIMARY KEY,
  act INTEGER NOT NULL,           -- decisions made together share it: the first one's seq
  comment INTEGER NOT NULL,
  uid BLOB NOT NULL,
  verdict TEXT NOT NULL CHECK (verdict IN ('approve', 'reject', 'defer', 'note', 'undo')),
  undoes INTEGER,                 -- the act that is taken back
  reason TEXT NOT NULL,
  labels TEXT NOT NULL,           -- JSON: {"insult":true}
  note TEXT,
  salt BLOB,                      -- with it the digest of the note can be checked; both go when the note must
  moderator TEXT NOT NULL,
  made INTEGER NOT NULL,
  model TEXT NOT NULL,
  scores TEXT NOT NULL,           -- JSON: {"insult":0.8123}
  advice TEXT NOT NULL,
  sample INTEGER,
  noted BLOB NOT NULL,            -- the digest of the salt and the note
  hash BLOB NOT NULL
) STRICT;
CREATE INDEX decision_by_comment ON decision (comment, seq);
CREATE INDEX decision_by_act ON decision (act);
CREATE INDEX decision_undone ON decision (undoes) WHERE undoes IS NOT NULL;

CREATE TRIGGER decision_stays BEFORE DELETE ON decision BEGIN
  SELECT RAISE (ABORT, 'decisions are never deleted');
END;
CREATE TRIGGER decision_holds BEFORE UPDATE OF
  seq, act, comment, uid, verdict, undoes, reason, labels, moderator, made, model, scores, advice, sample, noted, hash
ON decision BEGIN
  SELECT RAISE (ABORT, 'decisions are never changed');
END;
CREATE TRIGGER note_goes BEFORE UPDATE OF note, salt ON decision
WHEN NEW.note IS NOT NULL OR NEW.salt IS NOT NULL BEGIN
  SELECT RAISE (ABORT, 'a note can be taken away, not changed');
END;
