//! Tables from end to end: bytes in, comments and rejects out. Every file of `fixtures/exports/` is a case.

use std::fs;
use std::io::{self, Cursor, Read, Write};

use proptest::prelude::*;
use vigie::source::table::{Format, LineEnd, Overrides, Record, Table};
use vigie::source::{Input, Item, Options, expand, read, read_from};

const FOLDER: &str = "fixtures/exports";

/// The files, and the lines that each must yield.
fn cases() -> Vec<(&'static str, Vec<&'static str>)> {
    let sections = include_str!("tables/exports.txt").split("\n== ").skip(1);
    sections
        .map(|section| {
            let mut lines = section.lines().filter(|line| !line.is_empty());
            (lines.next().expect("a section begins with its file"), lines.collect())
        })
        .collect()
}

fn yielded(items: impl Iterator<Item = vigie::Result<Item>>) -> Vec<String> {
    let line = |item: vigie::Result<Item>| match item {
        Ok(Item::Comment(comment)) => {
            let parent = comment.parent.map(|parent| format!("<{parent}")).unwrap_or_default();
            let author = comment.author.map(|author| format!(" {author}")).unwrap_or_default();
            let status = comment.status.map(|status| status.name().to_owned());
            let fate: Vec<_> =
                status.into_iter().chain(comment.votes.map(|votes| votes.to_string())).collect();
            let fate =
                if fate.is_empty() { String::new() } else { format!(" ({})", fate.join(" ")) };
            format!(
                "{}{parent}{author}: {}{fate}",
                comment.id,
                comment.text.escape_debug().to_string().replace("\\'", "'")
            )
        }
        Ok(Item::Reject(reject)) => {
            let line = reject.line.map(|line| format!(", line {line}")).unwrap_or_default();
            format!("! record {}{line}: {}", reject.record, reject.reason)
        }
        Ok(Item::Absent { absence, .. }) => format!("no comments: {absence}"),
        Ok(Item::Remark { told, .. }) => format!("remark: {told}"),
        Err(error) => format!("! {}", error.to_string().replace(&format!("{FOLDER}/"), "")),
    };
    items.map(|item| line(item).trim_end().to_owned()).collect()
}

fn open(name: &str) -> vigie::Result<vigie::source::Reader> {
    read(&Input::File(format!("{FOLDER}/{name}").into()), &Options::new()?)
}

/// `UPDATE_TABLES=1` writes down what every file yields now, to be read before it is believed.
#[test]
fn every_export_yields_what_it_holds() {
    let found = |name: &str| match open(name) {
        Ok(reader) => yielded(reader),
        Err(error) => yielded([Err(error)].into_iter()),
    };
    if std::env::var_os("UPDATE_TABLES").is_some() {
        let told = include_str!("tables/exports.txt").split("\n== ").next().unwrap().to_owned();
        let section = |name: &String| format!("\n== {name}\n{}\n", found(name).join("\n"));
        let sections = names().iter().map(section).collect::<String>();
        fs::write("tests/tables/exports.txt", told.trim_end().to_owned() + "\n" + &sections)
            .unwrap();
        return;
    }
    for (name, expected) in cases() {
        assert_eq!(found(name), expected, "{name}");
    }
}

/// The exports, sorted.
fn names() -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(FOLDER)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name != "README.md")
        .collect();
    names.sort();
    names
}

#[test]
fn every_export_is_a_case_and_is_told_in_the_readme() {
    let readme = fs::read_to_string(format!("{FOLDER}/README.md")).unwrap();
    let names = names();
    let mut cases: Vec<_> = cases().iter().map(|(name, _)| name.to_string()).collect();
    cases.sort();
    assert_eq!(names, cases);
    for name in names {
        assert!(readme.contains(&format!("| `{name}` |")), "{name}");
    }
}

#[test]
fn the_columns_are_told() {
    let reader = open("semicolon_windows1252.csv").unwrap();
    assert_eq!(
        reader.mapping().unwrap().describe(),
        "id is \"Identifiant\", author is \"Auteur du commentaire\", date is \"Date de publication\", \
         text is \"Texte du commentaire\", parent is \"Réponse à\", status is \"Statut\", votes is \"J’aime\"; \
         no column for page, title"
    );
}

