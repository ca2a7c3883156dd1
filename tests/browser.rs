//! The desk in a real browser, by keyboard alone: what a moderator does, on comments that would do harm if they could.

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use fantoccini::key::Key;
use fantoccini::{Client, ClientBuilder, Locator};
use serde_json::json;

use crate::workdir::{Workdir, program};

/// A program that is closed with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

struct Browser {
    client: Client,
    _driver: Running,
}

/// A browser, or nothing where none is installed: then the test says so and ends.
async fn browser(downloads: &Path, language: &str, size: (u32, u32)) -> Option<Browser> {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let driver = Command::new("chromedriver")
        .arg(format!("--port={port}"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    let Ok(driver) = driver else {
        eprintln!("skipped: no chromedriver (apt-get install chromium chromium-driver)");
        return None;
    };
    let driver = Running(driver);
    let options = json!({
        "goog:chromeOptions": {
            "args": [
                "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                format!("--lang={language}"), format!("--window-size={},{}", size.0, size.1),
            ],
            "prefs": {
                "download.default_directory": downloads,
                "intl.accept_languages": language,
            },
        },
        // An alert that opens is an error of whatever comes next.
        "unhandledPromptBehavior": "dismiss and notify",
    });
    let capabilities = options.as_object().unwrap().clone();
    for _ in 0..100 {
        let mut builder =
            ClientBuilder::new(hyper_util::client::legacy::connect::HttpConnector::new());
        builder.capabilities(capabilities.clone());
        if let Ok(client) = builder.connect(&format!("http://127.0.0.1:{port}")).await {
            return Some(Browser { client, _driver: driver });
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("chromedriver does not answer");
}

impl Browser {
    /// Presses keys, wherever the focus is.
    async fn press(&self, keys: &str) {
        self.client.active_element().await.unwrap().send_keys(keys).await.unwrap();
    }

    /// Tabs on until what `selector` finds has the focus, as somebody without a mouse does.
    async fn tab_to(&self, selector: &str) {
        let script = "return document.activeElement.matches(arguments[0])";
        for _ in 0..400 {
            if self.is(script, selector).await {
                return;
            }
            self.press(&Key::Tab.to_string()).await;
        }
        panic!("the keyboard does not reach {selector}");
    }

    async fn is(&self, script: &str, argument: &str) -> bool {
        self.client.execute(script, vec![json!(argument)]).await.unwrap().as_bool().unwrap()
    }

    /// Waits until a script says true.
    async fn until(&self, what: &str, script: &str) {
        for _ in 0..600 {
            if self.client.execute(script, vec![]).await.is_ok_and(|value| value == json!(true)) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        let text = self.client.source().await.unwrap_or_default();
        panic!("it did not come to this: {what}\n{text}");
    }

    /// Decides on every card of the page with one key, and waits until all is recorded.
    async fn decide_all(&self, key: &str) {
        for left in (0..self.count("article.card").await).rev() {
            self.press("j").await;
            self.press(key).await;
            let script = format!(
                "return [...document.querySelectorAll('article.card')].filter(card => !card.hidden).length <= {left}"
            );
            self.until("one fewer", &script).await;
        }
        let none = "return document.querySelectorAll('article.card').length === 0";
        self.until("all are recorded", none).await;
    }

    async fn count(&self, selector: &str) -> usize {
        self.client.find_all(Locator::Css(selector)).await.unwrap().len()
    }

    async fn text(&self, selector: &str) -> String {
        self.client.find(Locator::Css(selector)).await.unwrap().text().await.unwrap()
    }

    /// Nothing that a comment brought along ran, and nothing was asked of anybody else.
    async fn nothing_ran(&self) {
        let script = "return typeof window.pwned === 'undefined' && document.title.indexOf('PWNED') < 0 \
                      && performance.getEntriesByType('resource').every(one => new URL(one.name).origin === location.origin)";
        assert_eq!(self.client.execute(script, vec![]).await.unwrap(), json!(true));
    }
}

/// The desk and its address.
fn desk(workdir: &Workdir) -> (Running, String) {
    let mut child = program()
        .args(["review", "comments.jsonl", "--audit", "0", "--no-open", "--listen", "127.0.0.1:0"])
        .env("USER", "Camille")
        .current_dir(workdir.path(""))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    (Running(child), line.trim().to_string())
}

/// What would do harm on a page, in a spreadsheet, to the eye.
const HOSTILE: [&str; 8] = [
    "Espèce d'abruti <script>window.pwned = 1; alert(1)</script>",
    "Pauvre crétin <img src=x onerror=\"window.pwned = 2\"> va",
    "Sale con \"><svg onload=alert(3)><style>body{display:none}</style>",
    "Bande de débiles </textarea></select><iframe src=javascript:window.pwned=4></iframe>",
    "Connard \u{202e}txt.exe\u{202c} et imbécile \u{200b}fini",
    "=cmd|' /C calc'!A0 espèce d'idiot",
    "Quel crétin [clic](javascript:window.pwned=5) https://evil.example/x.png",
    "{{7*7}} ${window.pwned=6} Ta gueule pauvre abruti &lt;b&gt;",
];

/// A campaign, insults each their own, and neighbours.
fn comments() -> String {
    let mut lines = Vec::new();
    let mut add = |author: &str, text: &str| {
        let id = format!("k{}", lines.len() + 1);
        let page = "https://journal.example/2026/quai";
        let comment = json!({ "id": id, "author": author, "date": "2026-03-02", "text": text, "page": page, "title": "Le quai <b>fermé</b>" });
        lines.push(comment.to_string());
    };
    for text in HOSTILE {
        add("<b onmouseover=alert(9)>Zo\u{e9}</b>", text);
    }
    for at in 0..12 {
        let text = format!(
            "Le maire et son équipe sont une bande de pourris, des crétins finis qui se moquent de nous depuis des années{}",
            "!".repeat(at + 1)
        );
        add(&format!("compte{at}"), &text);
    }
    for place in ["port", "marché", "quai", "parc", "pont", "stade"] {
        add(
            "Ana",
            &format!(
                "Tu es un vrai crétin si tu crois que le {place} va rouvrir, pauvre imbécile."
            ),
        );
        add(
            "Bruno",
            &format!("La réouverture du {place} est prévue mardi matin, d'après la mairie."),
        );
    }
    lines.join("\n")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_moderator_works_by_keyboard_alone() {
    let workdir = Workdir::new();
    workdir.write("comments.jsonl", comments());
    workdir.write("downloads/empty", "");
    let downloads = workdir.path("downloads");
    let Some(browser) = browser(&downloads, "fr", (1280, 900)).await else { return };
    let (_desk, address) = desk(&workdir);
    browser.client.goto(&address).await.unwrap();
    browser.nothing_ran().await;
    let cards = browser.count("article.card").await;
    assert!(cards >= 10, "{cards} cards");

    // Reject the first, see it gone, take it back.
    browser.press("j").await;
    let first = "return document.activeElement.dataset.item";
    let item = browser.client.execute(first, vec![]).await.unwrap();
    browser.press("r").await;
    browser
        .until("one outcome", "return document.querySelectorAll('.outcome button').length === 1")
        .await;
    browser.press("u").await;
    browser
        .until("the card is back", "return document.querySelectorAll('.outcome').length === 0")
        .await;
    assert_eq!(browser.client.execute(first, vec![]).await.unwrap(), item);
    browser.nothing_ran().await;

    // Help, and out of it.
    browser.press("?").await;
    browser.until("help is open", "return document.querySelector('dialog[open]') !== null").await;
    browser.press(&Key::Escape.to_string()).await;
    browser.until("help is closed", "return document.querySelector('dialog[open]') === null").await;

    // The campaign: one item, rejected as a whole after a look at it.
    browser.client.goto(&address).await.unwrap();
    browser.tab_to("li.fold a").await;
    browser.press(&Key::Enter.to_string()).await;
    browser.until("the fold", "return location.pathname.startsWith('/item/')").await;
    browser.tab_to("form[action='/bulk/preview'] button").await;
    browser.press(&Key::Enter.to_string()).await;
    browser.until("the preview", "return location.pathname === '/bulk/preview'").await;
    assert!(browser.text("p.lead").await.contains("12"), "{}", browser.text("p.lead").await);
    browser.tab_to("input[name=verdict]").await;
    browser.press(" ").await;
    assert!(
        browser
            .is("return document.querySelector(arguments[0]).checked", "input[value=reject]")
            .await
    );
    browser.tab_to("form.bulk button.main").await;
    browser.press(&Key::Enter.to_string()).await;
    let done = "return !location.pathname.startsWith('/bulk') \
                && [...document.querySelectorAll('.notice')].some(one => one.innerText.includes('12'))";
    browser.until("all twelve are rejected", done).await;
    browser.nothing_ran().await;

    // Approve the neighbours, reject the rest: decisions both ways.
    browser.client.goto(&format!("{address}?band=all&author=Bruno")).await.unwrap();
    browser.decide_all("a").await;
    browser.client.goto(&format!("{address}?author=Ana")).await.unwrap();
    browser.decide_all("r").await;

    // Retrain, look, switch.
    browser.client.goto(&format!("{address}models")).await.unwrap();
    browser.tab_to("#retrain").await;
    browser.press(&Key::Enter.to_string()).await;
    browser
        .until("a proposal", "return document.querySelectorAll('article.model').length === 2")
        .await;
    browser.until("it is told", "return document.querySelector('#retrain') !== null").await;
    assert_eq!(browser.count("article.model table.measures").await, 1);
    browser.tab_to("details.confirm summary").await;
    browser.press(&Key::Enter.to_string()).await;
    browser.tab_to("details.confirm[open] button").await;
    browser.press(&Key::Enter.to_string()).await;
    browser
        .until("it advises", "return document.querySelector('article.model .badge').closest('article').dataset.model.startsWith('desk')")
        .await;
    browser.nothing_ran().await;

    // Take the labels home.
    browser.client.goto(&format!("{address}export")).await.unwrap();
    browser.tab_to("a[href='/export/labels.csv']").await;
    browser.press(&Key::Enter.to_string()).await;
    let file = downloads.join("labels.csv");
    for _ in 0..100 {
        if file.is_file() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let labels = fs::read(&file).unwrap();
    let mut table = csv::Reader::from_reader(&labels[..]);
    let headers = table.headers().unwrap().clone();
    let column = |name: &str| headers.iter().position(|header| header == name).unwrap();
    let (author, insult) = (column("author"), column("insult"));
    let rows: Vec<csv::StringRecord> = table.records().map(|row| row.unwrap()).collect();
    let of = |prefix: &str, label: &str| {
        rows.iter().filter(|row| row[author].starts_with(prefix) && &row[insult] == label).count()
    };
    assert_eq!((of("Bruno", "0"), of("compte", "1")), (6, 12));
    browser.client.clone().close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_moderator_labels_by_keyboard_alone() {
    let workdir = Workdir::new();
    workdir.write("comments.jsonl", comments());
    let Some(browser) = browser(&workdir.path(""), "fr", (1280, 900)).await else { return };
    let (_desk, address) = desk(&workdir);
    browser.client.goto(&address).await.unwrap();
    browser.tab_to("nav a[href='/label']").await;
    browser.press(&Key::Enter.to_string()).await;
    browser.until("a question", "return document.querySelector('form.answer') !== null").await;
    let seen = "return [...document.querySelectorAll('form.answer button')].filter(one => { \
                const box = one.getBoundingClientRect(); \
                return box.left >= 0 && box.right <= innerWidth && box.width > 80; }).length";
    assert_eq!(browser.client.execute(seen, vec![]).await.unwrap(), json!(3), "all can be pressed");
    browser.press("?").await;
    browser.until("help is open", "return document.querySelector('dialog[open]') !== null").await;
    browser.press(&Key::Escape.to_string()).await;
    browser.until("help is closed", "return document.querySelector('dialog[open]') === null").await;
    let item = "return document.querySelector('article.card').dataset.item";
    let next = |item: &serde_json::Value| {
        format!(
            "const card = document.querySelector('article.card'); \
             return document.readyState === 'complete' && card !== null && card.dataset.item !== {item}"
        )
    };
    // Ten answers: yes in both languages, no, and one put off.
    for key in ["y", "n", "o", "n", "s", "y", "n", "r", "a", "y"] {
        let shown = browser.client.execute(item, vec![]).await.unwrap();
        browser.press(key).await;
        browser.until("the next one", &next(&shown)).await;
        browser.nothing_ran().await;
    }
    assert!(browser.text(".count").await.starts_with("9 réponses · 5 trouvés"));
    // The last one was a mistake: it comes back, and is answered otherwise.
    let shown = browser.client.execute(item, vec![]).await.unwrap();
    browser.press("u").await;
    browser.until("the last one is back", &next(&shown)).await;
    assert!(browser.text(".count").await.starts_with("8 réponses · 4 trouvés"));
    let shown = browser.client.execute(item, vec![]).await.unwrap();
    browser.press("n").await;
    browser.until("the next one", &next(&shown)).await;
    browser.press("e").await;
    browser.until("the thread", "return document.querySelector('.threaded') !== null").await;

    let log = workdir.vigie(&["decisions"]).done().csv();
    let mut verdicts: Vec<&str> = log.column("decision_verdict");
    let acts = log.column("decision_act");
    // A fold is several decisions, and one act.
    let mut last = "";
    let mut at = 0;
    verdicts.retain(|_| {
        let new = acts[at] != last;
        last = acts[at];
        at += 1;
        new
    });
    assert_eq!(
        verdicts,
        [
            "reject", "approve", "reject", "approve", "defer", "reject", "approve", "reject",
            "approve", "reject", "undo", "approve"
        ]
    );
    browser.client.clone().close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_desk_fits_a_phone_in_english_and_nothing_hostile_runs() {
    let workdir = Workdir::new();
    workdir.write("comments.jsonl", comments());
    let Some(browser) = browser(&workdir.path(""), "en", (390, 844)).await else { return };
    let (_desk, address) = desk(&workdir);
    for path in
        ["", "?band=all&state=all", "item/1", "item/3", "label", "models", "dashboard", "export"]
    {
        browser.client.goto(&format!("{address}{path}")).await.unwrap();
        browser.nothing_ran().await;
        let fits = "return document.documentElement.scrollWidth <= window.innerWidth";
        assert_eq!(browser.client.execute(fits, vec![]).await.unwrap(), json!(true), "{path}");
        let lang = "return document.documentElement.lang";
        assert_eq!(browser.client.execute(lang, vec![]).await.unwrap(), json!("en"), "{path}");
        // Every control has a name that a screen reader can say.
        let nameless = "return [...document.querySelectorAll('button, a, input:not([type=hidden]), select, textarea')] \
                        .filter(one => !(one.textContent.trim() || one.getAttribute('aria-label') || one.title || \
                        (one.labels && one.labels.length))).map(one => one.outerHTML)";
        assert_eq!(browser.client.execute(nameless, vec![]).await.unwrap(), json!([]), "{path}");
    }
    browser.client.clone().close().await.unwrap();
}
