//! Tells files that hold no text, and what they seem to be, so that the refusal names it.

/// First bytes of formats that are not text, and the words for them.
const MAGIC: &[(&[u8], &str)] = &[
    (b"\x89PNG\r\n\x1a\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF87a", "a GIF image"),
    (b"GIF89a", "a GIF image"),
    (b"%PDF-", "a PDF document"),
    (b"PK\x03\x04", "a zip archive or an Office document (xlsx, ods, docx): save it as CSV"),
    (b"PK\x05\x06", "an empty zip archive"),
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "an old or encrypted Office document (xls, doc): save it as .xlsx or CSV",
    ),
    (b"\x1f\x8b\x08", "a gzip archive inside another"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"\xfd7zXZ\x00", "an xz archive"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive inside another"),
    (b"BZh", "a bzip2 archive"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"\x7fELF", "a program"),
    (b"PAR1", "a Parquet table"),
];

/// What `head` seems to be when it is not text. UTF-16 must have been ruled out before: it is full of NUL bytes.
pub(super) fn looks_like(head: &[u8]) -> Option<&'static str> {
    if let Some((magic, name)) = MAGIC.iter().find(|(magic, _)| head.starts_with(magic)) {
        // `BZh` could open a text; the digit and the block's mark that follow could not.
        if *magic != b"BZh" || head.get(4..6) == Some(b"1A") {
            return Some(name);
        }
    }
    // Not 0x7f: JSON leaves it as it is, and what we write must be read again.
    let control = |byte: &u8| u8::from(matches!(byte, 0..=8 | 0x0e..=0x1a | 0x1c..=0x1f));
    // One stray NUL in an export is a damaged cell; one byte in twenty is no text at all. Small sums are added up many
    // at a time.
    let controls = head.chunks(255).map(|part| part.iter().map(control).sum::<u8>());
    let controls: usize = controls.map(usize::from).sum();
    (controls * 20 > head.len()).then_some("a binary file")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_what_it_sees() {
        assert_eq!(looks_like(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), Some("a PNG image"));
        assert_eq!(looks_like(b"%PDF-1.7\n"), Some("a PDF document"));
        assert_eq!(looks_like(&[0u8; 64]), Some("a binary file"));
    }

    #[test]
    fn lets_text_pass_even_with_a_stray_nul() {
        assert_eq!(looks_like(b""), None);
        assert_eq!(looks_like(b"BZh, dit-elle"), None);
        assert_eq!(
            looks_like("id,text\n1,un commentaire assez long\0 et sa suite\n".as_bytes()),
            None
        );
        assert_eq!(looks_like("{\"text\":\"\u{7f}\u{7f}\u{7f}\"}".as_bytes()), None);
        assert_eq!(looks_like("\u{1b}[1mgras\u{1b}[0m \u{c} été".as_bytes()), None);
    }
}