#[test]
fn raw_cells_stay_at_hand() {
    let name = format!("{FOLDER}/corpus.csv");
    let file = Input::File(name.clone().into()).open().unwrap();
    let table = Table::open(file, &name, &Overrides::default()).unwrap();
    let conspiracy = table.column("conspiracy").unwrap();
    assert_eq!(table.header(), ["id", "parent_id", "parent", "text", "insult", "conspiracy"]);
    assert!(matches!(table.format(), Format::Csv(dialect) if dialect.line_end == LineEnd::Lf));
    let labels: Vec<_> = table
        .map(|record| match record.unwrap() {
            Record::Row(row) => row.cell(conspiracy).unwrap().to_owned(),
            Record::Reject(reject) => panic!("{reject:?}"),
        })
        .collect();
    assert_eq!(labels, ["", "1"]);
}

#[test]
fn a_json_record_keeps_its_own_text() {
    let name = format!("{FOLDER}/bad_lines.jsonl");
    let file = Input::File(name.clone().into()).open().unwrap();
    let mut table = Table::open(file, &name, &Overrides::default()).unwrap();
    let mut records = Vec::new();
    while table.next_batch(2, &mut records).unwrap() {}
    let Some(Record::Row(last)) = records.last() else { panic!("{records:?}") };
    assert_eq!(
        last.json(),
        Some("{\"id\":5,\"text\":\"La dernière\",\"insult\":1,\"extra\":{\"deep\":[1,2]}}")
    );
    assert_eq!(last.cell(table.column("insult").unwrap()), Some("1"));
    assert_eq!(last.cell(table.column("extra.deep").unwrap()), Some("[1,2]"));
}

#[test]
fn the_user_answers_the_question() {
    let overrides = Overrides::parse("text=message").unwrap();
    let options = Options { overrides, ..Options::new().unwrap() };
    let input = Input::File(format!("{FOLDER}/two_text_columns.csv").into());
    let found = yielded(read(&input, &options).unwrap());
    assert_eq!(found[0], "1: Nous avons bien reçu votre mot");
}

fn from(reader: impl Read + Send + 'static) -> Vec<String> {
    let options = Options::new().expect("the profiles that ship are read");
    match read_from(Box::new(reader), "big.csv", &options) {
        Ok(reader) => yielded(reader),
        Err(error) => yielded([Err(error)].into_iter()),
    }
}

#[test]
fn a_line_of_200_megabytes_is_refused_and_the_rest_is_read() {
    let long = Cursor::new("id,text\n1,a\n2,").chain(io::repeat(b'x').take(200_000_000));
    assert_eq!(
        from(long.chain(Cursor::new("\n3,c\n"))),
        ["1: a", "! record 2, line 3: longer than 10 MB", "3: c"]
    );
    let quoted = Cursor::new("id,text\n1,\"").chain(io::repeat(b'x').take(20_000_000));
    assert_eq!(from(quoted.chain(Cursor::new("\n3,c\n"))).last().unwrap(), "3: c");
    let json =
        Cursor::new("{\"text\":\"a\"}\n{\"text\":\"").chain(io::repeat(b'x').take(20_000_000));
    assert_eq!(
        from(json.chain(Cursor::new("\"}\n{\"text\":\"c\"}\n"))),
        ["r1: a", "! record 2, line 2: longer than 10 MB", "r3: c"]
    );
    let alone = from(io::repeat(b'x').take(200_000_000));
    assert_eq!(alone, ["! big.csv: expected a header line, found no line end in 10 MB"]);
}

#[test]
fn an_open_quote_before_many_lines_costs_one_line() {
    let lines: String =
        (2..400_000).map(|id| format!("{id},une ligne parmi bien d’autres\n")).collect();
    let found = from(Cursor::new(format!("id,text\n1,\"ouvert\n{lines}")));
    assert_eq!(found[0], "! record 1, line 2: a quote opens a cell and does not close in 10 MB");
    assert_eq!(found.len(), 399_999);
    assert_eq!(found.last().unwrap(), "399999: une ligne parmi bien d’autres");
}

