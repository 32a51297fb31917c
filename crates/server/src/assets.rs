//! The web app: `dist/`, embedded in the binary (in debug builds read from the disk).

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use rust_embed::{EmbeddedFile, RustEmbed};
use std::borrow::Cow;

#[derive(RustEmbed)]
#[folder = "../../dist/"]
#[allow_missing = true]
struct Dist;

/// Where the build says nothing: our own scripts, styles and WebAssembly, and nothing else.
const STRICT: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; worker-src 'self' blob:; manifest-src 'self'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

/// The page in place of a web app that was not built.
const NOT_BUILT: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Cofferdam</title><h1>Cofferdam</h1><p>The web app is not built. Run <code>cargo xtask run</code> in Cofferdam's checkout; the interface at <code>/api/v1</code> works without it.</p></html>";

/// The build that is embedded, as its service worker names it; empty where there is none.
pub fn build() -> String {
    text("service-worker.js")
        .and_then(|worker| build_of(&worker))
        .unwrap_or_default()
}

/// The web app's build begins the service worker with `const BUILD = {"id": …};`.
fn build_of(worker: &str) -> Option<String> {
    let json = worker
        .lines()
        .next()?
        .strip_prefix("const BUILD = ")?
        .strip_suffix(';')?;
    let build: serde_json::Value = serde_json::from_str(json).ok()?;
    build.get("id")?.as_str().map(str::to_owned)
}

fn text(path: &str) -> Option<String> {
    let file = Dist::get(path)?;
    Some(String::from_utf8_lossy(&file.data).trim().to_owned())
}

/// Puts the headers on an answer that hold whatever it is.
pub async fn harden(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let fixed = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (
            header::HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
        (
            header::HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static(
            "default-src 'none'; frame-ancestors 'none'",
        ));
    response
}

/// Serves a file of the web app, or its page where a person asks for an address of the app.
pub async fn serve(request: Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return (
            StatusCode::METHOD_NOT_ALLOWED,
            [(header::ALLOW, "GET, HEAD")],
        )
            .into_response();
    }
    let path = request.uri().path().trim_start_matches('/');
    let Ok(path) = percent_encoding::percent_decode_str(path).decode_utf8() else {
        return not_found();
    };
    let path = if path.is_empty() {
        Cow::Borrowed("index.html")
    } else {
        path
    };
    if !is_plain(&path) {
        return not_found();
    }
    if is_public(&path)
        && let Some(file) = Dist::get(&path)
    {
        return send(&path, file, request.headers());
    }
    if path != "index.html" && !is_address(&path, request.headers()) {
        return not_found();
    }
    match Dist::get("index.html") {
        Some(page) => send("index.html", page, request.headers()),
        None => Html(NOT_BUILT).into_response(),
    }
}

/// Reads no file outside `dist/`.
fn is_plain(path: &str) -> bool {
    path.split('/')
        .all(|part| !part.is_empty() && !part.starts_with('.') && !part.contains(['\\', '\0', ':']))
}

/// What the build says to the server is not for browsers, nor are compressed copies by their own name.
fn is_public(path: &str) -> bool {
    path != "csp.txt" && !path.ends_with(".br")
}

/// Whether a person's browser asks for an address of the app, not for a file.
fn is_address(path: &str, headers: &HeaderMap) -> bool {
    let last = path.rsplit('/').next().unwrap_or_default();
    let accepts = headers
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok());
    !last.contains('.') && accepts.is_some_and(|accepts| accepts.contains("text/html"))
}

fn not_found() -> Response {
    (
        StatusCode::NOT_FOUND,
        [(header::CACHE_CONTROL, "no-store")],
        "not found",
    )
        .into_response()
}

