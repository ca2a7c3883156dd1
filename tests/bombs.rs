//! Pages made to cost much: each is read in little time, or refused in one line that tells what it has too much of; and
//! large threads made in good faith come out whole.

use crate::workdir::{Ran, Workdir};

/// Reads a page that begins as one.
fn extract(workdir: &Workdir, name: &str, body: &str) -> Ran {
    workdir.write(name, format!("<!DOCTYPE html><html><body>{body}"));
    workdir.vigie(&["extract", name, "-o", "table.jsonl"])
}

#[test]
fn what_would_cost_the_square_of_its_length_is_refused_in_one_line() {
    let workdir = Workdir::new();
    let numbered = |piece: fn(usize) -> String, count| (0..count).map(piece).collect::<String>();
    let deep = "more than 4000 elements inside each other or left open, too deep for a page";
    let tags = "more than 2000000 tags, too many for a page";
    let attributes = "an element with more than 2000 attributes, too many for a page";
    for (name, body, told) in [
        ("div.html", "<div>".repeat(1_000_000), deep),
        ("table.html", "<table>".repeat(100_000), deep),
        ("list.html", "<ul><li class=comment>".repeat(100_000), deep),
        ("anchor.html", "<a href=x><div></a>".repeat(100_000), deep),
        ("bold.html", "<b><div></b>".repeat(100_000), deep),
        ("fonts.html", numbered(|size| format!("<font size={size}>"), 100_000), deep),
        ("left.html", numbered(|size| format!("<div><font size={size}>x</div>"), 20_000), deep),
        ("heads.html", "<span>".repeat(3_900) + &"<h1>x</h1>".repeat(300_000), deep),
        ("less.html", "<".repeat(10_000_000), tags),
        ("ends.html", "</p>".repeat(5_000_000), tags),
        (
            "attributes.html",
            numbered(|at| format!("<p a{at}=1 "), 1)
                + &numbered(|at| format!("a{at}=1 "), 1_000_000),
            attributes,
        ),
    ] {
        let ran = extract(&workdir, name, &body);
        assert_eq!(
            (ran.status, ran.told()),
            (2, vec![format!("{name}: {told}").as_str()]),
            "{name}"
        );
    }
}

#[test]
fn what_is_only_long_is_read() {
    let workdir = Workdir::new();
    for (name, body) in [
        ("attribute.html", format!("<p title=\"{}\">x", "a".repeat(50_000_000))),
        ("entities.html", "&amp;&notit;&#0;".repeat(200_000)),
        ("remark.html", "<!-- ".repeat(400_000)),
        ("script.html", format!("<script>{}", "</scrip".repeat(200_000))),
        ("siblings.html", "<div class=comment>x</div>".repeat(200_000)),
        ("itemtypes.html", "<p itemtype=UserComments>".repeat(60_000)),
        ("nuls.html", "<p>un\0 deux, trois, quatre, cinq</p>".repeat(50_000)),
        (
            "json.html",
            format!("<script type=\"application/ld+json\">{}", "[{\"comment\":".repeat(100_000)),
        ),
    ] {
        let ran = extract(&workdir, name, &body);
        assert_eq!(
            (ran.status, ran.told().len(), ran.sums()),
            (0, 1, Some([0, 0, 0])),
            "{}",
            ran.stderr
        );
        assert!(ran.told()[0].starts_with(&format!("{name}: no comments: ")), "{}", ran.stderr);
    }
    // Bytes of several charsets in one page.
    let mixed = [
        &b"<!DOCTYPE html><body>"[..],
        &b"<p>\xe9t\xe9 \xff\xfe\x80 d\xc3\xa9j\xc3\xa0 +AOk-".repeat(50_000),
    ]
    .concat();
    workdir.write("mixed.html", mixed);
    workdir.write(
        "surrogates.html",
        [&b"\xff\xfe<\0p\0>\0"[..], &b"\x00\xd8\x00\xd8a\0".repeat(50_000)].concat(),
    );
    assert_eq!(workdir.vigie(&["extract", "mixed.html", "surrogates.html"]).status, 0);
}

#[test]
fn large_threads_come_out_whole() {
    let workdir = Workdir::new();
    let comments = |piece: fn(usize) -> String| (0..50_000).map(piece).collect::<String>();
    let known = comments(|at| {
        format!(
            "<li class=comment id=comment-{at}><cite class=fn>Ada {at}</cite> <a href='#'>3 mai 2024 à 10:00</a>\
             <div class=comment-content><p>Bonjour à tous {at}</p></div></li>"
        )
    });
    let unknown = comments(|at| {
        format!(
            "<div class=post><b class=author>Ada {at}</b> <time>2024-01-02</time><p>Bonjour à tous {at}</p></div>"
        )
    });
    for (name, body) in
        [("known.html", format!("<ol class=commentlist>{known}</ol>")), ("unknown.html", unknown)]
    {
        let ran = extract(&workdir, name, &body);
        assert_eq!(
            (ran.status, ran.sums()),
            (0, Some([50_000, 50_000, 0])),
            "{name}: {}",
            ran.stderr
        );
        let table = workdir.read("table.jsonl");
        assert!(
            table.lines().last().is_some_and(|last| last.contains("Bonjour à tous 49999")),
            "{name}"
        );
    }
    let words = "Bonjour à tous. ".repeat(600_000);
    let long = format!(
        "<ol class=commentlist><li class=comment id=comment-1><cite class=fn>Ada</cite><div class=comment-content><p>{words}</p></div></li></ol>"
    );
    let ran = extract(&workdir, "long.html", &long);
    assert_eq!((ran.status, ran.sums()), (0, Some([1, 1, 0])), "{}", ran.stderr);
    assert!(workdir.read("table.jsonl").len() > 10_000_000, "a comment of 10 MB is whole");
}
