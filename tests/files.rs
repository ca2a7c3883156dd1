//! Files that are no plain files: pipes, devices, links.

use crate::workdir::Workdir;

/// Whoever moderates as root must keep their `/dev/null`.
#[test]
fn pipes_and_links_stay_what_they_are() {
    let workdir = Workdir::with(&["exports/bom.csv"]);
    let made = std::process::Command::new("mkfifo").arg(workdir.path("pipe")).status().unwrap();
    assert!(made.success());
    let pipe = workdir.path("pipe");
    let reader = std::thread::spawn(move || std::fs::read_to_string(pipe).unwrap());
    workdir.vigie(&["extract", "bom.csv", "-o", "pipe"]).done();
    assert!(reader.join().unwrap().contains("Le premier mot"));
    assert!(!workdir.path("pipe").is_file(), "a pipe stays a pipe");

    let (pipe, text) = (workdir.path("pipe"), std::fs::read(workdir.path("bom.csv")).unwrap());
    let writer = std::thread::spawn(move || std::fs::write(pipe, text).unwrap());
    let ran = workdir.vigie(&["extract", "pipe", "--format", "csv"]).done();
    writer.join().unwrap();
    assert_eq!(ran.csv().column("text"), ["Le premier mot n’est pas caché"], "{}", ran.stderr);

    workdir.write("real.jsonl", "yesterday's");
    std::os::unix::fs::symlink("real.jsonl", workdir.path("link.jsonl")).unwrap();
    workdir.vigie(&["extract", "bom.csv", "-o", "link.jsonl"]).done();
    assert!(workdir.path("link.jsonl").is_symlink());
    assert!(workdir.read("real.jsonl").contains("Le premier mot"));
}
