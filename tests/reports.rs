//! The queue in every format: what a moderator sees of ordinary comments and of hostile ones.

use vigie::comment::{Comment, Status};
use vigie::model::Probability;
use vigie::report::{self, Colour, Format, Locale, Mark, Style};
use vigie::scorer::{Confidence, Evidence, Reason, Scored, Scores};
use vigie::text::Language;
use vigie::triage::{Adviser, Bands, Options, Queue};

const ARTICLE: &str = "https://gazette.example/ville/velos";

fn comment(id: &str, author: &str, date: &str, text: &str) -> Comment {
    Comment {
        id: id.into(),
        author: (!author.is_empty()).then(|| author.into()),
        date: (!date.is_empty()).then(|| date.into()),
        text: text.into(),
        page: ARTICLE.into(),
        title: Some("Une voie de vélos sur le quai aux Fleurs".into()),
        found: format!("li#comment-{id}"),
        ..Comment::default()
    }
}

fn scored(comment: Comment, insult: f64, conspiracy: f64, reasons: Vec<Reason>) -> Scored {
    let probabilities = vec![Probability::new(insult), Probability::new(conspiracy)];
    let scores = Scores { probabilities, language: Language::Fr, confidence: Confidence::Normal };
    Scored { comment, scores, reasons }
}

/// Evidence in the words of a comment, by label: 0 for insult, 1 for conspiracy.
fn quoted(label: usize, category: &str, text: &str, words: &str, log_odds: f64) -> Reason {
    let start = text.find(words).expect("the words stand in the text");
    let evidence = match category {
        "words" => Evidence::Words,
        _ => Evidence::Lexicon(category.into()),
    };
    Reason { label, evidence, span: Some(start..start + words.len()), log_odds }
}

fn overall(label: usize, feature: &str, log_odds: f64) -> Reason {
    Reason { label, evidence: Evidence::Feature(feature.into()), span: None, log_odds }
}

fn queue(scored: Vec<Scored>) -> Queue {
    let bands = |review, reject| Bands {
        review: Probability::new(review),
        reject: Probability::new(reject),
    };
    let labels = ["insult".to_string(), "conspiracy".to_string()];
    let adviser = Adviser::new(&labels, &[bands(0.5, 0.9), bands(0.45, 0.925)])
        .expect("as many bands as labels");
    Queue::build(scored, adviser, &Options::default())
}

/// An ordinary evening under an ordinary article.
fn evening() -> Queue {
    let opinion = "Cette voie de vélos est une bonne nouvelle pour les familles du quartier. \
        Il faudra quand même régler la question des livraisons le matin, parce que le quai est étroit \
        et que les camions de la halle s’y arrêtent depuis toujours. Mon fils va au collège par là, \
        et je ne l’y laissais pas aller seul jusqu’ici.";
    let insult = "Encore un bobo qui n’a jamais porté un carton de sa vie… Pauvre type, va ! \
        T’es qu’un CRÉTIN FINI, retourne jouer dans ton bac à sable !!!";
    let plot = "Réveillez-vous ! On nous cache tout : la mairie touche de l’argent des marchands de vélos, \
        et les journaux sont payés pour se taire. Comme par hasard, aucun article sur le vrai budget.";
    let both =
        "Tous vendus, ces journalistes de pacotille. Ils savent très bien qui tire les ficelles.";
    let mild = "Vous dites n’importe quoi, lisez donc le dossier avant d’écrire des âneries.";
    let short = "bouffon";
    let mut answer = comment("48", "Marcel du Quai", "2024-03-01T19:12:00+01:00", insult);
    answer.parent = Some("47".into());
    let mut angry = comment("52", "Odile P.", "2024-03-01T20:31:00+01:00", mild);
    angry.parent = Some("48".into());
    let mut lost = comment("61", "zorro_38", "2024-03-02T08:05:00+01:00", short);
    lost.parent = Some("60".into());
    let mut list = vec![
        scored(comment("47", "Hélène", "2024-03-01T18:02:00+01:00", opinion), 0.03, 0.02, vec![]),
        scored(
            answer,
            0.974,
            0.04,
            vec![
                quoted(0, "insult_severe", insult, "Pauvre type", 2.4),
                quoted(0, "insult_severe", insult, "CRÉTIN FINI", 2.1),
                quoted(0, "words", insult, "T’es qu’un CRÉTIN", 1.2),
                quoted(0, "words", insult, "bac à sable", 0.4),
                overall(0, "surface.exclamations", 0.3),
                overall(0, "surface.capital_words", 0.2),
            ],
        ),
        scored(
            comment("50", "lucide74", "2024-03-01T20:02:00+01:00", plot),
            0.21,
            0.951,
            vec![
                quoted(1, "conspiracy_insinuation", plot, "Réveillez-vous", 1.6),
                quoted(1, "conspiracy_mechanism", plot, "On nous cache tout", 1.9),
                quoted(1, "source_distrust", plot, "les journaux sont payés pour se taire", 1.2),
                quoted(1, "conspiracy_insinuation", plot, "Comme par hasard", 0.9),
                quoted(1, "words", plot, "le vrai budget", 0.4),
            ],
        ),
        scored(
            comment("51", "lucide74", "2024-03-01T20:09:00+01:00", both),
            0.62,
            0.71,
            vec![
                quoted(1, "conspiracy_insinuation", both, "qui tire les ficelles", 1.7),
                quoted(0, "contempt", both, "de pacotille", 0.9),
                quoted(1, "source_distrust", both, "vendus, ces journalistes", 0.8),
                quoted(0, "words", both, "Tous vendus", 0.5),
            ],
        ),
        scored(
            angry,
            0.55,
            0.05,
            vec![
                quoted(0, "dismissal", mild, "Vous dites n’importe quoi", 0.9),
                quoted(0, "contempt", mild, "âneries", 0.5),
            ],
        ),
        scored(lost, 0.93, 0.06, vec![quoted(0, "insult_mild", short, "bouffon", 2.0)]),
        scored(
            comment("62", "Inès", "2024-03-02T09:15:00+01:00", "Merci pour le plan !"),
            0.01,
            0.01,
            vec![],
        ),
    ];
    list[5].scores.confidence = Confidence::Low;
    queue(list)
}

