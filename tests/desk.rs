//! The moderator's desk over HTTP: the real program on comments of ours, driven as a browser without scripts would.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Stdio};

use scraper::{Html, Selector};
use serde_json::Value;
use ureq::Agent;

use crate::workdir::{Workdir, program};

/// A desk that is open, closed with the test.
pub struct Desk {
    pub child: Child,
    /// `http://127.0.0.1:PORT`.
    pub base: String,
    agent: Agent,
    pub cookies: Vec<String>,
    pub language: &'static str,
}

/// An answer, read to its end.
pub struct Page {
    pub status: u16,
    headers: Vec<(String, String)>,
    pub text: String,
}

impl Page {
    /// The value of a header; empty where there is none.
    pub fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(own, _)| own == name);
        found.map_or("", |(_, value)| value)
    }

    pub fn html(&self) -> Html {
        Html::parse_document(&self.text)
    }

    /// The texts of what a selector finds, in one line each.
    pub fn texts(&self, selector: &str) -> Vec<String> {
        let found = Selector::parse(selector).unwrap();
        let text = |element: scraper::ElementRef| {
            element.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
        };
        self.html().select(&found).map(text).collect()
    }

    /// The values of an attribute of what a selector finds.
    pub fn values(&self, selector: &str, attribute: &str) -> Vec<String> {
        let found = Selector::parse(selector).unwrap();
        let value = |element: scraper::ElementRef| element.attr(attribute).map(str::to_string);
        self.html().select(&found).filter_map(value).collect()
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {}", self.text))
    }

    /// The fields of the form of decision of the card whose text holds `words`.
    pub fn form(&self, words: &str) -> Vec<(String, String)> {
        let html = self.html();
        let cards = Selector::parse("article.card").unwrap();
        let card = html
            .select(&cards)
            .find(|card| card.text().collect::<String>().contains(words))
            .unwrap_or_else(|| panic!("no card with {words:?}: {:?}", self.texts(".text")));
        let fields = Selector::parse("form.decide input").unwrap();
        card.select(&fields)
            .filter(|field| field.attr("type") == Some("hidden") || field.attr("checked").is_some())
            .map(|field| (field.attr("name").unwrap().into(), field.attr("value").unwrap().into()))
            .collect()
    }
}

impl Desk {
    /// A desk on the fixture, without a random sample.
    fn open(workdir: &Workdir) -> Desk {
        Desk::with(workdir, &["comments.csv", "--audit", "0"])
    }

    pub fn with(workdir: &Workdir, arguments: &[&str]) -> Desk {
        let mut command = program();
        command.arg("review").args(arguments).args(["--no-open", "--listen", "127.0.0.1:0"]);
        command.env("USER", "Camille").current_dir(workdir.path(""));
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        Desk::of(child)
    }

    pub fn of(mut child: Child) -> Desk {
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        if line.is_empty() {
            let mut told = String::new();
            child.stderr.take().unwrap().read_to_string(&mut told).unwrap();
            panic!("the desk did not open: {told}");
        }
        let config = Agent::config_builder().http_status_as_error(false).max_redirects(0);
        Desk {
            child,
            base: line.trim().trim_end_matches('/').to_string(),
            agent: config.build().into(),
            cookies: Vec::new(),
            language: "fr",
        }
    }

    pub fn get(&self, path: &str) -> Page {
        let mut asked = self.agent.get(format!("{}{path}", self.base));
        asked = asked.header("accept-language", self.language);
        if !self.cookies.is_empty() {
            asked = asked.header("cookie", self.cookies.join("; "));
        }
        read(asked.call().unwrap())
    }

    pub fn post(&mut self, path: &str, fields: &[(String, String)]) -> Page {
        self.send(path, fields, &[])
    }

    /// As the script sends it.
    pub fn post_json(&mut self, path: &str, fields: &[(String, String)]) -> Page {
        self.send(path, fields, &[("accept", "application/json")])
    }

