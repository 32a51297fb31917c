//! The user behind a request, by session cookie or bearer token.

use super::origin::{self, Source};
use super::{Scope, Secret, cookie};
use crate::http::App;
use crate::http::problem::{Code, Error};
use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;
use cofferdam_engine::api::{Role, User};

/// Who asks. A request that changes something by cookie got here only from our own pages.
#[derive(Clone, Debug)]
pub struct Caller {
    pub user: User,
    /// What a token allows; none: signed in with a session.
    scopes: Option<Vec<Scope>>,
}

impl Caller {
    /// Refuses callers of a lesser role, or with a token that is not for this. Every token may read.
    pub fn may(&self, scope: Scope, role: Role) -> Result<(), Error> {
        if let Some(scopes) = &self.scopes
            && scope != Scope::Read
            && !scopes.contains(&scope)
        {
            return Err(Error::new(
                Code::Forbidden,
                format!("This token does not have the scope {:?}.", scope.as_str()),
            ));
        }
        if self.user.role < role {
            return Err(Error::new(
                Code::Forbidden,
                format!(
                    "This needs the role {}; {} is {}.",
                    role.as_str(),
                    self.user.name,
                    self.user.role.as_str()
                ),
            ));
        }
        Ok(())
    }

    /// Refuses tokens, which may not make more of themselves.
    pub fn in_person(&self, role: Role) -> Result<(), Error> {
        if self.scopes.is_some() {
            return Err(Error::new(
                Code::Forbidden,
                "This needs a person who is signed in; a token cannot do it.",
            ));
        }
        self.may(Scope::Read, role)
    }
}

impl FromRequestParts<App> for Caller {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        if let Some(value) = parts.headers.get(header::AUTHORIZATION) {
            let token = value.to_str().ok().and_then(|value| value.split_once(' '));
            let token = token.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
            let bad = || {
                Error::new(
                    Code::BadToken,
                    "The token is unknown, revoked or expired; make another one with `cofferdam token create`.",
                )
            };
            let (_, token) = token.ok_or_else(bad)?;
            let (user, scopes) = app
                .store
                .bearer(&Secret::received(token))
                .await?
                .ok_or_else(bad)?;
            return Ok(Caller {
                user,
                scopes: Some(scopes),
            });
        }
        let signed_out = || Error::new(Code::SignedOut, "Sign in first, or send a token.");
        let secret = cookie::find(&parts.headers).ok_or_else(signed_out)?;
        if !parts.method.is_safe()
            && origin::source(&parts.headers, app.public_url.as_deref()) != Source::Ours
        {
            return Err(Error::new(
                Code::CrossSite,
                "A request that changes something with a session's cookie must come from Cofferdam's own pages.",
            ));
        }
        let (user, _) = app
            .store
            .session(&Secret::received(secret))
            .await?
            .ok_or_else(signed_out)?;
        Ok(Caller { user, scopes: None })
    }
}
