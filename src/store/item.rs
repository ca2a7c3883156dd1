//! Keeps the rows of the queue true to the comments that they stand for.

use rusqlite::{Connection, OptionalExtension, params};

use super::judge::Judge;
use super::kept::State;
use crate::text::mix;

/// What of a comment bears on its item.
#[derive(Clone, Copy, Debug)]
struct Member {
    number: i64,
    harm: i64,
    state: State,
    band: i64,
    sample: bool,
}

/// Sums an item up again from its comments. An item without comments goes.
pub(super) fn refresh(database: &Connection, item: i64) -> rusqlite::Result<()> {
    let mut query = database.prepare_cached(
        "SELECT id, harm, state, band, sample IS NOT NULL FROM comment WHERE item = ?1 ORDER BY id",
    )?;
    let members = query.query_map([item], |row| {
        Ok(Member {
            number: row.get(0)?,
            harm: row.get(1)?,
            state: State::from_number(row.get(2)?),
            band: row.get(3)?,
            sample: row.get(4)?,
        })
    })?;
    let members: Vec<Member> = members.collect::<rusqlite::Result<_>>()?;
    // The one to decide, else the gravest; the first of equals.
    let rank = |member: &&Member| (member.state == State::Open, member.harm, -member.number);
    let Some(lead) = members.iter().max_by_key(rank) else {
        return database
            .prepare_cached("DELETE FROM item WHERE id = ?1")?
            .execute([item])
            .map(drop);
    };
    let count = |state: State| members.iter().filter(|one| one.state == state).count() as i64;
    let inside = members.len() as i64 - count(State::Out);
    let drawn = members.iter().any(|one| one.sample);
    let flagged = drawn || members.iter().any(|one| one.band > 0 && one.state != State::Out);
    let mut change = database.prepare_cached(
        "UPDATE item SET lead = ?2, members = ?3, open = ?4, deferred = ?5, approved = ?6, rejected = ?7, \
         flagged = ?8, place = CASE WHEN ?9 THEN place ELSE ?10 END, \
         (band, label, language, page, author, day) = \
           (SELECT band, label, language, page, author, day FROM comment WHERE id = ?2) \
         WHERE id = ?1",
    )?;
    change.execute(params![
        item,
        lead.number,
        inside,
        count(State::Open),
        count(State::Deferred),
        count(State::Approved),
        count(State::Rejected),
        flagged,
        // What was drawn keeps the place that it drew.
        drawn && lead.band == 0,
        lead.harm,
    ])?;
    Ok(())
}

/// A comment that begins an item of its own.
pub(super) struct Beginning<'a> {
    /// Its number: the comment's and the item's.
    pub(super) number: i64,
    pub(super) signature: Option<&'a [u8]>,
    pub(super) state: State,
    pub(super) place: i64,
    pub(super) doubt: i64,
    pub(super) chance: i64,
    pub(super) flagged: bool,
    pub(super) band: i64,
    pub(super) label: &'a str,
    pub(super) language: &'a str,
    pub(super) page: i64,
    pub(super) author: Option<i64>,
    pub(super) day: Option<&'a str>,
}

/// Adds an item of one comment.
pub(super) fn begin(database: &Connection, of: &Beginning) -> rusqlite::Result<()> {
    let mut change = database.prepare_cached(
        "INSERT INTO item (id, lead, members, open, deferred, approved, rejected, place, doubt, chance, \
         flagged, band, label, language, page, author, day) \
         VALUES (?1, ?1, ?2, ?3, 0, 0, 0, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
    )?;
    let Beginning { number, signature, state, place, doubt, chance, flagged, band, .. } = *of;
    change.execute(params![
        number,
        state != State::Out,
        state == State::Open,
        place,
        doubt,
        chance,
        flagged,
        band,
        of.label,
        of.language,
        of.page,
        of.author,
        of.day,
    ])?;
    if let Some(signature) = signature {
        let mut change =
            database.prepare_cached("INSERT INTO fold (item, signature) VALUES (?1, ?2)")?;
        change.execute(params![number, signature])?;
    }
    Ok(())
}

/// Weighs a comment again whose replies or votes changed; the item that is to be summed up again.
pub(super) fn reweigh(
    database: &Connection,
    judge: &Judge,
    comment: i64,
) -> rusqlite::Result<Option<i64>> {
    let mut query = database.prepare_cached(
        "SELECT scores, language, trust, severity, replies, votes, item FROM comment WHERE id = ?1",
    )?;
    let found = query
        .query_row([comment], |row| {
            let (scores, language): (Vec<u8>, String) = (row.get(0)?, row.get(1)?);
            let scores = super::judge::unpack(&scores, &language, row.get(2)?);
            let weight = super::judge::weight(row.get(3)?, row.get(4)?, row.get(5)?);
            Ok((judge.harm(&scores, weight), row.get::<_, i64>(6)?))
        })
        .optional()?;
    let Some((harm, item)) = found else { return Ok(None) };
    let mut change = database.prepare_cached("UPDATE comment SET harm = ?2 WHERE id = ?1")?;
    change.execute([comment, harm])?;
    Ok(Some(item))
}

/// A lot from 0 to `below` less one, the same for the same comment in the same database.
pub(super) fn lot(seed: i64, key: &[u8; 16], purpose: u64, below: u64) -> u64 {
    let (front, back) = (u64::from_be_bytes(half(key, 0)), u64::from_be_bytes(half(key, 8)));
    mix(seed as u64 ^ front ^ mix(back ^ purpose)) % below.max(1)
}

fn half(key: &[u8; 16], from: usize) -> [u8; 8] {
    std::array::from_fn(|at| key[from + at])
}