    fn send(&mut self, path: &str, fields: &[(String, String)], headers: &[(&str, &str)]) -> Page {
        let mut asked = self.agent.post(format!("{}{path}", self.base));
        asked = asked.header("origin", &self.base).header("accept-language", self.language);
        for (name, value) in headers {
            asked = asked.header(*name, *value);
        }
        if !self.cookies.is_empty() {
            asked = asked.header("cookie", self.cookies.join("; "));
        }
        let fields = fields.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let page = read(asked.send_form(fields).unwrap());
        for (name, value) in &page.headers {
            if name == "set-cookie" {
                self.cookies.push(value.split(';').next().unwrap().to_string());
            }
        }
        page
    }

    /// What a decision's form sends when this button is pressed.
    fn decide(&mut self, page: &Page, words: &str, verdict: &str) -> Page {
        let mut form = page.form(words);
        form.push(("verdict".into(), verdict.into()));
        self.post("/decide", &form)
    }

    /// A request as it is written.
    pub fn raw(&self, request: &str) -> String {
        let address = self.base.strip_prefix("http://").unwrap();
        let mut stream = TcpStream::connect(address).unwrap();
        // It may be refused before it is written to its end.
        let _ = stream.write_all(request.replace("ADDRESS", address).as_bytes());
        let mut answer = String::new();
        let _ = stream.read_to_string(&mut answer);
        answer.lines().next().unwrap_or_default().to_string()
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Reads an answer to its end.
pub fn read(mut answer: ureq::http::Response<ureq::Body>) -> Page {
    let headers = answer.headers().iter();
    let headers =
        headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_string()));
    Page {
        status: answer.status().as_u16(),
        headers: headers.collect(),
        text: answer.body_mut().read_to_string().unwrap(),
    }
}

pub fn fields(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect()
}

fn workdir() -> Workdir {
    Workdir::with(&["desk/comments.csv"])
}

#[test]
fn the_queue_shows_the_gravest_first_with_its_reasons_and_what_it_answers() {
    let workdir = workdir();
    let desk = Desk::open(&workdir);
    let page = desk.get("/");
    assert_eq!(page.status, 200);
    let texts = page.texts(".card .text");
    assert!(texts.len() > 8, "{texts:?}");
    let at = |words: &str| texts.iter().position(|text| text.contains(words));
    assert!(at("vais te crever").unwrap() < 4, "{texts:?}");
    assert_eq!(at("plan des déviations"), None, "nothing to report");
    let marked = page.texts(".card mark");
    assert!(marked.iter().any(|words| words.contains("conne")), "{marked:?}");
    let why = page.texts(".why li");
    assert!(why.iter().any(|told| told.starts_with("Insulte directe : «")), "{why:?}");
    assert_eq!(page.texts("h1"), ["File de modération"]);
    // Who is answered stands above the answer.
    let answered = page.texts(".answered");
    assert!(
        answered.iter().any(|quote| quote.contains("Aïcha") && quote.contains("gaz")),
        "{answered:?}"
    );
    // Neither scores nor the advice lead the moderator.
    let cards = page.texts(".card").concat();
    assert!(!cards.contains('%') && !cards.contains("conseillé") && !cards.contains("À relire"));
    let ticked = page.values("fieldset.labels input[checked]", "name");
    assert!(ticked.contains(&"label.insult".to_string()), "{ticked:?}");
    let history = page.texts(".history");
    assert!(history.contains(&"2 commentaires".to_string()), "{history:?}");
}

