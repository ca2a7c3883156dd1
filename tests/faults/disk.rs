//! A full disk: a small file system of its own, in a mount namespace that ends with the test.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use super::{comments, content, desk, whole};
use crate::desk::{Desk, fields};
use crate::workdir::{Ran, Workdir, program};

/// A file system that holds so much and no more.
pub struct Disk {
    /// Keeps the namespace; ends when its standard input does.
    keeper: Child,
    mount: PathBuf,
}

impl Disk {
    /// None where this system lets nobody mount one: then the test says so and ends.
    pub fn new(workdir: &Workdir, size: &str) -> Option<Disk> {
        let mount = workdir.path("disk");
        fs::create_dir(&mount).unwrap();
        let script =
            format!("mount -t tmpfs -o size={size} tmpfs \"$0\" && echo mounted && exec cat");
        for kind in ["-m", "-rm"] {
            let mut keeper = Command::new("unshare");
            keeper.args([kind, "--propagation", "private", "sh", "-c", &script]).arg(&mount);
            keeper.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
            let Ok(mut keeper) = keeper.spawn() else { break };
            let mut line = String::new();
            BufReader::new(keeper.stdout.take().unwrap()).read_line(&mut line).unwrap();
            if line == "mounted\n" {
                return Some(Disk { keeper, mount });
            }
            let _ = keeper.wait();
        }
        eprintln!("skipped: nobody may mount a file system here (unshare -m)");
        None
    }

    /// Where a file on it is, seen from outside.
    pub fn path(&self, name: &str) -> PathBuf {
        let root = PathBuf::from(format!("/proc/{}/root", self.keeper.id()));
        root.join(self.mount.strip_prefix("/").unwrap()).join(name)
    }

