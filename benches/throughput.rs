//! Compares, in one run, what `vigie score` takes on a large CSV with what must be done anyway: the n-grams alone, and
//! copying the file. Prints ratios; absolute times are of the machine that ran it. Says too how large the shipped
//! model is and how long loading it takes, and what folding near-duplicates costs beside the n-grams.
//!
//! `cargo bench --bench throughput [-- ROWS]`; 1,000,000 rows otherwise, written by recombining our own samples.

use std::error::Error;
use std::fs::{self, File};
use std::io::{BufReader, BufWriter};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use rayon::prelude::*;
use vigie::feature::{Reader, Reading};
use vigie::model::{Model, Sums};
use vigie::triage::{Signature, Twins};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Runs of each; the fastest counts, because noise only ever adds.
const RUNS: usize = 3;
/// Times that the model is loaded.
const LOADS: usize = 20;
/// Comments that are compared with one another to be folded.
const FOLDED: usize = 100_000;

fn main() -> Result<()> {
    // Cargo adds `--bench` of its own.
    let rows =
        std::env::args().filter_map(|argument| argument.parse().ok()).next().unwrap_or(1_000_000);
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("comments-{rows}.csv"));
    let texts = texts(rows)?;
    write(&path, &texts)?;
    let bytes: usize = texts.iter().map(String::len).sum();
    println!(
        "{rows} comments, {:.1} MB of text, {:.1} MB of CSV, {} threads",
        bytes as f64 / 1e6,
        fs::metadata(&path)?.len() as f64 / 1e6,
        rayon::current_num_threads()
    );

    let file = fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("training/default.vigie"))?;
    let loaded = (0..LOADS).map(|_| {
        let start = Instant::now();
        std::hint::black_box(Model::from_bytes(&file)).map(|_| start.elapsed())
    });
    let loaded = loaded.collect::<std::result::Result<Vec<_>, _>>()?;
    let fastest_load = loaded.iter().min().copied().unwrap_or_default().as_secs_f64();
    println!("model: {:.2} MB, loaded in {:.1} ms", file.len() as f64 / 1e6, fastest_load * 1e3);

    let model = Model::from_bytes(&file)?;
    let kernel = fastest(|| {
        std::hint::black_box(kernel(&model, &texts));
        Ok(())
    })?;
    let signed = fastest(|| {
        std::hint::black_box(signatures(&texts));
        Ok(())
    })?;
    let signatures = signatures(&texts[..rows.min(FOLDED)]);
    drop(texts);
    let mut leaders = 0;
    let found = fastest(|| {
        leaders = fold(&signatures);
        Ok(())
    })?;
    let rebuilt = fastest(|| {
        std::hint::black_box(index(&signatures));
        Ok(())
    })?;
    let copied = fastest(|| copy(&path))?;
    let mut memory = 0;
    let scored = fastest(|| {
        memory = memory.max(score(&path)?);
        Ok(())
    })?;

    let line = |name: &str, time: Duration| {
        let seconds = time.as_secs_f64();
        println!("{name:<28} {seconds:>7.2} s   {:>9.0} comments/s", rows as f64 / seconds);
    };
    line("n-gram kernel alone", kernel);
    line("signatures", signed);
    line("copying the CSV", copied);
    line("vigie score, end to end", scored);
    println!("vigie score / n-gram kernel: {:.2}", scored.as_secs_f64() / kernel.as_secs_f64());
    println!("vigie score / copying:       {:.2}", scored.as_secs_f64() / copied.as_secs_f64());
    println!("signatures / n-gram kernel:  {:.2}", signed.as_secs_f64() / kernel.as_secs_f64());
    let each = |time: Duration| time.as_secs_f64() * 1e6 / signatures.len() as f64;
    println!(
        "near-duplicates, one thread: {:.2} µs to find or insert each of {} ({leaders} leaders), {:.2} µs to insert",
        each(found),
        signatures.len(),
        each(rebuilt)
    );
    println!("peak memory of vigie score:  {:.0} MB", memory as f64 / 1e3);
    Ok(())
}