#[test]
fn a_campaign_is_one_item_and_one_decision() {
    let workdir = workdir();
    let mut desk = Desk::open(&workdir);
    let page = desk.get("/");
    assert_eq!(page.texts(".meta .fold"), ["et 3 presque identiques"]);
    let fold = page.values(".meta .fold a", "href").remove(0);
    let item = fold.trim_start_matches("/item/").trim_end_matches("#members").to_string();

    let whole = desk.get(&fold);
    assert_eq!(whole.texts("#members li").len(), 4);
    let preview = desk.post("/bulk/preview", &fields(&[("item", &item), ("back", "/")]));
    assert_eq!(preview.texts(".sample li").len(), 4);
    assert!(preview.texts(".lead")[0].starts_with("4 commentaires recevront la même décision."));
    let mut form: Vec<(String, String)> = preview
        .values(".bulk input[type=hidden]", "name")
        .into_iter()
        .zip(preview.values(".bulk input[type=hidden]", "value"))
        .collect();
    form.extend(fields(&[("verdict", "reject"), ("reason", "spam")]));
    let done = desk.post("/bulk", &form);
    assert_eq!(done.status, 303, "{}", done.text);
    let back = desk.get(done.header("location"));
    assert_eq!(back.texts(".notice p"), ["Rejeté. · 4 commentaires"]);
    assert!(back.texts(".fold").is_empty());

    let act = back.values(".notice input[name=act]", "value").remove(0);
    let undone = desk.post("/undo", &fields(&[("act", &act), ("back", "/")]));
    let back = desk.get(undone.header("location"));
    assert_eq!(back.texts(".notice p"), ["Décision annulée pour 4 commentaires."]);
    assert_eq!(back.texts(".meta .fold"), ["et 3 presque identiques"]);
}

#[test]
fn filters_compose_and_an_address_is_a_view() {
    let workdir = workdir();
    let desk = Desk::open(&workdir);
    let texts = |path: &str| desk.get(path).texts(".card .text");
    let all = texts("/?band=all&state=all");
    assert!(all.iter().any(|text| text.contains("plan des déviations")));
    let author = texts("/?band=all&state=all&author=Rita");
    assert_eq!(author.len(), 2);
    assert_eq!(texts("/?band=all&author=Rita&text=minable").len(), 1);
    assert_eq!(texts("/?band=all&text=minab").len(), 2, "a word may go on");
    assert!(texts("/?label=conspiracy").iter().all(|text| !text.contains("crever")));
    assert!(texts("/?band=all&language=en").iter().all(|text| !text.contains(" le ")));
    let day = texts("/?band=all&from=2026-11-03&to=2026-11-03");
    assert!(day.iter().any(|text| text.contains("crèche")) && day.len() < all.len());
    assert_eq!(texts("/?band=all&page=https://gazette.example/harbour").len(), 5);
    let none = desk.get("/?author=Personne");
    assert_eq!(none.texts(".empty p")[0], "Rien à décider ici.");
    // What filters is told, and taken away one by one.
    let view = desk.get("/?label=insult&author=Rita");
    assert_eq!(view.texts(".tags li a span:first-child"), ["insulte", "Auteur Rita"]);
    assert_eq!(view.values(".tags a", "href")[0], "/?author=Rita");
    // Nothing that is typed is an operator or breaks the page.
    assert_eq!(desk.get("/?text=%22+OR+*&after=x.y&did=zz&band=%3Cb%3E").status, 200);
}

