//! Reads WordPress's export (WXR 1.0 to 1.2, `wp-admin/includes/export.php`), and what Disqus imports in that form.

use super::System;
use super::element::Element;
use crate::comment::{Comment, Status};
use crate::source::markup::plain;

/// The comments of the items, in their order. Spam is never in such a file.
pub struct Wxr {
    path: String,
    /// The article whose comments come.
    page: String,
    title: Option<String>,
}

impl Wxr {
    pub fn new(path: &str) -> Wxr {
        Wxr { path: path.to_owned(), page: String::new(), title: None }
    }
}

impl System for Wxr {
    fn records(&self) -> &'static [&'static str] {
        &["guid", "link", "title", "wp:comment", "wp:post_id"]
    }

    fn begin(&mut self, name: &str) {
        // What the site, or the article before, told of itself is past.
        if name == "item" {
            (self.page, self.title) = (String::new(), None);
        }
    }

    fn take(&mut self, element: Element) -> Option<Result<Comment, String>> {
        match element.name.as_str() {
            "title" => {
                self.title = Some(plain(element.text.trim())).filter(|title| !title.is_empty());
                None
            }
            "link" => {
                self.page = element.text.trim().to_owned();
                None
            }
            "guid" | "post_id" => {
                if self.page.is_empty() {
                    self.page = element.text.trim().to_owned();
                }
                None
            }
            "comment" => Some(self.comment(&element)),
            _ => None,
        }
    }
}

impl Wxr {
    fn comment(&self, element: &Element) -> Result<Comment, String> {
        let Some(content) = element.find("comment_content") else {
            return Err("no wp:comment_content in this comment".to_owned());
        };
        let told =
            |name: &str| Some(element.child(name).to_owned()).filter(|told| !told.is_empty());
        let dated = |name: &str| told(name).filter(|date| !date.starts_with("0000"));
        let kind = element.child("comment_type");
        let status = match element.child("comment_approved") {
            _ if matches!(kind, "pingback" | "trackback" | "webmention") => Some(Status::Pingback),
            "1" | "approve" => Some(Status::Approved),
            "0" | "hold" => Some(Status::Pending),
            "trash" | "post-trashed" => Some(Status::Rejected),
            "spam" => Some(Status::Spam),
            _ => None,
        };
        Ok(Comment {
            id: element.child("comment_id").to_owned(),
            author: told("comment_author").map(|name| plain(&name)),
            date: dated("comment_date_gmt").or_else(|| dated("comment_date")),
            text: paragraphs(&content.text),
            parent: told("comment_parent").filter(|parent| parent != "0"),
            page: if self.page.is_empty() { self.path.clone() } else { self.page.clone() },
            title: self.title.clone(),
            status,
            ..Comment::default()
        })
    }
}

/// WordPress shows a newline as a break.
fn paragraphs(html: &str) -> String {
    if html.contains(['<', '&']) {
        let html = html.trim().replace("\r\n", "\n");
        let marked =
            html.replace("<br />\n", "<br>").replace("<br>\n", "<br>").replace("</p>\n", "</p>");
        plain(&marked.replace('\n', "<br>"))
    } else {
        html.trim().replace("\r\n", "\n")
    }
}
