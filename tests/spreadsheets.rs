//! Spreadsheets: read as a CSV file of theirs would be, and refused in one clear line where they would hurt.

use std::io::{Cursor, Write};

use flate2::{Compression, Crc, write::DeflateEncoder};

use vigie::source::{Options, read_from};

use crate::workdir::{Workdir, fixture};

const FIXTURES: [&str; 2] = ["moderation.xlsx", "moderation.ods"];

/// A zip archive; what its directory says of sizes may be a lie.
fn zip(members: &[(&str, &[u8])], lie: Option<u32>) -> Vec<u8> {
    let (mut file, mut directory) = (Vec::new(), Vec::new());
    for (name, data) in members {
        let mut packer = DeflateEncoder::new(Vec::new(), Compression::fast());
        packer.write_all(data).unwrap();
        let packed = packer.finish().unwrap();
        let mut crc = Crc::new();
        crc.update(data);
        let mut head = [20u16, 0, 8, 0, 0].map(u16::to_le_bytes).concat();
        let sizes = [crc.sum(), packed.len() as u32, lie.unwrap_or(data.len() as u32)];
        head.extend(sizes.map(u32::to_le_bytes).concat());
        head.extend([name.len() as u16, 0].map(u16::to_le_bytes).concat());
        let at = file.len() as u32;
        file.extend([b"PK\x03\x04", head.as_slice(), name.as_bytes(), &packed].concat());
        directory.extend([b"PK\x01\x02\x14\x00", head.as_slice(), &[0; 10]].concat());
        directory.extend([at.to_le_bytes().as_slice(), name.as_bytes()].concat());
    }
    let (count, size, at) = (members.len() as u16, directory.len() as u32, file.len() as u32);
    file.extend(directory);
    file.extend(b"PK\x05\x06\0\0\0\0");
    file.extend([count, count].map(u16::to_le_bytes).concat());
    file.extend([size, at].map(u32::to_le_bytes).concat());
    file.extend([0, 0]);
    file
}

const WORKBOOK: &str = "<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" \
    xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets>\
    <sheet name=\"Feuil1\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>";
const RELATIONSHIPS: &str = "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
    <Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" \
    Target=\"worksheets/sheet1.xml\"/></Relationships>";
const ROOT: &str = "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
    <Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" \
    Target=\"xl/workbook.xml\"/></Relationships>";
const STRINGS: &str = "<sst xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><si><t>id</t></si>\
    <si><t>texte</t></si><si><r><t xml:space=\"preserve\">Le pont </t></r><r><t>&amp; le quai</t></r></si></sst>";
const HEADER: &str =
    "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" t=\"s\"><v>1</v></c></row>";

fn workbook(rows: &str) -> Vec<u8> {
    let sheet = format!(
        "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>{rows}"
    );
    members(&sheet, None)
}