/// Comments written to harm whoever reads the queue.
fn hostile() -> Queue {
    let script = "<script>alert('x')</script><img src=x onerror=\"alert(1)\"> crétin</p></article>";
    let turned = "Bravo \u{202E}elbaborp tse\u{202C} idiot \u{1b}[2J\u{7} con\u{200b}nard";
    let formula = "=cmd|' /C calc'!A0";
    let long = "a".repeat(400);
    let emoji = "👩\u{200D}🚒 quel 🤡, ce maire 🇫🇷 !\r\nÉ\u{301}\u{301}\u{301}\u{301}norme";
    let filled = "{author} {n} ``` | a | b |\t\"guillemets\", virgule; point-virgule";
    let mut scripted = comment("1", "<b onmouseover=alert(1)>Zoé</b>", "<i>hier</i>", script);
    scripted.page = "javascript:alert(document.domain)//".into();
    scripted.title = Some("</title><svg onload=alert(1)>".into());
    let mut loop_a = comment("3", "=HYPERLINK(\"http://x.example\")", "", formula);
    loop_a.parent = Some("3".into());
    loop_a.votes = Some(-12);
    loop_a.status = Some(Status::Hidden);
    let mut answer = comment("6", "  ", "2024-03-01", filled);
    answer.parent = Some("4".into());
    answer.title = None;
    let mut linked = comment("2", "\u{202E}nimda", "il y a 2 h", turned);
    linked.page = "https://gazette.example/?a=1&b=\"><script>".into();
    linked.parent = Some("nowhere".into());
    let reasons = |text: &str, words: &str| vec![quoted(0, "insult_mild", text, words, 1.0)];
    queue(vec![
        scored(scripted, 0.99, 0.0, reasons(script, "<img src=x onerror=\"alert(1)\"> crétin")),
        scored(linked, 0.98, 0.0, reasons(turned, "\u{202E}elbaborp tse\u{202C} idiot")),
        scored(loop_a, 0.97, 0.0, reasons(formula, "=cmd|")),
        scored(comment("4", "Léa", "", &long), 0.96, 0.0, reasons(&long, &long)),
        scored(comment("5", "", "", emoji), 0.95, 0.0, reasons(emoji, "🤡")),
        scored(answer, 0.94, 0.0, reasons(filled, "{n} ```")),
        scored(comment("7", "vide", "", " \n "), 0.93, 0.0, vec![]),
    ])
}

fn style(locale: Locale) -> Style {
    Style { locale, model: "essai-1".into(), ..Style::default() }
}

fn written(queue: &Queue, format: Format, style: &Style) -> String {
    let mut out = Vec::new();
    report::write(queue, format, style, &mut out).expect("memory takes everything");
    String::from_utf8(out).expect("reports are UTF-8")
}

#[test]
fn csv() {
    insta::assert_snapshot!("csv_evening", written(&evening(), Format::Csv, &style(Locale::Fr)));
    insta::assert_snapshot!("csv_hostile", written(&hostile(), Format::Csv, &style(Locale::En)));
}