#[test]
fn a_decision_is_told_with_the_advice_and_taken_back() {
    let workdir = workdir();
    let mut desk = Desk::open(&workdir);
    let page = desk.get("/");
    let done = desk.decide(&page, "vais te crever", "reject");
    assert_eq!(done.status, 303, "{}", done.text);
    let back = desk.get(done.header("location"));
    let told = &back.texts(".notice p")[0];
    assert!(told.starts_with("Rejeté. · vigie conseillait : "), "{told}");
    assert!(told.contains("insulte ") && told.contains('%'), "{told}");
    assert!(!back.texts(".card .text").iter().any(|text| text.contains("crever")));
    let rejected = desk.get("/?state=rejected&band=all");
    assert_eq!(rejected.texts(".card .text").len(), 1);

    let act = back.values(".notice input[name=act]", "value").remove(0);
    let undone = desk.post("/undo", &fields(&[("act", &act), ("back", "/")]));
    let back = desk.get(undone.header("location"));
    assert_eq!(back.texts(".notice p"), ["Décision annulée."]);
    assert!(back.texts(".card .text").iter().any(|text| text.contains("crever")));
    // The log keeps both.
    let item = back.form("vais te crever").into_iter().find(|(name, _)| name == "item").unwrap().1;
    let log = desk.get(&format!("/item/{item}")).texts(".log li");
    assert_eq!(log.len(), 2, "{log:?}");
    assert!(log[0].contains("Camille") && log[0].contains("modèle"), "{log:?}");

    // As the script asks: the last act needs no number.
    let mut form = back.form("vais te crever");
    form.extend(fields(&[("verdict", "defer")]));
    let deferred = desk.post_json("/decide", &form);
    assert_eq!((deferred.status, &deferred.json()["told"]), (200, &"Remis à plus tard.".into()));
    let undone = desk.post_json("/undo", &[]);
    assert_eq!(undone.json()["told"], "Décision annulée.");
    assert_eq!(desk.post_json("/undo", &fields(&[("act", "999999")])).status, 404);
}

#[test]
fn labels_reasons_and_notes_are_kept() {
    let workdir = workdir();
    let mut desk = Desk::open(&workdir);
    let page = desk.get("/");
    let mut form = page.form("vais te crever");
    form.retain(|(name, _)| !name.starts_with("label."));
    form.extend(fields(&[
        ("verdict", "reject"),
        ("reason", "threat"),
        ("label.insult", "1"),
        ("note", "Signalé <b>au</b> service juridique."),
    ]));
    assert_eq!(desk.post("/decide", &form).status, 303);
    let item = form.iter().find(|(name, _)| name == "item").unwrap().1.clone();
    let page = desk.get(&format!("/item/{item}"));
    assert!(page.texts(".log strong")[0].contains("Menace"), "{:?}", page.texts(".log li"));
    assert_eq!(page.texts(".log .said"), ["Signalé <b>au</b> service juridique."]);
    let bad = fields(&[("item", &item), ("seen", "0"), ("verdict", "burn")]);
    assert_eq!(desk.post("/decide", &bad).status, 400);
    let none = fields(&[("item", "987654"), ("seen", "0"), ("verdict", "approve")]);
    assert_eq!(desk.post("/decide", &none).status, 404);
    assert_eq!(desk.get("/item/987654").status, 404);
    assert_eq!(desk.get("/item/x").status, 404);
}

#[test]
fn whoever_is_slower_is_told_and_overwrites_nothing() {
    let workdir = workdir();
    let mut camille = Desk::open(&workdir);
    let stale = camille.get("/");
    camille.post("/who", &fields(&[("name", "Noé\r\n"), ("back", "/")]));
    assert_eq!(camille.decide(&stale, "vais te crever", "approve").status, 303);
    camille.cookies.clear();
    let conflict = camille.decide(&stale, "vais te crever", "reject");
    assert_eq!(conflict.status, 409);
    assert_eq!(conflict.texts("h1"), ["Quelqu’un a été plus rapide"]);
    assert!(conflict.texts(".theirs")[0].starts_with("Noé a choisi : approuvé"));
    let mut form = stale.form("vais te crever");
    form.push(("verdict".into(), "reject".into()));
    let json = camille.post_json("/decide", &form);
    assert_eq!((json.status, &json.json()["taken"]["name"]), (409, &"Noé".into()));
    let approved = camille.get("/?state=approved&band=all").texts(".card .text");
    assert_eq!(approved.len(), 1);
}

