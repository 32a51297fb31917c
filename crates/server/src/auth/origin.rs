//! Requests forged by other sites: told by what the browser says of where a request comes from.

use axum::http::{HeaderMap, header};

/// What a request says of the page that made it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// A page of ours.
    Ours,
    /// Another site.
    Foreign,
    /// It does not say: not a browser, or a very old one.
    Unsaid,
}

/// Reads `Sec-Fetch-Site`, or else `Origin`, which has to be `public` (the address at which people
/// reach this server) or, where none is configured, the `Host` that was asked for.
pub fn source(headers: &HeaderMap, public: Option<&str>) -> Source {
    let text =
        |name: header::HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    match text(header::HeaderName::from_static("sec-fetch-site")) {
        Some("same-origin") => return Source::Ours,
        Some(_) => return Source::Foreign,
        None => {}
    }
    let Some(origin) = text(header::ORIGIN) else {
        return Source::Unsaid;
    };
    let ours = match public {
        Some(public) => origin.eq_ignore_ascii_case(public.trim_end_matches('/')),
        None => text(header::HOST).is_some_and(|host| {
            let said = origin
                .strip_prefix("http://")
                .or_else(|| origin.strip_prefix("https://"));
            said.is_some_and(|said| said.eq_ignore_ascii_case(host))
        }),
    };
    if ours { Source::Ours } else { Source::Foreign }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(pairs: &[(&'static str, &'static str)], public: Option<&str>) -> Source {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.insert(*name, value.parse().unwrap());
        }
        source(&headers, public)
    }

    #[test]
    fn the_browsers_own_word_decides() {
        assert_eq!(
            asked(&[("sec-fetch-site", "same-origin")], None),
            Source::Ours
        );
        for site in ["cross-site", "same-site", "none"] {
            assert_eq!(
                asked(&[("sec-fetch-site", site)], None),
                Source::Foreign,
                "{site}"
            );
        }
    }

    #[test]
    fn an_origin_is_compared_with_the_address_that_was_asked() {
        let host = ("host", "127.0.0.1:8400");
        assert_eq!(
            asked(&[host, ("origin", "http://127.0.0.1:8400")], None),
            Source::Ours
        );
        assert_eq!(
            asked(&[host, ("origin", "http://127.0.0.1:8401")], None),
            Source::Foreign
        );
        assert_eq!(asked(&[host, ("origin", "null")], None), Source::Foreign);
        assert_eq!(asked(&[host], None), Source::Unsaid);
    }

    #[test]
    fn behind_a_proxy_the_public_address_counts() {
        let public = Some("https://db.example.org/");
        let host = ("host", "127.0.0.1:8400");
        assert_eq!(
            asked(&[host, ("origin", "https://db.example.org")], public),
            Source::Ours
        );
        assert_eq!(
            asked(&[host, ("origin", "http://127.0.0.1:8400")], public),
            Source::Foreign
        );
    }
}
