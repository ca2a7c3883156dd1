//! Files that are no database of ours, or one that cannot be used: one clear line, and not a byte is changed.

use std::fs;

use rusqlite::Connection;

use super::{comments, desk};
use crate::workdir::Workdir;

/// Opens the desk on a file that it must refuse, with and without inputs; what it says.
fn refused(workdir: &Workdir, name: &str) -> String {
    let before = fs::read(workdir.path(name)).unwrap();
    let names = workdir.names();
    let mut said = Vec::new();
    for inputs in [&[][..], &["few.csv"]] {
        let arguments =
            [&["review"], inputs, &["--db", name, "--no-open", "--listen", "127.0.0.1:0"]];
        let ran = workdir.vigie(&arguments.concat());
        assert_eq!((ran.status, ran.stdout.len()), (2, 0), "{name}: {}", ran.stderr);
        assert_eq!(ran.stderr.lines().count(), 1, "{name}: {}", ran.stderr);
        said.push(ran.stderr.trim_end().to_string());
        assert!(fs::read(workdir.path(name)).unwrap() == before, "{name} was changed");
        assert_eq!(workdir.names(), names, "{name}: something was left beside it");
    }
    assert_eq!(said[0], said[1]);
    said.remove(0)
}

/// The bytes of a database of ours with so many comments.
fn ours(workdir: &Workdir, rows: usize) -> Vec<u8> {
    workdir.write("few.csv", comments(rows));
    drop(desk(workdir, &["few.csv", "--db", "ours.db"]));
    // The desk was killed: what stands beside the file is moved into it.
    Connection::open(workdir.path("ours.db"))
        .unwrap()
        .execute_batch("PRAGMA wal_checkpoint (TRUNCATE)")
        .unwrap();
    fs::read(workdir.path("ours.db")).unwrap()
}

#[test]
fn what_cannot_be_used_is_refused_and_left_as_it_is() {
    let workdir = Workdir::new();
    let ours = ours(&workdir, 300);

    workdir.write("newer.db", &ours);
    let newer = Connection::open(workdir.path("newer.db")).unwrap();
    newer.execute_batch("CREATE TABLE later (what TEXT); PRAGMA user_version = 99;").unwrap();
    drop(newer);
    assert_eq!(
        refused(&workdir, "newer.db"),
        "vigie: newer.db: database: this database comes from a newer version of vigie; nothing was changed, update vigie to open it"
    );

    let foreign = "expected a database of vigie, found another program's";
    for journal in ["delete", "wal"] {
        let name = format!("{journal}.db");
        let other = Connection::open(workdir.path(&name)).unwrap();
        other.pragma_update(None, "journal_mode", journal).unwrap();
        other
            .execute_batch(
                "CREATE TABLE customer (name TEXT); INSERT INTO customer VALUES ('Zoé');",
            )
            .unwrap();
        drop(other);
        assert_eq!(refused(&workdir, &name), format!("vigie: {name}: database: {foreign}"));
    }

    workdir.write("text.db", "id,author,text\n1,Zoé,Bonjour à tous\n".repeat(100));
    workdir.write("short.db", "SQLite format 3\0");
    for name in ["text.db", "short.db"] {
        let expected = "expected an SQLite database, found something else";
        assert_eq!(refused(&workdir, name), format!("vigie: {name}: database: {expected}"));
    }
}

#[test]
fn a_damaged_database_is_told_and_left_as_it_is() {
    let workdir = Workdir::new();
    let ours = ours(&workdir, 3000);
    // Cut off, and overwritten behind the first page, as a disk that fails does.
    workdir.write("cut.db", &ours[..ours.len() / 3]);
    let mut holed = ours.clone();
    holed[4096..].fill(0xa5);
    workdir.write("holed.db", holed);
    for name in ["cut.db", "holed.db"] {
        let said = refused(&workdir, name);
        assert!(said.starts_with(&format!("vigie: {name}: database: it is damaged (")), "{said}");
        assert!(said.ends_with("; restore a copy"), "{said}");
    }
}