#[test]
fn who_looks_at_what_is_told_to_the_others() {
    let workdir = workdir();
    let mut desk = Desk::open(&workdir);
    let item = desk.get("/").values("article.card", "data-item").remove(0);
    let look = fields(&[("item", &item), ("items", &item)]);
    assert_eq!(desk.post_json("/claims", &look).json(), serde_json::json!({}));
    desk.post("/who", &fields(&[("name", "Noé\u{202E}"), ("back", "/")]));
    desk.post_json("/claims", &fields(&[("item", "1"), ("items", "1")]));
    desk.cookies.clear();
    let noe = desk.post_json("/claims", &fields(&[("items", "1")]));
    assert_eq!(noe.json()["1"], "Noé⟨U+202E⟩");
    desk.post("/who", &fields(&[("name", "Rita"), ("back", "/")]));
    let others = desk.post_json("/claims", &fields(&[("items", &item)]));
    assert_eq!(others.json()[&item], "Camille");
    let claims = desk.get("/").texts(".claim");
    assert_eq!(claims[0], "Camille regarde ce commentaire");
}

#[test]
fn a_view_is_decided_on_as_a_whole_after_a_preview() {
    let workdir = workdir();
    let mut desk = Desk::open(&workdir);
    let view = "label=insult&text=idiot";
    let waiting = desk.get(&format!("/?{view}")).texts(".card").len();
    assert!(waiting > 1);
    let preview = desk.post("/bulk/preview", &fields(&[("view", view), ("back", "/")]));
    assert_eq!(preview.texts(".sample li").len(), waiting);
    let hidden = preview.values(".bulk input[type=hidden]", "name");
    let mut form: Vec<(String, String)> =
        hidden.into_iter().zip(preview.values(".bulk input[type=hidden]", "value")).collect();
    form.push(("verdict".into(), "approve".into()));
    let done = desk.post_json("/bulk", &form);
    assert_eq!(done.json()["comments"], waiting, "{}", done.text);
    assert!(desk.get(&format!("/?{view}")).texts(".card").is_empty());
    let again = desk.post("/bulk/preview", &fields(&[("view", view)]));
    assert!(again.texts(".lead")[0].starts_with("Plus rien à décider"));
    let act = done.json()["act"].to_string();
    assert_eq!(desk.post_json("/undo", &fields(&[("act", &act)])).json()["comments"], waiting);
    assert_eq!(desk.get(&format!("/?{view}")).texts(".card").len(), waiting);
}

#[test]
fn nothing_that_readers_wrote_leaves_its_place() {
    let workdir = workdir();
    let mut desk = Desk::open(&workdir);
    let item = desk.get("/").form("Espèce d’imbécile").remove(0).1;
    let preview = desk.post("/bulk/preview", &fields(&[("view", "band=all"), ("back", "/")]));
    let pages = [
        desk.get("/?band=all&state=all"),
        desk.get(&format!("/item/{item}")),
        desk.get("/?text=%3Cscript%3Ealert(1)%3C/script%3E&author=%22%3E%3Cimg+src=x+onerror=alert(1)%3E"),
        preview,
        desk.get("/label?label=%22%3E%3Cimg+src=x%3E&strategy=%3Cb%3E&since=%3Cb%3E"),
    ];
    for page in &pages {
        let html = page.html();
        let count = |selector: &str| html.select(&Selector::parse(selector).unwrap()).count();
        assert_eq!((count("img"), count("svg"), count("b"), count("style")), (0, 0, 0, 0));
        assert_eq!(count("script"), 1, "ours");
        assert_eq!(count("[style], [onerror], [onload], [onclick]"), 0);
        assert_eq!(count("a[href^='javascript']"), 0);
        assert!(!page.text.contains(['\u{202E}', '\u{200B}']), "shown by their codes");
        for address in
            page.values("[src], [href]", "href").iter().chain(&page.values("[src]", "src"))
        {
            let ours = address.starts_with('/') || address.starts_with('#');
            assert!(ours || address.starts_with("https://gazette.example/"), "{address}");
        }
        for rel in page.values("a[href^=http]", "rel") {
            assert!(rel.contains("noreferrer"));
        }
    }
    assert!(pages[0].text.contains("U+202E") && pages[0].text.contains("&lt;script&gt;"));
    // A moderator's name comes from outside, too.
    desk.post("/who", &fields(&[("name", "<b>Zoé\u{202E}</b>"), ("back", "/")]));
    assert!(desk.get("/").texts(".who summary")[0].contains("<b>ZoéU+202E</b>"));
}

