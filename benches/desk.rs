//! Measures the moderator's desk on a full database: how fast `vigie review` takes comments in, scores them and folds
//! near-duplicates, and how long pages and decisions take. The real program, asked over loopback on connections that
//! stay open. Floors are those of the desk's promise; it fails where one is missed.
//!
//! `cargo bench --bench desk [-- COMMENTS]`; 100,000 invented comments otherwise, French and English, recombined from
//! our own samples, the same every time. Where `wrk` is installed (Debian: `apt-get install wrk`), it measures the queue
//! page too.

use std::error::Error;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, BufWriter, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use fastrand::Rng;

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// Imports; the fastest counts, because noise only ever adds.
const IMPORTS: usize = 3;
/// Requests of each kind.
const REQUESTS: usize = 500;
/// Seconds that wrk asks for.
const SECONDS: u32 = 5;
/// What is promised.
const IMPORT_FLOOR: f64 = 20_000.0;
const PAGE_FLOOR: Duration = Duration::from_millis(100);
const DECISION_FLOOR: Duration = Duration::from_millis(20);

fn main() -> Result<()> {
    // Cargo adds `--bench` of its own.
    let rows =
        std::env::args().filter_map(|argument| argument.parse().ok()).next().unwrap_or(100_000);
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("desk");
    fs::create_dir_all(&folder)?;
    let csv = folder.join(format!("comments-{rows}.csv"));
    let text = write(&csv, rows)?;
    println!(
        "{rows} comments, {:.1} MB of text ({} bytes each on average), {} threads",
        text as f64 / 1e6,
        text / rows as u64,
        rayon::current_num_threads()
    );

    let database = folder.join("desk.vigie.db");
    let mut fastest = Duration::MAX;
    let mut desk = None;
    for _ in 0..IMPORTS {
        drop(desk.take());
        for end in ["", "-wal", "-shm"] {
            let _ = fs::remove_file(format!("{}{end}", database.display()));
        }
        let start = Instant::now();
        desk = Some(Desk::open(&database, Some(&csv))?);
        fastest = fastest.min(start.elapsed());
    }
    let desk = desk.ok_or("no import")?;
    let rate = rows as f64 / fastest.as_secs_f64();
    println!(
        "\nimport, from the start of the program to the open desk: {fastest:.2?}, {rate:.0} comments/s"
    );
    println!("database: {:.1} MB", fs::metadata(&database)?.len() as f64 / 1e6);
    drop(desk);
    let start = Instant::now();
    let desk = Desk::open(&database, Some(&csv))?;
    let again = start.elapsed();
    println!(
        "the same file again: {again:.2?}, {:.0} comments/s",
        rows as f64 / again.as_secs_f64()
    );

    let mut missed = Vec::new();
    if rate < IMPORT_FLOOR {
        missed.push(format!("import: {rate:.0} comments/s"));
    }
    let mut table = Table { missed };
    println!(
        "\n{:<44} {:>4} {:>9} {:>9} {:>9} {:>9}",
        "", "at", "median", "99 %", "longest", "a second"
    );
    pages(&desk, rows, &mut table)?;
    wrk(&desk)?;
    table.line("(the disk alone: 40 kB and fdatasync)", 1, Duration::MAX, disk(&folder)?);
    decisions(&desk, &mut table)?;
    if table.missed.is_empty() {
        println!(
            "\nevery floor is held: {IMPORT_FLOOR} comments/s, pages {PAGE_FLOOR:?}, decisions {DECISION_FLOOR:?} at the 99th percentile"
        );
        Ok(())
    } else {
        Err(format!("floors missed: {}", table.missed.join("; ")).into())
    }
}

