//! Reads bytes as text: by byte order mark, else as UTF-8, else by what the page declares or the bytes resemble.
//!
//! A text that is UTF-8 but for a few bytes stays UTF-8, and those bytes are read as Windows-1252: that is what they
//! are when two exports were joined, and no record is refused for one curly apostrophe. They are counted.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::binary;
use crate::error::{Error, Result};

/// The bytes of a file that decide how it is read.
pub(super) const HEAD: usize = 64 * 1024;

/// The charset that `head` is written in, or the refusal of a file that is not text.
///
/// `head` may end in the middle of a character.
pub fn charset(head: &[u8]) -> Result<&'static Encoding> {
    if let Some((encoding, _)) = Encoding::for_bom(head) {
        return Ok(encoding);
    }
    if let Some(encoding) = utf16_by_zeros(head) {
        return Ok(encoding);
    }
    if let Some(name) = binary::looks_like(head) {
        return Err(Error::input(format!("expected text, but this seems to be {name}")));
    }
    Ok(if mostly_utf8(head) { UTF_8 } else { detect(head) })
}

/// A whole page as text: as [`charset`], but a charset declared in the markup is believed before the bytes are guessed at.
pub fn decode(bytes: &[u8]) -> Result<String> {
    let mut encoding = charset(&bytes[..bytes.len().min(HEAD)])?;
    let told = if encoding == UTF_16LE || encoding == UTF_16BE || Encoding::for_bom(bytes).is_some()
    {
        None
    } else {
        declared(bytes)
    };
    if let Some(told) = told {
        let proven = mostly_utf8(bytes) && !bytes.is_ascii();
        if !proven && told != UTF_8 {
            encoding = told;
        }
    } else if encoding == UTF_8 && !mostly_utf8(bytes) {
        // The head was plain ASCII; the rest says more.
        encoding = detect(bytes);
    }
    let bom = Encoding::for_bom(bytes).map_or(0, |(_, length)| length);
    let mut text = String::with_capacity(bytes.len());
    if encoding == UTF_8 {
        let mut rest = &bytes[bom..];
        if let Ok(whole) = simdutf8::basic::from_utf8(rest) {
            text.push_str(whole);
            return Ok(text);
        }
        while let Some(broken) = take_utf8(&mut rest, &mut text, true) {
            push_windows_1252(broken, &mut text);
        }
    } else {
        text.push_str(&encoding.decode_without_bom_handling(&bytes[bom..]).0);
    }
    Ok(text)
}

/// Moves the valid start of `bytes` to `text`, and returns the bytes after it that are no UTF-8.
///
/// A character cut by the end of `bytes` stays there, unless `last` says that nothing more will come.
pub(super) fn take_utf8<'a>(
    bytes: &mut &'a [u8],
    text: &mut String,
    last: bool,
) -> Option<&'a [u8]> {
    match std::str::from_utf8(bytes) {
        Ok(valid) => {
            text.push_str(valid);
            *bytes = &[];
            None
        }
        Err(error) => {
            let (valid, rest) = bytes.split_at(error.valid_up_to());
            text.push_str(std::str::from_utf8(valid).expect("valid up to here, says the error"));
            let length = match error.error_len() {
                Some(length) => length,
                None if last => rest.len(),
                None => {
                    *bytes = rest;
                    return None;
                }
            };
            *bytes = &rest[length..];
            Some(&rest[..length])
        }
    }
}

/// Reads `bytes` as Windows-1252, in which every byte is some character.
pub(super) fn push_windows_1252(bytes: &[u8], text: &mut String) {
    text.push_str(&WINDOWS_1252.decode_without_bom_handling(bytes).0);
}

/// UTF-16 without its mark: the zero bytes stand in every other place.
fn utf16_by_zeros(head: &[u8]) -> Option<&'static Encoding> {
    memchr::memchr(0, head)?;
    let pairs = head.len() / 2;
    let zeros =
        |offset: usize| head.iter().skip(offset).step_by(2).filter(|&&byte| byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    if pairs >= 4 && odd * 2 > pairs && even * 20 < pairs {
        Some(UTF_16LE)
    } else if pairs >= 4 && even * 2 > pairs && odd * 20 < pairs {
        Some(UTF_16BE)
    } else {
        None
    }
}