#[test]
fn every_answer_keeps_to_itself() {
    let workdir = workdir();
    let desk = Desk::open(&workdir);
    for path in ["/", "/item/1", "/nowhere", "/?band=all", "/label"] {
        let page = desk.get(path);
        let policy = page.header("content-security-policy");
        for rule in [
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "frame-ancestors 'none'",
            "form-action 'self'",
            "base-uri 'none'",
        ] {
            assert!(policy.contains(rule), "{path}: {policy}");
        }
        assert!(!policy.contains("unsafe"));
        assert_eq!(page.header("cache-control"), "no-store");
        assert_eq!(page.header("x-content-type-options"), "nosniff");
        assert_eq!(page.header("referrer-policy"), "same-origin");
        assert_eq!(page.header("cross-origin-opener-policy"), "same-origin");
        assert_eq!(page.header("cross-origin-resource-policy"), "same-origin");
        assert!(page.header("permissions-policy").contains("camera=()"));
    }
    let page = desk.get("/");
    for asset in
        [page.values("link[rel=stylesheet]", "href"), page.values("script", "src")].concat()
    {
        let asset = desk.get(&asset);
        assert_eq!(asset.status, 200);
        assert!(asset.header("cache-control").contains("immutable"));
        assert!(!asset.text.contains("http://") && !asset.text.contains("https://"));
    }
    assert_eq!(desk.get("/assets/desk-0000.css").status, 404);
}

#[test]
fn strangers_are_turned_away() {
    let workdir = workdir();
    let desk = Desk::open(&workdir);
    let port = desk.base.rsplit(':').next().unwrap();
    let get = |headers: &str| {
        desk.raw(&format!("GET / HTTP/1.1\r\n{headers}\r\nConnection: close\r\n\r\n"))
    };
    assert!(get("Host: ADDRESS").contains("200"));
    assert!(get(&format!("Host: localhost:{port}")).contains("200"));
    for host in ["evil.example", &format!("evil.example:{port}"), "localhost:1", "127.0.0.1"] {
        assert!(get(&format!("Host: {host}")).contains("421"), "{host}");
    }
    assert!(get("X-Host: ADDRESS").contains("4"));
    let embedded = "Host: ADDRESS\r\nSec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors";
    assert!(get(embedded).contains("403"));
    assert!(get(&embedded.replace("no-cors", "navigate")).contains("200"));

    let body = "verdict=approve&item=1&seen=0";
    let post = |headers: &str| {
        desk.raw(&format!(
            "POST /decide HTTP/1.1\r\nHost: ADDRESS\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n{headers}\r\n{body}",
            body.len()
        ))
    };
    for headers in [
        "Origin: https://evil.example\r\n",
        "Origin: null\r\n",
        "Origin: http://localhost:1\r\n",
        "Sec-Fetch-Site: cross-site\r\n",
        "Sec-Fetch-Site: same-site\r\n",
        "Origin: http://ADDRESS\r\nSec-Fetch-Site: cross-site\r\n",
    ] {
        assert!(post(headers).contains("403"), "{headers}");
    }
    let untouched = desk.get("/?state=approved&band=all");
    assert!(untouched.texts(".card").is_empty());
    assert!(post("Origin: http://ADDRESS\r\nSec-Fetch-Site: same-origin\r\n").contains("303"));
    assert!(post("").contains("409"), "a program of one's own, on a decided comment");
}

