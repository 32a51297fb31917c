//! Places in a text, counted two ways: bytes (Rust) and UTF-16 code units (the editor).

use std::ops::Range;

/// UTF-16 code units before `byte`; a byte inside a character counts as that character's start.
pub fn utf16(text: &str, byte: usize) -> u32 {
    let byte = text.floor_char_boundary(byte);
    text[..byte].chars().map(|c| c.len_utf16() as u32).sum()
}

/// A range of bytes as a range of UTF-16 code units.
pub fn utf16_range(text: &str, bytes: Range<usize>) -> Range<u32> {
    let start = text.floor_char_boundary(bytes.start);
    let end = text.floor_char_boundary(bytes.end.max(start));
    let before = utf16(text, start);
    before..before + utf16(&text[start..], end - start)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "é🎉 SELECT";

    #[test]
    fn bytes_become_code_units() {
        assert_eq!(utf16(TEXT, 0), 0);
        assert_eq!(utf16(TEXT, 2), 1);
        assert_eq!(utf16(TEXT, 6), 3);
        assert_eq!(utf16(TEXT, 4), 1, "inside the emoji");
        assert_eq!(utf16(TEXT, 99), 10);
        assert_eq!(utf16_range(TEXT, 7..13), 4..10);
        assert_eq!(utf16_range(TEXT, 7..99), 4..10);
    }
}
