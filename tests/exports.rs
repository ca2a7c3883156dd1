//! Exports that are no tables: each kind through the real program, and what would hurt.

use insta::assert_snapshot;

use super::workdir::{Workdir, program};

/// What `extract` writes and tells of these fixtures, which lie in the folder under their own names.
fn extracted(names: &[&str]) -> String {
    let paths: Vec<String> = names.iter().map(|name| format!("exports/{name}")).collect();
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    run(&Workdir::with(&paths), names)
}

fn run(workdir: &Workdir, names: &[&str]) -> String {
    let output = program()
        .args(["extract", "--format", "csv"])
        .args(names)
        .current_dir(workdir.path(""))
        .output()
        .unwrap();
    let (out, told) = (output.stdout, output.stderr);
    format!(
        "{}---\n{}exit {}",
        String::from_utf8(out).unwrap(),
        String::from_utf8(told).unwrap(),
        output.status.code().unwrap()
    )
}

#[test]
fn wordpress_xml_gives_comments_and_their_fates() {
    assert_snapshot!(extracted(&["wxr.xml"]));
}

#[test]
fn disqus_xml_gives_comments_on_their_pages() {
    assert_snapshot!(extracted(&["disqus.xml"]));
}

#[test]
fn xml_that_would_hurt_gets_one_clear_line() {
    let wxr = std::fs::read_to_string(super::workdir::fixture("exports/wxr.xml")).unwrap();
    let root = "<rss xmlns:wp=\"http://wordpress.org/export/1.2/\">";
    let laughs = format!(
        "<!DOCTYPE rss [<!ENTITY a \"ha ha ha\"><!ENTITY b \"&a;&a;&a;&a;\">]>{root}<item>\
         <wp:comment><wp:comment_id>1</wp:comment_id><wp:comment_content>&b;</wp:comment_content>\
         </wp:comment></item></rss>"
    );
    let cut = &wxr[..wxr.find("Taisez").unwrap()];
    let cases = [
        ("laughs.xml", laughs, "&b;"),
        ("cut.xml", cut.to_owned(), "cut.xml: the XML is cut short"),
        ("deep.xml", format!("{root}{}", "<a>".repeat(100_000)), "deep.xml: more than 64 elements"),
        ("feed.xml", "<?xml version=\"1.0\"?><feed></feed>".to_owned(), "XML with the root <feed>"),
        ("crossed.xml", format!("{root}<item></rss></item>"), "crossed.xml: expected well-formed"),
    ];
    let long = format!("{root}<item><title>{}</title></item></rss>", "a".repeat(25_000_000));
    let cases =
        cases.into_iter().chain([("long.xml", long, "long.xml: an element is longer than")]);
    for (name, text, told) in cases {
        let workdir = Workdir::new();
        workdir.write(name, text);
        let said = run(&workdir, &[name]);
        assert!(said.contains(told), "{said}");
        assert!(!said.contains("ha ha"), "{said}");
    }
}
