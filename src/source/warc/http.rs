//! Takes the page out of an HTTP response as a web archive keeps it.

use std::io::Read;

use encoding_rs::Encoding;
use flate2::read::MultiGzDecoder;

use crate::error::{Error, Result};

/// A page and the charset that the server told.
pub(super) struct Page {
    pub(super) body: Vec<u8>,
    pub(super) charset: Option<String>,
}

/// The HTML page of a response; none where it is something else, or an error of the server.
pub(super) fn page(block: &[u8], limit: u64) -> Result<Option<Page>> {
    let (end, gap) = match memchr::memmem::find(block, b"\r\n\r\n") {
        Some(end) => (end, 4),
        None => match memchr::memmem::find(block, b"\n\n") {
            Some(end) => (end, 2),
            None => return Ok(None),
        },
    };
    let header = String::from_utf8_lossy(&block[..end]);
    let mut lines = header.lines();
    let status = lines.next().and_then(|line| line.split_whitespace().nth(1));
    let (mut media, mut chunked, mut zipped) = (String::new(), false, false);
    for (field, value) in lines.filter_map(|line| line.split_once(':')) {
        let value = value.trim().to_ascii_lowercase();
        match field.trim().to_ascii_lowercase().as_str() {
            "content-type" => media = value,
            "transfer-encoding" => chunked = value.contains("chunked"),
            "content-encoding" => zipped = value.contains("gzip"),
            _ => {}
        }
    }
    if !status.is_some_and(|status| status.starts_with('2')) || !is_html(&media) {
        return Ok(None);
    }
    let mut body = block[end + gap..].to_vec();
    // Some crawlers keep the header and undo the chunks: what is not in chunks is taken as it is.
    if chunked && let Some(whole) = unchunked(&body) {
        body = whole;
    }
    if zipped && body.starts_with(&[0x1f, 0x8b]) {
        body = unzipped(&body, limit)?;
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
pub(super) fn decode(body: &[u8], charset: Option<&str>) -> Result<String> {
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

fn unzipped(body: &[u8], limit: u64) -> Result<Vec<u8>> {
    let mut whole = Vec::new();
    MultiGzDecoder::new(body).take(limit + 1).read_to_end(&mut whole)?;
    if whole.len() as u64 > limit {
        let most = limit / 1_000_000;
        return Err(Error::input(format!("larger than {most} MB, too large for a page")));
    }
    Ok(whole)
}

/// The body without the sizes between its chunks; none where there are no chunks.
fn unchunked(body: &[u8]) -> Option<Vec<u8>> {
    let (mut rest, mut whole) = (body, Vec::new());
    loop {
        let end = memchr::memchr(b'\n', rest)?;
        let size = std::str::from_utf8(&rest[..end]).ok()?.split(';').next()?.trim();
        let size = usize::from_str_radix(size, 16).ok()?;
        rest = &rest[end + 1..];
        if size == 0 {
            return Some(whole);
        }
        whole.extend_from_slice(rest.get(..size)?);
        rest = &rest[size..];
        rest = rest.strip_prefix(b"\r\n").or_else(|| rest.strip_prefix(b"\n"))?;
    }
}