/// Whether UTF-8 is what was meant: ASCII, or as many proper characters beyond it as broken bytes.
///
/// Other charsets hardly ever form a proper one by chance.
fn mostly_utf8(mut bytes: &[u8]) -> bool {
    if simdutf8::basic::from_utf8(bytes).is_ok() {
        return true;
    }
    let (mut proper, mut broken) = (0usize, 0usize);
    loop {
        let (valid, error) = match std::str::from_utf8(bytes) {
            Ok(valid) => (valid.as_bytes(), None),
            Err(error) => (&bytes[..error.valid_up_to()], error.error_len()),
        };
        proper += valid.iter().filter(|&&byte| byte >= 0xc0).count();
        let Some(length) = error else { break };
        broken += length;
        bytes = &bytes[valid.len() + length..];
    }
    proper >= broken
}

/// The likeliest charset of bytes that are not UTF-8; in doubt, the one of western Europe.
fn detect(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    detector.guess(Some(b"fr"), Utf8Detection::Deny)
}

/// The charset that a page's `<meta>` declares.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes[..bytes.len().min(8192)].to_ascii_lowercase();
    for at in memchr::memmem::find_iter(&head, "<meta") {
        let rest = &head[at + "<meta".len()..];
        let tag = &rest[..memchr::memchr(b'>', rest).unwrap_or(rest.len())];
        let tag = &*String::from_utf8_lossy(tag);
        if let Some(at) = tag.find("charset") {
            let value =
                tag[at + "charset".len()..].trim_start().strip_prefix('=').unwrap_or_default();
            let value = value.trim_start().trim_start_matches(['"', '\'']);
            let label = value.split(['"', '\'', ';', ' ', '/']).next().unwrap_or_default();
            if let Some(encoding) = Encoding::for_label_no_replacement(label.as_bytes()) {
                return Some(encoding);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(bytes).collect()
    }

    #[test]
    fn utf16_is_read_with_its_mark_and_without() {
        let text = "id;texte\n1;L’été sera long\n";
        for bytes in [utf16(text, u16::to_le_bytes), utf16(text, u16::to_be_bytes)] {
            assert_eq!(decode(&bytes).unwrap(), text);
        }
        assert_eq!(decode(&utf16(&format!("\u{feff}{text}"), u16::to_le_bytes)).unwrap(), text);
    }

    #[test]
    fn windows_1252_is_detected() {
        assert_eq!(
            decode(b"C\x92est d\xe9j\xe0 l\x92\xe9t\xe9, 3 \x80").unwrap(),
            "C’est déjà l’été, 3 €"
        );
    }

    #[test]
    fn other_charsets_of_europe_are_detected() {
        let (czech, ..) = encoding_rs::WINDOWS_1250
            .encode("Příliš žluťoučký kůň úpěl ďábelské ódy a nikdo mu nerozuměl");
        assert_eq!(charset(&czech).unwrap().name(), "windows-1250");
        let (russian, ..) =
            encoding_rs::WINDOWS_1251.encode("Комментарий читателя удалён модератором");
        assert_eq!(charset(&russian).unwrap().name(), "windows-1251");
    }

    #[test]
    fn a_page_is_believed_unless_its_bytes_prove_utf8() {
        let koi8 = b"<html><head><meta charset=\"koi8-r\"></head>\xf0\xd2\xc9\xd7\xc5\xd4";
        assert!(decode(koi8).unwrap().ends_with("Привет"));
        let old = b"<meta http-equiv='Content-Type' content='text/html; charset=iso-8859-1'>\xe9t\xe9 \x92";
        assert!(decode(old).unwrap().ends_with("été ’"));
        assert!(decode("<meta charset=iso-8859-1>été".as_bytes()).unwrap().ends_with("été"));
    }

    #[test]
    fn a_few_broken_bytes_do_not_change_the_charset() {
        let bytes = [b"\xe2\x80\x99".repeat(20).as_slice(), b"l\x92ami", b"\xf0\x9f\x98"].concat();
        assert_eq!(decode(&bytes).unwrap(), format!("{}l’amiðŸ˜", "’".repeat(20)));
    }

    #[test]
    fn a_binary_file_is_refused_by_name() {
        let error = charset(b"\x89PNG\r\n\x1a\n\0\0").unwrap_err();
        assert_eq!(error.to_string(), "expected text, but this seems to be a PNG image");
    }
}
