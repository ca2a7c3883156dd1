//! `vigie forget`: removes a person from the database.

use vigie::store::{Forgotten, Mentions};

use super::Status;
use super::database::DatabaseArgs;
use super::pseudonym::{Absent, PseudonymArgs};
use super::stderr::tell;

/// Remove a person from the database: comments, name, and what was noted about them.
///
/// Their comments are deleted and overwritten in the file, and so are the notes of moderators on them; later imports leave
/// the author out. Where the name stands in the comments of others, and in other notes, is counted; --mentions removes it. That somebody decided on a comment stays in the log, whose chain stays whole: who
/// decided what and when, on a comment that nobody can name any more.
///
/// Where the database keeps pseudonyms, name the key too: the author's pseudonym is forgotten as well.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  vigie forget --author \"Jean D.\"
  vigie forget --author Rita --mentions --db quai.vigie.db")]
pub struct Args {
    /// Whom: the name as it stands at their comments
    #[arg(long, value_name = "NAME", value_parser = name)]
    author: String,

    /// Also blank the name in the comments of others, and remove the notes that hold it, where it stands as words of its own
    #[arg(long)]
    mentions: bool,

    #[command(flatten)]
    database: DatabaseArgs,

    #[command(flatten)]
    pseudonym: PseudonymArgs,
}

fn name(text: &str) -> Result<String, String> {
    if text.trim().is_empty() {
        return Err("expected a name".into());
    }
    Ok(text.into())
}

/// What stays whatever is removed.
const BEYOND: &str = "out of reach: copies of the database, exports and queues written before, the pages and exports that were \
                      imported, and models that were trained on the comments";

/// Runs the command.
pub fn run(args: &Args) -> anyhow::Result<Status> {
    let store = args.database.open()?;
    let key = args.pseudonym.key(Absent::Refuse)?;
    let mentions = if args.mentions { Mentions::Go } else { Mentions::Stay };
    let mut forgotten = store.forget(&args.author, mentions)?;
    if let Some(key) = key {
        let Forgotten { comments, notes, mentions } =
            store.forget(&key.pseudonym(&args.author), Mentions::Stay)?;
        forgotten.comments += comments;
        forgotten.notes += notes;
        forgotten.mentions += mentions;
    }
    let Forgotten { comments, notes, mentions: named } = forgotten;
    let path = args.database.db.display();
    tell(format!("{path}: removed: comments {comments}, notes of moderators {notes}"));
    if comments == 0 {
        tell(
            "no comment stands under this very name; later imports leave its author out all the same",
        );
    }
    match mentions {
        Mentions::Go => tell(format!("comments of others in which the name was blanked: {named}")),
        Mentions::Stay if named > 0 => tell(format!(
            "comments of others and notes in which the name still stands: {named}; --mentions removes it there"
        )),
        Mentions::Stay => {}
    }
    tell(BEYOND);
    Ok(Status::Done)
}
