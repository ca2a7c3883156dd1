//! Reads JSON exports that nest comments: answers inside what they answer, or all inside a document.
//!
//! A file of plain records is a table; which one it is, its first object tells.

mod generic;
mod path;
mod shape;

use std::collections::VecDeque;
use std::io::Read;
use std::sync::Arc;

use serde_json::Value;

use self::shape::Shape;
use super::Absence;
use super::decoder::Decoder;
use super::reader::{Item, Options, Reader, items_of};
use super::table::{LIMIT, Objects, Overrides, Parsed, Reject, Table};
use crate::error::Result;

/// The comments of a JSON file; `name` is the file as the user named it.
pub(super) fn open(reader: Box<dyn Read + Send>, name: &str, options: &Options) -> Result<Reader> {
    let decoder = Decoder::new(reader)?;
    // Until it is known what the first object is, it may be a whole document.
    let limit = usize::try_from(options.page_limit).unwrap_or(usize::MAX);
    let mut objects = Objects::open(decoder, name, limit)?;
    let first = objects.next()?;
    if let Some(Parsed::Object { record, line, object, raw }) = first {
        let document = Value::Object(object);
        let known = Shape::find(&document).cloned().map(Arc::new);
        let found = || generic::find(&document, objects.span_lines(), &options.overrides);
        if let Some(shape) = known.or_else(|| found().map(Arc::new)) {
            let mut nested = Nested {
                objects,
                shape,
                path: name.to_owned(),
                overrides: options.overrides.clone(),
                record: 0,
                missing: 0,
                ready: VecDeque::new(),
            };
            nested.read(&document, line);
            return Ok(Reader::told(
                items_of(name, move || nested.next()),
                name,
                Absence::NoRecord,
            ));
        }
        let Value::Object(object) = document else { unreachable!("it was made one above") };
        objects.refuse_above(LIMIT);
        let read = VecDeque::from([Parsed::Object { record, line, object, raw }]);
        return table(objects, read, options);
    }
    objects.refuse_above(LIMIT);
    table(objects, first.into_iter().collect(), options)
}

fn table(objects: Objects, read: VecDeque<Parsed>, options: &Options) -> Result<Reader> {
    Ok(Reader::Table(Box::new(Table::objects(objects, read, &options.overrides)?)))
}

/// The comments of documents of one shape, one document after the other.
struct Nested {
    objects: Objects,
    shape: Arc<Shape>,
    path: String,
    overrides: Overrides,
    /// Comments and rejects so far.
    record: u64,
    /// Answers that are counted and not in the file.
    missing: u64,
    ready: VecDeque<Item>,
}

impl Nested {
    /// Reads on until something is ready; none at the end.
    fn next(&mut self) -> Result<Option<Item>> {
        while self.ready.is_empty() {
            match self.objects.next()? {
                Some(Parsed::Object { object, line, .. }) => {
                    self.read(&Value::Object(object), line)
                }
                Some(Parsed::Reject(reject)) => {
                    self.record += 1;
                    self.ready.push_back(Item::Reject(Reject { record: self.record, ..reject }));
                }
                None => return Ok(self.last_word()),
            }
        }
        Ok(self.ready.pop_front())
    }

    fn read(&mut self, document: &Value, line: u64) {
        if self.shape.is_blank()
            && let Some(found) = generic::find(document, false, &self.overrides)
        {
            self.shape = Arc::new(found);
        }
        let shape = Arc::clone(&self.shape);
        let reading = shape.read(document, self.record);
        self.missing += reading.missing;
        for (read, record) in reading.read {
            self.record += 1;
            self.ready.push_back(match read {
                Ok(mut comment) => {
                    comment.found = format!("{} record {}", self.path, self.record);
                    if comment.page.is_empty() {
                        comment.page.clone_from(&self.path);
                    }
                    Item::Comment(comment)
                }
                Err(reason) => Item::Reject(Reject {
                    path: self.path.clone(),
                    record: self.record,
                    line: Some(line),
                    reason,
                    raw: Reject::excerpt(record.to_string().as_bytes()),
                }),
            });
        }
    }

    /// What is to be said at the end of the file.
    fn last_word(&mut self) -> Option<Item> {
        (self.missing > 0).then(|| {
            let missing = std::mem::take(&mut self.missing);
            let told = format!("answers that are counted but not in this file: {missing}");
            Item::Remark { page: self.path.clone(), told }
        })
    }
}
