//! What spreadsheets and wrong charsets did to cells: told a line each kind, and undone only where it is asked for.

use std::fmt::Write;

use crate::workdir::Workdir;

const EXPORTS: [&str; 5] = [
    "exports/mojibake.csv",
    "exports/entities_twice.csv",
    "exports/excel_ids.csv",
    "exports/dates_month_first.csv",
    "exports/spreadsheet_cuts.csv",
];

#[test]
fn traps_are_told_a_line_each() {
    let workdir = Workdir::with(&EXPORTS);
    let mut shown = String::new();
    for export in EXPORTS {
        let name = export.rsplit('/').next().unwrap();
        let ran = workdir.vigie(&["extract", name]).done();
        writeln!(shown, "{}", ran.told().join("\n")).unwrap();
    }
    insta::assert_snapshot!(shown);
}

#[test]
fn cells_are_repaired_where_it_is_asked_for() {
    let workdir = Workdir::with(&EXPORTS);
    let repaired = |name| {
        let arguments = ["extract", "--format", "csv", "--repair", "mojibake,entities", name];
        workdir.vigie(&arguments).done()
    };
    let ran = repaired("mojibake.csv");
    let texts = ["Déjà vu près d’ici", "C’était l’été", "Là-bas aussi", "Celle-ci est déjà juste"];
    assert_eq!(ran.csv().column("text"), texts);
    assert!(ran.stderr.contains(", repaired: 3"), "{}", ran.stderr);
    let ran = repaired("entities_twice.csv");
    assert_eq!(ran.csv().column("text"), ["L'été dernier & l'hiver", "Thé &amp; café"]);
}

#[test]
fn a_cell_as_long_as_a_spreadsheet_allows_is_told() {
    let workdir = Workdir::new();
    let long = "é".repeat(32_767);
    workdir.write("long.csv", format!("id,text\n1,{long}\n2,{long}é\n"));
    let ran = workdir.vigie(&["extract", "long.csv"]).done();
    assert!(ran.stderr.contains("to have cut: 1 (the first: record 1)"), "{}", ran.stderr);
}
