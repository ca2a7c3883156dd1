//! `extract --format parquet`: a file that reads back as the comment table.

use crate::workdir::Workdir;

#[cfg(not(feature = "parquet"))]
#[test]
fn without_the_feature_one_line_says_how_to_get_it() {
    let workdir = Workdir::with(&["evening/courrier.jsonl"]);
    let ran = workdir.vigie(&["extract", "courrier.jsonl", "--format", "parquet", "-o", "out"]);
    let told = "vigie: this vigie was built without Parquet; install it with: cargo install --path . --features parquet\n";
    assert_eq!((ran.status, ran.text(), ran.stderr.as_str()), (2, "", told));
    assert!(!workdir.path("out").exists());
}

#[cfg(feature = "parquet")]
mod built_with_it {
    use std::fs::File;

    use parquet::file::reader::{FileReader, SerializedFileReader};
    use parquet::record::{Field, Row};
    use serde_json::{Value, json};

    use super::Workdir;

    fn open(workdir: &Workdir, name: &str) -> SerializedFileReader<File> {
        SerializedFileReader::new(File::open(workdir.path(name)).unwrap()).unwrap()
    }

    fn rows(file: &SerializedFileReader<File>) -> Vec<Value> {
        let row = |row: Row| {
            let cells = row.get_column_iter().map(|(name, cell)| (name.clone(), value(cell)));
            Value::Object(cells.collect())
        };
        file.get_row_iter(None).unwrap().map(|found| row(found.unwrap())).collect()
    }

    fn value(cell: &Field) -> Value {
        match cell {
            Field::Null => Value::Null,
            Field::Str(text) => text.clone().into(),
            Field::Long(number) => (*number).into(),
            other => panic!("no column is of this type: {other:?}"),
        }
    }

    #[test]
    fn its_rows_are_those_of_json_lines() {
        let inputs = ["quai.html", "courrier.jsonl", "halle.txt", "youtube_api.jsonl"];
        let workdir = Workdir::with(&[
            "evening/quai.html",
            "evening/courrier.jsonl",
            "evening/halle.txt",
            "exports/youtube_api.jsonl",
        ]);
        let lines = workdir.vigie(&[&["extract"], &inputs[..]].concat()).done().jsonl();
        let format = ["extract", "--format", "parquet"];
        let ran =
            workdir.vigie(&[&format[..], &["-o", "comments.parquet"], &inputs[..]].concat()).done();
        assert_eq!(ran.text(), "");
        let file = open(&workdir, "comments.parquet");
        let columns = file.metadata().file_metadata().schema_descr().columns().to_vec();
        let names: Vec<String> = columns.iter().map(|column| column.name().to_string()).collect();
        assert_eq!(names, vigie::comment::COLUMNS);
        assert_eq!(rows(&file), lines);
        let told = |name: &str| lines.iter().any(|line| !line[name].is_null());
        assert!(["author", "parent", "votes", "status"].into_iter().all(told), "worth comparing");
        // The same bytes on a pipe.
        let piped = workdir.vigie(&[&format[..], &inputs[..]].concat()).done();
        assert_eq!(piped.stdout, std::fs::read(workdir.path("comments.parquet")).unwrap());
    }

    #[test]
    fn many_comments_are_parted_and_none_is_an_empty_table() {
        let workdir = Workdir::new();
        let mut table = String::from("id,text,votes\n");
        (0..20_001).for_each(|id| table.push_str(&format!("{id},Le quai n° {id},{id}\n")));
        workdir.write("long.csv", table);
        workdir.write("page.html", "<!DOCTYPE html><p>Aucun commentaire</p>");
        let extract =
            |name| workdir.vigie(&["extract", name, "--format", "parquet", "-o", "out"]).done();
        extract("long.csv");
        let file = open(&workdir, "out");
        let groups = file.metadata().row_groups().iter().map(|group| group.num_rows());
        assert_eq!(groups.collect::<Vec<_>>(), [10_000, 10_000, 1]);
        let last = rows(&file).pop().unwrap();
        let cells = ["id", "text", "votes"].map(|name| &last[name]);
        assert_eq!(cells, [&json!("20000"), &json!("Le quai n° 20000"), &json!(20_000)]);
        extract("page.html");
        assert!(rows(&open(&workdir, "out")).is_empty());
    }

    #[test]
    fn nothing_is_written_where_nothing_was_read() {
        let workdir = Workdir::new();
        for output in [&[][..], &["-o", "out"]] {
            let ran =
                workdir.vigie(&[&["extract", "gone.csv", "--format", "parquet"], output].concat());
            assert_eq!((ran.status, ran.stdout.len()), (2, 0), "{}", ran.stderr);
        }
        assert!(!workdir.path("out").exists());
    }
}