fn members(sheet: &str, lie: Option<u32>) -> Vec<u8> {
    let members = [
        ("_rels/.rels", ROOT.as_bytes()),
        ("xl/workbook.xml", WORKBOOK.as_bytes()),
        ("xl/_rels/workbook.xml.rels", RELATIONSHIPS.as_bytes()),
        ("xl/sharedStrings.xml", STRINGS.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ];
    zip(&members, lie)
}

fn document(table: &str) -> Vec<u8> {
    let content = format!(
        "<office:document-content><office:spreadsheet><table:table table:name=\"Feuille1\">{table}</table:table>\
         </office:spreadsheet></office:document-content>"
    );
    zip(
        &[
            ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
            ("content.xml", content.as_bytes()),
        ],
        None,
    )
}

const END: &str = "</sheetData></worksheet>";

#[test]
fn a_spreadsheet_gives_what_its_cells_show() {
    for name in FIXTURES {
        let workdir = Workdir::with(&[&format!("exports/{name}")]);
        let ran = workdir.vigie(&["extract", "--format", "csv", name]).done();
        insta::assert_snapshot!(name, format!("{}---\n{}", ran.text(), ran.stderr));
    }
}

#[test]
fn every_column_of_a_spreadsheet_is_kept_beside_its_scores() {
    let workdir = Workdir::with(&["exports/moderation.xlsx"]);
    let table = workdir.vigie(&["score", "moderation.xlsx"]).done().csv();
    let motives = ["", "Insulte", "", "", "Complot", "", "Publicité", ""];
    assert_eq!(table.column("Motif de rejet"), motives);
    assert_eq!(table.column("N°")[..2], ["101", "102"]);
    let votes = ["12", "-3", "4", "0", "-1", "1", "", ""];
    assert_eq!(table.column("J’aime"), votes, "a formula without its value is empty");
    let told = workdir.vigie(&["extract", "--explain", "moderation.xlsx"]).done();
    assert!(told.text().contains("a spreadsheet: no page to explain"), "{}", told.text());
    // The content tells, not the name; and from a pipe.
    let book = std::fs::read(fixture("exports/moderation.ods")).unwrap();
    workdir.write("export.csv", &book);
    let named = workdir.vigie(&["extract", "--map", "text=Motif de rejet", "export.csv"]).done();
    assert!(named.text().contains("\"text\":\"Complot\""), "{}", named.text());
    let piped = workdir.vigie_fed(&["extract", "-"], &book).done();
    assert_eq!(piped.jsonl().len(), 8);
}

#[test]
fn ids_that_lost_digits_and_headers_that_come_again_are_told() {
    let workdir = Workdir::new();
    let rows = "<row r=\"2\"><c r=\"A2\"><v>1234567890123456789</v></c><c r=\"B2\" t=\"s\"><v>2</v></c></row>\
        <row r=\"3\"><c r=\"A3\" t=\"s\"><v>0</v></c><c r=\"B3\" t=\"s\"><v>1</v></c></row>\
        <row r=\"9\"><c r=\"A9\" t=\"e\"><v>#N/A</v></c><c r=\"B9\" t=\"str\"><v>Oui.</v></c></row>";
    workdir.write("a.xlsx", workbook(&format!("{HEADER}{rows}{END}")));
    let ran = workdir.vigie(&["extract", "--format", "csv", "a.xlsx"]);
    let table = ran.csv();
    assert_eq!(table.column("id"), ["r2", "r9"]);
    assert_eq!(table.column("text"), ["Le pont & le quai", "Oui."]);
    assert_eq!(ran.sums(), Some([3, 2, 1]));
    for told in ["record 3: the header line again", "took for numbers", "(the first: record 2)"] {
        assert!(ran.stderr.contains(told), "{}", ran.stderr);
    }
}

#[test]
fn a_sheet_gives_its_rows_up_to_what_is_damaged() {
    let workdir = Workdir::new();
    let row = "<row r=\"2\"><c r=\"A2\"><v>1</v></c><c r=\"B2\" t=\"s\"><v>2</v></c></row>";
    workdir.write("cut.xlsx", workbook(&format!("{HEADER}{row}<row r=\"3\"><c r=\"A3\"><v>1")));
    let ran = workdir.vigie(&["extract", "cut.xlsx"]);
    assert_eq!((ran.status, ran.jsonl().len()), (1, 1), "{}", ran.stderr);
    assert!(ran.stderr.contains("cut.xlsx: the workbook cannot be read"), "{}", ran.stderr);
    let row = "<table:table-row><table:table-cell><text:p>texte</text:p></table:table-cell></table:table-row>";
    let table =
        format!("{row}{}<table:table-row><table:table-cell><", row.replace("texte", "Oui."));
    workdir.write("cut.ods", document(&table));
    let ran = workdir.vigie(&["extract", "cut.ods"]);
    assert_eq!((ran.status, ran.jsonl().len()), (1, 1), "{}", ran.stderr);
    assert!(ran.stderr.contains("cut.ods: the spreadsheet cannot be read"), "{}", ran.stderr);
}

#[test]
fn sheets_that_claim_to_be_vast_cost_no_more_than_what_they_hold() {
    let workdir = Workdir::new();
    let far = "<row r=\"1048576\"><c r=\"A1048576\"><v>7</v></c><c r=\"B1048576\" t=\"s\"><v>2</v></c>\
        <c r=\"XFD1048576\"><v>8</v></c></row>";
    workdir.write("far.xlsx", workbook(&format!("{HEADER}{far}{END}")));
    let table = workdir.vigie(&["score", "--format", "csv", "far.xlsx"]).done().csv();
    assert_eq!((table.column("id"), table.column("XFD")), (vec!["7"], vec!["8"]));
    let vast = "<table:table-row table:number-rows-repeated=\"1048576\"><table:table-cell \
        table:number-columns-repeated=\"16384\"><text:p>texte</text:p></table:table-cell></table:table-row>";
    let empty = "<table:table-row table:number-rows-repeated=\"4000000000\"><table:table-cell \
        table:number-columns-repeated=\"4000000000\"/></table:table-row>";
    workdir.write("vast.ods", document(vast));
    workdir.write("empty.ods", document(&empty.repeat(3)));
    workdir.write("bomb.xlsx", members(&" ".repeat(257_000_000), None));
    workdir.write("liar.xlsx", members(&" ".repeat(257_000_000), Some(100)));
    for (name, told) in [
        ("vast.ods", "a sheet with more than 256 MB of text or 20 million cells: save it as CSV"),
        ("empty.ods", "the spreadsheet holds no cells"),
        (
            "bomb.xlsx",
            "it grows to more than 256 MB when unpacked, too large for a spreadsheet: save it as CSV",
        ),
        (
            "liar.xlsx",
            "the workbook cannot be read: Xml error: I/O error: File is larger than its declared uncompressed size",
        ),
    ] {
        let ran = workdir.vigie(&["extract", name]);
        assert_eq!((ran.status, ran.told()), (2, vec![format!("{name}: {told}").as_str()]));
    }
}

#[test]
fn what_is_no_spreadsheet_is_refused_in_one_line() {
    let workdir = Workdir::new();
    let book = std::fs::read(fixture("exports/moderation.xlsx")).unwrap();
    workdir.write("cut.xlsx", &book[..book.len() / 2]);
    workdir.write("other.zip", zip(&[("comments.csv", b"id,text\n1,oui\n")], None));
    workdir.write("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0\0\0");
    workdir.write("book.xlsb", zip(&[("xl/workbook.bin", b"x")], None));
    workdir
        .write("none.xlsx", workbook(&format!("<row r=\"1\"><c r=\"A1\"><v>3</v></c></row>{END}")));
    for (name, told) in [
        ("cut.xlsx", "the zip archive is cut short or damaged: it has no directory"),
        (
            "other.zip",
            "expected text, but this seems to be a zip archive or an Office document (xlsx, ods, docx): save it as CSV",
        ),
        (
            "old.xls",
            "expected text, but this seems to be an old or encrypted Office document (xls, doc): save it as .xlsx or CSV",
        ),
        ("book.xlsb", "a binary workbook (xlsb): save it as .xlsx or CSV"),
        (
            "none.xlsx",
            "sheet \"Feuil1\": no text column among \"3\"; name it with --map text=COLUMN",
        ),
    ] {
        let ran = workdir.vigie(&["extract", name]);
        assert_eq!((ran.status, ran.told()), (2, vec![format!("{name}: {told}").as_str()]));
    }
}

#[test]
fn damage_anywhere_is_no_panic() {
    let options = Options::new().unwrap();
    let read_all = |bytes: Vec<u8>| {
        if let Ok(reader) = read_from(Box::new(Cursor::new(bytes)), "a", &options) {
            assert!(reader.count() < 100_000);
        }
    };
    let rows = "<row r=\"2\"><c r=\"A2\"><v>1234567</v></c><c r=\"B2\" s=\"1\" t=\"s\"><v>2</v></c></row>\
        <row r=\"3\"><c r=\"A3\" t=\"b\"><v>1</v></c><c r=\"B3\" t=\"inlineStr\"><is><t>a&#233;</t></is></c></row>";
    let sheet = format!("<worksheet><dimension ref=\"A1:B3\"/><sheetData>{HEADER}{rows}{END}");
    let row = "<table:table-row table:number-rows-repeated=\"2\"><table:table-cell office:value-type=\"date\" \
        office:date-value=\"2024-03-05T00:00:00\" table:number-columns-repeated=\"2\"><text:p>a<text:s text:c=\"2\"/>\
        </text:p></table:table-cell></table:table-row>";
    let splices =
        ["<", ">", "\"", "/", "&", "9", "99999999999", "A", "ZZZZZZZ", "-", "é", "\0", "<c>"];
    let spliced = |text: &str, at: usize, splice: &str| {
        text.is_char_boundary(at).then(|| {
            let rest = text[at..].chars().next().map_or(0, char::len_utf8);
            format!("{}{splice}{}", &text[..at], &text[at + rest..])
        })
    };
    let text = sheet.replace("<dimension ref=\"A1:B3\"/>", "");
    for (at, splice) in
        (0..sheet.len()).step_by(2).flat_map(|at| splices.map(|splice| (at, splice)))
    {
        if let Some(sheet) = spliced(&sheet, at, splice) {
            read_all(members(&sheet, None));
        }
        if let Some(row) = spliced(row, at.min(row.len()), splice) {
            read_all(document(&row));
        }
    }
    for at in 0..text.len() {
        read_all(members(&text[..at], None));
    }
}
