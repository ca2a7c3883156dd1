//! Takes the page out of an HTTP response as a web archive keeps it.

use encoding_rs::Encoding;
use flate2::read::MultiGzDecoder;

use crate::error::{Error, Result};
use crate::source::reader::read_bounded;

/// The most fields of a header; `httparse` keeps no more.
const MOST_FIELDS: usize = 256;

/// A page and the charset that the server told.
pub(super) struct Page {
    pub(super) body: Vec<u8>,
    pub(super) charset: Option<String>,
}

/// The HTML page of a response; none where it is something else, or an error of the server.
pub(super) fn page(block: &[u8], limit: u64) -> Result<Option<Page>> {
    let mut fields = [httparse::EMPTY_HEADER; MOST_FIELDS];
    let mut response = httparse::Response::new(&mut fields);
    let mut parser = httparse::ParserConfig::default();
    // Crawls keep what servers sent, however they wrote it.
    parser
        .ignore_invalid_headers_in_responses(true)
        .allow_obsolete_multiline_headers_in_responses(true)
        .allow_spaces_after_header_name_in_responses(true);
    let start = match parser.parse_response(&mut response, block) {
        Ok(httparse::Status::Complete(start)) => start,
        Ok(httparse::Status::Partial) => return Err(Error::input("the HTTP header has no end")),
        Err(error) => return Err(Error::input(format!("expected an HTTP response: {error}"))),
    };
    let status = response.code;
    let (mut media, mut chunked, mut zipped) = (String::new(), false, false);
    for field in response.headers.iter() {
        let value = String::from_utf8_lossy(field.value).trim().to_ascii_lowercase();
        match field.name.to_ascii_lowercase().as_str() {
            "content-type" => media = value,
            "transfer-encoding" => chunked = value.contains("chunked"),
            "content-encoding" => zipped = value.contains("gzip"),
            _ => {}
        }
    }
    if !status.is_some_and(|status| (200..300).contains(&status)) || !is_html(&media) {
        return Ok(None);
    }
    let mut body = block[start..].to_vec();
    // Some crawlers keep the header and undo the chunks: what is not in chunks is taken as it is.
    if chunked && let Some(whole) = unchunked(&body) {
        body = whole;
    }
    if zipped && body.starts_with(&[0x1f, 0x8b]) {
        body = read_bounded(MultiGzDecoder::new(body.as_slice()), limit)?;
    }
    Ok(Some(Page { body, charset: charset(&media) }))
}

pub(super) fn is_html(media: &str) -> bool {
    media.starts_with("text/html") || media.starts_with("application/xhtml+xml")
}

/// The charset of a media type in lower case.
pub(super) fn charset(media: &str) -> Option<String> {
    let value = media.split_once("charset=")?.1.trim_matches(['"', '\'']);
    Some(value.split([';', '"', '\'', ' ']).next()?.to_owned())
}

/// The text of a page: the server's charset is believed where the page tells none and is not UTF-8.
pub(in crate::source) fn decode(body: &[u8], charset: Option<&str>) -> Result<String> {
    if body.trim_ascii().is_empty() {
        return Err(Error::input("the page is empty"));
    }
    let told = charset.and_then(|label| Encoding::for_label_no_replacement(label.as_bytes()));
    let head = String::from_utf8_lossy(&body[..body.len().min(4096)]).to_ascii_lowercase();
    let own = Encoding::for_bom(body).is_some() || head.contains("charset");
    match told {
        Some(encoding) if !own && std::str::from_utf8(body).is_err() => {
            Ok(encoding.decode_without_bom_handling(body).0.into_owned())
        }
        _ => crate::source::decode(body),
    }
}

/// The body without the sizes between its chunks; none where there are no chunks.
fn unchunked(body: &[u8]) -> Option<Vec<u8>> {
    let (mut rest, mut whole) = (body, Vec::new());
    loop {
        let Ok(httparse::Status::Complete((start, size))) = httparse::parse_chunk_size(rest) else {
            return None;
        };
        if size == 0 {
            return Some(whole);
        }
        let end = start.checked_add(usize::try_from(size).ok()?)?;
        whole.extend_from_slice(rest.get(start..end)?);
        rest = rest[end..].strip_prefix(b"\r\n")?;
    }
}