#[test]
fn what_is_too_much_is_refused() {
    let workdir = workdir();
    let mut desk = Desk::open(&workdir);
    let long = "x".repeat(70_000);
    let form = fields(&[("item", "1"), ("seen", "0"), ("verdict", "note"), ("note", &long)]);
    assert_eq!(desk.post("/decide", &form).status, 413);
    let chunks = format!("11170\r\n{long}\r\n0\r\n\r\n");
    let chunked = desk.raw(&format!(
        "POST /decide HTTP/1.1\r\nHost: ADDRESS\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}"
    ));
    assert!(chunked.contains("413"), "{chunked}");
    let headers: String = (0..200).map(|n| format!("X-{n}: y\r\n")).collect();
    let many = desk.raw(&format!("GET / HTTP/1.1\r\nHost: ADDRESS\r\n{headers}\r\n"));
    assert!(many.contains("431"), "{many}");
    assert_eq!(desk.get("/").status, 200);
}

#[test]
fn an_open_address_demands_tokens() {
    let workdir = workdir();
    let refused = workdir.vigie(&["review", "comments.csv", "--no-open", "--listen", "0.0.0.0:0"]);
    assert_eq!(refused.status, 2);
    assert_eq!(
        refused.stderr,
        "vigie: others could reach this address: name a --token-file with the tokens of those who may come in\n"
    );
    assert!(!workdir.path("moderation.vigie.db").exists(), "nothing was begun");
    workdir.write("short.txt", "Camille secret\n");
    let short =
        workdir.vigie(&["review", "comments.csv", "--no-open", "--token-file", "short.txt"]);
    assert_eq!(short.status, 2);
    assert!(
        short.stderr.contains("short.txt: record 1: expected a token of 16"),
        "{}",
        short.stderr
    );
    assert!(!short.stderr.contains("secret"));

    workdir.write("tokens.txt", "# desk\nZoé correct-horse-battery-staple\n");
    let mut desk =
        Desk::with(&workdir, &["comments.csv", "--token-file", "tokens.txt", "--audit", "0"]);
    let outside = desk.get("/?label=insult");
    assert_eq!(
        (outside.status, outside.header("location")),
        (303, "/login?back=%2F%3Flabel%3Dinsult")
    );
    assert!(!outside.text.contains("conne"));
    assert_eq!(desk.get("/item/1").status, 303);
    assert_eq!(
        desk.post("/decide", &fields(&[("item", "1"), ("seen", "0"), ("verdict", "approve")]))
            .status,
        401
    );
    assert_eq!(desk.get("/login").texts("label"), ["Jeton"]);
    let wrong =
        desk.post("/login", &fields(&[("token", "correct-horse-battery-stapl"), ("back", "/")]));
    assert_eq!(
        (wrong.status, wrong.texts("#wrong")),
        (403, vec!["Ce jeton n’est pas connu.".to_string()])
    );
    let token = ("token", "correct-horse-battery-staple");
    let entered = desk.post("/login", &fields(&[token, ("back", "//evil.example")]));
    assert_eq!((entered.status, entered.header("location")), (303, "/"));
    let cookie = entered.header("set-cookie");
    assert!(cookie.ends_with("; HttpOnly; SameSite=Strict; Path=/"), "{cookie}");
    assert!(!cookie.contains("correct"), "a session is no token");
    assert_eq!(desk.get("/").texts(".tools .name"), ["Vous : Zoé"]);
    let page = desk.get("/");
    desk.decide(&page, "vais te crever", "approve");
    let approved = desk.get("/?state=approved&band=all");
    let item = approved.values("article.card", "data-item").remove(0);
    assert!(desk.get(&format!("/item/{item}")).texts(".log li")[0].contains("Zoé"));
    let session = desk.cookies.clone();
    desk.post("/leave", &[]);
    desk.cookies = session;
    assert_eq!(desk.get("/").status, 303, "the session is closed, not only forgotten");
}

#[test]
fn it_speaks_the_language_of_the_browser_or_the_one_chosen() {
    let workdir = workdir();
    let mut desk = Desk::open(&workdir);
    desk.language = "en-GB,en;q=0.9,fr;q=0.5";
    let page = desk.get("/");
    assert_eq!(page.texts("h1"), ["Moderation queue"]);
    assert_eq!(page.values("html", "lang"), ["en"]);
    assert!(page.texts(".why li").iter().any(|told| told.starts_with("Direct insult: “")));
    let back = desk.decide(&page, "vais te crever", "reject");
    let told = desk.get(back.header("location")).texts(".notice p").remove(0);
    assert!(told.starts_with("Rejected. · vigie advised: "), "{told}");
    let switched = desk.post("/lang", &fields(&[("lang", "fr"), ("back", "/?label=insult")]));
    assert_eq!((switched.status, switched.header("location")), (303, "/?label=insult"));
    assert_eq!(desk.get("/").values("html", "lang"), ["fr"]);
}