/// Pages, from the one that everybody sees to those that few ask for.
fn pages(desk: &Desk, rows: usize, table: &mut Table) -> Result<()> {
    let plain: [(&str, &str); 12] = [
        ("queue", "/"),
        ("queue, all", "/?band=all&state=all"),
        ("queue, newest first", "/?band=all&order=newest"),
        ("queue, least sure first", "/?band=all&order=uncertain"),
        ("queue, by lot", "/?band=all&order=random"),
        ("label", "/?label=conspiracy"),
        ("language", "/?language=en&band=all"),
        ("days", "/?from=2026-09-10&to=2026-09-11&band=all"),
        ("rare word", "/?text=cadastre&band=all"),
        ("frequent word", "/?text=les&band=all"),
        ("beginning of a word", "/?text=pr&band=all"),
        ("label, language, word", "/?label=insult&language=fr&text=pas&band=review"),
    ];
    let items = desk.items(REQUESTS)?;
    for connections in [1, 8] {
        for (name, path) in plain {
            // A search reads much of the database; eight at the same moment are not what a newsroom does.
            if connections > 1 && path.contains("text=") {
                continue;
            }
            let run = |_: usize| desk.get(path);
            table.line(name, connections, PAGE_FLOOR, measure(desk, connections, REQUESTS, run)?);
        }
        let mut random = (0..).map(|n: u64| Rng::with_seed(n).usize(0..rows));
        let of: Vec<usize> = random.by_ref().take(REQUESTS).collect();
        let author = |n: usize| {
            desk.get(&format!("/?author={}&band=all&state=all", author(of[n] % AUTHORS)))
        };
        table.line(
            "author, each another",
            connections,
            PAGE_FLOOR,
            measure(desk, connections, REQUESTS, author)?,
        );
        let page =
            |n: usize| desk.get(&format!("/?page={}&band=all", page(of[n] % (rows / 250 + 1))));
        table.line(
            "page, each another",
            connections,
            PAGE_FLOOR,
            measure(desk, connections, REQUESTS, page)?,
        );
        let item = |n: usize| desk.get(&format!("/item/{}", items[n]));
        table.line(
            "item, each another",
            connections,
            PAGE_FLOOR,
            measure(desk, connections, REQUESTS, item)?,
        );
    }
    Ok(())
}

/// The queue page once more, by a tool that is not ours.
fn wrk(desk: &Desk) -> Result<()> {
    for connections in [1, 8] {
        let ran = Command::new("wrk")
            .args(["-t1", &format!("-c{connections}"), &format!("-d{SECONDS}s"), "--latency"])
            .arg(format!("http://{}/", desk.address))
            .output();
        let Ok(ran) = ran else {
            println!("(wrk is not installed)");
            return Ok(());
        };
        let told = String::from_utf8_lossy(&ran.stdout).into_owned();
        let value = |name: &str| {
            let line = told.lines().find(|line| line.trim_start().starts_with(name));
            line.and_then(|line| line.split_whitespace().nth(1)).unwrap_or("?").to_string()
        };
        let (median, high) = (value("50%"), value("99%"));
        let (name, rate) = ("queue, by wrk", value("Requests/sec:"));
        println!("{name:<44} {connections:>4} {median:>9} {high:>9} {:>9} {rate:>9}", "");
        if told.contains("Non-2xx") {
            return Err("wrk was refused".into());
        }
    }
    Ok(())
}

/// Decisions: what is acknowledged is on the disk.
fn decisions(desk: &Desk, table: &mut Table) -> Result<()> {
    let mut items = desk.items(REQUESTS * 3)?.into_iter();
    for connections in [1, 4] {
        let ours: Vec<u64> = items.by_ref().take(REQUESTS).collect();
        let decide = |n: usize| {
            let verdict = ["approve", "reject&reason=insult&label.insult=1", "defer"][n % 3];
            desk.post("/decide", &format!("item={}&seen=0&verdict={verdict}", ours[n]))
        };
        let name = "decision, each on another item";
        table.line(
            name,
            connections,
            DECISION_FLOOR,
            measure(desk, connections, ours.len(), decide)?,
        );
    }
    let undo = |_: usize| desk.post("/undo", "");
    table.line("undo of the last", 1, DECISION_FLOOR, measure(desk, 1, REQUESTS / 5, undo)?);
    Ok(())
}

/// What a decision waits for at the least: a write that is on the disk.
fn disk(folder: &Path) -> Result<Times> {
    let mut file = File::create(folder.join("written"))?;
    let start = Instant::now();
    let mut each = Vec::new();
    for _ in 0..REQUESTS {
        let start = Instant::now();
        file.write_all(&[0; 40_000])?;
        file.sync_data()?;
        each.push(start.elapsed());
    }
    Ok(Times { each, all: start.elapsed() })
}

/// What was measured, line by line, and which floors were missed.
struct Table {
    missed: Vec<String>,
}

