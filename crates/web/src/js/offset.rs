//! Places in a text, counted three ways: bytes (Rust), UTF-16 code units (the editor), code points (PostgreSQL).

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

/// The byte at which PostgreSQL's error position points: 1-based, in code points.
pub fn byte_of_position(text: &str, position: u32) -> usize {
    let before = position.saturating_sub(1) as usize;
    text.char_indices().nth(before).map_or(text.len(), |(byte, _)| byte)
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

    #[test]
    fn positions_become_bytes() {
        assert_eq!(byte_of_position(TEXT, 1), 0);
        assert_eq!(byte_of_position(TEXT, 4), 7);
        assert_eq!(byte_of_position(TEXT, 99), TEXT.len());
        assert_eq!(byte_of_position(TEXT, 0), 0);
    }
}