#[test]
fn harsh_texts_are_covered_in_calm_mode() {
    let workdir = workdir();
    let mut desk = Desk::open(&workdir);
    let veils = |page: &Page| {
        (
            page.values("details.veil", "class").len(),
            page.values("details.veil[open]", "class").len(),
        )
    };
    let (all, open) = veils(&desk.get("/"));
    assert!(all > 2 && open == all);
    desk.post("/calm", &fields(&[("calm", "on"), ("back", "/")]));
    let page = desk.get("/");
    assert_eq!(veils(&page), (all, 0));
    assert!(page.texts(".veil summary")[0].starts_with("Texte couvert · "));
}

#[test]
fn pages_go_on_where_they_ended() {
    let workdir = Workdir::new();
    let mut csv = String::from("id,author,text,page\n");
    for number in 0..75 {
        let word = ["connard", "crétin", "abruti", "débile", "imbécile"][number % 5];
        csv.push_str(&format!(
            "c{number},A{number},Espèce de {word} numéro {number} du quai {},p\n",
            number * 7919 % 1000
        ));
    }
    workdir.write("many.csv", csv);
    let desk = Desk::with(&workdir, &["many.csv", "--audit", "0"]);
    let mut seen = Vec::new();
    let mut path = "/?band=all".to_string();
    loop {
        let page = desk.get(&path);
        seen.extend(page.values("article.card", "data-item"));
        match page.values("#next", "href").pop() {
            Some(next) => path = next,
            None => break,
        }
    }
    let count = desk.get("/?band=all").texts(".count").remove(0);
    assert_eq!(count, format!("{} à décider", seen.len()));
    let before = seen.len();
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), before, "none twice");
    assert!(before > 60);
}

#[test]
fn it_ends_when_it_is_told_to_and_opens_again_as_it_was() {
    let workdir = workdir();
    let mut desk = Desk::open(&workdir);
    let page = desk.get("/");
    desk.decide(&page, "vais te crever", "reject");
    let id = desk.child.id().to_string();
    assert!(std::process::Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    assert_eq!(desk.child.wait().unwrap().code(), Some(0));
    drop(desk);

    let again = Desk::with(&workdir, &["comments.csv", "--audit", "0"]);
    assert_eq!(again.get("/?state=rejected&band=all").texts(".card").len(), 1);
    let all = again.get("/?state=all&band=all").texts(".count");
    drop(again);
    let alone = Desk::with(&workdir, &[]);
    assert_eq!(alone.get("/?state=all&band=all").texts(".count"), all, "nothing came twice");
    drop(alone);
    let none = workdir.vigie(&["review", "--db", "none.db", "--no-open"]);
    assert_eq!(
        (none.status, none.stderr.as_str()),
        (2, "vigie: none.db: no such database, and no inputs to make it from\n")
    );
    assert!(fs::metadata(workdir.path("none.db")).is_err());
}

#[test]
fn nothing_that_readers_wrote_reaches_the_log() {
    let workdir = workdir();
    let mut desk = Desk::open(&workdir);
    let page = desk.get("/");
    desk.decide(&page, "vais te crever", "reject");
    desk.get("/?text=crever");
    desk.child.kill().unwrap();
    let mut told = String::new();
    desk.child.stderr.take().unwrap().read_to_string(&mut told).unwrap();
    assert!(!told.contains("crever") && !told.contains("TonTon"), "{told}");
    assert!(told.contains("24 new, 0 known already"), "{told}");
}
