//! Signing in and out: by password, by one-time link, by invitation.

use super::App;
use super::json::Body;
use super::problem::{Code, Error};
use crate::assets;
use crate::auth::origin::{self, Source};
use crate::auth::{Caller, Secret, cookie, password};
use crate::store::session::Purpose;
use axum::Json;
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use cofferdam_engine::api::{Credentials, LinkToken, NewPassword, Problem, Role, Session, User};
use std::net::{IpAddr, SocketAddr};
use std::time::Instant;

/// Who is signed in, and what this server is.
#[utoipa::path(get, path = "/api/v1/session", tag = "session", responses((status = 200, body = Session)))]
pub async fn show(State(app): State<App>, headers: HeaderMap) -> Result<Response, Error> {
    let Some(secret) = cookie::find(&headers).map(Secret::received) else {
        return Ok(answer(&app, None, None).await?.into_response());
    };
    match app.store.session(&secret).await? {
        // A session that was prolonged needs its cookie prolonged as well.
        Some((user, prolonged)) => {
            let cookie = prolonged.then(|| cookie::set(secret.reveal(), app.secure()));
            answer(&app, Some(user), cookie).await
        }
        None => answer(&app, None, Some(cookie::clear(app.secure()))).await,
    }
}

/// Signs in with name and password.
#[utoipa::path(post, path = "/api/v1/session", tag = "session", request_body = Credentials, responses(
    (status = 200, body = Session),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 429, body = Problem, content_type = "application/problem+json"),
))]
pub async fn sign_in(
    State(app): State<App>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    Body(credentials): Body<Credentials>,
) -> Result<Response, Error> {
    refuse_foreign(&app, &headers)?;
    let (name, address) = (credentials.name.trim(), Some(peer.ip()));
    refuse_hasty(&app, name, address)?;
    let stored = app.store.password_hash(name).await?;
    if !password::verify(credentials.password, stored).await? {
        app.throttle.failed(name, address, Instant::now());
        return Err(Error::new(
            Code::WrongCredentials,
            "Name or password is wrong.",
        ));
    }
    app.throttle.succeeded(name);
    open(&app, name).await
}

/// Signs out.
#[utoipa::path(delete, path = "/api/v1/session", tag = "session", responses((status = 204)))]
pub async fn sign_out(State(app): State<App>, headers: HeaderMap) -> Result<Response, Error> {
    if let Some(secret) = cookie::find(&headers) {
        if origin::source(&headers, app.public_url.as_deref()) != Source::Ours {
            return Err(Error::new(
                Code::CrossSite,
                "Another site cannot sign you out.",
            ));
        }
        app.store.close_session(&Secret::received(secret)).await?;
    }
    let mut response = StatusCode::NO_CONTENT.into_response();
    set_cookie(&mut response, &cookie::clear(app.secure()));
    Ok(response)
}

/// Signs in by the one-time link that `cofferdam serve` prints.
#[utoipa::path(post, path = "/api/v1/session/link", tag = "session", request_body = LinkToken, responses(
    (status = 200, body = Session),
    (status = 401, body = Problem, content_type = "application/problem+json"),
))]
pub async fn by_link(
    State(app): State<App>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    Body(link): Body<LinkToken>,
) -> Result<Response, Error> {
    let words = "This link was used already, or is older than 15 minutes: start `cofferdam serve` again for a new one.";
    use_link(&app, peer, &headers, link, Purpose::SignIn, words).await
}

/// Accepts an invitation: sets the first password and signs in.
#[utoipa::path(post, path = "/api/v1/invitations/accept", tag = "session", request_body = LinkToken, responses(
    (status = 200, body = Session),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json"),
))]
pub async fn accept(
    State(app): State<App>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    Body(link): Body<LinkToken>,
) -> Result<Response, Error> {
    if link.password.is_none() {
        return Err(Error::new(Code::Invalid, "Choose a password."));
    }
    let words = "This invitation was used already, or is too old: ask an admin for a new one.";
    use_link(&app, peer, &headers, link, Purpose::Invitation, words).await
}

async fn use_link(
    app: &App,
    peer: SocketAddr,
    headers: &HeaderMap,
    link: LinkToken,
    purpose: Purpose,
    words: &str,
) -> Result<Response, Error> {
    refuse_foreign(app, headers)?;
    refuse_hasty(app, "", Some(peer.ip()))?;
    // A password that is not taken must not use the link up.
    let hash = match link.password {
        Some(password) => Some(password::hash(password).await?),
        None => None,
    };
    let Some(account) = app
        .store
        .use_link(&Secret::received(&link.token), purpose)
        .await?
    else {
        app.throttle.failed_from(peer.ip(), Instant::now());
        return Err(Error::new(Code::BadLink, words));
    };
    if let Some(hash) = hash {
        app.store.set_password(&account, &hash).await?;
    }
    open(app, &account).await
}

/// Sets one's own password, and signs every other session out.
#[utoipa::path(put, path = "/api/v1/session/password", tag = "session", request_body = NewPassword, responses(
    (status = 200, body = Session),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json"),
))]
pub async fn set_password(
    State(app): State<App>,
    caller: Caller,
    Body(new): Body<NewPassword>,
) -> Result<Response, Error> {
    caller.in_person(Role::Author)?;
    let name = &caller.user.name;
    if let Some(stored) = app.store.password_hash(name).await? {
        refuse_hasty(&app, name, None)?;
        if !password::verify(new.current.unwrap_or_default(), Some(stored)).await? {
            app.throttle.failed(name, None, Instant::now());
            return Err(Error::new(
                Code::Invalid,
                "The password so far is not this one.",
            ));
        }
    }
    let hash = password::hash(new.password).await?;
    app.store.set_password(name, &hash).await?;
    open(&app, name).await
}

async fn open(app: &App, account: &str) -> Result<Response, Error> {
    let user = app.store.account(account).await?;
    let user =
        user.ok_or_else(|| Error::new(Code::WrongCredentials, "This user is no longer there."))?;
    let secret = app.store.open_session(account).await?;
    answer(
        app,
        Some(user),
        Some(cookie::set(secret.reveal(), app.secure())),
    )
    .await
}

async fn answer(app: &App, user: Option<User>, cookie: Option<String>) -> Result<Response, Error> {
    let session = Session {
        user,
        build: assets::build(),
        fresh: app.store.is_fresh().await?,
    };
    let mut response = Json(session).into_response();
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Some(cookie) = cookie {
        set_cookie(&mut response, &cookie);
    }
    Ok(response)
}

fn set_cookie(response: &mut Response, cookie: &str) {
    if let Ok(value) = HeaderValue::from_str(cookie) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}

/// Who failed too often has to wait.
fn refuse_hasty(app: &App, name: &str, address: Option<IpAddr>) -> Result<(), Error> {
    match app.throttle.wait(name, address, Instant::now()) {
        Some(wait) => Err(Error::try_again(wait)),
        None => Ok(()),
    }
}

/// Another site must not sign anybody in either.
fn refuse_foreign(app: &App, headers: &HeaderMap) -> Result<(), Error> {
    match origin::source(headers, app.public_url.as_deref()) {
        Source::Foreign => Err(Error::new(
            Code::CrossSite,
            "Another site cannot sign you in.",
        )),
        Source::Ours | Source::Unsaid => Ok(()),
    }
}
