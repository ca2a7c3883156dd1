//! Chains decisions: each holds the digest of itself and of the one before it, so that a change is seen.
//!
//! The digest of a decision is SHA-256 over the digest before it (32 zero bytes before the first) and its fields, each with
//! its length before it. A note counts by a digest of its own, salted: it can be taken away without breaking the chain.

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension, Row};
use sha2::{Digest, Sha256};

use super::{Store, failed};
use crate::error::Result;

/// The end of the chain.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// The number of the last decision; 0 where there is none.
    pub seq: i64,
    /// Its digest.
    pub hash: [u8; 32],
}

impl Head {
    /// The digest as 64 hexadecimal digits.
    pub fn to_hex(&self) -> String {
        self.hash.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// What a check of the whole chain came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verified {
    /// Every decision is as it was made.
    Whole(Head),
    /// The first decision that is not, by its number, and why.
    Broken {
        /// The number that was expected there.
        seq: i64,
        /// What is wrong.
        why: &'static str,
    },
}

/// The fields that are chained, in order.
const FIELDS: &str = "seq, act, comment, uid, verdict, undoes, reason, labels, moderator, made, model, scores, advice, \
                      sample, noted";

/// How many of them.
const COUNT: usize = 15;

/// The end of the chain as it stands.
pub(super) fn head(database: &Connection) -> rusqlite::Result<Head> {
    let mut query =
        database.prepare_cached("SELECT seq, hash FROM decision ORDER BY seq DESC LIMIT 1")?;
    let head = query.query_row([], |row| Ok(Head { seq: row.get(0)?, hash: row.get(1)? }));
    Ok(head.optional()?.unwrap_or_default())
}

/// The digest of a note with its salt; of an absent one, that of nothing.
pub(super) fn noted(salt: Option<&[u8]>, note: Option<&str>) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(salt.unwrap_or_default());
    hash.update(note.unwrap_or_default().as_bytes());
    hash.finalize().into()
}

/// Hashes values one after the other, each told apart from the next.
pub(super) struct Link(Sha256);

impl Link {
    /// A link to what comes before.
    pub(super) fn after(before: &[u8; 32]) -> Link {
        let mut hash = Sha256::new();
        hash.update(before);
        Link(hash)
    }

    /// Adds a value.
    pub(super) fn push(&mut self, value: ValueRef) {
        let number;
        let bytes = match value {
            ValueRef::Null => &[][..],
            ValueRef::Integer(value) => {
                number = value.to_be_bytes();
                &number[..]
            }
            ValueRef::Real(value) => {
                number = value.to_bits().to_be_bytes();
                &number[..]
            }
            ValueRef::Text(bytes) | ValueRef::Blob(bytes) => bytes,
        };
        self.0.update([value.data_type() as u8]);
        self.0.update((bytes.len() as u64).to_be_bytes());
        self.0.update(bytes);
    }

    /// The digest.
    pub(super) fn close(self) -> [u8; 32] {
        self.0.finalize().into()
    }
}

/// The digest of the row, whose first columns are [`FIELDS`], after `before`.
fn of_row(row: &Row, before: &[u8; 32]) -> rusqlite::Result<[u8; 32]> {
    let mut link = Link::after(before);
    for column in 0..COUNT {
        link.push(row.get_ref(column)?);
    }
    Ok(link.close())
}

impl Store {
    /// The end of the chain: whoever keeps it elsewhere can tell later that nothing before it was changed.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn head(&self) -> Result<Head> {
        self.read(|database| head(database).map_err(failed))
    }

    /// Checks the whole chain, the notes too.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn verify(&self) -> Result<Verified> {
        self.read(|database| verify(database).map_err(failed))
    }

    /// The number of the decision with this digest; none where there is none. A head that was kept elsewhere and is not
    /// here any more tells that the log was cut or written anew.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn find_head(&self, hash: &[u8; 32]) -> Result<Option<i64>> {
        self.read(|database| {
            let mut query =
                database.prepare("SELECT seq FROM decision WHERE hash = ?1").map_err(failed)?;
            query.query_row([hash], |row| row.get(0)).optional().map_err(failed)
        })
    }
}

fn verify(database: &Connection) -> rusqlite::Result<Verified> {
    let query = format!("SELECT {FIELDS}, hash, salt, note FROM decision ORDER BY seq");
    let mut query = database.prepare(&query)?;
    let mut rows = query.query([])?;
    let mut head = Head::default();
    while let Some(row) = rows.next()? {
        let seq = head.seq + 1;
        let broken = |why| Ok(Verified::Broken { seq, why });
        if row.get::<_, i64>(0)? != seq {
            return broken("it is missing");
        }
        let hash = of_row(row, &head.hash)?;
        if row.get_ref(COUNT)? != ValueRef::Blob(&hash) {
            return broken("it is not what was decided");
        }
        let salt: Option<Vec<u8>> = row.get(COUNT + 1)?;
        let note: Option<String> = row.get(COUNT + 2)?;
        let digest = noted(salt.as_deref(), note.as_deref());
        if note.is_some() && row.get_ref(COUNT - 1)? != ValueRef::Blob(&digest) {
            return broken("its note is not what was written");
        }
        head = Head { seq, hash };
    }
    Ok(Verified::Whole(head))
}
