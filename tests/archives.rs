//! Web archives: every page of theirs that holds comments gives them, and damage is told.

use std::io::{Cursor, Write};

use vigie::source::{Item, Options, read_from};

use crate::workdir::{Workdir, fixture};

const PAGE: &str = "<html><body><article><p>Le quai ferme.</p></article><ol class=\"comment-list\">\
    <li class=\"comment\" id=\"comment-1\"><div class=\"comment-author\"><b class=\"fn\">Odile Marnier</b></div>\
    <div class=\"comment-content\"><p>C’est déjà fermé depuis un mois.</p></div></li></ol></body></html>";

fn record(kind: &str, media: &str, block: &[u8]) -> Vec<u8> {
    let length = block.len();
    let mut record = format!(
        "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: https://quai.example/{kind}\r\n\
         Content-Type: {media}\r\nContent-Length: {length}\r\n\r\n"
    )
    .into_bytes();
    record.extend_from_slice(block);
    record.extend_from_slice(b"\r\n\r\n");
    record
}

fn response(fields: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 200 OK\r\nContent-Type: text/html{fields}\r\n\r\n");
    record("response", "application/http; msgtype=response", &[head.as_bytes(), body].concat())
}

fn told(bytes: Vec<u8>, limit: u64) -> Vec<String> {
    let options = Options { page_limit: limit, ..Options::new().unwrap() };
    let line = |item| match item {
        Ok(Item::Comment(comment)) => format!("{}: {}", comment.page, comment.text),
        Ok(Item::Reject(reject)) => format!("! {}: {}", reject.record, reject.reason),
        Ok(Item::Absent { page, .. }) => format!("none: {page}"),
        Ok(Item::Remark { told, .. }) => format!("remark: {told}"),
        Err(error) => format!("!! {error}"),
    };
    read_from(Box::new(Cursor::new(bytes)), "a.warc", &options).unwrap().map(line).collect()
}

fn zipped(bytes: &[u8]) -> Vec<u8> {
    let mut zip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    zip.write_all(bytes).unwrap();
    zip.finish().unwrap()
}

const COMMENT: &str = "https://quai.example/response: C’est déjà fermé depuis un mois.";

#[test]
fn a_page_is_read_however_it_was_sent() {
    let chunks = format!("{:x}\r\n{PAGE}\r\n0\r\n\r\n", PAGE.len());
    let (old, ..) = encoding_rs::WINDOWS_1252.encode(PAGE);
    for (fields, body) in [
        ("", PAGE.as_bytes().to_vec()),
        ("\r\nTransfer-Encoding: chunked", chunks.into_bytes()),
        ("\r\nTransfer-Encoding: chunked", PAGE.as_bytes().to_vec()),
        ("\r\nContent-Encoding: gzip", zipped(PAGE.as_bytes())),
        ("; charset=windows-1252", old.into_owned()),
    ] {
        let archive = [record("warcinfo", "text/plain", b"x"), response(fields, &body)].concat();
        assert_eq!(told(archive, 1 << 20), [COMMENT], "{fields}");
    }
}

#[test]
fn damage_is_told_and_what_came_before_is_kept() {
    let good = response("", PAGE.as_bytes());
    let cut = [good.as_slice(), &good[..good.len() - 20]].concat();
    assert_eq!(told(cut, 1 << 20)[0], COMMENT);
    let bomb = response("\r\nContent-Encoding: gzip", &zipped(&vec![b' '; 4 << 20]));
    let large = response("", &vec![b'x'; 2 << 20]);
    let all = told([bomb, large, good.clone()].concat(), 1 << 20);
    assert_eq!(all.len(), 3, "{all:?}");
    assert!(all[0].starts_with("! 1: larger than") && all[1].starts_with("! 2: larger than"));
    assert_eq!(all[2], COMMENT);
    let lie = String::from_utf8(good).unwrap().replace("Content-Length: ", "Content-Length: -");
    let all = told(lie.into_bytes(), 1 << 20);
    assert!(all[0].contains("expected a Content-Length"), "{all:?}");
}

#[test]
fn a_crawl_gives_the_comments_of_its_pages_gzipped_or_not() {
    let workdir = Workdir::with(&["archives/crawl.warc", "archives/crawl.wet"]);
    let ran = workdir.vigie(&["extract", "--format", "csv", "crawl.warc", "crawl.wet"]).done();
    insta::assert_snapshot!(format!("{}---\n{}", ran.text(), ran.stderr));
    // Each record is a member of its own in what crawlers write; here one for all, and one twice.
    let crawl = workdir.read("crawl.warc").into_bytes();
    workdir.write("two.warc.gz", [zipped(&crawl), zipped(&crawl)].concat());
    let ran = workdir.vigie(&["extract", "two.warc.gz"]).done();
    assert_eq!(ran.jsonl().len(), 4, "{}", ran.stderr);
}

