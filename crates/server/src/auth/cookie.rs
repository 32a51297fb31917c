//! The session cookie: made, found, taken back.

use axum::http::{HeaderMap, header};

const NAME: &str = "cofferdam_session";
/// How long a session lasts since it was last used, in days.
pub const DAYS: i32 = 14;

/// The `Set-Cookie` value that signs in.
pub fn set(secret: &str, secure: bool) -> String {
    let age = i64::from(DAYS) * 24 * 60 * 60;
    format!(
        "{NAME}={secret}; Path=/; HttpOnly; SameSite=Lax; Max-Age={age}{}",
        suffix(secure)
    )
}

/// The `Set-Cookie` value that signs out.
pub fn clear(secure: bool) -> String {
    format!(
        "{NAME}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0{}",
        suffix(secure)
    )
}

fn suffix(secure: bool) -> &'static str {
    if secure { "; Secure" } else { "" }
}

/// The session's secret in a request's cookies.
pub fn find(headers: &HeaderMap) -> Option<&str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, value)| *name == NAME && !value.is_empty())
        .map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_found_among_others() {
        let mut headers = HeaderMap::new();
        headers.insert(
            header::COOKIE,
            "theme=dark; cofferdam_session=abc; x=y".parse().unwrap(),
        );
        assert_eq!(find(&headers), Some("abc"));
        headers.insert(header::COOKIE, "not_cofferdam_session=abc".parse().unwrap());
        assert_eq!(find(&headers), None);
    }

    #[test]
    fn it_is_out_of_reach_of_scripts_and_of_other_sites() {
        let cookie = set("abc", true);
        for part in [
            "HttpOnly",
            "SameSite=Lax",
            "Secure",
            "Path=/",
            "Max-Age=1209600",
        ] {
            assert!(cookie.contains(part), "{part}");
        }
        assert!(!set("abc", false).contains("Secure"));
        assert!(clear(false).contains("Max-Age=0"));
    }
}