#[test]
fn csv_for_excel_begins_with_a_byte_order_mark() {
    let style = Style { mark: Mark::ByteOrder, ..style(Locale::Fr) };
    assert!(written(&evening(), Format::Csv, &style).starts_with("\u{FEFF}vigie_rank,id,"));
}

#[test]
fn no_cell_of_a_csv_runs() {
    let csv = written(&hostile(), Format::Csv, &style(Locale::Fr));
    for record in csv::Reader::from_reader(csv.as_bytes()).records() {
        for cell in &record.unwrap() {
            let number = cell.parse::<f64>().is_ok();
            assert!(number || !cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell}");
        }
    }
}

#[test]
fn jsonl() {
    insta::assert_snapshot!(
        "jsonl_evening",
        written(&evening(), Format::Jsonl, &style(Locale::Fr))
    );
    insta::assert_snapshot!(
        "jsonl_hostile",
        written(&hostile(), Format::Jsonl, &style(Locale::En))
    );
}

#[test]
fn offsets_in_jsonl_cut_the_quoted_words_out_of_the_text() {
    for queue in [evening(), hostile()] {
        for line in written(&queue, Format::Jsonl, &style(Locale::Fr)).lines() {
            let entry: serde_json::Value = serde_json::from_str(line).unwrap();
            let text = entry["text"].as_str().unwrap();
            for reason in entry["vigie_reasons"].as_array().unwrap() {
                let Some(words) = reason["text"].as_str() else { continue };
                let at = |key: &str| reason[key].as_u64().unwrap() as usize;
                let characters = text.chars().skip(at("start")).take(at("end") - at("start"));
                assert_eq!(characters.collect::<String>(), words);
                assert_eq!(&text[at("start_byte")..at("end_byte")], words);
            }
        }
    }
}

#[test]
fn table() {
    let narrow = Style { width: 60, ..style(Locale::En) };
    insta::assert_snapshot!(
        "table_evening",
        written(&evening(), Format::Table, &style(Locale::Fr))
    );
    insta::assert_snapshot!("table_hostile", written(&hostile(), Format::Table, &narrow));
}

#[test]
fn a_table_has_escapes_only_where_colours_are_asked_for() {
    let coloured = Style { colour: Colour::Ansi, ..style(Locale::Fr) };
    assert!(!written(&hostile(), Format::Table, &style(Locale::Fr)).contains('\u{1b}'));
    assert!(written(&evening(), Format::Table, &coloured).contains("\u{1b}[1;31m"));
}

#[test]
fn html() {
    insta::assert_snapshot!(
        "html_evening_fr",
        written(&evening(), Format::Html, &style(Locale::Fr))
    );
    insta::assert_snapshot!(
        "html_evening_en",
        written(&evening(), Format::Html, &style(Locale::En))
    );
    let style = Style { model: "<b>&=essai".into(), ..style(Locale::Fr) };
    insta::assert_snapshot!("html_hostile", written(&hostile(), Format::Html, &style));
}

#[test]
fn hostile_comments_add_no_element_and_no_address_to_the_page() {
    let page =
        scraper::Html::parse_document(&written(&hostile(), Format::Html, &style(Locale::Fr)));
    let select = |selector| scraper::Selector::parse(selector).unwrap();
    assert_eq!(page.select(&select("script, img, b, iframe, link, form, [onload]")).count(), 0);
    assert_eq!(page.select(&select("main > article")).count(), 7);
    assert_eq!(page.select(&select("article:not(main > article)")).count(), 0);
    for link in page.select(&select("a")) {
        let address = link.attr("href").unwrap();
        assert!(address.starts_with('#') || address.starts_with("https://"), "{address}");
    }
    assert!(page.errors.is_empty(), "{:?}", page.errors);
}

#[test]
fn the_page_holds_every_character_of_the_comments() {
    let page =
        scraper::Html::parse_document(&written(&evening(), Format::Html, &style(Locale::Fr)));
    let texts = scraper::Selector::parse("p.text").unwrap();
    let shown: Vec<String> = page.select(&texts).map(|one| one.text().collect()).collect();
    let queue = evening();
    let said: Vec<&str> =
        queue.entries.iter().map(|entry| queue.comment(entry).text.as_str()).collect();
    assert_eq!(shown, said);
}

#[test]
fn an_empty_queue_says_so() {
    for format in [Format::Table, Format::Html] {
        let page = written(&queue(vec![]), format, &style(Locale::En));
        assert!(page.contains("No comment to review."), "{page}");
    }
}
