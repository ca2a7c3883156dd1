//! Pages as readers save them: the right comments, by the right people, in answer to the right people, and no others.

use std::path::{Path, PathBuf};

use crate::workdir::{Ran, Workdir, fixture};

/// Author, and the author answered, of every comment.
fn chain(ran: &Ran) -> Vec<(String, Option<String>)> {
    let comments = ran.jsonl();
    let author = |comment: &serde_json::Value| comment["author"].as_str().unwrap().to_string();
    let answered = |comment: &serde_json::Value| {
        let parent = comment["parent"].as_str()?;
        comments.iter().find(|other| other["id"] == parent).map(author)
    };
    comments.iter().map(|comment| (author(comment), answered(comment))).collect()
}

fn extract(path: &Path) -> Ran {
    Workdir::new().vigie(&["extract", path.to_str().unwrap()]).done()
}

/// The ranks in the whole queue of the comments that begin with these words.
fn ranks(path: &Path, beginnings: &[&str]) -> Vec<usize> {
    let queue = Workdir::new().vigie(&["triage", path.to_str().unwrap()]).done().csv();
    let texts = queue.column("text");
    let rank = |words: &&str| texts.iter().position(|text| text.starts_with(words)).unwrap();
    beginnings.iter().map(rank).collect()
}

/// The shared seeds in their order; nothing where they are not.
fn seeds() -> Option<Vec<PathBuf>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/seeds");
    // A worktree may lie one folder deeper.
    let deeper = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/seeds");
    let Ok(entries) = folder.read_dir().or_else(|_| deeper.read_dir()) else {
        eprintln!("skipped: {} is not there", folder.display());
        return None;
    };
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    Some(paths)
}

#[test]
fn the_first_seed_yields_its_seven_comments() {
    let Some(seeds) = seeds() else { return };
    let told = chain(&extract(&seeds[0]));
    let told: Vec<(&str, Option<&str>)> =
        told.iter().map(|(author, answered)| (author.as_str(), answered.as_deref())).collect();
    assert_eq!(
        told,
        [
            ("Sans dents", None),
            ("abrutissator", None),
            ("nchab38", None),
            ("nchab38", Some("Sans dents")),
            ("ptipimpinou", None),
            ("normandieniemen", None),
            ("normandieniemen", Some("Sans dents")),
        ]
    );
}

#[test]
fn the_other_seeds_yield_none_and_say_why() {
    let Some(seeds) = seeds() else { return };
    for seed in &seeds[1..5] {
        let ran = extract(seed);
        assert_eq!(ran.text(), "", "{}", seed.display());
        let why = format!("{}: no comments: ", seed.display());
        let [told] = ran.told()[..] else { panic!("{}", ran.stderr) };
        assert!(told.starts_with(&why) && told.len() > why.len() + 10, "{told}");
    }
    assert!(extract(&seeds[1]).stderr.contains("« Aucun commentaire trouvé »"));
}

#[test]
fn in_the_queue_of_the_first_seed_anger_stands_above_grammar() {
    let Some(seeds) = seeds() else { return };
    let beginnings = ["Vaste fumisterie", "jusqu'a preuve", "En bon français on ne dit pas"];
    let [first, last, grammar] = ranks(&seeds[0], &beginnings)[..] else { unreachable!() };
    assert!(first < grammar && last < grammar, "{first} {last} {grammar}");
}

#[test]
fn pages_of_our_own_yield_their_chains() {
    let answers = |chain: &[(String, Option<String>)]| -> Vec<String> {
        let line = |(author, answered): &(String, Option<String>)| match answered {
            Some(answered) => format!("{author} → {answered}"),
            None => author.clone(),
        };
        chain.iter().map(line).collect()
    };
    assert_eq!(
        answers(&chain(&extract(&fixture("evening/quai.html")))),
        [
            "Lucette Amiel",
            "gros_moteur → Lucette Amiel",
            "Lucette Amiel → gros_moteur",
            "œil ouvert",
            "Ousmane"
        ]
    );
    let halle = extract(&fixture("evening/halle.txt"));
    assert_eq!(
        answers(&chain(&halle)),
        ["Basile", "mirabelle_54", "Basile → mirabelle_54", "plume", "mirabelle_54 → Basile"]
    );
    assert!(!halle.text().contains("pont de la Sauge"), "teasers are no comments");
    assert!(!halle.text().contains("Afficher"), "buttons are no words of a comment");
}

#[test]
fn pages_of_our_own_without_comments_say_why() {
    for (page, why) in [
        (
            "evening/fermee.html",
            "the page says that it has none: « Aucun commentaire pour le moment. »",
        ),
        ("evening/vide.txt", "no comment area"),
    ] {
        let ran = extract(&fixture(page));
        let line = format!("{}: no comments: {why}", fixture(page).display());
        assert_eq!((ran.text(), ran.told()), ("", vec![line.as_str()]));
        assert!(ran.stderr.ends_with(
            "1 input; 1 without comments. Comments: 0 read = 0 extracted + 0 rejected\n"
        ));
    }
}

#[test]
fn in_the_queues_of_our_own_pages_anger_stands_above_bread() {
    let halle = [
        "Encore une bande",
        "Comme par hasard",
        "Trois mois pour un toit",
        "Le mail sera plus gai",
    ];
    let ranks = |page: &str, beginnings: &[&str]| ranks(&fixture(page), beginnings);
    let [insult, plot, roof, mail] = ranks("evening/halle.txt", &halle)[..] else { unreachable!() };
    assert!(insult.max(plot) < roof.min(mail), "{insult} {plot} {roof} {mail}");
    let quai = ["On nous cache tout", "Va te promener", "Enfin une promenade", "Et les livraisons"];
    let [plot, insult, walk, goods] = ranks("evening/quai.html", &quai)[..] else { unreachable!() };
    assert!(insult.max(plot) < walk.min(goods), "{insult} {plot} {walk} {goods}");
}