    /// A command in its namespace, begun on it.
    pub fn command(&self, program: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new("nsenter");
        let id = self.keeper.id().to_string();
        command.args(["-t", &id, "-m"]);
        let own = |of: &str| fs::read_link(format!("/proc/{of}/ns/user")).unwrap();
        if own(&id) != own("self") {
            command.args(["-U", "--preserve-credentials"]);
        }
        command.args(["sh", "-c", "cd \"$0\" && exec \"$@\""]).arg(&self.mount);
        command.arg(program).args(arguments).stdin(Stdio::null()).env("USER", "Camille");
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    fn review(&self, arguments: &[&str]) -> Command {
        let program = program().get_program().to_str().unwrap().to_string();
        let rest = ["--db", "desk.db", "--audit", "0", "--no-open", "--listen", "127.0.0.1:0"];
        self.command(&program, &[&["review"], arguments, &rest[..]].concat())
    }

    fn desk(&self, arguments: &[&str]) -> Desk {
        Desk::of(self.review(arguments).spawn().unwrap())
    }

    fn run(&self, mut command: Command) -> Ran {
        let output = command.output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        Ran { status: output.status.code().unwrap(), stdout: output.stdout, stderr }
    }

    fn resize(&self, size: &str) {
        let mount = self.mount.to_str().unwrap();
        let options = format!("remount,size={size}");
        self.run(self.command("mount", &["-o", &options, mount])).done();
    }

    /// Takes all the room that is left.
    pub fn fill(&self) {
        let mut ballast = File::create(self.path("ballast")).unwrap();
        for size in [1 << 16, 1 << 12, 1] {
            while ballast.write_all(&vec![0; size]).is_ok() {}
        }
    }

    /// Copies the database to the folder, with what stands beside it.
    fn copy(&self, workdir: &Workdir) -> PathBuf {
        for end in ["", "-wal"] {
            let from = self.path(&format!("desk.db{end}"));
            let to = workdir.path(&format!("copy.db{end}"));
            let _ = fs::remove_file(&to);
            if from.exists() {
                fs::copy(from, to).unwrap();
            }
        }
        workdir.path("copy.db")
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        let _ = self.keeper.wait();
    }
}

#[test]
fn an_import_onto_a_full_disk_says_so_and_goes_on_when_there_is_room() {
    const ALL: usize = 20_000;
    let workdir = Workdir::new();
    workdir.write("many.csv", comments(ALL));
    drop(desk(&workdir, &["many.csv", "--db", "reference.db"]));
    let Some(disk) = Disk::new(&workdir, "64k") else { return };
    let csv = workdir.path("many.csv");
    let csv = csv.to_str().unwrap();
    // Too small for the tables, for the model, for a batch, for another one.
    for size in ["64k", "1m", "5m", "14m"] {
        disk.resize(size);
        let ran = disk.run(disk.review(&[csv]));
        assert_eq!((ran.status, ran.stdout.len()), (2, 0), "{size}: {}", ran.stderr);
        let last = ran.stderr.lines().last().unwrap();
        assert!(
            last.starts_with("vigie: desk.db: database: the disk is full; nothing of this"),
            "{size}: {}",
            ran.stderr
        );
        assert!(!ran.stderr.contains("Merci"), "{}", ran.stderr);
        whole(&disk.copy(&workdir));
    }
    disk.resize("96m");
    drop(disk.desk(&[csv]));
    let copy = disk.copy(&workdir);
    assert_eq!(whole(&copy).0, ALL);
    assert!(
        content(&copy) == content(&workdir.path("reference.db")),
        "as if there had always been room"
    );
}

#[test]
fn a_decision_that_finds_no_room_is_not_told_as_made() {
    let workdir = Workdir::new();
    workdir.write("few.csv", comments(300));
    let Some(disk) = Disk::new(&workdir, "48m") else { return };
    let csv = workdir.path("few.csv");
    drop(disk.desk(&[csv.to_str().unwrap()]));
    let mut desk = disk.desk(&[]);
    let mut items = Vec::new();
    let mut path = Some("/?band=all".to_string());
    while let Some(on) = path {
        let page = desk.get(&on);
        items.extend(page.values("article.card", "data-item"));
        path = page.values("#next", "href").pop();
    }
    let decide = |desk: &mut Desk, item: &str, json: bool| {
        let form = fields(&[("item", item), ("seen", "0"), ("verdict", "approve")]);
        if json { desk.post_json("/decide", &form) } else { desk.post("/decide", &form) }
    };
    let mut items = items.into_iter();
    let mut made = Vec::new();
    for item in items.by_ref().take(5) {
        assert_eq!(decide(&mut desk, &item, true).status, 200);
        made.push(item);
    }
    disk.fill();
    // What was set aside before may still take a few.
    let refused = loop {
        let item = items.next().expect("the disk is full before all is decided");
        let answer = decide(&mut desk, &item, true);
        if answer.status != 200 {
            assert_eq!(answer.status, 503, "{}", answer.text);
            assert!(answer.text.contains("the disk is full"), "{}", answer.text);
            break item;
        }
        made.push(item);
    };
    // By a form, a page says it; nothing was decided, and what can be read can be read on.
    let answer = decide(&mut desk, &refused, false);
    assert_eq!(answer.status, 503);
    assert_eq!(answer.texts("h1").len(), 1);
    let text = answer.texts("main").concat();
    assert!(text.contains("the disk is full; nothing of this change was kept"), "{text}");
    let undone = desk.post_json("/undo", &[]);
    assert_eq!(undone.status, 503, "{}", undone.text);
    assert_eq!(desk.get("/?band=all").status, 200);
    let page = desk.get(&format!("/item/{refused}"));
    assert_eq!((page.status, page.texts(".log li").len()), (200, 0));

    fs::remove_file(disk.path("ballast")).unwrap();
    assert_eq!(decide(&mut desk, &refused, true).status, 200, "with room it goes on");
    made.push(refused);
    drop(desk);
    let copy = disk.copy(&workdir);
    assert_eq!(whole(&copy), (300, made.len() as i64));
    let database = rusqlite::Connection::open(copy).unwrap();
    let mut log = database
        .prepare("SELECT item FROM decision JOIN comment ON comment.id = comment ORDER BY seq")
        .unwrap();
    let log = log.query_map([], |row| row.get::<_, i64>(0)).unwrap();
    let log: Vec<String> = log.map(|item| item.unwrap().to_string()).collect();
    made.dedup();
    let mut decided = log.clone();
    decided.dedup();
    assert_eq!(decided, made, "what was acknowledged, and nothing else");
}
