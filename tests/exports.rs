//! Exports that are no tables: each kind through the real program, and what would hurt.

use insta::assert_snapshot;

use crate::workdir::{Ran, Workdir, fixture};

/// What `extract` writes and tells, and how it ends.
fn shown(ran: &Ran) -> String {
    format!("{}---\n{}exit {}", ran.text(), ran.stderr, ran.status)
}

fn extracted(name: &str) -> String {
    let workdir = Workdir::with(&[&format!("exports/{name}")]);
    shown(&workdir.vigie(&["extract", "--format", "csv", name]))
}

#[test]
fn wordpress_xml_gives_comments_and_their_fates() {
    assert_snapshot!(extracted("wxr.xml"));
}

#[test]
fn disqus_xml_gives_comments_on_their_pages() {
    assert_snapshot!(extracted("disqus.xml"));
}

#[test]
fn xml_that_would_hurt_gets_one_clear_line() {
    let wxr = std::fs::read_to_string(fixture("exports/wxr.xml")).unwrap();
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
        (
            "parts.xml",
            format!("{root}<wp:comment>{}</wp:comment></rss>", "<a/>".repeat(20_000)),
            "parts.xml: more than 10000 elements and attributes in one record",
        ),
    ];
    let long = format!("{root}<item><title>{}</title></item></rss>", "a".repeat(25_000_000));
    let cases =
        cases.into_iter().chain([("long.xml", long, "long.xml: an element is longer than")]);
    for (name, text, told) in cases {
        let workdir = Workdir::new();
        workdir.write(name, text);
        let said = shown(&workdir.vigie(&["extract", "--format", "csv", name]));
        assert!(said.contains(told), "{said}");
        assert!(!said.contains("ha ha"), "{said}");
    }
}

#[test]
fn an_article_without_title_or_address_does_not_take_those_of_another() {
    let workdir = Workdir::new();
    let comment = |id| {
        format!(
            "<wp:comment><wp:comment_id>{id}</wp:comment_id><wp:comment_content>oui</wp:comment_content></wp:comment>"
        )
    };
    let text = format!(
        "<rss xmlns:wp=\"http://wordpress.org/export/1.2/\"><channel><title>Le site</title><item><title>Un</title>\
         <link>https://a.example/</link>{}</item><item><wp:post_id>9</wp:post_id>{}</item></channel></rss>",
        comment(1),
        comment(2)
    );
    workdir.write("a.xml", text);
    let table = workdir.vigie(&["extract", "--format", "csv", "a.xml"]).done().csv();
    assert_eq!(table.column("title"), ["Un", ""]);
    assert_eq!(table.column("page"), ["https://a.example/", "9"]);
}

#[test]
fn articles_with_their_comments_are_pages_even_where_the_first_has_none() {
    let workdir = Workdir::new();
    let comments = r#"[{"id":7,"author":"Ada","text":"Oui","replies":[{"id":8,"author":"Bob","text":"Non"}]}]"#;
    let line = |id, comments| {
        format!("{{\"id\":{id},\"title\":\"Le pont {id}\",\"comments\":{comments}}}\n")
    };
    workdir.write("a.jsonl", [line(1, "[]"), line(2, comments), line(3, comments)].concat());
    let table = workdir.vigie(&["extract", "--format", "csv", "a.jsonl"]).done().csv();
    assert_eq!(table.column("page"), ["2", "2", "3", "3"]);
    assert_eq!(table.column("title"), ["Le pont 2", "Le pont 2", "Le pont 3", "Le pont 3"]);
    assert_eq!(table.column("parent"), ["", "7", "", "7"]);
    workdir.write("none.json", "{\"comments\": []}");
    let ran = workdir.vigie(&["extract", "none.json"]).done();
    assert!(ran.stderr.contains("the export holds no comment"), "{}", ran.stderr);
}
