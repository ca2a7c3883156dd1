//! Opens a database of moderation that is there already.

use std::path::{Path, PathBuf};

use vigie::Error;
use vigie::store::Store;

/// Which database.
#[derive(clap::Args, Clone, Debug)]
#[command(next_help_heading = "Database")]
pub struct DatabaseArgs {
    /// The database that `vigie review` keeps
    #[arg(long, value_name = "FILE", default_value = "moderation.vigie.db")]
    pub db: PathBuf,
}

impl DatabaseArgs {
    /// Opens it.
    pub fn open(&self) -> anyhow::Result<Store> {
        open(&self.db)
    }
}

/// Opens the database at `path`; one that is not there is an error, not a new one.
pub fn open(path: &Path) -> anyhow::Result<Store> {
    if !path.is_file() {
        let told = "no such database; vigie review INPUT --db FILE makes one";
        return Err(Error::input(told).at_path(path).into());
    }
    Ok(Store::open(path)?)
}