#[test]
fn the_pages_of_a_crawl_without_comments_are_counted_by_their_reason() {
    let workdir = Workdir::new();
    let empty = response("", b"<html><body><p>Contact</p></body></html>");
    workdir.write("a.warc", empty.repeat(60));
    let ran = workdir.vigie(&["extract", "a.warc"]).done();
    assert_eq!(ran.told().len(), 51, "{}", ran.stderr);
    assert!(ran.stderr.contains("more pages without comments: no comment area 10\n"));
    assert!(ran.stderr.contains("60 without comments"), "{}", ran.stderr);
}

#[test]
fn a_zstandard_dump_is_read_up_to_where_it_is_cut() {
    let workdir = Workdir::new();
    let dump = std::fs::read(fixture("exports/reddit.jsonl.zst")).unwrap();
    // The content tells, and a pipe does as well as a file.
    assert_eq!(workdir.vigie_fed(&["extract"], &dump).done().jsonl().len(), 4);
    workdir.write("cut.csv", &dump[..dump.len() - 2]);
    let ran = workdir.vigie(&["extract", "cut.csv"]);
    assert_eq!((ran.status, ran.sums(), ran.jsonl().len()), (1, Some([4, 4, 0]), 4));
    assert!(ran.stderr.contains("cut.csv: the Zstandard archive is cut short\n"), "{}", ran.stderr);
    workdir.write("vast.zst", b"\x28\xb5\x2f\xfd\x00\xa8\x01\0\0");
    let ran = workdir.vigie(&["extract", "vast.zst"]);
    assert!(ran.told()[0].ends_with("unpack it with: zstd -d --long=31 FILE"), "{}", ran.stderr);
}

#[test]
fn a_page_saved_as_mhtml_gives_its_comments_and_those_of_its_frames() {
    let workdir = Workdir::with(&["archives/page.mhtml"]);
    let ran = workdir.vigie(&["extract", "--format", "csv", "page.mhtml"]).done();
    insta::assert_snapshot!(format!("{}---\n{}", ran.text(), ran.stderr));
    // The content tells, not the name.
    let page = std::fs::read(fixture("archives/page.mhtml")).unwrap();
    assert_eq!(workdir.vigie_fed(&["extract"], &page).done().jsonl().len(), 4);
    let told = workdir.vigie(&["extract", "--explain", "page.mhtml"]).done();
    assert!(told.text().contains("chosen: WordPress"), "{}", told.text());
}

#[test]
fn a_cut_or_empty_mhtml_gets_one_clear_line() {
    let workdir = Workdir::new();
    let page = std::fs::read(fixture("archives/page.mhtml")).unwrap();
    workdir.write("cut.mhtml", &page[..page.len() - 100]);
    let ran = workdir.vigie(&["extract", "cut.mhtml"]);
    assert_eq!((ran.status, ran.jsonl().len()), (1, 4), "{}", ran.stderr);
    assert!(ran.stderr.contains("cut.mhtml: the saved page is cut short\n"), "{}", ran.stderr);
    let text = String::from_utf8_lossy(&page).replace("text/html\r\n", "text/plain\r\n");
    workdir.write("none.mht", text);
    let ran = workdir.vigie(&["extract", "none.mht"]);
    assert_eq!(
        (ran.status, ran.told()),
        (2, vec!["none.mht: a MIME message without a page in it"])
    );
}

#[test]
fn a_page_of_singlefile_is_read_through_its_pictures_and_shadows() {
    let workdir = Workdir::new();
    let page = std::fs::read_to_string(fixture("pages/generic-shadow/page.html")).unwrap();
    // Pictures are in the page itself.
    let picture = format!("base64,{}", "iVBORw0KGgo".repeat(400_000));
    workdir.write("a.html", page.replacen("base64,", &picture, 3));
    let ran = workdir.vigie(&["extract", "--format", "csv", "a.html"]).done();
    let table = ran.csv();
    assert_eq!(table.column("author"), ["Ségolène Arbois", "marteau", "Gaspard"]);
    assert_eq!(table.column("page"), ["https://vallon.example/culture/la-halle-rouvre"; 3]);
    assert!(table.column("found").iter().all(|found| found.starts_with("a.html ")));
    // A widget's frame is kept in an attribute.
    let frame = std::fs::read_to_string(fixture("pages/wordpress-nested/page.html")).unwrap();
    let frame = frame + &format!("<style>{}</style>", "i{color:red} ".repeat(100));
    let frame = frame.replace('&', "&amp;").replace('"', "&quot;");
    let around = page.split("<community-comments>").next().unwrap();
    workdir.write("frame.html", format!("{around}<iframe srcdoc=\"{frame}\"></iframe>"));
    let framed = workdir.vigie(&["extract", "frame.html"]).done();
    assert!(framed.jsonl().len() > 2, "{}", framed.stderr);
    let bare = page.replace("feed-text", "x").replace("<p>", "").replace("<li", "<i");
    workdir.write("none.html", bare.split("<section").next().unwrap());
    let ran = workdir.vigie(&["extract", "none.html"]).done();
    assert!(ran.told()[0].starts_with("none.html: no comments"), "{}", ran.stderr);
}