#[test]
fn windows_1252_after_an_ascii_head_is_read() {
    let head = "1,plain words only\n".repeat(10_000);
    let bytes = [b"id,text\n".as_slice(), head.as_bytes(), b"2,l\x92\xe9t\xe9\n"].concat();
    let name = "big.csv";
    let mut table = Table::open(Box::new(Cursor::new(bytes)), name, &Overrides::default()).unwrap();
    let mapping = table.mapping().clone();
    let last = table.by_ref().last().unwrap().unwrap();
    let Record::Row(row) = last else { panic!("{last:?}") };
    assert_eq!(mapping.text(&row), "l’été");
    assert_eq!((row.record, table.charset(), table.repaired()), (10_001, "UTF-8", 3));
}

#[test]
fn deep_json_is_refused_and_not_followed() {
    let deep =
        format!("{{\"text\":\"a\"}}\n{{\"text\":{}\n{{\"text\":\"c\"}}\n", "[".repeat(1_000_000));
    let found = from(Cursor::new(deep));
    assert!(
        found[1].starts_with("! record 2, line 2: expected a JSON object: recursion limit"),
        "{}",
        found[1]
    );
    assert_eq!(found[2], "r3: c");
}

#[test]
fn an_archive_that_unfolds_without_end_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("page.html.gz");
    let mut bomb = flate2::write::GzEncoder::new(
        fs::File::create(&path).unwrap(),
        flate2::Compression::fast(),
    );
    bomb.write_all(b"<html>").unwrap();
    for _ in 0..80 {
        bomb.write_all(&[b' '; 1_000_000]).unwrap();
    }
    bomb.finish().unwrap();
    assert!(fs::metadata(&path).unwrap().len() < 1_000_000);
    let error = read(&Input::File(path.clone()), &Options::new().unwrap()).err().unwrap();
    assert_eq!(
        error.to_string(),
        format!("{}: larger than 67 MB, too large for a page", path.display())
    );
}

#[test]
fn the_folder_is_read_in_order() {
    let inputs = expand(&[FOLDER.to_owned(), format!("{FOLDER}/*.jsonl")]);
    let inputs: Vec<Input> = inputs.into_iter().map(Result::unwrap).collect();
    assert_eq!(inputs.len(), cases().len(), "the cases, and not the readme");
    assert!(inputs.windows(2).all(|pair| pair[0].to_string() < pair[1].to_string()));
}

proptest! {
    #[test]
    fn whatever_the_bytes_reading_ends_and_records_are_counted(
        pieces in prop::collection::vec(
            prop_oneof![
                "[\"',;|\t\r\n{}\\[\\]:a]{1,4}".prop_map(String::into_bytes),
                Just(b"id;text\n".to_vec()),
                Just(b"{\"text\":\"a\"}\n".to_vec()),
                prop::collection::vec(any::<u8>(), 0..4),
            ],
            0..20,
        ),
        start in prop::sample::select(vec!["", "id,text\n", "text\n", "{\"text\":1}\n", "[{\"text\":1},", "sep=;\n"]),
    ) {
        let bytes = [start.as_bytes(), &pieces.concat()].concat();
        let lines = bytes.iter().filter(|&&byte| byte == b'\n' || byte == b'\r').count() as u64;
        if let Ok(table) = Table::open(Box::new(Cursor::new(bytes.clone())), "a.csv", &Overrides::default()) {
            // The values of an array may share a line.
            let array = bytes.trim_ascii_start().starts_with(b"[");
            for (index, record) in table.enumerate() {
                let Ok(record) = record else { break };
                let (number, line) = match record {
                    Record::Row(row) => (row.record, row.line),
                    Record::Reject(reject) => (reject.record, reject.line.expect("a table has lines")),
                };
                prop_assert_eq!(number, index as u64 + 1);
                prop_assert!(array || (line >= number && line <= lines + 1), "record {number} on line {line}");
            }
        }
    }
}
