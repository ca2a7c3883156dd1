-- Indexes that an import into an empty database does without until it is done. They are made, where they are missing,
-- whenever a database is opened: an import that was ended half-way leaves none behind.

CREATE INDEX IF NOT EXISTS comment_by_author ON comment (author) WHERE author IS NOT NULL;

-- `flagged` leads rather than being a condition of the index: of two partial ones the planner takes either. What can be
-- filtered by follows, so that counting a view reads the index alone.
CREATE INDEX IF NOT EXISTS item_queue ON item (flagged, place DESC, id, open, band, label, language, page, author, day) WHERE open > 0;
CREATE INDEX IF NOT EXISTS item_open ON item (place DESC, id, open, band, label, language, page, author, day) WHERE open > 0;
CREATE INDEX IF NOT EXISTS item_doubt ON item (flagged, doubt, id) WHERE open > 0;
CREATE INDEX IF NOT EXISTS item_by_doubt ON item (doubt, id) WHERE open > 0;
CREATE INDEX IF NOT EXISTS item_by_lot ON item (chance, id) WHERE open > 0;
CREATE INDEX IF NOT EXISTS item_by_page ON item (page, place DESC, id);
CREATE INDEX IF NOT EXISTS item_by_author ON item (author, place DESC, id) WHERE author IS NOT NULL;