/// Comments like ours: each begins as one sample and ends as another.
fn texts(rows: usize) -> Result<Vec<String>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("training/samples");
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
    files.retain(|path| path.extension().is_some_and(|end| end == "csv"));
    files.sort();
    let mut samples = Vec::new();
    for file in files {
        let mut table = csv::Reader::from_path(file)?;
        let column =
            table.headers()?.iter().position(|name| name == "text").ok_or("no text column")?;
        for record in table.records() {
            samples.push(record?[column].to_string());
        }
    }
    let half = |text: &str, first: bool| {
        let middle =
            (text.len() / 2..=text.len()).find(|&at| text.is_char_boundary(at)).unwrap_or(0);
        if first { text[..middle].to_string() } else { text[middle..].to_string() }
    };
    let at = |row: usize| &samples[row % samples.len()];
    Ok((0..rows)
        .map(|row| half(at(row), true) + &half(at(row * 31 + row / samples.len()), false))
        .collect())
}

fn write(path: &Path, texts: &[String]) -> Result<()> {
    let mut table = csv::Writer::from_writer(BufWriter::new(File::create(path)?));
    table.write_record(["id", "auteur", "date", "commentaire"])?;
    for (row, text) in texts.iter().enumerate() {
        let author = format!("lecteur{}", row % 9973);
        table.write_record([&row.to_string(), &author, "21/11/2026 08:15", text])?;
    }
    Ok(table.flush()?)
}

/// Layer 1 on all cores: folding, tokens, n-grams, margins of both labels.
fn kernel(model: &Model, texts: &[String]) -> Vec<[f64; 2]> {
    let empty = vigie::lexicon::Lexicon::build(Vec::new()).unwrap_or_default();
    let buffers = || (Reader::default(), Reading::<()>::default(), Sums::default());
    texts
        .par_iter()
        .map_init(buffers, |(reader, reading, sums), text| {
            let mut margins = [0.0; 2];
            reader.read(text, &empty, reading);
            model.layer.margins(reading, sums, &mut margins);
            margins
        })
        .collect()
}

/// Signatures on all cores.
fn signatures(texts: &[String]) -> Vec<Option<Signature>> {
    texts.par_iter().map(|text| Signature::of(text)).collect()
}

/// Folds as an import does; how many leaders there are.
fn fold(signatures: &[Option<Signature>]) -> usize {
    let mut twins = Twins::default();
    let mut leaders = 0;
    for (id, signature) in (0..).zip(signatures) {
        if let Some(signature) = signature
            && twins.find(signature).is_none()
        {
            twins.insert(id, signature);
            leaders += 1;
        }
    }
    leaders
}

/// Builds the index again, every comment a leader.
fn index(signatures: &[Option<Signature>]) -> Twins {
    let mut twins = Twins::default();
    for (id, signature) in (0..).zip(signatures) {
        if let Some(signature) = signature {
            twins.insert(id, signature);
        }
    }
    twins
}

/// Reads and writes every cell.
fn copy(path: &Path) -> Result<()> {
    let mut from = csv::Reader::from_reader(BufReader::with_capacity(1 << 16, File::open(path)?));
    let to = BufWriter::with_capacity(1 << 16, File::create(path.with_extension("copy"))?);
    let mut to = csv::Writer::from_writer(to);
    to.write_byte_record(from.byte_headers()?)?;
    let mut record = csv::ByteRecord::new();
    while from.read_byte_record(&mut record)? {
        to.write_byte_record(&record)?;
    }
    Ok(to.flush()?)
}

/// Scores the file with the program; its peak memory in kB, where the system tells.
fn score(path: &Path) -> Result<u64> {
    let mut program = Command::new(env!("CARGO_BIN_EXE_vigie"))
        .arg("score")
        .arg(path)
        .arg("-o")
        .arg(path.with_extension("scored"))
        .stderr(Stdio::null())
        .spawn()?;
    let status = format!("/proc/{}/status", program.id());
    let mut peak = 0;
    loop {
        if let Ok(status) = fs::read_to_string(&status) {
            let line = status.lines().find(|line| line.starts_with("VmHWM:"));
            peak =
                line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok()).unwrap_or(peak);
        }
        if let Some(ended) = program.try_wait()? {
            return if ended.success() { Ok(peak) } else { Err("vigie score failed".into()) };
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn fastest(mut run: impl FnMut() -> Result<()>) -> Result<Duration> {
    let mut best = Duration::MAX;
    for _ in 0..RUNS {
        let start = Instant::now();
        run()?;
        best = best.min(start.elapsed());
    }
    Ok(best)
}