fn send(path: &str, file: EmbeddedFile, asked: &HeaderMap) -> Response {
    let packed = if takes_brotli(asked) {
        Dist::get(&format!("{path}.br"))
    } else {
        None
    };
    let hash: String = file.metadata.sha256_hash()[..16]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let etag = format!("\"{hash}{}\"", if packed.is_some() { "-br" } else { "" });
    let caching = if is_hashed(path) {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let known = asked
        .get(header::IF_NONE_MATCH)
        .and_then(|value| value.to_str().ok());
    let mut response = if known.is_some_and(|known| crate::http::names(known, &etag)) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let encoded = packed.is_some();
        let mut response = body(packed.unwrap_or(file).data).into_response();
        if encoded {
            response
                .headers_mut()
                .insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
        }
        response.headers_mut().insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static(media_type(path)),
        );
        response
    };
    let headers = response.headers_mut();
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        headers.insert(header::ETAG, etag);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    // Pages and workers have a policy of their own; for anything else it does no harm.
    let policy = text("csp.txt").unwrap_or_else(|| STRICT.into());
    let policy = HeaderValue::from_str(&policy).unwrap_or(HeaderValue::from_static(STRICT));
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    response
}

fn body(data: Cow<'static, [u8]>) -> axum::body::Body {
    match data {
        Cow::Borrowed(bytes) => axum::body::Body::from(bytes),
        Cow::Owned(bytes) => axum::body::Body::from(bytes),
    }
}

fn takes_brotli(headers: &HeaderMap) -> bool {
    let accepts = headers
        .get(header::ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok());
    accepts.is_some_and(|accepts| {
        accepts.split(',').map(str::trim).any(|one| {
            let (name, weight) = one.split_once(';').unwrap_or((one, ""));
            name.trim() == "br" && !matches!(weight.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000")
        })
    })
}

/// Whether a file's name changes with its content: Trunk puts a number of 64 bits into it, in hexadecimal digits, without
/// zeros before it.
fn is_hashed(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    name.split(['-', '.', '_']).any(|part| {
        (12..=16).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_hexdigit())
    })
}

fn media_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, ending)| ending) {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" | "sql" | "md" => "text/plain; charset=utf-8",
        "gz" => "application/gzip",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_hashed_names_are_kept_for_ever() {
        assert!(is_hashed("web-3f2a9c1b7d40aa11_bg.wasm"));
        assert!(is_hashed("styles-3f2a9c1b7d40aa11.css"));
        assert!(is_hashed("web-713581cbf24e3d_bg.wasm"));
        for path in [
            "index.html",
            "sw.js",
            "dry-run.worker.js",
            "python_bg.wasm",
            "vendor/pglite/pglite.wasm",
            "manifest.webmanifest",
        ] {
            assert!(!is_hashed(path), "{path}");
        }
    }

    #[test]
    fn the_service_worker_names_the_build() {
        assert_eq!(
            build_of("const BUILD = {\"id\":\"3f2a\",\"files\":[]};\nrest").as_deref(),
            Some("3f2a")
        );
        assert_eq!(build_of("// not prepared\n"), None);
    }

    #[test]
    fn no_path_leads_out() {
        for path in [
            "../Cargo.toml",
            "a/../../x",
            ".git/config",
            "a//b",
            "c:/x",
            "a\\b",
        ] {
            assert!(!is_plain(path), "{path}");
        }
        assert!(is_plain("vendor/pglite/pglite.data"));
    }

    #[test]
    fn addresses_are_told_from_files() {
        let mut headers = HeaderMap::new();
        assert!(!is_address("plans/3", &headers));
        headers.insert(header::ACCEPT, HeaderValue::from_static("text/html,*/*"));
        assert!(is_address("plans/3", &headers));
        assert!(!is_address("gone.js", &headers));
    }

    #[test]
    fn brotli_is_for_those_who_take_it() {
        let mut headers = HeaderMap::new();
        assert!(!takes_brotli(&headers));
        headers.insert(
            header::ACCEPT_ENCODING,
            HeaderValue::from_static("gzip, br;q=1.0"),
        );
        assert!(takes_brotli(&headers));
        headers.insert(
            header::ACCEPT_ENCODING,
            HeaderValue::from_static("gzip, br;q=0"),
        );
        assert!(!takes_brotli(&headers));
    }
}
