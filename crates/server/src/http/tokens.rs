//! One's own API tokens.

use super::App;
use super::json::Body;
use super::problem::{Code, Error};
use crate::auth::{Caller, Scope};
use crate::store::token::Token;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use cofferdam_engine::api::{Problem, Role};
use serde::{Deserialize, Serialize};

/// Longest life of a token, in days.
pub const LONGEST_DAYS: u32 = 366;

/// What a token is made of.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
pub struct NewToken {
    /// Where it will be used, for people.
    pub name: String,
    pub scopes: Vec<Scope>,
    /// How long it is valid, in days.
    pub days: u32,
}

/// A new token; its secret is shown this once.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct MadeToken {
    #[serde(flatten)]
    pub token: Token,
    /// To be sent as `Authorization: Bearer …`.
    pub secret: String,
}

/// One's own tokens, oldest first.
#[utoipa::path(get, path = "/api/v1/tokens", tag = "tokens", responses((status = 200, body = Vec<Token>)))]
pub async fn list(State(app): State<App>, caller: Caller) -> Result<Json<Vec<Token>>, Error> {
    caller.in_person(Role::Author)?;
    Ok(Json(app.store.tokens(Some(&caller.user.name)).await?))
}

/// Makes a token.
#[utoipa::path(post, path = "/api/v1/tokens", tag = "tokens", request_body = NewToken, responses(
    (status = 201, body = MadeToken),
    (status = 422, body = Problem, content_type = "application/problem+json"),
))]
pub async fn make(
    State(app): State<App>,
    caller: Caller,
    Body(new): Body<NewToken>,
) -> Result<(StatusCode, Json<MadeToken>), Error> {
    caller.in_person(Role::Author)?;
    let name = new.name.trim();
    if name.is_empty() || name.chars().count() > 100 {
        return Err(Error::new(
            Code::Invalid,
            "A token needs a name of at most 100 characters.",
        ));
    }
    let mut scopes = new.scopes;
    scopes.sort();
    scopes.dedup();
    if scopes.is_empty() {
        return Err(Error::new(
            Code::Invalid,
            "A token needs at least one scope: read, write or apply.",
        ));
    }
    if new.days == 0 || new.days > LONGEST_DAYS {
        return Err(Error::new(
            Code::Invalid,
            format!("A token is valid for 1 to {LONGEST_DAYS} days."),
        ));
    }
    let seconds = i64::from(new.days) * 24 * 60 * 60;
    let (token, secret) = app
        .store
        .new_token(&caller.user.name, name, &scopes, seconds)
        .await?;
    Ok((
        StatusCode::CREATED,
        Json(MadeToken {
            token,
            secret: secret.reveal().to_owned(),
        }),
    ))
}

/// Revokes one of one's own tokens.
#[utoipa::path(delete, path = "/api/v1/tokens/{id}", tag = "tokens", params(("id" = i64, Path)), responses(
    (status = 204),
    (status = 404, body = Problem, content_type = "application/problem+json"),
))]
pub async fn revoke(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<i64>,
) -> Result<StatusCode, Error> {
    caller.in_person(Role::Author)?;
    if app.store.revoke_token(id, Some(&caller.user.name)).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(Error::new(Code::NotFound, "You have no such token."))
    }
}
