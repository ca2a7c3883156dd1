//! Writes the comment table as a Parquet file, for notebooks and databases.

use std::io::Write;
use std::sync::Arc;

use parquet::basic::Compression;
use parquet::data_type::{ByteArray, ByteArrayType, Int64Type};
use parquet::errors::Result;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::parser::parse_message_type;
use vigie::comment::Comment;

/// The columns of the comment table. What is not known is null.
const SCHEMA: &str = "message comments {
    REQUIRED BYTE_ARRAY id (STRING);
    OPTIONAL BYTE_ARRAY author (STRING);
    OPTIONAL BYTE_ARRAY date (STRING);
    REQUIRED BYTE_ARRAY text (STRING);
    OPTIONAL BYTE_ARRAY parent (STRING);
    REQUIRED BYTE_ARRAY page (STRING);
    OPTIONAL BYTE_ARRAY title (STRING);
    OPTIONAL BYTE_ARRAY status (STRING);
    OPTIONAL INT64 votes;
    REQUIRED BYTE_ARRAY found (STRING);
}";

/// The most comments, and bytes of their texts, that wait for their row group: memory stays flat, and a reader can skip.
const GROUP_ROWS: usize = 10_000;
const GROUP_BYTES: usize = 32_000_000;

/// A Parquet file being written. Nothing is before the first row group or the end.
pub struct Table<W: Write + Send> {
    out: Option<W>,
    file: Option<SerializedFileWriter<W>>,
    waiting: Vec<Comment>,
    bytes: usize,
}

impl<W: Write + Send> Table<W> {
    /// A file that will be written to `out`.
    pub fn new(out: W) -> Table<W> {
        Table { out: Some(out), file: None, waiting: Vec::new(), bytes: 0 }
    }

    /// Adds a comment.
    pub fn push(&mut self, comment: Comment) -> Result<()> {
        self.bytes += comment.text.len();
        self.waiting.push(comment);
        if self.waiting.len() >= GROUP_ROWS || self.bytes >= GROUP_BYTES {
            self.write_group()?;
        }
        Ok(())
    }

    /// Writes what waits and the footer, without which it is no Parquet file.
    pub fn finish(mut self) -> Result<()> {
        self.write_group()?;
        if let Some(mut file) = self.file {
            file.finish()?;
        }
        Ok(())
    }

    fn write_group(&mut self) -> Result<()> {
        if let Some(out) = self.out.take() {
            self.file = Some(begin(out)?);
        }
        let Some(file) = self.file.as_mut().filter(|_| !self.waiting.is_empty()) else {
            return Ok(());
        };
        let waiting = &self.waiting;
        let mut group = file.next_row_group()?;
        write_text(&mut group, waiting, |one| &one.id)?;
        write_known(&mut group, waiting, |one| one.author.as_deref())?;
        write_known(&mut group, waiting, |one| one.date.as_deref())?;
        write_text(&mut group, waiting, |one| &one.text)?;
        write_known(&mut group, waiting, |one| one.parent.as_deref())?;
        write_text(&mut group, waiting, |one| &one.page)?;
        write_known(&mut group, waiting, |one| one.title.as_deref())?;
        write_known(&mut group, waiting, |one| one.status.map(|status| status.name()))?;
        write_votes(&mut group, waiting)?;
        write_text(&mut group, waiting, |one| &one.found)?;
        group.close()?;
        self.waiting.clear();
        self.bytes = 0;
        Ok(())
    }
}

fn begin<W: Write + Send>(out: W) -> Result<SerializedFileWriter<W>> {
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_created_by(concat!("vigie version ", env!("CARGO_PKG_VERSION")).to_owned())
        .build();
    SerializedFileWriter::new(out, Arc::new(parse_message_type(SCHEMA)?), Arc::new(properties))
}

/// Writes the next column, of what every comment has.
fn write_text<W: Write + Send>(
    group: &mut SerializedRowGroupWriter<W>,
    comments: &[Comment],
    cell: impl Fn(&Comment) -> &str,
) -> Result<()> {
    let values: Vec<ByteArray> = comments.iter().map(|one| ByteArray::from(cell(one))).collect();
    if let Some(mut column) = group.next_column()? {
        column.typed::<ByteArrayType>().write_batch(&values, None, None)?;
        column.close()?;
    }
    Ok(())
}

/// Writes the next column, of what may not be known.
fn write_known<W: Write + Send>(
    group: &mut SerializedRowGroupWriter<W>,
    comments: &[Comment],
    cell: impl Fn(&Comment) -> Option<&str>,
) -> Result<()> {
    let values: Vec<ByteArray> = comments.iter().filter_map(&cell).map(ByteArray::from).collect();
    let known: Vec<i16> = comments.iter().map(|one| i16::from(cell(one).is_some())).collect();
    if let Some(mut column) = group.next_column()? {
        column.typed::<ByteArrayType>().write_batch(&values, Some(&known), None)?;
        column.close()?;
    }
    Ok(())
}

/// Writes the next column, of the votes.
fn write_votes<W: Write + Send>(
    group: &mut SerializedRowGroupWriter<W>,
    comments: &[Comment],
) -> Result<()> {
    let values: Vec<i64> = comments.iter().filter_map(|one| one.votes).collect();
    let known: Vec<i16> = comments.iter().map(|one| i16::from(one.votes.is_some())).collect();
    if let Some(mut column) = group.next_column()? {
        column.typed::<Int64Type>().write_batch(&values, Some(&known), None)?;
        column.close()?;
    }
    Ok(())
}
