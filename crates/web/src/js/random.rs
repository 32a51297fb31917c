//! Random bits.

/// 64 bits that nobody can guess.
pub fn bits() -> u64 {
    let mut bytes = [0; 8];
    // Absent only in browsers older than WebAssembly.
    if let Ok(crypto) = gloo::utils::window().crypto() {
        let _ = crypto.get_random_values_with_u8_array(&mut bytes);
    }
    u64::from_le_bytes(bytes)
}
