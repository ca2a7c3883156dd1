//! Reads Disqus's export, which calls an article a thread and a comment a post.

use std::collections::HashMap;

use super::System;
use super::element::Element;
use crate::comment::{Comment, Status};
use crate::source::markup::plain;

/// Articles that are kept in mind; those beyond are known by their number only.
const MOST_THREADS: usize = 1_000_000;

/// The posts, each on its thread's page; threads come first in the file.
pub struct Disqus {
    path: String,
    /// Address and title by the thread's id.
    threads: HashMap<String, (String, String)>,
}

impl Disqus {
    pub fn new(path: &str) -> Disqus {
        Disqus { path: path.to_owned(), threads: HashMap::new() }
    }

    fn comment(&self, post: &Element) -> Result<Comment, String> {
        let Some(message) = post.find("message") else {
            return Err("no message in this post".to_owned());
        };
        let thread = post.find("thread").map_or("", |thread| thread.attribute("dsq:id"));
        let (page, title) = match self.threads.get(thread) {
            Some((link, title)) => (link.clone(), Some(title.clone())),
            None if thread.is_empty() => (self.path.clone(), None),
            None => (thread.to_owned(), None),
        };
        let author = post.find("author").and_then(|author| {
            ["name", "username"]
                .into_iter()
                .map(|name| author.child(name))
                .find(|name| !name.is_empty())
        });
        let told = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        Ok(Comment {
            id: post.attribute("dsq:id").to_owned(),
            author: author.map(plain),
            date: told(post.child("createdAt")),
            text: plain(message.text.trim()),
            parent: post.find("parent").and_then(|parent| told(parent.attribute("dsq:id"))),
            page,
            title: title.filter(|title| !title.is_empty()),
            status: Some(match (post.child("isSpam"), post.child("isDeleted")) {
                ("true", _) => Status::Spam,
                (_, "true") => Status::Deleted,
                _ => Status::Approved,
            }),
            ..Comment::default()
        })
    }
}

impl System for Disqus {
    fn records(&self) -> &'static [&'static str] {
        &["thread", "post"]
    }

    fn take(&mut self, element: Element) -> Option<Result<Comment, String>> {
        if element.name == "post" {
            return Some(self.comment(&element));
        }
        let id = element.attribute("dsq:id").to_owned();
        if !id.is_empty() && self.threads.len() < MOST_THREADS {
            let link = element.child("link");
            let link = if link.is_empty() { id.as_str() } else { link };
            let told = (link.to_owned(), plain(element.child("title")));
            self.threads.insert(id, told);
        }
        None
    }
}
