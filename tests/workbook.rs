//! The queue as a workbook: what a spreadsheet is given, and what is read back from it.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};

use crate::workdir::Workdir;

const EVENING: &str = "id,author,date,text,parent,page,title,status,votes,found\n\
    0012,Hélène,2024-03-01,\"Cette voie de vélos est une bonne nouvelle.\nMerci !\",,quai,Des vélos sur le quai,approved,-3,a\n\
    0013,=cmd|' /C calc'!A0,hier,\"=cmd|' /C calc'!A0 pauvre crétin, ferme ta gueule\",0012,quai,Des vélos sur le quai,,,b\n\
    0014,+33,1er mars,\"''=1+1 _x0041_ bouffon \u{7}\u{202E}<b>&amp;</b>\",0013,quai,Des vélos sur le quai,pending,12,c\n";

/// The cells of the sheet, its header first.
fn cells(bytes: &[u8]) -> Vec<Vec<Data>> {
    let mut book = Xlsx::<Cursor<Vec<u8>>>::new(Cursor::new(bytes.to_vec())).unwrap();
    let sheet = book.worksheet_range_at(0).unwrap().unwrap();
    sheet.rows().map(<[Data]>::to_vec).collect()
}

fn triage(workdir: &Workdir, lang: &str, name: &str) -> Vec<u8> {
    workdir.write("evening.csv", EVENING);
    let arguments = ["triage", "evening.csv", "--format", "xlsx", "--lang", lang, "-o", name];
    workdir.vigie(&arguments).done();
    std::fs::read(workdir.path(name)).unwrap()
}

#[test]
fn numbers_are_numbers_and_what_was_written_is_text() {
    let rows = cells(&triage(&Workdir::new(), "fr", "file.xlsx"));
    let headings: Vec<String> = rows[0].iter().map(Data::to_string).collect();
    let first = ["Rang", "Conseil", "insulte (probabilité)", "complotisme (probabilité)", "Texte"];
    assert_eq!(headings[..5], first);
    let column = |name: &str| headings.iter().position(|heading| heading == name).unwrap();
    let row = |id: &str| {
        let is = |row: &&Vec<Data>| row[column("Id")] == Data::String(id.into());
        rows.iter().find(is).unwrap_or_else(|| panic!("{id} is text")).clone()
    };
    let text = |text: &str| Data::String(text.into());
    let insult = row("0013");
    assert_eq!(insult[0], Data::Float(1.0), "the insult stands first");
    assert!(
        matches!(insult[2], Data::Float(share) if share > 0.5 && share <= 1.0),
        "{:?}",
        insult[2]
    );
    assert_eq!(insult[column("Auteur")], text("=cmd|' /C calc'!A0"));
    assert_eq!(insult[column("Texte")], text("=cmd|' /C calc'!A0 pauvre crétin, ferme ta gueule"));
    assert_eq!(insult[column("Votes")], Data::Empty);
    assert_eq!(insult[column("Répond à (auteur)")], text("Hélène"));
    assert!(insult[column("Raisons")].to_string().contains("crétin"));
    assert_eq!(row("0012")[column("Votes")], Data::Float(-3.0));
    assert_eq!(row("0012")[column("Conseil")], text("Rien à signaler"));
    // What XML cannot hold is shown; the rest is as it was written.
    let odd = "'=1+1 _x0041_ bouffon ⟨U+0007⟩\u{202E}<b>&amp;</b>";
    assert_eq!(row("0014")[column("Texte")], text(odd));
    assert_eq!(row("0014")[column("Auteur")], text("+33"));
}

#[test]
fn a_workbook_runs_nothing_and_loads_nothing() {
    let bytes = triage(&Workdir::new(), "en", "queue.xlsx");
    let mut book = Xlsx::<Cursor<Vec<u8>>>::new(Cursor::new(bytes.clone())).unwrap();
    assert!(book.worksheet_formula("Moderation queue").unwrap().is_empty());
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    for index in 0..archive.len() {
        let mut member = archive.by_index(index).unwrap();
        let name = member.name().unwrap().into_owned();
        let known = ["xl/", "docProps/", "_rels/", "[Content_Types].xml"];
        assert!(known.iter().any(|start| name.starts_with(start)), "{name}");
        assert!(!name.contains("vba") && !name.contains("externalLink"), "{name}");
        let mut xml = String::new();
        std::io::Read::read_to_string(&mut member, &mut xml).unwrap();
        assert!(!xml.contains("<hyperlink") && !xml.contains("TargetMode=\"External\""), "{name}");
        if name == "docProps/core.xml" {
            assert_eq!(xml.matches("2000-01-01T00:00:00Z").count(), 2, "{xml}");
        }
        if name == "xl/worksheets/sheet1.xml" {
            assert!(xml.contains("<autoFilter ref=\"A1:T4\"/>"), "{xml}");
            assert!(xml.contains("state=\"frozen\"") && xml.contains("ySplit=\"1\""));
        }
    }
}

#[test]
fn the_same_queue_gives_the_same_bytes() {
    let (one, other) = (Workdir::new(), Workdir::new());
    let first = triage(&one, "fr", "a.xlsx");
    assert_eq!(first, triage(&other, "fr", "b.xlsx"));
}

#[test]
fn extract_reads_the_comments_back() {
    for lang in ["fr", "en"] {
        let workdir = Workdir::new();
        triage(&workdir, lang, "queue.xlsx");
        let told = |arguments: &[&str]| {
            let mut comments = workdir.vigie(arguments).done().jsonl();
            comments.sort_by_key(|comment| comment["id"].as_str().unwrap().to_string());
            comments
        };
        let before = told(&["extract", "evening.csv", "--format", "jsonl"]);
        let after = told(&["extract", "queue.xlsx", "--format", "jsonl"]);
        assert_eq!(after.len(), 3);
        for (before, after) in before.iter().zip(&after) {
            for field in ["id", "author", "date", "parent", "page", "title", "status", "votes"] {
                assert_eq!(before[field], after[field], "{lang}: {field}");
            }
            let shown = before["text"].as_str().unwrap().replace('\u{7}', "⟨U+0007⟩");
            assert_eq!(shown, after["text"].as_str().unwrap());
        }
    }
}

#[test]
fn a_workbook_needs_a_file() {
    let workdir = Workdir::new();
    workdir.write("evening.csv", EVENING);
    let ran = workdir.vigie(&["triage", "evening.csv", "--format", "xlsx"]);
    assert_eq!((ran.status, ran.stdout.len()), (2, 0));
    assert!(
        ran.stderr.contains("--format xlsx writes a file: name it with -o FILE"),
        "{}",
        ran.stderr
    );
    assert_eq!(workdir.names(), ["evening.csv"]);
}
