//! Reads pages that a browser saved as one file (MHTML): the page itself, then its frames, where widgets keep comments.

use mail_parser::decoders::base64::base64_decode;
use mail_parser::decoders::quoted_printable::quoted_printable_decode;
use mail_parser::{Encoding, HeaderValue, Message, MessageParser, MessagePart, MimeHeaders};
use memchr::memmem;

use super::reader::{Item, Items, Options, page_items};
use super::saved::placed;
use super::sniff::Kind;
use super::table::Reject;
use super::warc::decode;
use crate::error::{Error, Result};

/// How much of a file is looked at for the end of its header.
const HEADER: usize = 8_000;

/// The most frames that are read; advertisements are frames too.
const MOST_FRAMES: usize = 200;

/// Whether a file that begins so is a saved page: a header of mail over parts that belong together.
pub(super) fn opens(head: &[u8]) -> bool {
    let head = head.trim_ascii_start();
    let head = String::from_utf8_lossy(&head[..head.len().min(HEADER)]).to_ascii_lowercase();
    let header: Vec<&str> = head.lines().take_while(|line| !line.is_empty()).collect();
    let is_field = |line: &&str| {
        let name = line.split_once(':').map_or("", |(name, _)| name);
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let holds = |words: &str| header.iter().any(|line| line.contains(words));
    header.first().is_some_and(is_field)
        && holds("mime-version:")
        && (holds("multipart/related")
            || header.iter().any(|line| line.starts_with("from:") && line.contains("saved by ")))
}

/// A page in the file.
#[derive(Debug)]
struct Page {
    /// Which of the file's pages it is, counted from 0.
    number: usize,
    text: Result<String>,
}

/// What a file holds.
#[derive(Debug)]
struct Saved {
    pages: Vec<Page>,
    /// Where the page was.
    address: Option<String>,
    title: Option<String>,
    /// Whether its end is missing.
    cut: bool,
}

/// The comments of a saved page and of its frames.
///
/// # Errors
/// When there is no page in it.
pub(super) fn items(bytes: &[u8], name: &str, options: &Options) -> Result<Items> {
    let saved = saved(bytes)?;
    let page = saved.address.as_deref().unwrap_or(name);
    let (mut found, mut absent, mut title) = (Vec::new(), None, saved.title.clone());
    for Page { number, text } in saved.pages {
        let read = text.and_then(|text| page_items(Kind::Html, &text, page, options));
        let read = read.unwrap_or_else(|error| {
            let (path, reason) = (name.to_owned(), error.kind().to_string());
            let record = number as u64 + 1;
            vec![Item::Reject(Reject { path, record, line: None, reason, raw: page.to_owned() })]
        });
        let part = if number > 0 { format!("frame {number} ") } else { String::new() };
        for item in read {
            let item = if page == name && number == 0 { item } else { placed(item, name, &part) };
            match item {
                Item::Comment(mut comment) if number > 0 => {
                    // A frame's own title is that of the widget.
                    comment.title = title.clone();
                    found.push(Item::Comment(comment));
                }
                Item::Comment(comment) => {
                    title = comment.title.clone().or(title);
                    found.push(Item::Comment(comment));
                }
                // What a frame lacks is of no interest.
                Item::Absent { .. } if number > 0 => {}
                Item::Absent { .. } => absent = Some(item),
                other => found.push(other),
            }
        }
    }
    if !found.iter().any(|item| matches!(item, Item::Comment(_))) {
        found.extend(absent);
    }
    let cut = saved.cut.then(|| Error::input("the saved page is cut short").at_path(name));
    Ok(Box::new(found.into_iter().map(Ok).chain(cut.map(Err))))
}

/// The text of the page itself, without its frames.
///
/// # Errors
/// When there is no page in it, or it cannot be read.
#[cfg(feature = "html")]
pub(super) fn text(bytes: &[u8]) -> Result<String> {
    saved(bytes)?.pages.swap_remove(0).text
}

fn saved(bytes: &[u8]) -> Result<Saved> {
    let none = || Error::input("a MIME message without a page in it");
    let message = MessageParser::default().parse(bytes).ok_or_else(none)?;
    let pages: Vec<&MessagePart<'_>> = message.parts.iter().filter(|part| is_page(part)).collect();
    let root = *pages.first().ok_or_else(none)?;
    let address = [raw(&message, "Snapshot-Content-Location"), location(root)]
        .into_iter()
        .flatten()
        .find(|address| address.starts_with("http"));
    let page =
        |(number, part): (usize, &&MessagePart<'_>)| Page { number, text: decoded(bytes, part) };
    Ok(Saved {
        pages: pages.iter().enumerate().take(MOST_FRAMES + 1).map(page).collect(),
        address,
        title: message.subject().map(str::to_owned).filter(|title| !title.trim().is_empty()),
        cut: is_cut(&message, bytes),
    })
}

fn is_page(part: &MessagePart<'_>) -> bool {
    part.content_type().is_some_and(|media| {
        let kind = (media.ctype(), media.subtype().unwrap_or_default());
        matches!(kind, ("text", "html") | ("application", "xhtml+xml"))
    })
}

/// The text of a part. It is decoded here, since pages tell their charset in themselves.
fn decoded(bytes: &[u8], part: &MessagePart<'_>) -> Result<String> {
    let body = bytes.get(part.offset_body as usize..part.offset_end as usize).unwrap_or_default();
    let encoding = match part.content_transfer_encoding() {
        Some(name) if name.eq_ignore_ascii_case("base64") => Encoding::Base64,
        Some(name) if name.eq_ignore_ascii_case("quoted-printable") => Encoding::QuotedPrintable,
        _ => Encoding::None,
    };
    let damaged = || Error::input("a page that is not encoded as it says");
    let body = match encoding {
        Encoding::Base64 => base64_decode(body).ok_or_else(damaged)?,
        Encoding::QuotedPrintable => quoted_printable_decode(body).ok_or_else(damaged)?,
        Encoding::None => body.to_vec(),
    };
    decode(&body, part.content_type().and_then(|media| media.attribute("charset")))
}

fn location(part: &MessagePart<'_>) -> Option<String> {
    part.content_location().map(|address| address.trim().to_owned())
}

/// A field of the header that mail does not know, on one line.
fn raw(message: &Message<'_>, name: &str) -> Option<String> {
    let field = message.header_raw(name)?;
    Some(field.split_whitespace().collect())
}

/// Whether the mark that ends the last part is missing.
fn is_cut(message: &Message<'_>, bytes: &[u8]) -> bool {
    let boundary = match message.header("Content-Type") {
        Some(HeaderValue::ContentType(media)) => media.attribute("boundary"),
        _ => None,
    };
    boundary.is_some_and(|boundary| {
        memmem::rfind(bytes, format!("--{boundary}--").as_bytes()).is_none()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://quai.example/a\r\n\
        Subject: =?utf-8?Q?Le_quai_ferm=C3=A9?=\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\t\
        type=\"text/html\";\r\n\tboundary=\"--b--\"\r\n\r\n\r\n";

    #[test]
    fn a_saved_page_is_told_by_its_header() {
        assert!(opens(HEAD.as_bytes()));
        let mail = HEAD.replace("multipart/related", "multipart/alternative");
        assert!(opens(mail.as_bytes()), "Blink signs what it saves");
        assert!(opens(mail.replace("<Saved by Blink>", "\"Saved by an old browser\"").as_bytes()));
        assert!(!opens(mail.replace("<Saved by Blink>", "Ada").as_bytes()));
        assert!(!opens(b"Ada : MIME-Version: 1.0 multipart/related, dit-elle"));
        assert!(!opens(b"<html>MIME-Version: 1.0\nmultipart/related"));
    }

    #[test]
    fn parts_are_decoded_by_their_own_charset() {
        let parts = "----b--\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n\
            <meta charset=3D\"windows-1252\">l=92=E9t=\r\n=E9\r\n\
            ----b--\r\nContent-Type: text/css\r\n\r\na {}\r\n\
            ----b--\r\nContent-Type: text/html; charset=iso-8859-1\r\nContent-Location: cid:frame\r\n\
            Content-Transfer-Encoding: base64\r\n\r\n6Q==\r\n----b----\r\n";
        let saved = saved(format!("{HEAD}{parts}").as_bytes()).unwrap();
        let texts: Vec<String> =
            saved.pages.into_iter().map(|page| page.text.unwrap().trim_end().to_owned()).collect();
        assert_eq!(texts, ["<meta charset=\"windows-1252\">l’été", "é"]);
        assert_eq!(saved.address.as_deref(), Some("https://quai.example/a"));
        assert_eq!(saved.title.as_deref(), Some("Le quai fermé"));
        assert!(!saved.cut);
    }

    #[test]
    fn a_page_may_be_the_only_part() {
        let page = "From: \"Saved by an old browser\"\r\nMIME-Version: 1.0\r\nContent-Type: text/html;\r\n\tcharset=\"Windows-1252\"\r\n\
            Content-Transfer-Encoding: quoted-printable\r\nContent-Location: http://a.example/\r\n\r\n<p>l=92=E9t=E9</p>";
        let saved = saved(page.as_bytes()).unwrap();
        assert_eq!(saved.address.as_deref(), Some("http://a.example/"));
        assert!(!saved.cut && saved.pages.len() == 1);
        #[cfg(feature = "html")]
        assert_eq!(text(page.as_bytes()).unwrap(), "<p>l’été</p>");
    }

    #[test]
    fn damage_is_no_panic() {
        let part = "----b--\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=C3=A9";
        let whole = format!("{HEAD}{part}\r\n----b----\r\n").into_bytes();
        for cut in 0..whole.len() {
            if let Ok(saved) = saved(&whole[..cut]) {
                assert!(saved.cut || cut + 4 > whole.len(), "{cut}");
            }
        }
    }
}