impl Table {
    fn line(&mut self, name: &str, connections: usize, floor: Duration, mut times: Times) {
        times.each.sort();
        let at = |share: f64| {
            let rank = (share * times.each.len() as f64).ceil() as usize;
            times.each[rank.clamp(1, times.each.len()) - 1]
        };
        let (median, high, longest) = (at(0.5), at(0.99), at(1.0));
        let rate = times.each.len() as f64 / times.all.as_secs_f64();
        let told = |time: Duration| format!("{:.2} ms", time.as_secs_f64() * 1e3);
        println!(
            "{name:<44} {connections:>4} {:>9} {:>9} {:>9} {rate:>9.0}",
            told(median),
            told(high),
            told(longest)
        );
        if high >= floor {
            self.missed.push(format!("{name}, {connections} at a time: {high:.1?}"));
        }
    }
}

/// How long requests took: each, and all of them.
struct Times {
    each: Vec<Duration>,
    all: Duration,
}

/// Sends so many requests over so many connections, each the next one as soon as its last is answered.
fn measure(
    desk: &Desk,
    connections: usize,
    requests: usize,
    request: impl Fn(usize) -> String + Sync,
) -> Result<Times> {
    let next = AtomicUsize::new(0);
    let client = || -> Result<Vec<Duration>> {
        let mut connection = Connection::open(&desk.address)?;
        let mut times = Vec::new();
        loop {
            let n = next.fetch_add(1, Ordering::Relaxed);
            if n >= requests {
                return Ok(times);
            }
            let request = request(n);
            let start = Instant::now();
            let (status, _) = connection.ask(&request)?;
            times.push(start.elapsed());
            if status != 200 {
                return Err(format!("status {status} for {request:?}").into());
            }
        }
    };
    // What nobody asked for yet is read once before the clock runs.
    Connection::open(&desk.address)?.ask(&desk.get("/"))?;
    let start = Instant::now();
    let each = thread::scope(|scope| {
        let clients: Vec<_> = (0..connections).map(|_| scope.spawn(client)).collect();
        let each =
            clients.into_iter().map(|client| client.join().map_err(|_| "a client panicked")?);
        each.collect::<Result<Vec<_>>>()
    })?;
    Ok(Times { each: each.concat(), all: start.elapsed() })
}

/// A desk that is open, closed when it is dropped.
struct Desk {
    child: Child,
    address: String,
}

impl Desk {
    fn open(database: &Path, csv: Option<&Path>) -> Result<Desk> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_vigie"));
        command.arg("review").args(csv).arg("--db").arg(database);
        command
            .args(["--no-open", "--listen", "127.0.0.1:0"])
            .current_dir(database.with_file_name(""));
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
        let mut line = String::new();
        BufReader::new(child.stdout.take().ok_or("no output")?).read_line(&mut line)?;
        let address = line.trim().trim_start_matches("http://").trim_end_matches('/').to_string();
        if address.is_empty() {
            return Err("the desk did not open".into());
        }
        Ok(Desk { child, address })
    }

    fn get(&self, path: &str) -> String {
        format!("GET {path} HTTP/1.1\r\nHost: {}\r\n\r\n", self.address)
    }

    /// As the script of the page sends it.
    fn post(&self, path: &str, form: &str) -> String {
        format!(
            "POST {path} HTTP/1.1\r\nHost: {0}\r\nOrigin: http://{0}\r\nAccept: application/json\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {1}\r\n\r\n{form}",
            self.address,
            form.len()
        )
    }

    /// The first items of the queue, page by page.
    fn items(&self, count: usize) -> Result<Vec<u64>> {
        let mut connection = Connection::open(&self.address)?;
        let (mut items, mut path) = (Vec::new(), "/?band=all".to_string());
        while items.len() < count {
            let (_, page) = connection.ask(&self.get(&path))?;
            let numbers = page.split("data-item=\"").skip(1);
            items.extend(numbers.filter_map(|rest| rest.split('"').next()?.parse::<u64>().ok()));
            let next =
                page.split(" rel=\"next\" href=\"").nth(1).and_then(|rest| rest.split('"').next());
            path = next.ok_or("the queue ended too soon")?.replace("&amp;", "&");
        }
        Ok(items)
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A connection that stays open.
struct Connection(BufReader<TcpStream>);

impl Connection {
    fn open(address: &str) -> Result<Connection> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        Ok(Connection(BufReader::with_capacity(1 << 16, stream)))
    }

    /// The status and the body of an answer.
    fn ask(&mut self, request: &str) -> Result<(u16, String)> {
        self.0.get_mut().write_all(request.as_bytes())?;
        let (mut status, mut length) = (0, None);
        loop {
            let mut line = String::new();
            if self.0.read_line(&mut line)? == 0 {
                return Err("the connection was closed".into());
            }
            let line = line.trim_end();
            if line.is_empty() {
                break;
            }
            if let Some(rest) = line.strip_prefix("HTTP/1.1 ") {
                status = rest.get(..3).unwrap_or_default().parse()?;
            } else if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = Some(value.trim().parse::<usize>()?);
            }
        }
        let mut body = vec![0; length.ok_or("an answer without its length")?];
        self.0.read_exact(&mut body)?;
        Ok((status, String::from_utf8(body)?))
    }
}

