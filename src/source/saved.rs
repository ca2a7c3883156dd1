//! Places the comments of pages that know where they were before someone saved them.

use super::reader::Item;

/// How far into a page the mark of who saved it may stand; what SingleFile puts before it is one element.
const MARKED: usize = 16_000;

/// Where a page was that SingleFile saved: told in a comment at its beginning.
pub(super) fn address(html: &str) -> Option<&str> {
    let mut end = html.len().min(MARKED);
    while !html.is_char_boundary(end) {
        end -= 1;
    }
    let (_, mark) = html[..end].split_once("Page saved with SingleFile")?;
    let mark = mark.split("-->").next()?;
    let (_, address) = mark.split_once("url:")?;
    address.split_whitespace().next().filter(|address| address.starts_with("http"))
}

/// The item of a page in the file `name`, which bears the address of the page by now: comments tell the file as well, and
/// a page without any is told by the file alone. `part` says where in the file.
pub(super) fn placed(item: Item, name: &str, part: &str) -> Item {
    match item {
        Item::Comment(mut comment) => {
            comment.found = format!("{name} {part}{}", comment.found);
            Item::Comment(comment)
        }
        Item::Absent { absence, .. } => Item::Absent { page: name.to_owned(), absence },
        reject => reject,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn singlefile_tells_where_a_page_was() {
        let page = "<!DOCTYPE html> <html lang=fr><!--\n Page saved with SingleFile \n url: https://quai.example/a \n saved date: \
            Tue Mar 05 2024\n--><meta charset=utf-8>";
        assert_eq!(address(page), Some("https://quai.example/a"));
        assert_eq!(address(&page.replace("https:", "file:")), None);
        assert_eq!(address("<p>Page saved with SingleFile"), None);
        assert_eq!(address(&"é".repeat(MARKED)), None);
    }
}