/// Authors; a few write most.
const AUTHORS: usize = 12_000;

fn author(n: usize) -> String {
    format!("lecteur-{n}")
}

fn page(n: usize) -> String {
    format!("https://gazette.example/article-{n}")
}

/// Writes the comments; how many bytes of text there are.
fn write(path: &Path, rows: usize) -> Result<u64> {
    let samples = samples()?;
    let mut rng = Rng::with_seed(5);
    let mut table = csv::Writer::from_writer(BufWriter::new(File::create(path)?));
    table.write_record(["id", "page", "title", "author", "date", "parent_id", "votes", "text"])?;
    let mut bytes = 0;
    let mut campaigns: Vec<String> = Vec::new();
    let mut recent: Vec<Vec<usize>> = vec![Vec::new(); rows / 250 + 1];
    for row in 0..rows {
        // Small numbers are likelier: few pages and few authors have most comments.
        let skewed = |rng: &mut Rng, below: usize| (rng.f64().powi(2) * below as f64) as usize;
        let on = skewed(&mut rng, recent.len());
        let by = skewed(&mut rng, AUTHORS);
        let parent = match recent[on].len() {
            0 => String::new(),
            _ if rng.f64() < 0.45 => String::new(),
            known => recent[on][known - 1 - rng.usize(0..known.min(20))].to_string(),
        };
        recent[on].push(row);
        let text = match campaigns.len() {
            known if known > 0 && rng.f64() < 0.02 => campaigns[rng.usize(0..known)].clone(),
            _ => comment(&samples[rng.usize(0..samples.len())], &mut rng),
        };
        if text.len() > 150 && rng.f64() < 0.002 {
            campaigns.push(text.clone());
        }
        bytes += text.len() as u64;
        let day = 1 + row * 60 / rows;
        let date = format!(
            "2026-{:02}-{:02}T{:02}:{:02}:00Z",
            9 + day / 31,
            1 + day % 30,
            rng.u32(6..24),
            rng.u32(0..60)
        );
        let votes = (rng.f64().powi(6) * 200.0) as i64;
        let title = format!("Article {on} de la Gazette");
        table.write_record([
            &row.to_string(),
            &page(on),
            &title,
            &author(by),
            &date,
            &parent,
            &votes.to_string(),
            &text,
        ])?;
    }
    table.flush()?;
    Ok(bytes)
}

/// Most comments are short, a few are long: halves of samples of one language, one after the other.
fn comment(samples: &[String], rng: &mut Rng) -> String {
    let parts = [1, 1, 1, 1, 1, 2, 2, 2, 3, 6][rng.usize(0..10)];
    let mut text = String::new();
    for part in 0..=parts {
        let sample = &samples[rng.usize(0..samples.len())];
        let middle = sample.len() / 2;
        // A blank is never part of another character.
        let blank = sample.bytes().skip(middle).position(|byte| byte == b' ');
        let middle = blank.map_or(0, |blank| middle + blank);
        text.push_str(if part % 2 == 0 { &sample[..middle] } else { &sample[middle..] });
    }
    text
}

/// Our own samples: French ones, English ones. Most of what is written is French here.
fn samples() -> Result<[Vec<String>; 3]> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("training/samples");
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
    files.retain(|path| path.extension().is_some_and(|end| end == "csv"));
    files.sort();
    let [mut french, mut english] = [Vec::new(), Vec::new()];
    for file in files {
        let mut table = csv::Reader::from_path(file)?;
        let header = table.headers()?.clone();
        let column = |name: &str| header.iter().position(|own| own == name).ok_or("no such column");
        let (text, language) = (column("text")?, column("lang")?);
        for record in table.records() {
            let record = record?;
            let of = if &record[language] == "en" { &mut english } else { &mut french };
            of.push(record[text].to_string());
        }
    }
    Ok([french.clone(), french, english])
}
